"""When a household asked to be visited again; requests are found by their door, for reminders.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_REMINDED = "ix_service_requests_reminded"


def upgrade() -> None:
    """A column that older visits leave empty, and an index of the requests that have a day."""
    op.add_column("visits", sa.Column("come_again_on", sa.Date(), nullable=True))
    dated = sa.text("remind_on IS NOT NULL")
    op.create_index(
        _REMINDED,
        "service_requests",
        ["district", "dwelling_id"],
        sqlite_where=dated,
        postgresql_where=dated,
    )


def downgrade() -> None:
    """Without them."""
    op.drop_index(_REMINDED, "service_requests")
    with op.batch_alter_table("visits") as table:
        table.drop_column("come_again_on")
