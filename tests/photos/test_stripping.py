"""What is kept of a picture tells nothing about place, person or camera, and loses no pixel."""

import struct
import zlib

import pytest

from field.photos.images import accept, render
from tests.photos.pictures import (
    JPEG,
    PLACE,
    STARTS_OF_SCANS,
    assert_same_pixels,
    assert_tells_nothing,
    exif,
    from_cameras,
    noise,
    opened,
    part,
    saved,
    talkative,
    xmp,
)

# What Pillow says of damaged EXIF is no news here.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


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


def test_a_webp_does_not_announce_what_it_no_longer_has() -> None:
    def flags(content: bytes) -> int:
        return content[content.index(b"VP8X") + 8]

    sent = talkative("WEBP")

    assert flags(sent) & 0b1100
    assert not flags(accept(sent).content) & 0b1100


def test_the_adobe_mark_stays_where_only_it_tells_the_colours() -> None:
    """The components of an RGB JPEG are named R, G, B; named 1, 2, 3 only the mark says that it is not YCbCr."""
    sent = bytearray(saved(noise(), "JPEG", keep_rgb=True))
    assert b"Adobe" in sent
    frame, scan = sent.index(b"\xff\xc0"), sent.index(STARTS_OF_SCANS)
    for name in range(3):
        sent[frame + 10 + 3 * name] = sent[scan + 5 + 2 * name] = name + 1

    assert_same_pixels(bytes(sent), accept(bytes(sent)).content)


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


# Real cameras


@pytest.mark.parametrize("sent", [pytest.param(sent, id=name) for name, sent in from_cameras().items()])
def test_pictures_of_cameras_are_taken_and_tell_nothing(sent: bytes) -> None:
    picture = accept(sent)

    assert_tells_nothing(picture.content)
    assert_tells_nothing(render(picture.content, picture.orientation, 320))
    assert opened(picture.content).size == (picture.width, picture.height)
    if sent.startswith(JPEG):
        assert_same_pixels(sent, picture.content)
