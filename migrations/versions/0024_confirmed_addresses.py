"""Send daily mails to confirmed addresses only.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Addresses that were entered before are not confirmed: each gets the link once."""
    with op.batch_alter_table("mail_digests") as table:
        table.add_column(sa.Column("confirmation", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("confirmed_at", Instant(), nullable=True))
        table.create_unique_constraint("uq_mail_digests_confirmation", ["confirmation"])
    # What waits for them goes to nobody.
    op.execute(
        "UPDATE deliveries SET state = 'failed', answer = 'not confirmed', ended_at = made_at "
        "WHERE kind = 'mail' AND state = 'waiting'"
    )


def downgrade() -> None:
    """Send them to whatever address was entered."""
    with op.batch_alter_table("mail_digests") as table:
        table.drop_constraint("uq_mail_digests_confirmation", type_="unique")
        table.drop_column("confirmed_at")
        table.drop_column("confirmation")
