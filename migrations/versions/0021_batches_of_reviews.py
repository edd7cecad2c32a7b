"""Find what was approved together by its batch.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_reviews_district_batch", "reviews", ["district", "batch"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_reviews_district_batch", "reviews")
