"""Pictures that were damaged on their way or by a disk: what is taken can be drawn, and nothing else is raised."""

from contextlib import suppress

import pytest

from field.photos.images import Unusable, accept
from tests.photos.pictures import assert_tells_nothing, noise, opened, saved
from tests.photos.whole import WHOLE


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(saved(noise(), "JPEG"), id="baseline"),
        pytest.param(saved(noise(), "JPEG", subsampling=0, optimize=True), id="full colour"),
        pytest.param(saved(noise(), "JPEG", progressive=True), id="progressive"),
        pytest.param(saved(noise(), "JPEG", restart_marker_rows=1), id="restarts"),
        pytest.param(saved(noise(mode="L"), "JPEG"), id="grey"),
        pytest.param(saved(noise(mode="CMYK"), "JPEG"), id="print colours"),
        pytest.param(saved(noise(7, 5), "JPEG"), id="smaller than a block"),
    ],
)
def test_a_jpeg_that_is_taken_can_be_drawn_whole_wherever_it_was_damaged(whole: bytes) -> None:
    taken = 0
    for place in range(2, len(whole), max(1, len(whole) // 400)):
        for damaged in (
            whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :],
            whole[:place] + whole[place + 40 :],
            whole[:place] + whole[-2:],
        ):
            with suppress(Unusable):
                kept = accept(damaged).content
                opened(kept)  # raises when a pixel cannot be drawn
                taken += 1

    assert taken > 20
    assert accept(whole).width == opened(whole).width


def test_random_damage_is_taken_or_refused_but_never_raises_anything_else() -> None:
    for whole in WHOLE.values():
        for place in range(0, len(whole), len(whole) // 60):
            damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
            try:
                picture = accept(damaged)
            except Unusable:
                continue
            assert_tells_nothing(picture.content)
