"""Pictures: proving that one is whole, freeing it of metadata, and making the copies that people see."""

import io
import time
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms, ImageFile, ImageOps

from field.photos.kinds import kind_of
from field.photos.stripping import STRIPPERS, check_boxes, exif_of_png, scans

pillow_heif.register_heif_opener()
# accept() has its own limit. Pillow's would warn, and warnings go through filters that all threads share.
Image.MAX_IMAGE_PIXELS = None

MAX_PIXELS = 50_000_000
# Of the thread's own work, so that a server under load or standing still refuses no good picture.
SECONDS = 10.0
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# Encoders make about ten; each one is a pass over the whole picture.
_MAX_SCANS = 100
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
    """Check that the bytes are a whole picture, decoding all of them, and strip its metadata.

    Raises Unusable. The pixel limit is checked before decoding; the limit on work (seconds of the processor, as the
    answer is final) while decoding, but for WebP and HEIC, whose decoders cannot be interrupted, after it: there the
    pixel limit bounds the work.
    """
    if not data:
        raise Unusable("empty")
    kind = kind_of(data)
    if not kind:
        raise Unusable("not_a_picture" if kind is None else "unsupported")
    deadline = time.thread_time() + seconds
    try:
        picture = _kept(data, kind, max_pixels, deadline)
    except Unusable:
        raise
    except Exception as error:  # decoders raise whatever they like
        raise Unusable("incomplete") from error
    _check_time(deadline)
    return picture


def _kept(data: bytes, kind: str, max_pixels: int, deadline: float) -> Accepted:
    header = _open(data, kind, max_pixels, deadline)
    if kind == "HEIF":
        return _from_heif(data, header)
    if kind == "WEBP" and getattr(header, "is_animated", False):
        raise Unusable("unsupported")
    content = STRIPPERS[kind](data)
    stripped = content != data
    if kind == "JPEG" and scans(content) > _MAX_SCANS:
        raise Unusable("too_slow")
    # What will be kept is what is decoded, to its last byte: verify() would let half a picture pass.
    picture = _open(content, kind, max_pixels, deadline) if stripped else header
    width, height = picture.size
    _decode(picture)
    return Accepted(content, MEDIA_TYPES[kind], width, height, _orientation(data, header))


def render(content: bytes, orientation: int, longest: int) -> bytes:
    """A JPEG for people: upright, at most `longest` pixels a side, in sRGB, without metadata."""
    image: Image.Image = Image.open(io.BytesIO(content), formats=tuple(MEDIA_TYPES))
    profile = image.info.get("icc_profile")
    image.draft("RGB", (longest, longest))
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    turn = _UPRIGHT.get(orientation)
    upright = image.transpose(turn) if turn is not None else image
    flat = _for_screens(upright, profile)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


class _TimedFile(io.BytesIO):
    """A picture's bytes that stop coming after so much work: the decoder reads them in pieces, in the same thread."""

    def __init__(self, content: bytes, deadline: float) -> None:
        super().__init__(content)
        self._deadline = deadline

    def read(self, size: int | None = -1, /) -> bytes:
        _check_time(self._deadline)
        return super().read(size)


def _check_time(deadline: float) -> None:
    if time.thread_time() >= deadline:
        raise Unusable("too_slow")


def _open(data: bytes, kind: str, max_pixels: int, deadline: float) -> ImageFile.ImageFile:
    header = Image.open(_TimedFile(data, deadline), formats=(kind,))
    if header.width * header.height > max_pixels:
        raise Unusable("too_many_pixels")
    return header


def _decode(picture: ImageFile.ImageFile) -> None:
    """Decode all there is; raises what decoders raise. Of a JPEG every coefficient is read, where alone it can be
    damaged, and one grey pixel in eight by eight is drawn from them: in half the time, and in a fraction of the
    memory."""
    picture.draft("L", (max(1, picture.width // 8), max(1, picture.height // 8)))
    picture.load()


def _orientation(data: bytes, header: Image.Image) -> int:
    try:
        if header.format == "PNG":
            # Looked up here, since Pillow would decode the picture to see whether EXIF stands behind it.
            header.info["exif"] = exif_of_png(data) or b""
        value = header.getexif().get(_ORIENTATION, 1)
    except Exception:
        return 1  # damaged EXIF costs the orientation, not the picture
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _from_heif(data: bytes, image: ImageFile.ImageFile) -> Accepted:
    """HEIC is re-encoded, since it cannot be freed of metadata in place; Pillow turns it upright on opening."""
    check_boxes(data)
    upright = ImageOps.exif_transpose(image)
    flat = _for_screens(upright, image.info.get("icc_profile"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=90)
    return Accepted(out.getvalue(), MEDIA_TYPES["JPEG"], flat.width, flat.height, 1)


def _for_screens(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB in sRGB on white paper, and nothing beside the pixels."""
    opaque = (
        image if image.mode in {"RGB", "L", "CMYK"} and "transparency" not in image.info else _flat(image)
    )
    return _flat(_in_srgb(opaque, profile))


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
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
