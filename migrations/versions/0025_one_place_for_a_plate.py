"""Let a plate's code stand at one place of its kind in a district only.

Revision ID: 0025
Revises: 0024
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("buildings", "dwellings")
# Entries that are no doors any more hold no code; of several that have one, the first that was made keeps it.
CLOSED = "plate IS NOT NULL AND (merged_into IS NOT NULL OR proposal = 'declined')"
LATER = """
plate IS NOT NULL AND EXISTS (
  SELECT 1 FROM {table} AS first
  WHERE first.district = {table}.district AND first.plate = {table}.plate AND first.id < {table}.id)
"""


def upgrade() -> None:
    """Take away what stands twice, then forbid it."""
    bind = op.get_bind()
    _take_away(bind, "dwellings", CLOSED)
    for table in TABLES:
        _take_away(bind, table, LATER.format(table=table))
        op.create_index(f"ix_{table}_district_plate", table, ["district", "plate"], unique=True)


def _take_away(bind: Any, table: str, which: str) -> None:
    """As any other change: phones hear of it with their next round."""
    for (district,) in bind.execute(sa.text(f"SELECT DISTINCT district FROM {table} WHERE {which}")).all():  # noqa: S608
        taken = {"district": district}
        bind.execute(
            sa.text("UPDATE district_heads SET change_no = change_no + 1 WHERE district = :district"), taken
        )
        newest = "COALESCE((SELECT change_no FROM district_heads WHERE district = :district), change_no)"
        change = (
            f"UPDATE {table} SET plate = NULL, change_no = {newest} WHERE district = :district AND {which}"  # noqa: S608
        )
        bind.execute(sa.text(change), taken)


def downgrade() -> None:
    """Drop the indexes; codes that were taken away do not come back."""
    for table in TABLES:
        op.drop_index(f"ix_{table}_district_plate", table)
