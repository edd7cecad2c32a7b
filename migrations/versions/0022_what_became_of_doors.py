"""Remember when a lead decided about a door that a worker had added, so that the worker can be told.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the time of the decision; earlier ones are not told."""
    with op.batch_alter_table("dwellings") as table:
        table.add_column(sa.Column("proposal_decided_at", Instant, nullable=True))


def downgrade() -> None:
    """Take it out again."""
    with op.batch_alter_table("dwellings") as table:
        table.drop_column("proposal_decided_at")
