"""Who gets what and how long each has; daily mails, webhooks and their messages.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code, Instant, Json

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("deliveries", "webhooks", "mail_digests", "referral_terms", "referral_routes")
INDEX = "ix_findings_district_department_status_due_on_id"


def upgrade() -> None:
    """Add the tables, and an index for what a department has."""
    op.create_index(INDEX, "findings", ["district", "department", "status", "due_on", "id"])
    op.create_table(
        "referral_routes",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", Code, nullable=False),
        sa.Column("land_tenure", Code, nullable=False),
        sa.Column("department", Code, nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", "subject", "land_tenure", name="pk_referral_routes"),
    )
    op.create_table(
        "referral_terms",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department", Code, nullable=False),
        sa.Column("accept_days", sa.Integer(), nullable=False),
        sa.Column("working_days", sa.Boolean(), nullable=False),
        sa.Column("escalate_days", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", "department", name="pk_referral_terms"),
    )
    _create_targets()
    _create_deliveries()


def _create_targets() -> None:
    op.create_table(
        "mail_digests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("address_masked", sa.String(length=254), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_mail_digests_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_digests"),
        sa.UniqueConstraint("user_id", name="uq_mail_digests_user_id"),
    )
    op.create_index("ix_mail_digests_district", "mail_digests", ["district"])
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("secret_masked", sa.String(length=80), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("told_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_district", "webhooks", ["district"])


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("kind", Code, nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("state", Code, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("answer", sa.String(length=120), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("target_id", "about", name="uq_deliveries_target_id_about"),
    )
    op.create_index(
        "ix_deliveries_district_state_made_at_id", "deliveries", ["district", "state", "made_at", "id"]
    )
    op.create_index("ix_deliveries_state_next_at", "deliveries", ["state", "next_at"])


def downgrade() -> None:
    """Drop them."""
    for name in TABLES:
        op.drop_table(name)
    op.drop_index(INDEX, table_name="findings")
