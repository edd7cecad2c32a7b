"""Whether a visit was let in and looked: only such a one, or one that claims nothing, is approved unseen.

Bodies are sealed, so visits from before are taken not to have been: what still waits is looked at one by one.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    op.add_column(
        "visits", sa.Column("gone_through", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Without it."""
    with op.batch_alter_table("visits") as table:
        table.drop_column("gone_through")
