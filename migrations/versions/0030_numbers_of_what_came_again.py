"""Numbers under which phones sent again what was here under another number; the desk called them missing.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that came before are not known; they come when the phone sends again."""
    op.create_table(
        "inbox_numbers",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "seq"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("inbox_numbers")
