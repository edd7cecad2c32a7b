"""The server as the simulator sees it: starts in a moment, dies of SIGKILL, and is found at an address of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.journeys.server import ROOT
from tests.sim.control import Control
from tests.waiting import until

_PROBE = b"GET /sync/probe HTTP/1.1\r\nHost: sim\r\nConnection: close\r\n\r\n"


class Server:
    """Forked from a process that has loaded the program; `plants` names what is built into it at the next start."""

    def __init__(self, folder: Path, settings: Mapping[str, str], plants: Sequence[str] = ()) -> None:
        self.control = Control(folder / "control")
        self.plants = list(plants)
        self._address = str(folder / "socket")
        self._group: int | None = None
        with (folder / "server.log").open("ab") as log:
            self._zygote = subprocess.Popen(
                [sys.executable, "-m", "tests.sim.zygote", str(folder / "control"), self._address],
                cwd=ROOT,
                env=os.environ | settings,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._read() == "ready"

    def start(self) -> None:
        """Serve, and come back when it answers."""
        assert self._group is None, "the server runs"
        self.control.spare()
        with suppress(FileNotFoundError):
            os.unlink(self._address)
        self._group = int(self._order({"plants": self.plants}))
        until(self._answers, 30)

    def kill(self) -> None:
        """End every process of it, if it has not died yet."""
        if self._group is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._group, signal.SIGKILL)
            assert self._order({"bury": self._group}) == "buried"
        self._group = None

    @property
    def dead(self) -> bool:
        """Whether it was killed, or died at the step where it had to."""
        return self._group is None or self.control.killed

    def revive(self) -> None:
        """Start it again if it is dead."""
        if self.dead:
            self.kill()
            self.start()

    def close(self) -> None:
        """End it and what it was forked from."""
        self.kill()
        assert self._zygote.stdin
        self._zygote.stdin.close()
        self._zygote.wait(10)

    def connect(self) -> socket.socket:
        """A connection to it; raises OSError while it is dead."""
        one = socket.socket(socket.AF_UNIX)
        one.settimeout(30)
        try:
            one.connect(self._address)
        except OSError:
            one.close()
            raise
        return one

    def _answers(self) -> bool:
        try:
            with self.connect() as one:
                one.sendall(_PROBE)
                return b"200 OK" in one.recv(64)
        except OSError:
            return False

    def _order(self, order: Mapping[str, Any]) -> str:
        assert self._zygote.stdin
        self._zygote.stdin.write(json.dumps(order) + "\n")
        self._zygote.stdin.flush()
        return self._read()

    def _read(self) -> str:
        assert self._zygote.stdout
        return self._zygote.stdout.readline().strip()
