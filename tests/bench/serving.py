"""What is measured: the program as it is deployed, over the demo, in a temporary folder of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

from tests.journeys.server import ROOT, environment, free_port, prepare
from tests.waiting import until

WORKERS = "2"


@dataclass(frozen=True)
class Served:
    """A running server: its port, its data, and its processes for measuring memory."""

    port: int
    data: Path
    process: psutil.Process

    def proportional_bytes(self) -> int:
        """Memory of all processes, each page shared among those who use it."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(one.memory_full_info().pss for one in family)


@contextmanager
def serving(data: Path, target: str = "app:create_app()", **settings: str) -> Iterator[Served]:
    """gunicorn with two workers; the data folder is prepared when it is new."""
    values = environment(data) | settings | {"WEB_CONCURRENCY": WORKERS}
    if target.startswith("app:") and not data.exists():
        data.mkdir(parents=True)
        prepare(data, **settings)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, target], cwd=ROOT, env=values, stdout=subprocess.DEVNULL)
    try:
        until(lambda: _answers(port), 60)
        yield Served(port, data, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(60)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/sync/probe")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def empty(_environment: object, respond: object) -> list[bytes]:
    """The least that gunicorn can serve, for empty_ratio."""
    respond("204 No Content", [])  # type: ignore[operator]
    return []
