"""How migrations run: inside the application, on SQLite and PostgreSQL alike."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from field.core.db import Base, Code, Instant, Json

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _autogen_context: Any) -> str | bool:
    """Keep types of ours out of the migrations, which must not change when the code does."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "INSTANT"
    return "CODE" if item is Code else "JSON" if item is Json else False


def run() -> None:
    """Apply the migrations in one transaction."""
    with database.engine.connect() as connection, unchecked_references(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        insist_on_references(connection)
        connection.commit()


@contextmanager
def unchecked_references(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it and dropping the old one, at which those that point at it would protest.
    It must be told before the transaction begins; all references are checked at the end instead."""
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


def insist_on_references(connection: Connection) -> None:
    """No row may point at nothing when the migrations are through."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration left rows of {broken[0][0]} that point at nothing")


run()
