"""Let accounts from before 0027 with which nobody has signed in have no language either: Chinese was only the default.

Revision ID: 0032
Revises: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever has signed in keeps theirs, and can change it on every page."""
    op.execute(
        "UPDATE users SET language = NULL WHERE language = 'zh' AND id NOT IN (SELECT user_id FROM sign_ins)"
    )


def downgrade() -> None:
    """Nothing: having none was possible before."""
