"""The database: one declarative base, portable column types, and transaction(), which alone commits."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, MetaData, String, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

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
    outside = [*session.new, *session.dirty, *session.deleted]
    assert not outside, "changes were made outside a transaction"
    session.commit()  # ends the read transaction that loaded the actor
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
        return {"connect_args": {"timeout": lock_wait_seconds}, "pool_size": 16}
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
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")
