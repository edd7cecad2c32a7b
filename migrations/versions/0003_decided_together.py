"""Remember which decisions were one, so that they can be taken back together.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the batch of a review."""
    with op.batch_alter_table("reviews") as table:
        table.add_column(sa.Column("batch", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("reviews") as table:
        table.drop_column("batch")
