"""An index for what waits in an area: few rows among all the visits that were ever made there.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NAME = "ix_visits_district_state_grid_code"


def upgrade() -> None:
    """Make the index."""
    op.create_index(_NAME, "visits", ["district", "state", "grid_code"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(_NAME, "visits")
