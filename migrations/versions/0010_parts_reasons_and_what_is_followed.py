"""Let a return point at parts, keep the district's ready-made reasons, and note what the register has followed.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code, Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; until now the register followed every revision at once."""
    with op.batch_alter_table("reviews") as table:
        table.add_column(sa.Column("parts", Json, nullable=False, server_default="[]"))
    with op.batch_alter_table("visit_revisions") as table:
        table.add_column(sa.Column("followed", Code, nullable=False, server_default="at_once"))
    op.create_table(
        "return_reasons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("zh", sa.String(length=120), nullable=False),
        sa.Column("en", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_reasons")),
    )
    op.create_index(op.f("ix_return_reasons_district_position"), "return_reasons", ["district", "position"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("return_reasons")
    with op.batch_alter_table("visit_revisions") as table:
        table.drop_column("followed")
    with op.batch_alter_table("reviews") as table:
        table.drop_column("parts")
