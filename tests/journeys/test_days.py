"""Days drawn from seeds, in a real browser: whatever died or lied on the way, what was saved is at the desk once."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Error, Playwright

from tests.journeys.days import ODDITIES, Day
from tests.journeys.rig import Rig, a_rig

_FIRST = int(os.environ.get("SEED") or 1)
_DAYS = int(os.environ.get("N") or 60)
_AT_ONCE = 10
_USUAL = 60
_REPORT = Path(__file__).parents[2] / "build" / "days.txt"
# What sixty days must have had in them, so that they prove something.
_FAULTS = {
    *ODDITIES,
    "browser killed while it sent",
    "worker stopped while it sent",
    "two tabs",
    "network: cut_up",
    "network: cut_down",
    "network: lose_reply",
    "network: twice",
    "behind a portal",
    "no room was said",
    "app updated",
    "upgrade blocked",
    "server killed",
}


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
def test_whatever_happens_in_a_day_what_was_saved_is_at_the_desk_once(
    rig: Rig, first: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    met: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(first, min(first + _AT_ONCE, _FIRST + _DAYS)):
        wrong += [f"{line}; again: make sim-browser N=1 SEED={seed}" for line in _played(Day(rig, seed), met)]
    met["days"] = min(_AT_ONCE, _FIRST + _DAYS - first)
    met["wrong"] = len(wrong)
    total = _with_the_others(_folder_of_the_run(tmp_path_factory), first, met)
    if total is not None:
        _write_report(total)
    assert not wrong, "\n".join(wrong)
    if total is not None and _DAYS >= _USUAL:
        assert total.keys() >= _FAULTS, _FAULTS - total.keys()


def _played(day: Day, met: Counter[str]) -> list[str]:
    """What was wrong with a day; a browser or a wait that came to no end is wrong, too."""
    try:
        return day.run()
    except (AssertionError, Error) as error:
        return [str(error)]
    finally:
        met.update(day.met)


def _write_report(total: Counter[str]) -> None:
    """What all days together met, for whoever asked for more than usual."""
    _REPORT.parent.mkdir(exist_ok=True)
    _REPORT.write_text("".join(f"{count:7,}  {what}\n" for what, count in sorted(total.items())))


def _folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Which all processes of a test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _with_the_others(folder: Path, first: int, met: Counter[str]) -> Counter[str] | None:
    """Leave here what these days met; whoever comes last gets what all have met, and the others None."""
    written = folder / f"days-{first}.part"
    written.write_text(json.dumps(met))
    written.rename(folder / f"days-{first}.json")
    places = [folder / f"days-{one}.json" for one in range(_FIRST, _FIRST + _DAYS, _AT_ONCE)]
    if not all(place.exists() for place in places):
        return None
    return sum((Counter(json.loads(place.read_text())) for place in places), Counter())
