"""A real server in processes of its own: gunicorn over the demo in a temporary folder; it can be killed."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.journeys.forge import ROOT, Forge
from tests.waiting import until

_forge = Forge()


class Server:
    """`start()` and `kill()` as often as a test likes; address, data and accounts stay the same."""

    def __init__(self, data: Path, port: int, settings: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.settings = settings or {}
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self._deadly = data / "deadly"
        self._group: int | None = None

    def start(self) -> None:
        """Serve, and come back when it answers."""
        assert self._group is None, "the server runs"
        self._deadly.unlink(missing_ok=True)
        self._deadly.with_suffix(".count").unlink(missing_ok=True)
        configuration = str(Path(__file__).with_name("gunicorn.conf.py"))
        arguments = ["-c", configuration, "-b", f"127.0.0.1:{self.port}", "app:create_app()"]
        settings = environment(self.data) | {"DEADLY": str(self._deadly)} | dict(self.settings)
        self._group = _forge.serve(arguments, settings, self.data / "server.log")
        until(self.answers, 30)

    def kill(self) -> None:
        """SIGKILL every process at once, as a power cut would."""
        if self._group is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._group, signal.SIGKILL)
        self.wait_for_death()

    def die_at(self, method: str, path: str, number: int = 1) -> None:
        """Let the running server be killed by the so-manyth request of this kind, before it is answered."""
        self._deadly.write_text(f"{method} {path} {number}")

    def release(self, name: str) -> None:
        """Serve a newer version of the phone's app from the next start on."""
        (self.data / "release").write_text(name)

    def wait_for_death(self, seconds: float = 60) -> None:
        """Wait until the server that is to die has died, and no longer holds its port."""
        assert self._group is not None
        group = self._group
        until(lambda: not _lives(group), seconds)
        # Only now: one that has not died is still there to be ended with the test.
        self._group = None
        until(lambda: not port_is_taken(self.port))

    def answers(self) -> bool:
        """Whether it is our server that answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/sync/probe")
            return b"doorstep" in connection.getresponse().read()
        except OSError:
            return False
        finally:
            connection.close()

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database holds, asked from outside."""
        connection = sqlite3.connect(f"file:{self.data / 'doorstep.sqlite3'}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def end_sign_ins(self) -> None:
        """Let every sign-in have run out; taking a browser's cookie away would race with answers that renew it."""
        with closing(sqlite3.connect(self.data / "doorstep.sqlite3", timeout=10)) as connection:
            connection.execute("UPDATE sign_ins SET ended_at = created_at WHERE ended_at IS NULL")
            connection.commit()

    def count(self, table: str, where: str = "1 = 1") -> int:
        """How many rows of a table there are."""
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])


def _lives(group: int) -> bool:
    """Whether any process of a server is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def environment(data: Path) -> dict[str, str]:
    """The settings of a server whose data are in this folder, and nothing of the settings of whoever tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FIELD_")}
    return kept | {"FIELD_ENV": "development", "FIELD_DATA": str(data), "FIELD_LOG_LEVEL": "error"}


def prepare(data: Path, *, demo: bool = True, past: bool = False, **settings: str) -> None:
    """Make a folder with a migrated database and the demo, by the command that `make run` uses.

    Without its past, which `make run` adds: journeys count visits and hazards from zero.
    """
    wanted = [name for name, asked in (("--demo", demo), ("--past", past)) if asked]
    command = [sys.executable, "-m", "flask", "--app", "app", "prepare", *wanted]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(data) | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def let_everybody_speak(language: str, data: Path) -> None:
    """The language is the account's, whatever browser somebody borrows."""
    with closing(sqlite3.connect(data / "doorstep.sqlite3")) as connection, connection:
        connection.execute("UPDATE users SET language = ?", (language,))


def copy_of(prepared: Path, data: Path) -> Path:
    """Another folder with the same data."""
    return Path(shutil.copytree(prepared, data))


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def port_is_taken(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
