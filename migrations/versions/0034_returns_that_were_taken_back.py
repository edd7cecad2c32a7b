"""Keep returns that were taken back, with their reason.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant, Json

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reversed_returns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("parts", Json, nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("reversed_by", sa.Uuid(), nullable=False),
        sa.Column("reversed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_reversed_returns_visit_id_visits"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name="fk_reversed_returns_reviewer_id_users"),
        sa.ForeignKeyConstraint(["reversed_by"], ["users.id"], name="fk_reversed_returns_reversed_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_reversed_returns"),
    )
    op.create_index("ix_reversed_returns_visit_id", "reversed_returns", ["visit_id"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("reversed_returns")
