"""`make sim N=300 SEED=1 DATABASE=both JOBS=2`: play so many schedules, say what happened, fail when it was wrong."""

import os
import sys

from tests.sim.campaign import play, play_at_once

_DATABASES = {"both": ("sqlite", "postgresql"), "sqlite": ("sqlite",), "postgresql": ("postgresql",)}


def main() -> int:
    """Read what was asked for from the environment."""
    number, first = int(os.environ.get("N") or 300), int(os.environ.get("SEED") or 1)
    jobs = int(os.environ.get("JOBS") or min(4, os.cpu_count() or 1))
    seeds, wrong = range(first, first + number), 0
    for database in _DATABASES[os.environ.get("DATABASE") or "both"]:
        report = play(database, seeds) if jobs == 1 else play_at_once(database, seeds, jobs)
        print("\n".join(report.lines()), flush=True)
        wrong += len(report.faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
