"""Keep the call that settled a door last beside its last call, and count doors by it.

Revision ID: 0036
Revises: 0035
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from field.core.db import Code, Instant

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_SAME = """
    UPDATE dwellings SET settled_as = visit_outcome, settled_at = visit_at
    WHERE visit_outcome IN ('done', 'vacant', 'refused', 'demolished', 'not_found')
"""
# The visits that settled doors at which nobody opened since, also at entries that were closed for them.
_EARLIER = sa.text(
    """
    SELECT kept.id AS door, kept.district, v.outcome, r.recorded_at, r.received_at, r.clock_skew_s
    FROM visits v
    JOIN dwellings entry ON entry.id = v.dwelling_id
    JOIN dwellings kept ON kept.id = coalesce(entry.merged_into, entry.id)
    JOIN visit_revisions r ON r.visit_id = v.id AND r.number = 1
    WHERE kept.settled_at IS NULL AND v.outcome IN ('done', 'vacant', 'refused', 'demolished', 'not_found')
    """
).columns(recorded_at=Instant, received_at=Instant, door=sa.Uuid)
# Areas are named by so many characters of a grid's code; a grid by all of them.
_LENGTHS = (6, 9, 12, 32)
_COUNT = """
    INSERT INTO tallies (district, kind, area, value, number)
    SELECT district, 'dwellings', substr(grid_code, 1, {length}), {value}, count(*) FROM dwellings
    WHERE merged_into IS NULL AND (proposal IS NULL OR proposal <> 'declined')
    AND ({length} = 32 OR length(grid_code) > {length}) GROUP BY 1, 2, 3, 4
    ON CONFLICT (district, kind, area, value) DO UPDATE SET number = tallies.number + excluded.number
"""


def upgrade() -> None:
    """Find it among the visits; phones hear of it where it is not the last call."""
    op.add_column("dwellings", sa.Column("settled_as", Code, nullable=True))
    op.add_column("dwellings", sa.Column("settled_at", Instant, nullable=True))
    op.execute(_SAME)
    _write(_earlier())
    _count_by("coalesce(settled_as, visit_outcome, '')")


def downgrade() -> None:
    """Doors are counted by their last call again."""
    for name in ("settled_at", "settled_as"):
        op.execute(f"ALTER TABLE dwellings DROP COLUMN {name}")
    _count_by("coalesce(visit_outcome, '')")


def _earlier() -> Mapping[tuple[int, UUID], tuple[datetime, str]]:
    found: dict[tuple[int, UUID], tuple[datetime, str]] = {}
    for row in op.get_bind().execute(_EARLIER).all():
        made = row.recorded_at + timedelta(seconds=row.clock_skew_s or 0)
        call = (min(row.received_at, made), row.outcome)
        found[row.district, row.door] = max(call, found.get((row.district, row.door), call))
    return found


def _write(found: Mapping[tuple[int, UUID], tuple[datetime, str]]) -> None:
    """With the next change number, by which phones hear of it."""
    bind = op.get_bind()
    heads = sa.table("district_heads", sa.column("district"), sa.column("change_no"))
    for district in sorted({district for district, _door in found}):
        bind.execute(
            heads.update().where(heads.c.district == district).values(change_no=heads.c.change_no + 1)
        )
    numbers: dict[int, Any] = {
        row.district: row.change_no for row in bind.execute(sa.select(heads.c.district, heads.c.change_no))
    }
    doors = sa.table(
        "dwellings",
        sa.column("id", sa.Uuid),
        sa.column("settled_as", Code),
        sa.column("settled_at", Instant),
        sa.column("change_no"),
    )
    for (district, door), (at, outcome) in found.items():
        facts = {"settled_at": at, "settled_as": outcome, "change_no": numbers[district]}
        bind.execute(doors.update().where(doors.c.id == door).values(facts))


def _count_by(value: str) -> None:
    op.execute("DELETE FROM tallies WHERE kind = 'dwellings'")
    for length in _LENGTHS:
        op.execute(_COUNT.format(length=length, value=value))
