"""Servers and a restore keep out of each other's way, by a lock on a file in the data folder.

A server that has a SQLite database open goes on writing into it after the file was replaced, and would acknowledge
what nobody can ever read. So each process that serves holds the lock together with others from its first request on,
and a restore holds it alone. The kernel lets go of it when a process ends, however it ends.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from flask import Flask

from field.core.errors import Problem
from field.core.logs import log

_NAME = "serving.lock"


class SomebodyServes(Exception):
    """A server runs on this data folder, or another restore."""


def hold_while_serving(app: Flask) -> None:
    """Hold the lock from the first request on; while a restore has it, requests are told to come again."""
    turn, held = threading.Lock(), list[FileIO | None]()

    @app.before_request
    def hold() -> None:
        if held:
            return
        with turn:
            if not held:
                held.append(_shared(app.config["DATA"]))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep servers of a data folder out; raises SomebodyServes."""
    with _opened(folder) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SomebodyServes from error
        yield


def _shared(folder: Path) -> FileIO | None:
    try:
        file = _opened(folder)
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Problem("busy", headers={"Retry-After": "30"}) from error
    except OSError as error:  # no room for a file, or a disk without locks: no reason not to serve
        log.warning("serving_without_lock", reason=str(error.strerror))
        return None
    return file


def _opened(folder: Path) -> FileIO:
    descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
    return FileIO(descriptor, "r+")
