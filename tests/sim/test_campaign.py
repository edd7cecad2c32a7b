"""Hundreds of schedules on each database: nothing is lost, doubled or falsely acknowledged. `make sim` plays more."""

import os

import pytest

from tests.sim.campaign import play, play_at_once
from tests.sim.network import KINDS
from tests.sim.schedule import Schedule
from tests.sim.world import a_world
from tests.steps import STEPS

# Two requests at the same moment: that they are is drawn from the seed, who is first is not.
RACES = {"at the same moment", "network: at_once"}
# The last three die where the hundred before them do so only two or three times: at photo.forget and photo.arrive.
_SEEDS = {"sqlite": range(1, 301), "postgresql": [*range(1, 101), 111, 126, 137]}
# As many at once as there are cores, whether this run has them all or shares them with others.
_JOBS = max(1, 2 // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def test_no_schedule_loses_doubles_or_falsely_acknowledges_anything(database_kind):
    seeds = _SEEDS[database_kind]

    report = play_at_once(database_kind, seeds, jobs=_JOBS)

    said = "\n".join(report.lines())
    print(said)
    assert not report.faults, said
    assert report.schedules == len(seeds)
    assert {f"network: {kind}" for kind in KINDS} <= report.counts.keys(), said
    assert {f"killed at {step}" for step in STEPS} <= report.counts.keys(), said


# With a death, a correction, backups and restores, another owner; in none do two requests race for who is first.
@pytest.mark.parametrize("seed", [43, 67])
def test_a_seed_plays_the_same_schedule_again(seed):
    with a_world("sqlite") as world:
        one, other = (Schedule(world, seed).run() for _ in range(2))

    assert not one.counts.keys() & RACES
    assert one.events.keys() == other.events.keys()
    assert one.pictures.keys() == other.pictures.keys()
    assert (one.counts, one.results) == (other.counts, other.results)


def test_a_report_says_how_to_play_a_seed_again():
    report = play("sqlite", [1], ["delete before receipt"])

    assert "make sim N=1 SEED=1 DATABASE=sqlite" in "\n".join(report.lines())
