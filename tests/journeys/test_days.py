"""Days drawn from seeds, in a real browser: whatever died or lied on the way, what was saved is at the desk once."""

import os
from collections import Counter

import pytest
from playwright.sync_api import Error, Playwright

from tests.journeys.days import Day
from tests.journeys.rig import Rig, a_rig

_FIRST = int(os.environ.get("SEED") or 1)
_DAYS = int(os.environ.get("N") or 60)
_AT_ONCE = 10


@pytest.fixture(scope="module")
def rig(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory):
    """The phone, the network and the server of all days."""
    with a_rig(playwright, tmp_path_factory.mktemp("rig")) as one:
        yield one


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=pytest.mark.xdist_group(f"days-{number % 2}"))
        for number, first in enumerate(range(_FIRST, _FIRST + _DAYS, _AT_ONCE))
    ],
)
def test_whatever_happens_in_a_day_what_was_saved_is_at_the_desk_once(rig: Rig, first: int) -> None:
    met: Counter[str] = Counter()
    for seed in range(first, min(first + _AT_ONCE, _FIRST + _DAYS)):
        day = Day(rig, seed)
        try:
            wrong = day.run()
        except (AssertionError, Error) as error:
            wrong = [str(error)]

        met.update(day.met)
        assert wrong == [], f"again: make sim-browser N=1 SEED={seed}"
    print(dict(sorted(met.items())))
