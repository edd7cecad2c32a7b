"""`make bench`: run every measure, or those that ONLY names; print a table and write build/bench.json."""

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import orjson

from tests.bench import browsers, live, measures, packs, pages, pictures, slow_disk, waiting_phone, yardsticks
from tests.bench.figures import Figure
from tests.journeys.server import ROOT
from tests.postgres import running_cluster

_DISK_MS = int(os.environ.get("DISK_MS") or 0)
TARGET = ROOT / "build" / "bench.json"


def _ingest(folder: Path) -> list[Figure]:
    with measures.sqlite_loop(folder) as rows:
        return measures.text_lane(folder, "ingest", rows, "≥ 0.1")


def _ingest_pg(folder: Path) -> list[Figure]:
    with _postgres() as (url, bare):
        rows = lambda bodies: yardsticks.postgres_rows(bodies, bare)  # noqa: E731
        return measures.text_lane(folder, "ingest_pg", rows, "≥ 0.15", FIELD_DATABASE_URL=url)


def _pages(folder: Path) -> list[Figure]:
    return pages.desk(folder, "sqlite")


def _pages_pg(folder: Path) -> list[Figure]:
    with _postgres() as (url, _bare):
        return pages.desk(folder, "postgresql", FIELD_DATABASE_URL=url)


@contextmanager
def _postgres() -> Iterator[tuple[str, str]]:
    with running_cluster(durable=True, through=slow_disk.through(_DISK_MS) if _DISK_MS else ()) as server:
        yield server.create("bench"), server.create("bare")


PARTS: Mapping[str, Callable[[Path], list[Figure]]] = {
    "empty": measures.empty_handler,
    "ingest": _ingest,
    "ingest_pg": _ingest_pg,
    "photos": pictures.photo_lane,
    "wire": packs.on_the_wire,
    "pack": packs.first_pack,
    "offline": browsers.offline,
    "shrink": browsers.shrinking,
    "delta": packs.few_changes,
    "pages": _pages,
    "pages_pg": _pages_pg,
    "phone": waiting_phone.waiting,
    "live": live.live_queue,
}
# Of these only the database writes to the disk.
ON_POSTGRESQL = {"ingest_pg", "pages_pg"}


def main() -> None:
    """Measure and report; what is not measured now keeps what build/bench.json says of it."""
    names = os.environ.get("ONLY", "").replace(",", " ").split() or list(PARTS)
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.exit(f"ONLY knows {', '.join(PARTS)}; not {', '.join(sorted(unknown))}")
    TARGET.parent.mkdir(exist_ok=True)
    print(_machine(), flush=True)
    failed = []
    for name in names:
        with tempfile.TemporaryDirectory(dir=TARGET.parent) as folder:
            before = os.getloadavg()[0]
            try:
                if _DISK_MS and name not in ON_POSTGRESQL:
                    _apart(name)
                    continue
                figures = PARTS[name](Path(folder))
            except Exception as error:
                failed.append(name)
                print(
                    f"\n{name} was not measured: {str(error).splitlines()[0] if str(error) else error!r}",
                    flush=True,
                )
                continue
            print(f"\n{name}   (load when it began {before:.1f}, at its end {os.getloadavg()[0]:.1f})")
            _report(figures)
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def _apart(name: str) -> None:
    """Measure a part in a process of its own, whose disk is slow: the part or its yardstick writes by itself."""
    command = [*slow_disk.through(_DISK_MS), sys.executable, "-m", "tests.bench"]
    subprocess.run(command, check=True, env=os.environ | {"ONLY": name, "DISK_MS": ""})


def _machine() -> str:
    cores, version = os.cpu_count(), platform.python_version()
    return f"{platform.machine()}, {cores} cores, Python {version}, load {os.getloadavg()[0]:.1f}"


def _report(figures: list[Figure]) -> None:
    print(f"{'measure':<34}{'median':>12}{'min':>12}{'max':>12}  {'target':<8} unit")
    for figure in figures:
        shown = figure.as_dict()
        numbers = "".join(f"{shown[key]:>12.3f}" for key in ("median", "min", "max"))
        beside = f" to {figure.yardstick}" if figure.yardstick else ""
        print(f"{figure.name:<34}{numbers}  {figure.target:<8} {figure.unit}{beside}", flush=True)
    kept = orjson.loads(TARGET.read_bytes()) if TARGET.exists() else {}
    kept |= {figure.name: figure.as_dict() for figure in figures}
    TARGET.write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main()
