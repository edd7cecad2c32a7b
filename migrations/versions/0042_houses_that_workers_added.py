"""Workers add houses that the register does not know, for a lead to confirm.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of a house whether it waits; those that are there do not."""
    with op.batch_alter_table("buildings") as table:
        table.add_column(sa.Column("proposal", Code, nullable=True))
        table.add_column(sa.Column("proposed_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Forget which ones waited."""
    with op.batch_alter_table("buildings") as table:
        table.drop_column("proposed_by")
        table.drop_column("proposal")
