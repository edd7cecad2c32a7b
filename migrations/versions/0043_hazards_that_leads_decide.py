"""Open hazards that wait for a lead's decision are counted apart, under their day with a word behind it.

Revision ID: 0043
Revises: 0042
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_DECIDES = "'found', 'recheck_failed', 'returned', 'fed_back'"
# The grid itself, then its community, its subdistrict or township, and its district.
_AREAS = {"grid_code": 0} | {f"substr(grid_code, 1, {length})": length for length in (12, 9, 6)}


def upgrade() -> None:
    """Count the open ones anew by day and by whether a lead decides."""
    _recount(
        f"CAST(runs_out_on AS VARCHAR(10)) || CASE WHEN status IN ({_DECIDES}) THEN ' decide' ELSE '' END"
    )


def downgrade() -> None:
    """Count them by day alone."""
    _recount("CAST(runs_out_on AS VARCHAR(10))")


def _recount(value: str) -> None:
    op.execute("DELETE FROM tallies WHERE kind = 'findings'")
    for area, length in _AREAS.items():
        op.execute(
            "INSERT INTO tallies (district, kind, area, value, number) "  # noqa: S608 no value of anybody
            f"SELECT district, 'findings', {area}, {value}, count(*) FROM findings "
            f"WHERE NOT settled AND length(grid_code) > {length} GROUP BY district, {area}, {value}"
        )
