"""Counts of doors, visits and open hazards by grid, kept beside the rows.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What each kind counts as, as the models say it (tally_value), and which rows count at all.
_COUNTED = (
    """
    INSERT INTO tallies (district, kind, grid_code, value, number)
    SELECT district, 'dwellings', grid_code, coalesce(visit_outcome, ''), count(*) FROM dwellings GROUP BY 1, 2, 3, 4
    """,
    """
    INSERT INTO tallies (district, kind, grid_code, value, number)
    SELECT district, 'visits', grid_code, state, count(*) FROM visits GROUP BY 1, 2, 3, 4
    """,
    """
    INSERT INTO tallies (district, kind, grid_code, value, number)
    SELECT district, 'findings', grid_code, cast(due_on AS varchar(32)), count(*) FROM findings
    WHERE NOT settled GROUP BY 1, 2, 3, 4
    """,
)


def upgrade() -> None:
    """Make the table and count what there is."""
    op.create_table(
        "tallies",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", Code, nullable=False),
        sa.Column("grid_code", Code, nullable=False),
        sa.Column("value", Code, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("district", "kind", "grid_code", "value", name="pk_tallies"),
    )
    for statement in _COUNTED:
        op.execute(statement)


def downgrade() -> None:
    """Forget the counts."""
    op.drop_table("tallies")
