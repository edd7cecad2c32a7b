"""Let places of work remember who changed which fact last, as homes and people do.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Json

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add marks to workplaces."""
    with op.batch_alter_table("workplaces") as table:
        table.add_column(sa.Column("marks", Json, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Take them out again."""
    with op.batch_alter_table("workplaces") as table:
        table.drop_column("marks")
