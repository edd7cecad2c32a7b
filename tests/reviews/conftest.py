"""What tests of the reviews share."""

import pytest
from sqlalchemy import event

from field.core.db import db


@pytest.fixture
def counted(app):
    """Counts the statements that a request sends."""
    statements = []

    def note(_connection, _cursor, statement, *_args):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)
