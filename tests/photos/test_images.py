"""Pictures are taken when whole, and refused with a reason when not."""

import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from PIL import Image, ImageFile

from field.photos.images import Unusable, accept, render
from tests.photos.pictures import (
    STARTS_OF_SCANS,
    assert_same_pixels,
    exif,
    from_cameras,
    noise,
    opened,
    profile,
    saved,
    talkative,
)
from tests.photos.whole import WHOLE

# What Pillow says of damaged EXIF is no news here.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def reason(content: bytes, **limits: float) -> str:
    with pytest.raises(Unusable) as refusal:
        accept(content, **limits)
    return refusal.value.reason


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


@pytest.mark.parametrize("kind", [kind for kind in WHOLE if kind != "MPO"])
def test_a_picture_cut_anywhere_is_incomplete(kind: str) -> None:
    whole = WHOLE[kind]
    places = {16, len(whole) // 2, len(whole) - 1, *range(20, len(whole) - 1, max(1, len(whole) // 90))}

    reasons = {place: reason(whole[:place]) for place in sorted(places)}

    assert {place: said for place, said in reasons.items() if said != "incomplete"} == {}


def test_a_heic_whose_last_box_is_cut_short_is_incomplete() -> None:
    assert reason(WHOLE["HEIF"] + struct.pack(">I", 100) + b"free" + bytes(91)) == "incomplete"
    assert accept(WHOLE["HEIF"] + struct.pack(">I", 100) + b"free" + bytes(92)).width == 160


@pytest.mark.parametrize("sent", [pytest.param(sent, id=name) for name, sent in from_cameras().items()])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_picture_of_a_camera_cut_short_is_incomplete(sent: bytes, share: float) -> None:
    assert reason(sent[: int(len(sent) * share)]) == "incomplete"


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


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The work allowed is over as soon as decoding begins; lists what was decoded to the end all the same."""
    now, finished = [0.0], []
    load = ImageFile.ImageFile.load

    def slow(picture: ImageFile.ImageFile) -> object:
        now[0] = 60
        pixels = load(picture)
        finished.append(picture.format)
        return pixels

    monkeypatch.setattr("field.photos.images.time.thread_time", lambda: now[0])
    monkeypatch.setattr(ImageFile.ImageFile, "load", slow)
    return finished


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_decoding_stops_when_the_time_is_over(kind: str, late: list[str]) -> None:
    assert reason(WHOLE[kind]) == "too_slow"
    assert late == []


@pytest.mark.parametrize("kind", ["WEBP", "HEIF"])
def test_what_cannot_be_stopped_is_refused_afterwards(kind: str, late: list[str]) -> None:
    assert reason(WHOLE[kind]) == "too_slow"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_server_that_stands_still_for_minutes_refuses_no_good_picture(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = count(step=60.0)
    monkeypatch.setattr("field.photos.images.time.monotonic", lambda: next(ticks))
    monkeypatch.setattr("field.photos.images.time.time", lambda: next(ticks))

    assert accept(WHOLE[kind]).width


def test_a_jpeg_of_very_many_scans_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = saved(noise(), "JPEG", progressive=True)
    last = whole[whole.rindex(STARTS_OF_SCANS) : -2]
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", _must_not_run)

    assert reason(whole[:-2] + last * 1000 + b"\xff\xd9") == "too_slow"


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
