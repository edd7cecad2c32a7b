"""Note when a phone was found to have lost its storage.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the time."""
    op.add_column("devices", sa.Column("cleared_at", Instant(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("devices", "cleared_at")
