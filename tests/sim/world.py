"""Where a schedule plays: a database with a small district, a folder of photos, and a server that can be killed."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from field.accounts.models import User
from field.core import clock
from field.core.db import db
from field.photos.images import accept
from tests import factories
from tests.browser import browser_of
from tests.clock import told_by
from tests.photos.pictures import noise, part, saved, talkative
from tests.sim.control import Control
from tests.sim.databases import Database, opened
from tests.sim.serving import Server

WORKERS = ("worker", "second_worker")
_SHORT = {
    "FIELD_LOG_LEVEL": "error",
    "FIELD_LOCK_WAIT_SECONDS": "0.4",
    "FIELD_SESSION_IDLE_MINUTES": "1440",
    "FIELD_SESSION_HOURS": "720",
}


@dataclass
class Member:
    """Somebody with an account, and the cookie of a browser in which they are signed in."""

    id: UUID
    session: str


@dataclass
class World:
    """Everything but the phones and the network; lasts for many schedules and is put back before each."""

    folder: Path
    database: Database
    app: Flask
    server: Server = field(init=False)
    doors: list[str] = field(default_factory=list)
    far_door: str = ""
    revisions: dict[str, int] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)
    checklist: dict[str, Any] = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)
    _kept: dict[bytes, str] = field(default_factory=dict)

    @property
    def control(self) -> Control:
        """The clock, the disk and death of the server."""
        return self.server.control

    @property
    def photos(self) -> Path:
        """The folder of the photo store."""
        return self.folder / "photos"

    def reset(self) -> None:
        """Put everything back, and serve."""
        self.server.kill()
        self.control.reset()
        self.let_go()
        self.database.reset()
        self.empty_photos()
        shutil.rmtree(self.folder / "backups", ignore_errors=True)
        self.server.start()

    def empty_photos(self) -> None:
        """A store with nothing in it."""
        shutil.rmtree(self.photos, ignore_errors=True)
        for name in ("parts", "whole", "copies", "fresh"):
            (self.photos / name).mkdir(parents=True)

    def let_go(self) -> None:
        """Hold no connection to the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def kept_as(self, content: bytes) -> str:
        """The digest under which the store must keep a picture that was sent as these bytes."""
        if content not in self._kept:
            self._kept[content] = hashlib.sha256(accept(content).content).hexdigest()
        return self._kept[content]

    def remarked(self, picture: bytes, remark: bytes) -> bytes:
        """The same picture with a remark in it, so that its bytes are like no other's."""
        return picture[:2] + part(0xFE, remark) + picture[2:]


@contextmanager
def a_world(kind: str, plants: Sequence[str] = ()) -> Iterator[World]:
    """Make one on a kind of database; afterwards nothing of it is left."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="doorstep-sim-", dir=memory if memory.is_dir() else None))
    try:
        with opened(kind, folder) as database:
            settings = _SHORT | {"FIELD_DATA": str(folder), "FIELD_DATABASE_URL": database.url}
            app = create_app(settings | {"FIELD_ENV": "test"})
            with app.app_context():
                upgrade()
            world = World(folder, database, app)
            _furnish(world)
            world.server = Server(folder, settings | {"FIELD_ENV": "development"}, plants)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(clock, "datetime", told_by(world.control))
                try:
                    yield world
                finally:
                    world.server.close()
                    world.let_go()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _furnish(world: World) -> None:
    """Two workers who share a grid, a lead, an administrator; doors, a checklist, pictures."""
    with world.app.app_context():
        for name in (*WORKERS, "lead", "admin"):
            world.members[name] = signed_in(world, factories.a_user(name))
        homes = [factories.a_dwelling() for _ in range(3)]
        world.far_door = str(factories.a_dwelling(grid=factories.ELSEWHERE).id)
        world.doors = [str(home.id) for home in homes]
        world.revisions = {str(home.id): home.revision for home in homes}
        listed = factories.a_checklist()
        world.items = [item.code for item in listed.items[:5]]
        world.checklist = {"code": listed.code, "version": listed.version, "checked": True}
        db.session.commit()
    world.pictures = [saved(noise(60 + 8 * number, 48), "JPEG", quality=80) for number in range(5)]
    world.pictures.append(talkative("JPEG", 6))
    world.let_go()
    world.database.remember()


def signed_in(world: World, user: User) -> Member:
    """A browser's session for somebody; within an application context."""
    cookie = browser_of(world.app, user).cookie("session")
    assert cookie
    return Member(user.id, cookie)
