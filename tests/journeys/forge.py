"""A process that has imported the program once and forks servers of it: gunicorn as it is deployed, up in a moment.

Reads a line of JSON for each server on its standard input, {"arguments", "environment", "log"}, and answers with its
process id; `Forge` is the other side. What a server does is what `python -m gunicorn` does, but for the imports.
"""

import atexit
import ctypes
import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import gunicorn.workers.gthread
from gunicorn.app.wsgiapp import WSGIApplication

import app

# What a server is made of; naming it keeps it from being taken for unused.
LOADED = (app, gunicorn.workers.gthread)
ROOT = Path(__file__).parents[2]
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER: a server's workers outlive the one who forked them for a moment


class Forge:
    """One for each process that tests; started when the first server is asked for."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def serve(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Start gunicorn; answers the process id, which is that of its group too."""
        if self._process is None:
            self._process = _started()
        assert self._process.stdin
        assert self._process.stdout
        order = {"arguments": arguments, "environment": environment, "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _started() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.forge"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    atexit.register(process.wait)
    atexit.register(process.stdin.close)
    return process


def _serve(arguments: Sequence[str], environment: Mapping[str, str], log: str) -> None:
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["gunicorn", *arguments]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def main() -> None:
    """Fork until the input ends; whoever has died is forgotten by the system itself."""
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                _serve(**order)
            finally:
                os._exit(1)
        print(child, flush=True)


if __name__ == "__main__":
    main()
