"""Many schedules, one after the other and several at once; the report counts what happened and what went wrong."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import pytest

from tests.sim.plants import PHONE, SERVER
from tests.sim.schedule import Schedule
from tests.sim.world import a_world

# What nobody may ever find, whatever else goes wrong.
PROMISES = ("lost", "doubled", "false", "numbers")


@dataclass
class Report:
    """What a campaign has seen; `faults` are (seed, kind, what)."""

    database: str
    schedules: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str, str]] = field(default_factory=list)

    def wrong(self, kind: str) -> int:
        """How many faults of a kind were found."""
        return sum(found == kind for _, found, _ in self.faults)

    @property
    def broken(self) -> set[str]:
        """The promises that were broken. A failure of the server is none, and neither is a phone that never comes to
        an end: both are found of a program that does nothing at all, too."""
        return {kind for _, kind, _ in self.faults} & set(PROMISES)

    def lines(self) -> Iterator[str]:
        """The report in words."""
        rate = self.schedules / self.seconds if self.seconds else 0
        yield f"{self.database}: {self.schedules} schedules in {self.seconds:.0f} s, {rate:.1f} seeds per second"
        for what, count in sorted(self.counts.items()):
            yield f"  {count:7}  {what}"
        yield (
            f"  lost {self.wrong('lost')}, doubled {self.wrong('doubled')}, "
            f"falsely acknowledged {self.wrong('false')}, numbers used wrongly {self.wrong('numbers')}, "
            f"phones without an end {self.wrong('endless')}, failures of the server {self.wrong('failed')}"
        )
        for seed, kind, what in self.faults[:40]:
            yield f"  seed {seed}: {kind}: {what}"
            yield f"    again: make sim N=1 SEED={seed} DATABASE={self.database}"


def play(database: str, seeds: Sequence[int], plants: Sequence[str] = (), until: str | None = None) -> Report:
    """Play schedules one after the other in this process; `until`: only up to the first that finds this promise
    broken, or a failing server."""
    report, start = Report(database), time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        for plant in set(plants) & PHONE.keys():
            PHONE[plant](patch)
        with a_world(database, [plant for plant in plants if plant in SERVER]) as world:
            for seed in seeds:
                ledger = Schedule(world, seed).run()
                report.schedules += 1
                report.counts.update(ledger.counts)
                report.faults += [(seed, kind, what) for kind, what in ledger.faults]
                if until and (until in report.broken or report.wrong("failed")):
                    break
    report.seconds = time.monotonic() - start
    return report


def play_at_once(database: str, seeds: Sequence[int], jobs: int) -> Report:
    """Play schedules in several processes, each with a world of its own."""
    start, whole = time.monotonic(), Report(database)
    shares = [share for job in range(jobs) if (share := seeds[job::jobs])]
    with ProcessPoolExecutor(len(shares), multiprocessing.get_context("spawn")) as pool:
        for report in pool.map(play, [database] * len(shares), shares):
            whole.schedules += report.schedules
            whole.counts.update(report.counts)
            whole.faults += report.faults
    whole.faults.sort()
    whole.seconds = time.monotonic() - start
    return whole
