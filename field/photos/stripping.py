"""Taking metadata out of picture files without touching the picture.

JPEG (ITU T.81), PNG (ISO 15948) and WebP (RFC 9649) are sequences of parts; those that say where,
when and with what a picture was taken are left out, and whatever follows the end of the picture too.
"""

import struct

_KEPT_APPLICATION_PARTS = {
    0xE0: b"JFIF\0",
    0xE2: b"ICC_PROFILE\0",
    0xEE: b"Adobe",
}
_COMMENT = 0xFE
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
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
    """A JPEG without EXIF, XMP, comments, thumbnails and anything after its end."""
    kept = [data[:2]]
    place = 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            raise Broken("a marker is missing")
        marker = data[place + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            place += 1
            continue
        length = struct.unpack_from(">H", data, place + 2)[0]
        if marker == _START_OF_SCAN:
            kept.append(data[place : _end_of_picture(data, place)])
            return b"".join(kept)
        if _stays(marker, data[place + 4 : place + 16]):
            kept.append(data[place : place + 2 + length])
        place += 2 + length
    raise Broken("no picture data")


def _stays(marker: int, head: bytes) -> bool:
    if marker == _COMMENT:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    return head.startswith(_KEPT_APPLICATION_PARTS.get(marker, b"\xff never"))


def _end_of_picture(data: bytes, place: int) -> int:
    """Just behind the end marker; scans of a progressive picture follow one another."""
    while True:
        place = data.find(b"\xff", place + 1)
        if place < 0 or place + 1 >= len(data):
            raise Broken("no end of picture")
        marker = data[place + 1]
        if marker == _END_OF_IMAGE:
            return place + 2
        if marker not in {0x00, 0xFF} and not 0xD0 <= marker <= 0xD7 and place + 4 <= len(data):
            place += struct.unpack_from(">H", data, place + 2)[0]


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
