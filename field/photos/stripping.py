"""Taking metadata out of picture files without touching the picture.

JPEG (ITU T.81), PNG (ISO 15948) and WebP (RFC 9649) are sequences of parts; those that say where,
when and with what a picture was taken are left out, and whatever follows the end of the picture too.
"""

import re
import struct

_KEPT_APPLICATION_PARTS = {
    0xE0: b"JFIF\0",
    0xE2: b"ICC_PROFILE\0",
    0xEE: b"Adobe",
}
_JFIF = 0xE0
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
# Frames, Huffman and arithmetic tables, scans, quantisation tables, number of lines, restart interval.
_DECODING = {*range(0xC0, 0xD0), _START_OF_SCAN, 0xDB, 0xDC, 0xDD} - {0xC8}
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_SCAN = re.compile(rb"\xff\xda")
# Within a scan, restart markers are part of the picture.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_PNG_KEPT = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"cICP",
    b"sBIT",
    b"bKGD",
    b"pHYs",
}
_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"}
_WEBP_XMP, _WEBP_EXIF = 0x04, 0x08


class Broken(ValueError):
    """The parts do not follow the format."""


def strip_jpeg(data: bytes) -> bytes:
    """A JPEG without EXIF, XMP, comments, thumbnails and anything after its end.

    Bytes between parts that decoders skip are skipped too.
    """
    kept = [data[:2]]
    place = 2
    while True:
        place = _next_marker(data, place)
        marker = data[place + 1]
        if marker == _END_OF_IMAGE:
            kept.append(data[place : place + 2])
            return b"".join(kept)
        if marker in _WITHOUT_LENGTH:
            place += 2
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == _START_OF_SCAN:
            end = _next_marker(data, end, _AFTER_SCAN)
        kept.append(_freed(marker, data[place:end]))
        place = end


def scans(stripped: bytes) -> int:
    """How many passes over the picture a stripped JPEG makes its decoder do."""
    return len(_SCAN.findall(stripped))  # a quarter of what bytes.count takes


def _next_marker(data: bytes, place: int, pattern: re.Pattern[bytes] = _MARKER) -> int:
    found = pattern.search(data, place)
    if found is None:
        raise Broken("no end of picture")
    return found.start()


def _freed(marker: int, part: bytes) -> bytes:
    """A part as it may stay; empty when it may not."""
    if marker in _DECODING:
        return part
    head = _KEPT_APPLICATION_PARTS.get(marker)
    if head is None or not part.startswith(head, 4):
        return b""
    if marker == _JFIF:  # its fixed fields, without the thumbnail that may follow them
        return part[:2] + b"\0\x10" + part[4:16] + b"\0\0" if len(part) >= 18 else b""
    return part


def strip_png(data: bytes) -> bytes:
    """A PNG with the chunks that make its picture and colours, and no others."""
    kept = [data[:8]]
    place = 8
    while place + 12 <= len(data):
        length = struct.unpack_from(">I", data, place)[0]
        name = data[place + 4 : place + 8]
        if name in _PNG_KEPT:
            kept.append(data[place : place + 12 + length])
        if name == b"IEND":
            return b"".join(kept)
        place += 12 + length
    raise Broken("no end of picture")


def exif_of_png(data: bytes) -> bytes | None:
    """The EXIF of a PNG, which may stand behind the picture."""
    place = 8
    while place + 12 <= len(data):
        length = struct.unpack_from(">I", data, place)[0]
        if data[place + 4 : place + 8] == b"eXIf":
            return data[place + 8 : place + 8 + length]
        place += 12 + length
    return None


def strip_webp(data: bytes) -> bytes:
    """A WebP with picture, transparency and colour profile only."""
    kept = []
    place = 12
    end = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while place + 8 <= end:
        name = data[place : place + 4]
        length = struct.unpack_from("<I", data, place + 4)[0]
        chunk = data[place : place + 8 + length + length % 2]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~(_WEBP_XMP | _WEBP_EXIF)]) + chunk[9:]
        if name in _WEBP_KEPT:
            kept.append(chunk)
        place += len(chunk)
    if not kept:
        raise Broken("no picture data")
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def check_boxes(data: bytes) -> None:
    """Raise Broken when the last box of a HEIC file (ISO 14496-12) is cut short: decoders let that pass."""
    place = 0
    while place < len(data):
        if place + 8 > len(data):
            raise Broken("half a box")
        length = struct.unpack_from(">I", data, place)[0]
        if length == 1 and place + 16 <= len(data):
            length = struct.unpack_from(">Q", data, place + 8)[0]
        if length == 0:  # the box runs to the end of the file
            return
        if length < 8 or place + length > len(data):
            raise Broken("half a box")
        place += length


STRIPPERS = {"JPEG": strip_jpeg, "PNG": strip_png, "WEBP": strip_webp}
