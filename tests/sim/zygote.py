"""A process that has loaded the program once and forks servers of it: gunicorn with two workers, up in a moment.

Reads a line of JSON for each order on its standard input and answers with one; see serving.py for the other side.
"""

import ctypes
import errno
import gc
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import gunicorn.util
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import event as on
from sqlalchemy.engine import Engine

from app import create_app
from field.core import clock
from field.core.db import db
from field.core.ids import new_id
from tests import factories
from tests.clock import told_by
from tests.phone import Phone
from tests.photos.pictures import noise, saved
from tests.sim.control import Control
from tests.sim.plants import RELEASES, SERVER
from tests.steps import watched

_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
_NO_LIMIT = 1073741823


class _Served(BaseApplication):
    """gunicorn without its command line, on a program that is loaded already."""

    def __init__(self, program: Flask, address: str) -> None:
        self._program, self._address = program, address
        super().__init__()

    def load_config(self) -> None:
        """See BaseApplication."""
        settings = {"bind": f"unix:{self._address}", "workers": 2, "worker_class": "gthread", "threads": 3}
        for name, value in (settings | {"loglevel": "critical", "worker_tmp_dir": "/dev/shm"}).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """See BaseApplication."""
        return self._program


def _follow_clock(control: Control) -> None:
    """The program and the Date of its answers follow the simulated clock."""
    real = gunicorn.util.http_date
    clock.datetime = told_by(control)  # type: ignore[misc, attr-defined]
    gunicorn.util.http_date = lambda at=None: real((at or time.time()) + control.passed.total_seconds())


def _fill_disk(control: Control) -> None:
    """While the disk is full SQLite's file may not grow and no photo can be written."""
    real = os.pwrite

    def pwrite(*args: Any) -> int:
        if control.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args)

    def lend(connection: Any, *_: Any) -> None:
        if type(connection).__module__ == "sqlite3":
            [pages] = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count={pages if control.full else _NO_LIMIT}")

    os.pwrite = pwrite
    on.listen(Engine, "checkout", lend)


def _warm_up(program: Flask) -> None:
    """Do everything once, so that no server has to learn it: its queries are compiled and its tables mapped.

    What this leaves in the database goes when the world is put back.
    """
    with program.app_context():
        phone = Phone(program, factories.a_user("worker")).enrol()
        door, picture = factories.a_dwelling(), saved(noise(), "JPEG")
        part, listed = phone.photo_part(picture), factories.a_checklist()
        for photos in ([part], []):
            found = {"id": str(new_id()), "item": listed.items[0].code, "action": "notice_left"}
            visit = phone.visit_body(
                door,
                photos=photos,
                dwelling_changes={"rooms": 7},
                occupants=[{"action": "add", "occupancy": part["id"], "person": part["id"], "name": "演示"}][
                    : len(photos)
                ],
                requests=[{"id": str(new_id()), "kind": "permit"}],
                findings=[found],
                checklist={"code": listed.code, "version": listed.version, "checked": True},
            )
            event = phone.event(visit)
            phone.send(event, phone.event("{"))
            phone.send(event)
        phone.upload_photo(visit["visit"], part, picture, piece=2000)
        phone.ask_photo(phone.start_photo(visit["visit"], part).headers["Location"])
        phone.reconcile(event, photos=[{"id": part["id"], "kind": "full", "digest": part["digest"]}])
        phone.pack()
        db.session.remove()
        db.engine.dispose()


def _serve(program: Flask, address: str, plants: Sequence[str]) -> None:
    os.setsid()
    for plant in plants:
        {**SERVER, **RELEASES}[plant]()
    _Served(program, address).run()


def _bury(group: int) -> None:
    """Wait until every process of a group has ended: then nobody holds the database."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-group, 0)


def main(control_file: str, address: str) -> None:
    """Obey until the input ends."""
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    control = Control(Path(control_file))
    program = create_app()
    _follow_clock(control)
    _fill_disk(control)
    with watched(control.passing):
        _warm_up(program)
        gc.freeze()
        replies = os.fdopen(os.dup(1), "w", buffering=1)
        os.dup2(2, 1)  # what servers write is no reply
        replies.write("ready\n")
        for line in sys.stdin:
            order = json.loads(line)
            if "bury" in order:
                _bury(order["bury"])
                replies.write("buried\n")
                continue
            child = os.fork()
            if child == 0:
                try:
                    _serve(program, address, order["plants"])
                finally:
                    os._exit(1)
            replies.write(f"{child}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
