"""Let an account have no language until somebody signs in with it and so shows which one they read.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Accounts that are there keep theirs."""
    with op.batch_alter_table("users") as table:
        table.alter_column("language", existing_type=sa.String(5), nullable=True)


def downgrade() -> None:
    """Whoever has not signed in yet speaks Chinese, as every new account did."""
    op.execute("UPDATE users SET language = 'zh' WHERE language IS NULL")
    with op.batch_alter_table("users") as table:
        table.alter_column("language", existing_type=sa.String(5), nullable=False)
