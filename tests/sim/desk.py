"""What people do at the desk meanwhile: backups and restores, accounts, returned visits, records judged again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from field.accounts import members
from field.accounts import service as accounts
from field.accounts.models import Device, User
from field.accounts.scope import Actor
from field.backups import service as backups
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.errors import Problem
from field.photos.store import FolderStore
from field.reviews import service as reviews
from field.sync import service as sync
from field.sync.models import InboxEvent, Result
from field.visits.models import ReviewState, Visit
from tests import factories
from tests.sim.world import World, signed_in


@contextmanager
def at_the_desk(world: World) -> Iterator[None]:
    """A context of the program in this process, which afterwards holds no connection."""
    with world.app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def if_possible() -> Iterator[None]:
    """Something that somebody will do another time when the database cannot do it now, or others were faster."""
    with suppress(Problem, OperationalError):
        yield


def _user(world: World, name: str) -> User:
    return db.session.get_one(User, world.members[name].id)


def back_up(world: World) -> None:
    """Take a backup while the server runs, and tell phones of it."""
    with at_the_desk(world):
        store = FolderStore(world.photos)
        target = backups.take(world.folder / "backups", world.database.url, store, utcnow())
        with if_possible(), transaction():
            backups.acknowledge(target)


def restore(world: World) -> bool:
    """Lose everything and restore the newest backup, under a new epoch; tells whether there was one."""
    taken = sorted(path.parent for path in (world.folder / "backups").glob(f"*/{backups.MANIFEST}"))
    if not taken:
        return False
    world.server.kill()
    world.let_go()
    world.database.wipe()
    world.empty_photos()
    with at_the_desk(world):
        store = FolderStore(world.photos)
        backups.restore(taken[-1], world.database.url, store)
        world.database.fill(False)  # it is another disk
        with transaction():
            backups.renew(taken[-1], store)
    world.server.start()
    return True


def suspend(world: World, name: str) -> None:
    """Close somebody's account."""
    with if_possible(), at_the_desk(world), transaction():
        members.suspend(_user(world, name), Actor.of(_user(world, "admin")))


def move(world: World, name: str) -> None:
    """Let somebody answer for another community from now on."""
    with if_possible(), at_the_desk(world), transaction():
        members.assign(_user(world, name), [factories.ELSEWHERE], Actor.of(_user(world, "admin")))


def set_right(world: World, names: tuple[str, ...]) -> None:
    """Admit people again where they were, and have what was set aside meanwhile judged again."""
    with at_the_desk(world):
        with transaction():
            for name in names:
                members.readmit(_user(world, name), Actor.of(_user(world, "admin")))
                members.assign(_user(world, name), [factories.GRID], Actor.of(_user(world, "admin")))
        lead = Actor.of(_user(world, "lead"))
        aside = select(InboxEvent.id).where(InboxEvent.result == Result.QUARANTINED).order_by(InboxEvent.seq)
        for event in db.session.scalars(aside).all():
            with transaction():
                sync.judge_again(event, lead, world.app.config["TIMEZONE"])


def revoke(world: World, device: str) -> None:
    """Shut out a phone that was called lost."""
    with if_possible(), at_the_desk(world), transaction():
        found = db.session.get(Device, UUID(device)) if device else None
        if found is not None:
            accounts.revoke_device(found, _user(world, "admin"))


def sign_in_again(world: World, name: str) -> str:
    """A new session for somebody; answers its cookie."""
    with at_the_desk(world):
        return signed_in(world, _user(world, name)).session


def send_back(world: World, chance: Random) -> None:
    """Return a visit that waits for its review."""
    with if_possible(), at_the_desk(world):
        waiting = select(Visit.id, Visit.revision).where(Visit.state == ReviewState.WAITING)
        rows = db.session.execute(waiting.order_by(Visit.id)).all()
        if rows:
            visit, revision = chance.choice(rows)
            with transaction():
                reviews.send_back(visit, revision, "请补充", Actor.of(_user(world, "lead")))
