"""Whatever fails below the inbox, what it called received is stored, and what it did not comes again and is whole."""

import threading
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event as on

from field.audit.models import AuditEntry
from field.core.db import db
from field.sync.models import InboxEvent
from field.visits import service as visits
from field.visits.models import Visit, VisitRevision
from tests import factories
from tests.locks import held
from tests.phone import Phone
from tests.photos.disks import small_disk
from tests.steps import Died, watched

# What PostgreSQL does when it finds no room, in the language of a server that speaks Chinese.
_NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = '无法扩展文件: 设备上没有空间'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_room();
"""
_ROOM_AGAIN = "DROP TRIGGER no_room ON {table}; DROP FUNCTION no_room();"


def _problem(answer):
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.json["code"]


def _counts():
    db.session.rollback()
    counts = [db.session.query(table).count() for table in (InboxEvent, Visit, VisitRevision)]
    db.session.commit()
    return counts


def _visits(sender, how_many=3):
    door = factories.a_dwelling()
    return [sender.event(sender.visit_body(door)) for _ in range(how_many)]


def _results(sender, *events):
    return [result["result"] for result in sender.send(*events)]


# No room in the database


@contextmanager
def _no_room(url, table):
    if url.startswith("postgresql"):
        with psycopg.connect(url, autocommit=True, options="-c lock_timeout=5s") as other:
            other.execute(_NO_ROOM.format(table=table))
            yield
            other.execute(_ROOM_AGAIN.format(table=table))
    else:
        with _on_loan(_no_more_pages, "PRAGMA max_page_count=1073741823"):
            yield


@contextmanager
def _on_loan(change, back):
    """What each connection of the application is told first, and when it is given back."""

    def lend(connection, _record, _proxy):
        connection.execute(change(connection) if callable(change) else change)
        connection.commit()

    def give_back(connection, _record):
        connection.execute(back)
        connection.commit()

    on.listen(db.engine, "checkout", lend)
    on.listen(db.engine, "checkin", give_back)
    try:
        yield
    finally:
        on.remove(db.engine, "checkout", lend)
        on.remove(db.engine, "checkin", give_back)


def _no_more_pages(connection):
    """SQLite says itself that it is full: the file may not grow."""
    [pages] = connection.execute("PRAGMA page_count").fetchone()
    return f"PRAGMA max_page_count={pages}"


@pytest.mark.parametrize("table", ["inbox_events", "visit_revisions", "audit_entries"])
def test_a_full_database_answers_507_and_takes_the_batch_when_there_is_room(
    phone, worker, database_url, table
):
    sender = phone(worker)
    events = [*_visits(sender, 20), sender.event("nothing that can be read " * 500)]
    db.session.commit()

    with _no_room(database_url, table):
        full = sender.post(sender.batch(*events))
        stored = _counts()
    later = _results(sender, *events)

    assert _problem(full) == (507, "storage-full")
    assert stored == [0, 0, 0]
    assert later == ["accepted"] * 20 + ["quarantined"]


@pytest.mark.only_on("sqlite")
def test_a_real_full_disk_under_the_database_acknowledges_nothing(make_app, database_url, tmp_path):
    with small_disk(tmp_path / "small", 6 * 1024 * 1024) as folder:
        copy = folder / "doorstep.sqlite3"
        copy.write_bytes((tmp_path / "doorstep.sqlite3").read_bytes())
        app = make_app(FIELD_DATABASE_URL=f"sqlite:///{copy}")
        with app.app_context():
            sender = Phone(app, factories.a_user("worker")).enrol()
            events = _visits(sender, 40)
            filler = folder / "filler"
            _fill(filler)
            full = sender.post(sender.batch(*events))
            stored = _counts()
            filler.unlink()
            later = _results(sender, *events)
            db.session.remove()
            db.engine.dispose()

    assert _problem(full) == (507, "storage-full")
    assert stored == [0, 0, 0]
    assert later == ["accepted"] * 40


def _fill(file):
    with file.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(b"x" * 4096)
        except OSError:
            return


# The database goes away, or will not write


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("statement", ["INSERT INTO inbox_events", "SELECT devices", "UPDATE devices"])
def test_a_database_that_goes_away_in_the_middle_acknowledges_nothing(phone, worker, database_url, statement):
    sender = phone(worker)
    events = _visits(sender)

    with _cut_off_at(statement, database_url) as cut:
        lost = sender.post(sender.batch(*events))
    stored = _counts()

    assert cut.is_set()
    assert _problem(lost) == (503, "busy")
    assert int(lost.headers["Retry-After"]) > 0
    assert stored == [0, 0, 0]
    assert _results(sender, *events) == ["accepted"] * 3


@contextmanager
def _cut_off_at(statement, url):
    """The server ends the connection just before a statement of the request."""
    done = threading.Event()

    def cut(connection, _cursor, text, *_):
        if text.lstrip().startswith(statement) and not done.is_set():
            done.set()
            backend = connection.connection.driver_connection.info.backend_pid
            with psycopg.connect(url) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))

    on.listen(db.engine, "before_cursor_execute", cut)
    try:
        yield done
    finally:
        on.remove(db.engine, "before_cursor_execute", cut)


def test_a_database_that_can_only_be_read_acknowledges_nothing(phone, worker, database_url):
    """A standby after a failover, a file on a disk that was remounted."""
    sender = phone(worker)
    events = _visits(sender)
    setting = "PRAGMA query_only=" if "sqlite" in database_url else "SET default_transaction_read_only="
    db.session.commit()

    with _on_loan(f"{setting}on", f"{setting}off"):
        refused = sender.post(sender.batch(*events))

    assert _problem(refused) == (503, "busy")
    assert _results(sender, *events) == ["accepted"] * 3


# The process dies


@pytest.mark.parametrize(
    ("step", "stored"),
    [("batch.write", 0), ("batch.savepoint", 0), ("batch.commit", 0), ("batch.answer", 3)],
)
def test_a_process_that_dies_at_any_step_has_acknowledged_nothing_that_is_not_stored(
    app, phone, worker, step, stored
):
    sender = phone(worker)
    events = _visits(sender)

    with _dying_at(step), pytest.raises(Died):
        sender.post(sender.batch(*events))
    counts = _counts()
    again = _results(sender, *events)

    assert counts == [stored] * 3
    assert again == ["duplicate" if stored else "accepted"] * 3
    assert _counts() == [3, 3, 3]


@contextmanager
def _dying_at(step):
    def die(passed):
        if passed == step:
            raise Died

    with watched(die):
        yield
    db.session.remove()  # its connections die with a process
    db.engine.dispose()


# What failed leaves no trace


def test_a_batch_taken_one_by_one_is_audited_as_if_it_had_been_taken_together(phone, worker, monkeypatch):
    sender, door = phone(worker), factories.a_dwelling()
    aside = sender.event("{}")
    poison = sender.event(sender.visit_body(door))
    _poison(monkeypatch, poison)

    results = sender.send(aside, poison)

    entries = db.session.query(AuditEntry).filter_by(action="event.quarantined").all()
    assert [result["result"] for result in results] == ["quarantined", "quarantined"]
    assert sorted(str(entry.subject_id) for entry in entries) == sorted([aside["id"], poison["id"]])


def _poison(monkeypatch, event):
    real = visits.record

    def record(body, submission, *rest):
        if str(submission.id) == event["id"]:
            raise ArithmeticError
        return real(body, submission, *rest)

    monkeypatch.setattr(visits, "record", record)


def test_a_batch_that_was_refused_is_in_no_audit_chain(make_app, database_url):
    app = make_app(FIELD_LOCK_WAIT_SECONDS="0.05")
    with app.app_context():
        sender = Phone(app, factories.a_user("worker")).enrol()
        aside = sender.event("{}")
        with held(database_url, "audit_entries"):
            refused = sender.post(sender.batch(aside))
        later = sender.send(aside)
        entries = db.session.query(AuditEntry).filter_by(action="event.quarantined").count()

    assert _problem(refused) == (503, "busy")
    assert later[0]["result"] == "quarantined"
    assert entries == 1
