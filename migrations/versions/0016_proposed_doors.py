"""Let workers add doors that a lead confirms.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code, Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a door needs to be a proposal, and find those that wait."""
    with op.batch_alter_table("dwellings") as table:
        table.add_column(sa.Column("proposal", Code, nullable=True))
        table.add_column(sa.Column("proposed_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("proposed_at", Instant(), nullable=True))
        table.add_column(sa.Column("proposal_note", sa.String(200), nullable=True))
        table.add_column(sa.Column("declined_because", sa.String(200), nullable=True))
    op.create_index("ix_dwellings_proposal", "dwellings", ["district", "proposal", "proposed_at"])


def downgrade() -> None:
    """Forget it."""
    op.drop_index("ix_dwellings_proposal", "dwellings")
    with op.batch_alter_table("dwellings") as table:
        for name in ("declined_because", "proposal_note", "proposed_at", "proposed_by", "proposal"):
            table.drop_column(name)
