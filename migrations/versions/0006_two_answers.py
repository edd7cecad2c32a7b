"""Answers that contradict each other, what people chose, and who changed which fact of the register last.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code, Instant, Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Revisions so far, in the order of their arrival at each door.
_NUMBER = """
UPDATE visit_revisions SET acceptance = (
    SELECT count(*) FROM visit_revisions AS earlier
    JOIN visits AS theirs ON theirs.id = earlier.visit_id
    WHERE theirs.dwelling_id = (SELECT own.dwelling_id FROM visits AS own WHERE own.id = visit_revisions.visit_id)
    AND (earlier.received_at < visit_revisions.received_at
         OR (earlier.received_at = visit_revisions.received_at AND earlier.id <= visit_revisions.id)))
"""
_COUNT = """
UPDATE dwellings SET acceptances = (
    SELECT count(*) FROM visit_revisions JOIN visits ON visits.id = visit_revisions.visit_id
    WHERE visits.dwelling_id = dwellings.id)
"""


def upgrade() -> None:
    """Add marks and counts to the register, and the two tables."""
    with op.batch_alter_table("dwellings") as table:
        table.add_column(sa.Column("acceptances", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("marks", Json, nullable=False, server_default="{}"))
    with op.batch_alter_table("occupancies") as table:
        table.add_column(sa.Column("marks", Json, nullable=False, server_default="{}"))
    with op.batch_alter_table("visits") as table:
        table.add_column(sa.Column("merged", sa.Boolean(), nullable=False, server_default="0"))
        table.add_column(sa.Column("clashes", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("visit_revisions") as table:
        table.add_column(sa.Column("acceptance", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("register_revision", sa.Integer(), nullable=False, server_default="0"))
    op.execute(_NUMBER)
    op.execute(_COUNT)
    _clashes()
    _choices()


def _clashes() -> None:
    op.create_table(
        "register_clashes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("grid_code", Code, nullable=False),
        sa.Column("dwelling_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("field", Code, nullable=False),
        sa.Column("standing_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("offered_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", Code, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_register_clashes_dwelling_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_register_clashes_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_clashes")),
    )
    op.create_index(
        op.f("ix_register_clashes_district"),
        "register_clashes",
        ["district", "state", "grid_code", "created_at"],
    )
    op.create_index(op.f("ix_register_clashes_visit_id"), "register_clashes", ["visit_id"])


def _choices() -> None:
    op.create_table(
        "register_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("dwelling_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("field", Code, nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mark", Json, nullable=False),
        sa.Column("mark_before", Json, nullable=True),
        sa.Column("acceptance", sa.Integer(), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", Instant(), nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_register_choices_dwelling_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_choices")),
    )
    op.create_index(op.f("ix_register_choices_district"), "register_choices", ["district", "dwelling_id"])
    op.create_index(op.f("ix_register_choices_cause"), "register_choices", ["cause"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("register_choices")
    op.drop_table("register_clashes")
    columns = {
        "visit_revisions": ["acceptance", "register_revision"],
        "visits": ["merged", "clashes"],
        "occupancies": ["marks"],
        "dwellings": ["acceptances", "marks"],
    }
    # Not in a batch, which would drop and copy tables that others refer to.
    for name, gone in columns.items():
        for column in gone:
            op.drop_column(name, column)
