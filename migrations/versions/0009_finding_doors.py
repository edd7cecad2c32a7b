"""Let phones find doors: when one opened last, what its plate's code says, how an address is spelt.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from field.core.db import Instant
from field.places.spelling import spelt

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is known already is filled in."""
    with op.batch_alter_table("buildings") as table:
        table.add_column(sa.Column("plate", sa.String(120), nullable=True))
        table.add_column(sa.Column("spelling", sa.String(600), nullable=True))
    with op.batch_alter_table("dwellings") as table:
        table.add_column(sa.Column("plate", sa.String(120), nullable=True))
        table.add_column(sa.Column("opened_at", Instant(), nullable=True))
    op.execute(
        "UPDATE dwellings SET opened_at = visit_at WHERE visit_outcome IN ('done', 'refused', 'rescheduled')"
    )
    buildings = sa.table(
        "buildings",
        sa.column("id", sa.Uuid()),
        sa.column("address"),
        sa.column("name"),
        sa.column("spelling"),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(buildings)).all():
        text = spelt(f"{row.name or ''} {row.address}")
        connection.execute(buildings.update().where(buildings.c.id == row.id).values(spelling=text))


def downgrade() -> None:
    """Forget them."""
    with op.batch_alter_table("dwellings") as table:
        table.drop_column("opened_at")
        table.drop_column("plate")
    with op.batch_alter_table("buildings") as table:
        table.drop_column("spelling")
        table.drop_column("plate")
