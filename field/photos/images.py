"""Pictures: proving that one is whole, freeing it of metadata, and making the copies that people see."""

import io
import time
import warnings
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms, ImageFile, ImageOps

from field.photos.stripping import STRIPPERS, Broken, check_boxes

pillow_heif.register_heif_opener()

MAX_PIXELS = 50_000_000
SECONDS = 10.0
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_PIECE = 64 * 1024
_ORIENTATION = 0x0112
# EXIF orientation → the transposition that brings the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.createProfile("sRGB")


class Unusable(ValueError):
    """A file that is no usable picture; `reason` is empty, not_a_picture, unsupported, incomplete,
    too_many_pixels or too_slow."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Accepted:
    """What is kept: bytes without metadata, their type and size in pixels as stored, EXIF orientation 1 to 8."""

    content: bytes
    media_type: str
    width: int
    height: int
    orientation: int


def accept(data: bytes, max_pixels: int = MAX_PIXELS, seconds: float = SECONDS) -> Accepted:
    """Check that the bytes are a whole picture, decoding all of it, and strip its metadata.

    Raises Unusable. The pixel limit is checked before decoding, the time limit while decoding.
    """
    if not data:
        raise Unusable("empty")
    header = _open(data)
    if header.width * header.height > max_pixels:
        raise Unusable("too_many_pixels")
    if header.format == "HEIF":
        return _from_heif(data, header)
    if header.format not in MEDIA_TYPES:
        raise Unusable("unsupported")
    orientation = _orientation(header)
    _decode(data, header, time.monotonic() + seconds)
    try:
        content = STRIPPERS[header.format](data)
    except (Broken, IndexError, ValueError) as error:
        raise Unusable("incomplete") from error
    return Accepted(content, MEDIA_TYPES[header.format], header.width, header.height, orientation)


def render(content: bytes, orientation: int, longest: int) -> bytes:
    """A JPEG for people: upright, at most `longest` pixels a side, in sRGB, without metadata."""
    image: Image.Image = _open(content)
    profile = image.info.get("icc_profile")
    image.draft("RGB", (longest, longest))
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    turn = _UPRIGHT.get(orientation)
    upright = image.transpose(turn) if turn is not None else image
    flat = _flat(_in_srgb(upright, profile))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


def _open(data: bytes) -> ImageFile.ImageFile:
    try:
        with warnings.catch_warnings():
            # Our own limit is checked by accept(); Pillow's warning would only add noise.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise Unusable("too_many_pixels") from error
    except Exception as error:
        raise Unusable("not_a_picture") from error


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:
        return 1  # damaged EXIF costs the orientation, not the picture
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _decode(data: bytes, header: ImageFile.ImageFile, deadline: float) -> None:
    """Decode every pixel: verify() would let half a picture pass."""
    try:
        if header.format == "JPEG":
            _decode_in_pieces(data, deadline)
        else:
            header.load()
    except Unusable:
        raise
    except Exception as error:
        raise Unusable("incomplete") from error
    if time.monotonic() > deadline:
        raise Unusable("too_slow")


def _decode_in_pieces(data: bytes, deadline: float) -> None:
    parser = ImageFile.Parser()
    for start in range(0, len(data), _PIECE):
        parser.feed(data[start : start + _PIECE])
        if time.monotonic() > deadline:
            raise Unusable("too_slow")
    parser.close()


def _from_heif(data: bytes, image: ImageFile.ImageFile) -> Accepted:
    """HEIC is re-encoded, since it cannot be freed of metadata in place; Pillow turns it upright on opening."""
    try:
        check_boxes(data)
        upright = ImageOps.exif_transpose(image)
        flat = _flat(_in_srgb(upright, image.info.get("icc_profile")))
    except Exception as error:
        raise Unusable("incomplete") from error
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=90)
    return Accepted(out.getvalue(), "image/jpeg", flat.width, flat.height, 1)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or image.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image  # a damaged profile costs exact colours, not the picture
    return converted if converted is not None else image


def _flat(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        paper = Image.new("RGB", image.size, "white")
        layered = image.convert("RGBA")
        paper.paste(layered, mask=layered.getchannel("A"))
        return paper
    flat = image.convert("RGB")
    flat.info.clear()
    return flat
