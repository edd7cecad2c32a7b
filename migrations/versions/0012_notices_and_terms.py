"""Notices with their numbers, the district's calendar, and photos that came through a form.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CODE = sa.String(length=32).with_variant(sa.String(length=32, collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables; let a photo have no phone."""
    with op.batch_alter_table("photos") as table:
        table.alter_column("device_id", existing_type=sa.Uuid(), nullable=True)
    op.create_table(
        "calendar_days",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("district", "day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "notice_counters",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("district", "area_code", "year", name=op.f("pk_notice_counters")),
    )
    op.create_table(
        "notice_contacts",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("telephone", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("district", "area_code", name=op.f("pk_notice_contacts")),
    )
    _create_notices()


def _create_notices() -> None:
    op.create_table(
        "hazard_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("dwelling_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_hazard_notices_dwelling_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_notices")),
        sa.UniqueConstraint("code", name=op.f("uq_hazard_notices_code")),
        sa.UniqueConstraint(
            "district",
            "area_code",
            "year",
            "number",
            name=op.f("uq_hazard_notices_district_area_code_year_number"),
        ),
    )
    op.create_table(
        "notice_findings",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_notice_findings_finding_id")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["hazard_notices.id"], name=op.f("fk_notice_findings_notice_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", "finding_id", name=op.f("pk_notice_findings")),
    )
    op.create_index("ix_notice_findings_finding_id", "notice_findings", ["finding_id"])


def downgrade() -> None:
    """Drop them; photos that came through a form would have no place."""
    for name in ("notice_findings", "hazard_notices", "notice_contacts", "notice_counters", "calendar_days"):
        op.drop_table(name)
    op.execute("DELETE FROM photos WHERE device_id IS NULL")
    with op.batch_alter_table("photos") as table:
        table.alter_column("device_id", existing_type=sa.Uuid(), nullable=False)
