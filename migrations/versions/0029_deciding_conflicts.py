"""A second content under a record's id says who sent it under which number, can be opened, and is closed with a word.

Revision ID: 0029
Revises: 0028
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from alembic import op
from cryptography.exceptions import InvalidTag

from field.core.db import Instant
from field.core.sealing import seal, unseal

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NEW = {
    "seq": sa.BigInteger(),
    "author_id": sa.Uuid(),
    "schema": sa.Integer(),
    "closed_at": Instant(),
    "closed_by": sa.Uuid(),
    "closed_reason": sa.String(500),
}


def upgrade() -> None:
    """Of what is there nobody wrote that down. Bodies were sealed before their rows had an id; they are bound anew."""
    with op.batch_alter_table("inbox_conflicts") as table:
        for name, kind in NEW.items():
            table.add_column(sa.Column(name, kind, nullable=True))
    _bind_anew()


def _bind_anew() -> None:
    bind = op.get_bind()
    no_row: Any = None
    columns = (sa.column("id", sa.Uuid()), sa.column("visit_id", sa.Uuid()))
    rows = sa.table("inbox_conflicts", *columns, sa.column("body_sealed", sa.LargeBinary()))
    for row in bind.execute(sa.select(rows.c.id, rows.c.body_sealed)).all():
        with suppress(InvalidTag):
            text = unseal(row.body_sealed, "inbox_conflicts", "body", no_row)
            kept = {"body_sealed": seal(text, "inbox_conflicts", "body", row.id), "visit_id": _visit_in(text)}
            bind.execute(sa.update(rows).where(rows.c.id == row.id).values(kept))


def _visit_in(text: bytes) -> UUID | None:
    try:
        return UUID(orjson.loads(text)["visit"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def downgrade() -> None:
    """Forget it."""
    for name in NEW:
        op.drop_column("inbox_conflicts", name)
