"""Rechecks that wait for a photo are found among themselves; the hazards of a grid are read in the order of their days.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_WAITING = "ix_findings_district_waits_from"
_BY_GRID = "ix_findings_district_grid_code_settled_runs_out_on_id"


def upgrade() -> None:
    """Two indexes; the first holds only what waits."""
    waits = sa.text("waits_from IS NOT NULL")
    op.create_index(
        _WAITING, "findings", ["district", "waits_from"], sqlite_where=waits, postgresql_where=waits
    )
    op.create_index(_BY_GRID, "findings", ["district", "grid_code", "settled", "runs_out_on", "id"])


def downgrade() -> None:
    """Without them."""
    op.drop_index(_BY_GRID, "findings")
    op.drop_index(_WAITING, "findings")
