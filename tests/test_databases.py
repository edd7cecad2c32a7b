"""Each test gets an empty database of the kind that it asked for."""

import pytest

from field.accounts.models import User
from field.core.db import db, transaction
from field.core.installation import installation
from tests import factories

_seen_epochs: dict[str, set[str]] = {}


@pytest.mark.parametrize("time", [1, 2])
def test_what_one_test_writes_the_next_does_not_see(app, database_kind, time):
    assert db.session.query(User).count() == 0
    _seen_epochs.setdefault(database_kind, set()).add(str(installation().epoch))
    assert len(_seen_epochs[database_kind]) == 1

    factories.a_user("worker")
    with transaction() as session:
        session.delete(installation())


def test_the_database_is_of_the_kind_that_was_asked_for(app, database_kind):
    assert db.engine.dialect.name == database_kind
