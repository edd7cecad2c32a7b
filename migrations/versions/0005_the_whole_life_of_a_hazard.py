"""Let a hazard's steps say what happened, from where to where, with which photos, to which department.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CODE = sa.String(length=32).with_variant(sa.String(length=32, collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

ACTIONS = {
    "found": "found",
    "fixed_on_site": "fix_on_site",
    "notified": "notify",
    "referred": "refer",
    "closed": "withdraw",
}


def upgrade() -> None:
    """Widen findings and steps, number what is there, add the district's rules."""
    with op.batch_alter_table("findings") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("department", CODE, nullable=True))
        table.add_column(sa.Column("accept_by", sa.Date(), nullable=True))
        table.add_column(sa.Column("assignee_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("fixed_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("fixed_at", INSTANT, nullable=True))
        table.add_column(sa.Column("escalated_at", INSTANT, nullable=True))
        table.create_index("ix_findings_district_status_due_on_id", ["district", "status", "due_on", "id"])
    with op.batch_alter_table("finding_steps") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("action", CODE, nullable=False, server_default="note"))
        table.add_column(sa.Column("came_from", CODE, nullable=True))
        table.add_column(sa.Column("photo_ids", JSON, nullable=False, server_default="[]"))
        table.add_column(sa.Column("department", CODE, nullable=True))
        table.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("visit_id", sa.Uuid(), nullable=True))
        table.alter_column("actor_id", existing_type=sa.Uuid(), nullable=True)
    _number_steps()
    # `findings` keeps the default of its version: SQLite would copy the table, and its steps point at it.
    with op.batch_alter_table("finding_steps") as table:
        table.alter_column("number", server_default=None, existing_type=sa.Integer())
        table.alter_column("action", server_default=None, existing_type=CODE)
        table.alter_column("photo_ids", server_default=None, existing_type=JSON)
        table.create_unique_constraint("uq_finding_steps_finding_id_number", ["finding_id", "number"])
        table.create_index("ix_finding_steps_district_visit_id", ["district", "visit_id"])
    op.create_table(
        "hazard_rules",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_code", CODE, nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("working_days", sa.Boolean(), nullable=False),
        sa.Column("same_person", sa.Boolean(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("district", "item_code", name="pk_hazard_rules"),
    )


def _number_steps() -> None:
    op.execute(
        "UPDATE finding_steps SET number = (SELECT count(*) FROM finding_steps AS other"
        " WHERE other.finding_id = finding_steps.finding_id"
        " AND (other.at < finding_steps.at OR (other.at = finding_steps.at AND other.id <= finding_steps.id)))"
    )
    for status, action in ACTIONS.items():
        op.execute(f"UPDATE finding_steps SET action = '{action}' WHERE status = '{status}'")  # noqa: S608
    op.execute(
        "UPDATE finding_steps SET came_from = (SELECT other.status FROM finding_steps AS other"
        " WHERE other.finding_id = finding_steps.finding_id AND other.number = finding_steps.number - 1)"
    )
    op.execute(
        "UPDATE findings SET version ="
        " (SELECT count(*) FROM finding_steps WHERE finding_steps.finding_id = findings.id)"
    )
    _name_departments()


def _name_departments() -> None:
    """What phones referred went to the first department of the item."""
    findings = sa.table("findings", sa.column("id", sa.Uuid()), sa.column("departments", JSON))
    steps = sa.table(
        "finding_steps", sa.column("finding_id", sa.Uuid()), sa.column("action"), sa.column("department")
    )
    full = sa.table("findings", sa.column("id", sa.Uuid()), sa.column("department"))
    connection = op.get_bind()
    referred = sa.select(findings.c.id, findings.c.departments).where(
        findings.c.id.in_(sa.select(steps.c.finding_id).where(steps.c.action == "refer"))
    )
    for finding_id, departments in connection.execute(referred).all():
        first = departments[0] if departments else None
        connection.execute(sa.update(full).where(full.c.id == finding_id).values(department=first))
        connection.execute(
            sa.update(steps)
            .where(steps.c.finding_id == finding_id, steps.c.action == "refer")
            .values(department=first)
        )


def downgrade() -> None:
    """Back to states and reasons alone."""
    op.drop_table("hazard_rules")
    with op.batch_alter_table("finding_steps") as table:
        table.drop_index("ix_finding_steps_district_visit_id")
        table.drop_constraint("uq_finding_steps_finding_id_number", type_="unique")
        for name in ("number", "action", "came_from", "photo_ids", "department", "due_on", "visit_id"):
            table.drop_column(name)
    op.drop_index("ix_findings_district_status_due_on_id", "findings")
    for name in ("version", "department", "accept_by", "assignee_id", "fixed_by", "fixed_at", "escalated_at"):
        op.execute(f"ALTER TABLE findings DROP COLUMN {name}")
