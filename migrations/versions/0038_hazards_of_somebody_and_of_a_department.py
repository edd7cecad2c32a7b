"""Hazards that somebody was sent to look at, and those of a department, are read in the order of their days.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_OF_SOMEBODY = "ix_findings_district_assignee_id_settled_runs_out_on_id"
_OF_A_DEPARTMENT = "ix_findings_district_department_settled_runs_out_on_id"


def upgrade() -> None:
    """Two indexes; the first holds only what somebody was sent to look at."""
    sent = sa.text("assignee_id IS NOT NULL")
    columns = ["district", "assignee_id", "settled", "runs_out_on", "id"]
    op.create_index(_OF_SOMEBODY, "findings", columns, sqlite_where=sent, postgresql_where=sent)
    op.create_index(_OF_A_DEPARTMENT, "findings", ["district", "department", "settled", "runs_out_on", "id"])


def downgrade() -> None:
    """Without them."""
    op.drop_index(_OF_A_DEPARTMENT, "findings")
    op.drop_index(_OF_SOMEBODY, "findings")
