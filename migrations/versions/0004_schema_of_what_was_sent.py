"""Keep beside each body the schema that it was sent in, and how it was sealed, so that older ones stay readable.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Everything so far was sent in schema 1."""
    with op.batch_alter_table("visit_revisions") as table:
        table.add_column(sa.Column("schema", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("inbox_events") as table:
        table.add_column(sa.Column("enc", Code, nullable=False, server_default="none"))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("inbox_events", "enc")
    op.drop_column("visit_revisions", "schema")
