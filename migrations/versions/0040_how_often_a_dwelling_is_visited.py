"""A district sets how often a let dwelling is visited.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; without a row the usual intervals hold."""
    op.create_table(
        "visit_intervals",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clean_days", sa.Integer(), nullable=True),
        sa.Column("minor_days", sa.Integer(), nullable=True),
        sa.Column("major_days", sa.Integer(), nullable=True),
        sa.Column("crowded_from", sa.Integer(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", name="pk_visit_intervals"),
    )


def downgrade() -> None:
    """Forget what was set."""
    op.drop_table("visit_intervals")
