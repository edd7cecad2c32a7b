"""Order the visits of a grid in the index by which a team's queue is read.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BEFORE, _NOW = ("district", "state", "grid_code"), ("district", "state", "grid_code", "received_at", "id")


def _replace(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    op.create_index("ix_visits_" + "_".join(new), "visits", list(new))
    op.drop_index("ix_visits_" + "_".join(old), "visits")


def upgrade() -> None:
    """The longer index serves what the shorter one did."""
    _replace(_BEFORE, _NOW)


def downgrade() -> None:
    """The shorter one again."""
    _replace(_NOW, _BEFORE)
