"""How migrations run: inside the application, on SQLite and PostgreSQL alike."""

from typing import Any

from alembic import context
from flask import current_app

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
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
