"""Let a recheck at the door wait for its photo for some days only.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember since when one waits, and for how long a district lets it."""
    with op.batch_alter_table("findings") as table:
        table.add_column(sa.Column("waits_from", Instant(), nullable=True))
    op.create_table(
        "recheck_terms",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("photo_days", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_recheck_terms")),
    )
    # Those that wait already began when they were looked at.
    op.execute(
        "UPDATE findings SET waits_from = (SELECT max(at) FROM finding_steps "
        "WHERE finding_id = findings.id AND action = 'await_photo') WHERE status = 'awaiting_photo'"
    )


def downgrade() -> None:
    """Let them wait until somebody acts."""
    op.drop_table("recheck_terms")
    with op.batch_alter_table("findings") as table:
        table.drop_column("waits_from")
