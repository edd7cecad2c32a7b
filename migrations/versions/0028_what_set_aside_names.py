"""Records set aside name their visit, so that its photos are kept; the clock's offset is kept as measured, or unknown.

Revision ID: 0028
Revises: 0027
"""

from contextlib import suppress
from uuid import UUID

import orjson
import sqlalchemy as sa
from alembic import op
from cryptography.exceptions import InvalidTag

from field.core.sealing import unseal

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KEPT = ("inbox_events", "inbox_conflicts")


def upgrade() -> None:
    """What can be opened says its visit; how far clocks were off nobody wrote down so far."""
    for name in KEPT:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("visit_id", sa.Uuid(), nullable=True))
            table.create_index(f"ix_{name}_visit_id", ["visit_id"])
        _fill(name)
    with op.batch_alter_table("inbox_events") as table:
        table.add_column(sa.Column("clock_skew_s", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("visit_revisions") as table:
        table.alter_column("clock_skew_s", existing_type=sa.Integer(), nullable=True)


def _fill(name: str) -> None:
    bind = op.get_bind()
    rows = sa.table(
        name,
        sa.column("id", sa.Uuid()),
        sa.column("visit_id", sa.Uuid()),
        sa.column("body_sealed", sa.LargeBinary()),
    )
    for row in bind.execute(
        sa.select(rows.c.id, rows.c.body_sealed).where(rows.c.body_sealed.is_not(None))
    ).all():
        with suppress(InvalidTag, ValueError, TypeError, KeyError, AttributeError):
            visit = UUID(orjson.loads(unseal(row.body_sealed, name, "body", row.id))["visit"])
            bind.execute(sa.update(rows).where(rows.c.id == row.id).values(visit_id=visit))


def downgrade() -> None:
    """Forget it; an unknown offset counts as none again."""
    op.execute("UPDATE visit_revisions SET clock_skew_s = 0 WHERE clock_skew_s IS NULL")
    with op.batch_alter_table("visit_revisions") as table:
        table.alter_column("clock_skew_s", existing_type=sa.Integer(), nullable=False)
    op.drop_column("inbox_events", "clock_skew_s")
    for name in KEPT:
        op.drop_index(f"ix_{name}_visit_id", name)
        op.drop_column(name, "visit_id")
