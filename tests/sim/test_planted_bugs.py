"""The simulator can fail: each fault that is built in on purpose is caught within 200 schedules."""

import pytest

from tests.sim.campaign import play
from tests.sim.plants import PHONE, SERVER

# Where the schedules begin, so that one of the first few catches it; 200 is the bound. SQLite has one writer at a
# time in any case, so a missing lock only tells on PostgreSQL.
_PLANTED = {
    "delete before receipt": ("sqlite", 1),
    "any 200 is success": ("sqlite", 28),
    "no lock": ("postgresql", 20),
    "acknowledge before commit": ("sqlite", 20),
    "checksum ignored": ("sqlite", 1),
    "offset not guarded": ("sqlite", 12),
}


def test_every_planted_bug_is_tried():
    assert _PLANTED.keys() == PHONE.keys() | SERVER.keys()


@pytest.mark.parametrize("plant", _PLANTED)
def test_a_planted_bug_is_caught_within_200_schedules(plant, request):
    database, first = _PLANTED[plant]
    if request.config.getoption("--database") not in {database, "both"}:
        pytest.skip(f"shows on {database} only")

    report = play(database, range(first, first + 200), [plant], until_caught=True)

    assert report.broken, f"not caught in {report.schedules} schedules: {report.faults}"
