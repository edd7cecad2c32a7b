"""What a file is, by its first bytes; what a phone calls it does not count."""

_STARTS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
# GIF, BMP, TIFF (and the raw files built on it), PDF, Matroska.
_OTHERS = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"%PDF", b"\x1aE\xdf\xa3")


def kind_of(content: bytes) -> str | None:
    """`JPEG`, `PNG`, `WEBP` or `HEIF`; an empty text for other pictures and videos; None for anything else."""
    for start, kind in _STARTS.items():
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF":
        return "WEBP" if content[8:12] == b"WEBP" else ""
    if content[4:8] == b"ftyp":
        return "HEIF" if _HEIC_BRANDS & _brands(content) else ""
    return "" if content.startswith(_OTHERS) else None


def _brands(content: bytes) -> set[bytes]:
    """The brands that the first box (ISO 14496-12) names."""
    end = min(int.from_bytes(content[:4], "big"), 256)
    return {content[place : place + 4] for place in (8, *range(16, end, 4))}
