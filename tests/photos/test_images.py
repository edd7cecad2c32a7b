"""Pictures are proved whole, freed of what they tell about place and person, and turned upright."""

import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageChops

from field.photos.images import Unusable, accept, render
from tests.photos.pictures import (
    PLACE,
    SECRETS,
    exif,
    from_cameras,
    noise,
    opened,
    part,
    profile,
    quarters,
    saved,
    talkative,
    xmp,
)

JPEG = b"\xff\xd8\xff"
STARTS_OF_SCANS = b"\xff\xda"
# What Pillow says of damaged EXIF is no news here.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def reason(content: bytes, **limits: float) -> str:
    with pytest.raises(Unusable) as refusal:
        accept(content, **limits)
    return refusal.value.reason


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


# What is taken


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("HEIF", "image/jpeg")],
)
def test_a_whole_picture_is_taken_whatever_it_is_called(kind: str, media_type: str) -> None:
    picture = accept(saved(noise(), kind))

    assert (picture.media_type, picture.width, picture.height, picture.orientation) == (
        media_type,
        160,
        120,
        1,
    )
    assert Image.MIME[opened(picture.content).format or ""] == media_type


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_stripping_changes_no_pixel_and_keeps_the_colours(kind: str) -> None:
    sent = talkative(kind)

    kept = accept(sent).content

    assert_same_pixels(sent, kept)
    assert opened(kept).info["icc_profile"] == profile()


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_print_colours_survive(mode: str) -> None:
    sent = saved(noise(mode=mode), "JPEG")

    kept = accept(sent).content

    assert opened(kept).mode == mode
    assert_same_pixels(sent, kept)


def test_a_progressive_picture_is_taken_without_loss() -> None:
    sent = saved(noise(), "JPEG", progressive=True, exif=exif())

    kept = accept(sent).content

    assert kept.count(STARTS_OF_SCANS) > 1
    assert_same_pixels(sent, kept)


def test_a_transparent_webp_keeps_its_transparency() -> None:
    image = noise()
    image.putalpha(noise(mode="L"))

    kept = opened(accept(saved(image, "WEBP", lossless=True, exif=exif())).content)

    assert kept.mode == "RGBA"
    assert kept.getchannel("A").getextrema()[0] < 255


# What it told


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_is_left_of_position_camera_and_caption(kind: str) -> None:
    sent = talkative(kind)
    assert b"SecretCamera" in sent

    picture = accept(sent)

    assert_tells_nothing(picture.content)
    assert_tells_nothing(render(picture.content, picture.orientation, 100))


def test_png_texts_are_dropped() -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    whole = saved(noise(), "PNG")
    texts = chunk(b"tEXt", b"Comment\0secret caption") + chunk(
        b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp()
    )
    sent = whole[:33] + texts + whole[33:] + b"trailing " + PLACE

    assert_tells_nothing(accept(sent).content)


def test_metadata_between_the_scans_of_a_progressive_picture_is_dropped() -> None:
    whole = saved(noise(), "JPEG", progressive=True)
    second = whole.index(STARTS_OF_SCANS, whole.index(STARTS_OF_SCANS) + 2)
    sent = whole[:second] + part(0xE1, b"Exif\0\0" + PLACE) + part(0xFE, b"secret caption") + whole[second:]

    kept = accept(sent).content

    assert_tells_nothing(kept)
    assert_same_pixels(whole, kept)


def test_parts_that_no_decoder_needs_are_dropped() -> None:
    whole = saved(noise(), "JPEG")
    sent = whole[:2] + part(0xEC, PLACE) + part(0xF3, PLACE) + part(0xE2, b"MPF\0" + PLACE) + whole[2:]

    assert accept(sent).content == whole


def test_the_thumbnail_in_a_jfif_header_is_dropped() -> None:
    whole = saved(noise(), "JPEG")
    header = whole[6:18]
    sent = whole[:2] + part(0xE0, header + b"\x04\x04" + b"Thumb!" * 8) + whole[20:]

    assert accept(sent).content == whole


@pytest.mark.parametrize("tail", [PLACE, b"\0\0\0\x18ftypmp42" + PLACE * 500], ids=["text", "video"])
def test_whatever_follows_the_end_of_a_picture_is_dropped(tail: bytes) -> None:
    whole = saved(noise(), "JPEG")

    assert accept(whole + tail).content == whole


def test_of_a_phones_picture_with_a_second_one_behind_only_the_first_is_kept() -> None:
    first = noise()
    sent = saved(first, "MPO", save_all=True, append_images=[noise(80, 60)], exif=exif(6))
    assert opened(sent).format == "MPO"

    picture = accept(sent)

    assert (picture.media_type, picture.width, picture.orientation) == ("image/jpeg", 160, 6)
    assert_tells_nothing(picture.content)
    assert picture.content.count(b"\xff\xd9") == 1


def test_stray_bytes_between_parts_cost_nothing() -> None:
    whole = saved(noise(), "JPEG")
    tables = whole.index(b"\xff\xdb")

    assert accept(whole[:tables] + b"\0\0\0\xff" + whole[tables:]).content == whole


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


# What is refused, and why


