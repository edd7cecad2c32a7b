"""The simulator can fail: each fault that is built in on purpose breaks the promise that is its own, within 200
schedules, and breaks nothing else: a plant that no longer fits the program lets the server fail, and tests nothing."""

import pytest

from tests.sim.campaign import PROMISES, play
from tests.sim.plants import PHONE, SERVER

# Where the schedules begin, so that one of the first few catches it, and which promise it breaks; 200 is the bound.
# SQLite has one writer at a time in any case, so a missing lock only tells on PostgreSQL.
_PLANTED = {
    "delete before receipt": ("sqlite", 1, "lost"),
    "any 200 is success": ("sqlite", 31, "false"),
    "numbers used again": ("sqlite", 1, "numbers"),
    "no lock": ("postgresql", 36, "doubled"),
    "acknowledge before commit": ("sqlite", 70, "false"),
    "checksum ignored": ("sqlite", 11, "lost"),
    "offset not guarded": ("sqlite", 1, "false"),
}


def test_every_planted_bug_is_tried():
    assert _PLANTED.keys() == PHONE.keys() | SERVER.keys()
    assert {promise for _database, _first, promise in _PLANTED.values()} == set(PROMISES)


@pytest.mark.parametrize("plant", _PLANTED)
def test_a_planted_bug_breaks_its_own_promise_within_200_schedules(plant, request):
    database, first, promise = _PLANTED[plant]
    if request.config.getoption("--database") not in {database, "both"}:
        pytest.skip(f"shows on {database} only")

    report = play(database, range(first, first + 200), [plant], until=promise)

    said = "\n".join(report.lines())
    assert promise in report.broken, said
    assert not report.wrong("failed"), f"the server fails of it, as it never does without: {said}"
