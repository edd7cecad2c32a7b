"""The copies that people see are upright, small, in the colours of screens, and nothing but pixels."""

import struct

import pytest
from PIL import Image

from field.photos.images import accept, render
from tests.photos.pictures import (
    exif,
    noise,
    opened,
    part,
    profile,
    quarters,
    saved,
)

# What Pillow says of damaged EXIF is no news here.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


# Which way is up


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_copy_is_upright_whichever_way_the_phone_was_held(kind: str, orientation: int) -> None:
    turned = quarters().transpose(_BACK[orientation]) if orientation in _BACK else quarters()

    picture = accept(saved(turned, kind, exif=exif(orientation), **_FINE.get(kind, {})))
    copy = opened(render(picture.content, picture.orientation, 64))

    assert picture.orientation == orientation
    assert copy.size == (64, 48)
    corners = [copy.getpixel(place) for place in ((8, 8), (56, 8), (8, 40), (56, 40))]
    assert [_name(colour) for colour in corners] == ["red", "lime", "blue", "white"]


_FINE = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}
# How a picture lies in the file when EXIF gives this orientation: what undoes it, undone.
_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def _name(colour: object) -> str:
    assert isinstance(colour, tuple)
    red, green, blue = (value > 128 for value in colour)
    names = {(True, False, False): "red", (False, True, False): "lime", (False, False, True): "blue"}
    return names.get((red, green, blue), "white" if red and green and blue else "black")


def test_orientation_is_found_behind_the_picture_data_of_a_png() -> None:
    whole = saved(noise(), "PNG", exif=exif(8))
    start = whole.index(b"eXIf") - 4
    end = start + 12 + struct.unpack_from(">I", whole, start)[0]

    assert accept(whole[:start] + whole[end:-12] + whole[start:end] + whole[-12:]).orientation == 8


@pytest.mark.parametrize(
    "damage", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0" + b"\xff" * 40]
)
def test_damaged_exif_costs_the_orientation_and_not_the_picture(damage: bytes) -> None:
    whole = saved(noise(), "JPEG")

    picture = accept(whole[:2] + part(0xE1, damage) + whole[2:])

    assert (picture.orientation, picture.content) == (1, whole)


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_counts_as_upright(value: int) -> None:
    assert accept(saved(noise(), "JPEG", exif=exif(value))).orientation == 1


# Copies for people


def test_a_copy_is_a_small_jpeg_without_profile() -> None:
    copy = opened(render(saved(noise(900, 600), "PNG", icc_profile=profile()), 1, 300))

    assert (copy.format, copy.size, copy.mode) == ("JPEG", (300, 200), "RGB")
    assert "icc_profile" not in copy.info


def test_a_small_picture_is_not_enlarged() -> None:
    assert opened(render(saved(noise(), "JPEG"), 1, 1600)).size == (160, 120)


@pytest.mark.parametrize("options", [{}, {"icc_profile": profile()}], ids=["plain", "with a profile"])
def test_what_is_transparent_becomes_white(options: dict[str, object]) -> None:
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))

    assert opened(render(saved(clear, "PNG", **options), 1, 40)).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_a_picture_of_any_mode_gets_a_copy(mode: str) -> None:
    image = Image.new("I;16", (40, 30)) if mode == "I;16" else noise(40, 30).convert(mode)

    copy = render(accept(saved(image, "JPEG" if mode == "CMYK" else "PNG")).content, 1, 20)

    assert opened(copy).size == (20, 15)


def test_a_damaged_profile_does_not_cost_the_copy() -> None:
    assert opened(render(saved(noise(), "JPEG", icc_profile=b"no profile"), 1, 80)).size == (80, 60)


def test_wide_colours_are_brought_to_those_of_screens() -> None:
    swapped = Image.new("RGB", (8, 8), (200, 30, 30))
    # A profile whose red and green are exchanged: after conversion to sRGB the picture must be green.
    exchanged = profile().replace(b"rXYZ", b"tmpX").replace(b"gXYZ", b"rXYZ").replace(b"tmpX", b"gXYZ")

    red, green, _ = opened(render(saved(swapped, "PNG", icc_profile=exchanged), 1, 8)).getpixel((4, 4))

    assert green > red
