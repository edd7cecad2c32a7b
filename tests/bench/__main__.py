"""`make bench`: run every measure, print a table, write build/bench.json."""

import os
import platform
import tempfile
from pathlib import Path

import orjson

from tests.bench import measures, yardsticks
from tests.bench.measures import Figure
from tests.journeys.server import ROOT
from tests.postgres import running_cluster


def main() -> None:
    """Measure and report."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    figures: list[Figure] = []
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        place = Path(folder)
        figures += measures.empty_handler(place)
        with measures.sqlite_loop(place) as rows:
            figures += measures.text_lane(place, "ingest", rows)
        with running_cluster(durable=True) as server:
            url, bare = server.create("bench"), server.create("bare")
            figures += measures.text_lane(
                place,
                "ingest_pg",
                lambda bodies: yardsticks.postgres_rows(bodies, bare),
                FIELD_DATABASE_URL=url,
            )
    _report(figures)


def _report(figures: list[Figure]) -> None:
    print(f"{'measure':<28}{'median':>12}{'min':>12}{'max':>12}  unit")
    for figure in figures:
        shown = figure.as_dict()
        numbers = "".join(f"{shown[key]:>12.3f}" for key in ("median", "min", "max"))
        print(f"{figure.name:<28}{numbers}  {figure.unit}")
    target = ROOT / "build" / "bench.json"
    target.write_bytes(
        orjson.dumps({figure.name: figure.as_dict() for figure in figures}, option=orjson.OPT_INDENT_2)
    )


if __name__ == "__main__":
    main()
