"""Keep the day that runs out first beside each hazard: the deadline, or the day to accept of what waits for that.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_INDEXES = (("settled",), ("status",), ("department", "status"))
_FILL = """
    UPDATE findings SET runs_out_on =
    CASE WHEN status = 'referred' AND accept_by < due_on THEN accept_by ELSE due_on END
"""
# Areas are named by so many characters of a grid's code; a grid by all of them.
_LENGTHS = (6, 9, 12, 32)
_COUNT = """
    INSERT INTO tallies (district, kind, area, value, number)
    SELECT district, 'findings', substr(grid_code, 1, {length}), cast({day} AS varchar(32)), count(*) FROM findings
    WHERE NOT settled AND ({length} = 32 OR length(grid_code) > {length}) GROUP BY 1, 2, 3, 4
    ON CONFLICT (district, kind, area, value) DO UPDATE SET number = tallies.number + excluded.number
"""


def upgrade() -> None:
    """Fill the column, put lists into its order, and count open hazards by it."""
    op.add_column("findings", sa.Column("runs_out_on", sa.Date(), nullable=True))
    op.execute(_FILL)
    _order_by("due_on", "runs_out_on", nullable=False)
    _count_by("runs_out_on")


def downgrade() -> None:
    """Lists are in the order of deadlines again."""
    _order_by("runs_out_on", "due_on", nullable=True)
    op.drop_column("findings", "runs_out_on")
    _count_by("due_on")


def _order_by(before: str, after: str, nullable: bool) -> None:
    with op.batch_alter_table("findings") as table:
        table.alter_column("runs_out_on", existing_type=sa.Date(), nullable=nullable)
        for columns in _INDEXES:
            table.drop_index("_".join(("ix_findings_district", *columns, before, "id")))
            name = "_".join(("ix_findings_district", *columns, after, "id"))
            table.create_index(name, ["district", *columns, after, "id"])


def _count_by(day: str) -> None:
    op.execute("DELETE FROM tallies WHERE kind = 'findings'")
    for length in _LENGTHS:
        op.execute(_COUNT.format(length=length, day=day))
