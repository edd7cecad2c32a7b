"""The database: one declarative base, portable column types, and transaction(), which alone commits."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, MetaData, Select, String, event, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from field.core.errors import Problem

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=NAMING)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which knows no zones, keeps it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return (
            None
            if value is None
            else value.replace(tzinfo=UTC)
            if value.tzinfo is None
            else value.astimezone(UTC)
        )


# Compared byte by byte on every database, so that a range of codes is a prefix.
Code = String(32).with_variant(String(32, collation="C"), "postgresql")
Json = JSON().with_variant(JSONB(), "postgresql")
Number = BigInteger

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_before_commit: list[Callable[[Session], None]] = []


def before_commit(work: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register work that transaction() does last, while the database's locks are held for the shortest time."""
    _before_commit.append(work)
    return work


@contextmanager
def transaction() -> Iterator[Session]:
    """One write transaction: commits when the block ends, rolls back when it raises.

    On SQLite it takes the write lock at the start, so it waits in one place (lock_wait_seconds)
    and never fails half-way because another writer was first.
    """
    session: Session = db.session()
    stop_reading()  # it loaded the actor
    with _turn(session):
        yield from _committed(session)


def _committed(session: Session) -> Iterator[Session]:
    try:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield session
        session.flush()
        for work in _before_commit:
            work(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def stop_reading() -> None:
    """End the read transaction of this request, which has changed nothing."""
    session: Session = db.session()
    assert not [*session.new, *session.dirty, *session.deleted], "changes were made outside a transaction"
    session.commit()


_Model = TypeVar("_Model", bound=Base)


def only(statement: Select[_Model]) -> _Model:
    """The one thing that a statement finds; raises Problem `not-found`, whether it is not there or not theirs."""
    found: _Model | None = db.session.scalars(statement).unique().one_or_none()
    if found is None:
        raise Problem("not-found")
    return found


def unwatched(model: type[_Model], values: Mapping[str, Any]) -> _Model:
    """A new object with its columns set past the mapper's bookkeeping, which costs more than writing the row does.

    What is set afterwards, and what is left out and has a default, is as with any other new object.
    """
    thing: _Model = model.__mapper__.class_manager.new_instance()
    thing.__dict__.update(values)
    return thing


def insert_rows(session: Session, things: Sequence[Base]) -> None:
    """Write new objects of one class in one statement and past the unit of work, which costs a third as much.

    They are not watched afterwards. For tables with change numbers or counts use tallies.insert_all().
    """
    if things:
        table: Any = things[0].__table__
        session.connection().execute(insert(table), [_row(thing) for thing in things])


def _row(thing: Base) -> dict[str, Any]:
    held = thing.__dict__
    return {
        column.key: held[column.key] if column.key in held else _usual(column) for column in thing.__table__.c
    }


def _usual(column: Any) -> Any:
    usual = column.default
    return None if usual is None else usual.arg(None) if usual.is_callable else usual.arg


_turns: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """The writers of one process line up here: SQLite lets one write, and those who wait would take the processor
    from the one who does. PostgreSQL orders writers by itself."""
    engine = session.get_bind()
    if not isinstance(engine, Engine) or engine.dialect.name != "sqlite":
        yield
        return
    line = _turns.setdefault(engine, threading.Lock())
    if not line.acquire(timeout=_patience(engine.get_execution_options())):
        raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
    try:
        yield
    finally:
        line.release()


def _patience(options: Any) -> float:
    return float(options.get("lock_wait_seconds", 5))


# What PostgreSQL calls a table or a column that is not there; SQLite's word for it is an OperationalError.
_NOT_THERE = {"42P01", "42703"}


def is_database_trouble(error: BaseException) -> bool:
    """Whether the database could not do it now, whatever was asked: gone, locked, full, or amid a migration."""
    return isinstance(error, OperationalError) or (
        isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _NOT_THERE
    )


def engine_options(url: str, lock_wait_seconds: float) -> dict[str, Any]:
    """Options for create_engine that make both databases wait a bounded time and survive a restart."""
    if url.startswith("sqlite"):
        return {
            "connect_args": {"timeout": lock_wait_seconds},
            "execution_options": {"lock_wait_seconds": lock_wait_seconds},
            "pool_size": 16,
        }
    milliseconds = int(lock_wait_seconds * 1000)
    options = f"-c lock_timeout={milliseconds} -c synchronous_commit=on -c timezone=UTC"
    return {"connect_args": {"options": options}, "pool_pre_ping": True, "pool_size": 16}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver must not begin by itself: savepoints would break
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
        "wal_autocheckpoint=4000",  # pages: a page that many batches touch is copied once for all of them
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    options = connection.get_execution_options()
    if options.get("sqlite_begin") == "IMMEDIATE":
        _take_write_lock(connection, _patience(options))
    else:
        connection.exec_driver_sql("BEGIN DEFERRED")


def _take_write_lock(connection: Connection, seconds: float) -> None:
    """Ask for the lock every millisecond. SQLite's own waiting sleeps up to a tenth of a second between two looks,
    and whoever comes fresh overtakes those who sleep."""
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    until = time.monotonic() + seconds
    try:
        while not _began(connection, time.monotonic() > until):
            time.sleep(0.001)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(seconds * 1000)}")


def _began(connection: Connection, last: bool) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError:
        if last:
            raise
        return False
    return True
