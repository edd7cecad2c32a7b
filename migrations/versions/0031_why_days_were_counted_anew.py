"""Keep why days were counted anew as a code and a day, so that each reader has it in their language.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that were counted before keep the sentence that was written then."""
    with op.batch_alter_table("finding_steps") as table:
        table.add_column(sa.Column("accept_by", sa.Date(), nullable=True))


def downgrade() -> None:
    """Forget the day; that it was counted anew stays."""
    with op.batch_alter_table("finding_steps") as table:
        table.drop_column("accept_by")
