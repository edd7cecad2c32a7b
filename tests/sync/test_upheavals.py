"""What happens around a phone while it is away or sends: accounts, colleagues, a migration, a killed database."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import event as on
from sqlalchemy import text

from app import create_app
from field.accounts import service as accounts
from field.core.db import db, transaction
from field.visits.models import Visit, VisitRevision
from tests import factories
from tests.phone import Phone
from tests.postgres import kill, running_cluster, start_again


def _results(sender, *events):
    return [result["result"] for result in sender.send(*events)]


def test_a_new_password_costs_nothing_that_the_phone_recorded(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))
    with transaction():
        accounts.set_password(worker, "another long password")

    assert _results(sender, event) == ["accepted"]


def test_two_workers_at_one_door_are_two_facts(phone, worker, second_worker):
    door = factories.a_dwelling()
    one, other = phone(worker), phone(second_worker)
    events = [sender.event(sender.visit_body(door)) for sender in (one, other)]

    results = [_results(one, events[0]), _results(other, events[1])]

    assert results == [["accepted"], ["accepted"]]
    assert db.session.query(Visit).filter_by(dwelling_id=door.id).count() == 2


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_during_a_migration_phones_hear_of_a_pause_and_nothing_is_lost(phone, worker, revision):
    sender = phone(worker)
    events = [sender.event(sender.visit_body(factories.a_dwelling())) for _ in range(3)]
    db.session.remove()
    downgrade(revision=revision)

    meanwhile = sender.post(sender.batch(*events))
    db.session.remove()
    upgrade()
    later = _results(sender, *events)

    if meanwhile.status_code == 503:
        assert int(meanwhile.headers["Retry-After"]) > 0
        assert later == ["accepted"] * 3
    else:
        assert [one["result"] for one in meanwhile.json["results"]] == ["accepted"] * 3
        assert later == ["duplicate"] * 3
    assert db.session.query(VisitRevision).count() == 3


@pytest.fixture
def own_cluster():
    """A PostgreSQL that writes to the disk as a real one does, and that may be killed."""
    with running_cluster(durable=True) as server:
        yield server


@pytest.mark.only_on("postgresql")
def test_postgresql_killed_in_the_middle_comes_back_with_all_that_was_acknowledged(
    database_kind, own_cluster, tmp_path
):
    """SIGKILL to every process of it between two statements of a batch; the first batch had been answered."""
    url = own_cluster.create("doorstep")
    app = create_app({"FIELD_ENV": "test", "FIELD_DATA": str(tmp_path), "FIELD_DATABASE_URL": url})
    with app.app_context():
        upgrade()
        data = Path(db.session.execute(text("SHOW data_directory")).scalar_one())
        sender = Phone(app, factories.a_user("worker")).enrol()
        door = factories.a_dwelling()
        first, second = [[sender.event(sender.visit_body(door)) for _ in range(3)] for _ in range(2)]
        db.session.commit()
        told = _results(sender, *first)

        with _killed_at("INSERT INTO visit_revisions", data):
            lost = sender.post(sender.batch(*second))
        start_again(data, own_cluster.address)
        missing = sender.reconcile(*first, *second)["missing"]
        later = _results(sender, *first, *second)
        stored = db.session.query(VisitRevision).count()
        db.session.remove()
        db.engine.dispose()

    assert told == ["accepted"] * 3
    assert (lost.status_code, lost.json["code"]) == (503, "busy")
    assert missing == [event["id"] for event in second]
    assert later == ["duplicate"] * 3 + ["accepted"] * 3
    assert stored == 6


@contextmanager
def _killed_at(statement, data):
    """The database server dies just before a statement of the request."""

    def die(_connection, _cursor, sql, *_):
        if sql.startswith(statement) and (data / "postmaster.pid").exists():
            on.remove(db.engine, "before_cursor_execute", die)
            kill(data)

    on.listen(db.engine, "before_cursor_execute", die)
    yield
