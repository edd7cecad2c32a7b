"""A district sets itself when its register follows a visit.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code, Instant

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; without a row the setting of the installation holds, as before."""
    op.create_table(
        "register_rules",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("register_at", Code, nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", name="pk_register_rules"),
    )


def downgrade() -> None:
    """Forget what was set."""
    op.drop_table("register_rules")
