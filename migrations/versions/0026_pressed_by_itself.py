"""Keep why something was pressed by itself as a code and a number, so that each reader has it in their language.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Code

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that were pressed before keep the sentence that was written then."""
    with op.batch_alter_table("finding_steps") as table:
        table.add_column(sa.Column("cause", Code, nullable=True))
        table.add_column(sa.Column("days_late", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Forget why; that it was pressed stays."""
    with op.batch_alter_table("finding_steps") as table:
        table.drop_column("days_late")
        table.drop_column("cause")
