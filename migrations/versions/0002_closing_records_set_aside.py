"""Let somebody close a record that was set aside, with a reason; it is kept all the same.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add who closed it, when and why."""
    with op.batch_alter_table("inbox_events") as table:
        table.add_column(sa.Column("closed_at", Instant(), nullable=True))
        table.add_column(sa.Column("closed_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("closed_reason", sa.String(length=500), nullable=True))


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("inbox_events") as table:
        for name in ("closed_at", "closed_by", "closed_reason"):
            table.drop_column(name)