def test_nothing_at_all_is_empty() -> None:
    assert reason(b"") == "empty"


@pytest.mark.parametrize("content", [b"\xff", b"\xff\xd8", b"not a picture, called .jpg\n" * 90, bytes(4096)])
def test_what_is_no_picture_is_said_to_be_none(content: bytes) -> None:
    assert reason(content) == "not_a_picture"


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PDF", "AVIF"])
def test_other_kinds_of_pictures_are_not_supported(kind: str) -> None:
    assert reason(saved(noise(), kind)) == "unsupported"


def test_a_video_is_not_supported() -> None:
    assert reason(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(500)) == "unsupported"


def test_a_moving_webp_is_not_supported() -> None:
    assert reason(saved(noise(), "WEBP", save_all=True, append_images=[noise()])) == "unsupported"


WHOLE = {
    "JPEG": saved(noise(), "JPEG", exif=exif()),
    "progressive": saved(noise(), "JPEG", progressive=True),
    "MPO": saved(noise(), "MPO", save_all=True, append_images=[noise(80, 60)]),
    "PNG": saved(noise(80, 60), "PNG"),
    "WEBP": saved(noise(), "WEBP"),
    "lossless": saved(noise(80, 60), "WEBP", lossless=True),
    "HEIF": saved(noise(), "HEIF"),
}


@pytest.mark.parametrize("kind", [kind for kind in WHOLE if kind != "MPO"])
def test_a_picture_cut_anywhere_is_incomplete(kind: str) -> None:
    whole = WHOLE[kind]
    places = {16, len(whole) // 2, len(whole) - 1, *range(20, len(whole) - 1, max(1, len(whole) // 90))}

    reasons = {place: reason(whole[:place]) for place in sorted(places)}

    assert {place: said for place, said in reasons.items() if said != "incomplete"} == {}


def test_a_phones_picture_cut_within_the_first_is_incomplete_and_behind_it_whole() -> None:
    whole = WHOLE["MPO"]
    first_ends = whole.index(b"\xff\xd9") + 2

    assert reason(whole[: first_ends - 1]) == "incomplete"
    assert accept(whole[: first_ends + 50]).width == 160


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_with_many_pixels_is_refused_before_it_is_decoded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = saved(noise(), kind)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", _must_not_run)

    assert reason(sent, max_pixels=160 * 120 - 1) == "too_many_pixels"


def _must_not_run(*_: object) -> None:
    raise AssertionError("decoded")


def test_a_second_frame_header_cannot_smuggle_in_more_pixels() -> None:
    whole = saved(noise(), "JPEG")
    frame = whole.index(b"\xff\xc0")
    height = struct.pack(">H", 60_000)
    large = whole[frame : frame + 5] + height + height + whole[frame + 9 : frame + 19]

    assert reason(whole[: frame + 19] + large + whole[frame + 19 :], max_pixels=160 * 120) in {
        "incomplete",
        "too_many_pixels",
    }


def test_a_bomb_is_refused_by_its_header() -> None:
    ihdr = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + ihdr + struct.pack(">I", zlib.crc32(b"IHDR" + ihdr))
    packed = zlib.compress(bytes(1_000_000))
    bomb += (
        struct.pack(">I", len(packed)) + b"IDAT" + packed + struct.pack(">I", zlib.crc32(b"IDAT" + packed))
    )

    assert reason(bomb) == "too_many_pixels"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_that_takes_too_long_is_refused(kind: str) -> None:
    assert reason(saved(noise(), kind), seconds=0) == "too_slow"


def test_a_jpeg_of_very_many_scans_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = saved(noise(), "JPEG", progressive=True)
    last = whole[whole.rindex(STARTS_OF_SCANS) : -2]
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", _must_not_run)

    assert reason(whole[:-2] + last * 1000 + b"\xff\xd9") == "too_slow"


def test_random_damage_is_taken_or_refused_but_never_raises_anything_else() -> None:
    for whole in WHOLE.values():
        for place in range(0, len(whole), len(whole) // 60):
            damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
            try:
                picture = accept(damaged)
            except Unusable:
                continue
            assert_tells_nothing(picture.content)


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


# Many at once


def test_many_threads_at_once_disturb_neither_each_other_nor_the_warnings() -> None:
    sent = [talkative(kind, 6) for kind in ("JPEG", "PNG", "WEBP", "HEIF")] * 6
    before = list(warnings.filters)
    alone = [accept(content) for content in sent]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(accept, sent))
        copies = list(threads.map(lambda picture: render(picture.content, picture.orientation, 60), together))

    assert together == alone
    assert {opened(copy).format for copy in copies} == {"JPEG"}
    assert list(warnings.filters) == before


# Real cameras


@pytest.mark.parametrize("sent", [pytest.param(sent, id=name) for name, sent in from_cameras().items()])
def test_pictures_of_cameras_are_taken_and_tell_nothing(sent: bytes) -> None:
    picture = accept(sent)

    assert_tells_nothing(picture.content)
    assert_tells_nothing(render(picture.content, picture.orientation, 320))
    assert opened(picture.content).size == (picture.width, picture.height)
    if sent.startswith(JPEG):
        assert_same_pixels(sent, picture.content)
