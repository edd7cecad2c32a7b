"""Visits with hazards, with corrections, with contradictions and those that were not done are found among themselves.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_RARE = {"hazards": "hazards > 0", "corrections": "revision > 1", "clashes": "clashes > 0"}


def upgrade() -> None:
    """Indexes that hold only those, in the order of the queue."""
    for name, words in _RARE.items():
        _index(f"ix_visits_with_{name}", ["district", "state", "received_at", "id"], words)
    columns = ["district", "state", "outcome", "received_at", "id"]
    _index("ix_visits_not_done", columns, "outcome <> 'done'")


def downgrade() -> None:
    """Without them."""
    for name in ("ix_visits_not_done", *(f"ix_visits_with_{name}" for name in _RARE)):
        op.drop_index(name, "visits")


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "visits", columns, sqlite_where=where, postgresql_where=where)
