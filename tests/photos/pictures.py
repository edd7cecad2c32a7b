"""Pictures for tests, made on the spot: small, noisy, in every format and with every kind of metadata."""

import io
import struct
from pathlib import Path

from PIL import Image, ImageChops, ImageCms

_SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples" / "photos"

JPEG = b"\xff\xd8\xff"
STARTS_OF_SCANS = b"\xff\xda"
# Words that only ever stand in metadata here, so finding one in an output proves a leak.
PLACE = b"103.9876E-somewhere"
SECRETS = (
    PLACE,
    b"SecretCamera",
    b"secret caption",
    b"Exif\0\0",
    b"http://ns.adobe.com/xap",
    b"GPSLat",
    b"MPF\0",
)


def noise(width: int = 160, height: int = 120, mode: str = "RGB") -> Image.Image:
    """A picture that does not compress to nothing, so that cutting it anywhere loses something."""
    bands = [Image.effect_noise((width, height), 60) for _ in range(3)]
    return Image.merge("RGB", bands).convert(mode)


def quarters(width: int = 64, height: int = 48) -> Image.Image:
    """Red, green, blue and white quarters (left to right, top to bottom): shows which way is up."""
    image = Image.new("RGB", (width, height), "white")
    for colour, place in (("red", (0, 0)), ("lime", (width // 2, 0)), ("blue", (0, height // 2))):
        image.paste(colour, (*place, place[0] + width // 2, place[1] + height // 2))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The bytes of a picture in a format."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    """A picture from bytes, decoded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def exif(orientation: int | None = None) -> Image.Exif:
    """EXIF with a camera, a position on Earth and, when given, an orientation."""
    tags = Image.Exif()
    tags[0x010F] = "SecretCamera"
    if orientation is not None:
        tags[0x0112] = orientation
    position = tags.get_ifd(0x8825)
    position.update({1: "N", 2: (36.0, 32.0, 1.0), 3: "E", 4: (104.0, 10.0, 2.0), 29: "2026:11:23"})
    return tags


def xmp() -> bytes:
    """An XMP packet with a position."""
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="' + PLACE + b'"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )


def profile() -> bytes:
    """A colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def part(marker: int, content: bytes) -> bytes:
    """One marked part of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def talkative(kind: str, orientation: int | None = None) -> bytes:
    """A picture of a format with all the metadata that the format can carry."""
    options: dict[str, object] = {"exif": exif(orientation), "xmp": xmp(), "icc_profile": profile()}
    if kind == "JPEG":
        options["comment"] = b"secret caption"
    if kind == "PNG":
        del options["xmp"]
    if kind == "HEIF":
        options["exif"] = exif(orientation).tobytes()
    return saved(noise(), kind, **options)


def from_cameras() -> dict[str, bytes]:
    """A made-up phone picture, and real ones by name when somebody has them beside the repository."""
    real = {path.name: path.read_bytes() for path in sorted(_SAMPLES.glob("*")) if path.is_file()}
    return {"made-up": talkative("JPEG", 6), **real}


def assert_tells_nothing(content: bytes) -> None:
    """No EXIF, XMP, position, comment or text is left in a picture's bytes."""
    image = opened(content)
    assert not dict(image.getexif()), "EXIF is left"
    assert not image.getexif().get_ifd(0x8825), "a position is left"
    assert not set(image.info) & {"exif", "xmp", "comment", "photoshop", "XML:com.adobe.xmp", "mp"}
    assert not getattr(image, "text", {}), "text is left"
    for secret in SECRETS:
        assert secret not in content, secret


def assert_same_pixels(one: bytes, other: bytes) -> None:
    assert ImageChops.difference(opened(one).convert("RGB"), opened(other).convert("RGB")).getbbox() is None
