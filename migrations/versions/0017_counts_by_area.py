"""Counts of communities, subdistricts and the district beside those of grids.

Revision ID: 0017
Revises: 0016
"""

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


_SUM = text(
    """
    INSERT INTO tallies (district, kind, area, value, number)
    SELECT district, kind, substr(area, 1, :length), value, sum(number) FROM tallies
    WHERE length(area) >= 12 AND length(area) > :length GROUP BY 1, 2, 3, 4
    ON CONFLICT (district, kind, area, value) DO UPDATE SET number = tallies.number + excluded.number
    """
)


def upgrade() -> None:
    """Call the place that is counted an area, and add up those above the grids."""
    op.execute("ALTER TABLE tallies RENAME COLUMN grid_code TO area")
    for length in (6, 9, 12):
        op.execute(_SUM.bindparams(length=length))


def downgrade() -> None:
    """Keep only the counts of grids."""
    op.execute("DELETE FROM tallies WHERE area NOT LIKE '%-%'")
    op.execute("ALTER TABLE tallies RENAME COLUMN area TO grid_code")
