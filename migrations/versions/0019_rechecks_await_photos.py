"""Let a recheck at the door wait for its photo.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember whose last recheck does not count."""
    with op.batch_alter_table("findings") as table:
        table.add_column(sa.Column("voided_at", Instant(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("findings") as table:
        table.drop_column("voided_at")
