"""Register places of work behind doors; keep the guides to requests and what was said of them.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code, Json, Number

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    op.create_table(
        "workplaces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("grid_code", Code, nullable=False),
        sa.Column("dwelling_id", sa.Uuid(), nullable=False),
        sa.Column("kind", Code, nullable=True),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("credit_code", sa.String(length=30), nullable=True),
        sa.Column("contact_name", sa.String(length=50), nullable=True),
        sa.Column("contact_phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone_masked", sa.String(length=32), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("dormitory_headcount", sa.Integer(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("change_no", Number, nullable=False),
        sa.ForeignKeyConstraint(["dwelling_id"], ["dwellings.id"], name="fk_workplaces_dwelling_id"),
        sa.ForeignKeyConstraint(["grid_code"], ["areas.code"], name="fk_workplaces_grid_code"),
        sa.PrimaryKeyConstraint("id", name="pk_workplaces"),
    )
    with op.batch_alter_table("workplaces") as table:
        table.create_index(
            "ix_workplaces_district_grid_code_change_no", ["district", "grid_code", "change_no"]
        )
        table.create_index("ix_workplaces_district_dwelling_id", ["district", "dwelling_id"])
    op.create_table(
        "service_guides",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", Code, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.PrimaryKeyConstraint("district", "kind", name="pk_service_guides"),
    )
    with op.batch_alter_table("service_requests") as table:
        table.add_column(sa.Column("eligibility", Json, nullable=True))
        table.add_column(sa.Column("papers", Json, nullable=True))
        table.add_column(sa.Column("remind_on", sa.Date(), nullable=True))
    with op.batch_alter_table("occupancies") as table:
        table.add_column(sa.Column("guardian_consent", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("occupancies") as table:
        table.drop_column("guardian_consent")
    with op.batch_alter_table("service_requests") as table:
        for name in ("remind_on", "papers", "eligibility"):
            table.drop_column(name)
    op.drop_table("service_guides")
    op.drop_table("workplaces")
