"""The audit chain: whoever edits, deletes or cuts off an entry is noticed."""

from contextlib import suppress

import pytest
from sqlalchemy import delete, func, select, update

from field.audit import queries, service
from field.audit.models import AuditEntry
from field.core.changes import DistrictHead
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from tests.factories import DISTRICT
from tests.waiting import Side

ENTRIES = 5


@pytest.fixture
def chain(app):
    """Five entries of one district."""
    for number in range(1, ENTRIES + 1):
        with transaction():
            service.record("visit.recorded", DISTRICT, ("visit", new_id()), new_id(), revision=number)
    return DISTRICT


def _tamper(statement):
    """Change the table behind the program's back."""
    with transaction() as session:
        session.execute(statement.execution_options(synchronize_session=False))
    db.session.expunge_all()


def _entry(number):
    return (AuditEntry.district == DISTRICT) & (AuditEntry.number == number)


def test_a_chain_that_nobody_touched_is_whole(chain):
    verdict = queries.verify(chain)

    assert (verdict.entries, verdict.broken_at) == (ENTRIES, None)
    assert len(verdict.head) == 64


def test_a_district_without_entries_is_whole(app):
    assert queries.verify(DISTRICT).broken_at is None


@pytest.mark.parametrize(
    "change",
    [
        {"action": "visit.returned"},
        {"subject_kind": "dwelling"},
        {"subject_id": new_id()},
        {"actor_id": None},
        {"at": utcnow()},
        {"details": {"revision": 9}},
        {"hash": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_entry_is_found(chain, change):
    _tamper(update(AuditEntry).where(_entry(3)).values(**change))

    assert queries.verify(chain).broken_at == 3


def test_an_edited_entry_with_a_new_hash_breaks_at_the_next(chain):
    entry = db.session.scalars(select(AuditEntry).where(_entry(3))).one()
    before = db.session.scalars(select(AuditEntry).where(_entry(2))).one()
    row = {column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns}
    forged = service.entry_hash(before.hash, row | {"action": "visit.returned"})

    _tamper(update(AuditEntry).where(_entry(3)).values(action="visit.returned", hash=forged))

    assert queries.verify(chain).broken_at == 4


@pytest.mark.parametrize("number", [1, 3])
def test_a_deleted_entry_is_found(chain, number):
    _tamper(delete(AuditEntry).where(_entry(number)))

    assert queries.verify(chain).broken_at is not None


def test_cutting_off_the_end_is_found(chain):
    _tamper(delete(AuditEntry).where(AuditEntry.number > 3))

    assert queries.verify(chain).broken_at == 4


def test_cutting_off_everything_is_found(chain):
    _tamper(delete(AuditEntry))

    assert queries.verify(chain).broken_at == 1


def test_two_entries_that_change_places_are_found(chain):
    _tamper(update(AuditEntry).where(_entry(2)).values(number=99))
    _tamper(update(AuditEntry).where(_entry(3)).values(number=2))
    _tamper(update(AuditEntry).where(_entry(99)).values(number=3))

    assert queries.verify(chain).broken_at == 2


def test_the_exported_head_shows_a_chain_that_was_written_anew(chain):
    noted = queries.verify(chain).head
    _tamper(delete(AuditEntry))
    _tamper(update(DistrictHead).values(audit_no=0, audit_hash=bytes(32)))
    with transaction():
        service.record("signed.in", DISTRICT, ("user", None), None)

    verdict = queries.verify(chain)

    assert verdict.broken_at is None, "the chain alone cannot tell"
    assert verdict.head != noted


def test_what_was_rolled_back_leaves_no_entry(app):
    with suppress(RuntimeError), transaction():
        service.record("visit.recorded", DISTRICT, ("visit", None), None)
        raise RuntimeError

    with transaction():
        service.record("signed.in", DISTRICT, ("user", None), None)

    assert [entry.action for entry in queries.newest_entries(DISTRICT)] == ["signed.in"]


def test_an_undone_savepoint_takes_only_its_own_entries_along(app):
    with transaction() as session:
        service.record("first", DISTRICT, ("x", None), None)
        with suppress(RuntimeError), session.begin_nested():
            service.record("undone", DISTRICT, ("x", None), None)
            raise RuntimeError
        with session.begin_nested():
            service.record("second", DISTRICT, ("x", None), None)

    assert [entry.action for entry in reversed(queries.newest_entries(DISTRICT))] == ["first", "second"]
    assert queries.verify(DISTRICT).broken_at is None


def test_districts_have_chains_of_their_own(chain):
    with transaction():
        service.record("signed.in", 620403, ("user", None), None)

    assert queries.verify(620403).entries == 1
    assert queries.verify(chain).entries == ENTRIES


def test_several_who_write_at_once_make_one_chain(app):
    def write(name):
        with app.app_context():
            for _ in range(5):
                with transaction():
                    service.record(name, DISTRICT, ("x", None), None)

    for side in [Side(lambda name=name: write(name)) for name in ("a", "b", "c")]:
        side.result()

    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 15
    assert queries.verify(DISTRICT).broken_at is None


def test_the_newest_entries_come_first_and_page_by_number(chain):
    first = queries.newest_entries(DISTRICT, limit=2)
    second = queries.newest_entries(DISTRICT, before=first[-1].number, limit=2)

    assert [entry.number for entry in [*first, *second]] == [5, 4, 3, 2]
