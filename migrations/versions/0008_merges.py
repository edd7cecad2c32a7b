"""Decisions on two entries that may be one; a door that was a second entry of another.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code, Instant, Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both."""
    op.add_column("dwellings", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_table(
        "merge_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("grid_code", Code, nullable=False),
        sa.Column("kind", Code, nullable=False),
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=True),
        sa.Column("moved", Json, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_decisions")),
    )
    op.create_index(
        op.f("ix_merge_decisions_district"), "merge_decisions", ["district", "kind", "left_id", "right_id"]
    )
    op.create_index(op.f("ix_register_clashes_revision_id"), "register_clashes", ["revision_id"])
    op.create_index("ix_merge_decisions_at", "merge_decisions", ["district", "decided_at"])


def downgrade() -> None:
    """Forget them."""
    op.drop_index(op.f("ix_register_clashes_revision_id"), "register_clashes")
    op.drop_table("merge_decisions")
    # Not in a batch, which would drop and copy a table that others refer to.
    op.drop_column("dwellings", "merged_into")
