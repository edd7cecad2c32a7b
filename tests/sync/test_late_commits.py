"""A cursor never skips a row that was committed late: two interleaved transactions on PostgreSQL."""

import threading

import pytest
from sqlalchemy import text

from field.core.db import db, transaction
from field.places.models import Building
from tests import factories
from tests.factories import DISTRICT, GRID
from tests.waiting import Side, until

pytestmark = pytest.mark.only_on("postgresql")


class Writer:
    """A transaction beside the test: it has written its row, and commits when told."""

    def __init__(self, app, address):
        self._app, self._address = app, address
        self.written, self._may_commit = threading.Event(), threading.Event()
        self._side = Side(self._write)

    def _write(self):
        with self._app.app_context(), transaction() as session:
            session.add(Building(district=DISTRICT, grid_code=GRID, address=self._address))
            session.flush()
            self.written.set()
            assert self._may_commit.wait(20)

    def commit(self):
        """Let it commit; answers when it has."""
        self._may_commit.set()
        self._side.result()


def _waiting(app, count):
    question = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with app.app_context():
        return db.session.execute(text(question)).scalar_one() == count


def _addresses(pack):
    return {row["address"] for row in pack.get("buildings", [])}


def test_what_commits_after_the_pack_was_read_is_in_the_next_one(app, phone, worker):
    sender = phone(worker)
    factories.a_building(address="before")
    late = Writer(app, "late")
    assert late.written.wait(10)

    first = sender.pack()
    late.commit()
    second = sender.pack(first["cursor"])

    assert (_addresses(first), _addresses(second)) == ({"before"}, {"late"})


def test_a_second_writer_does_not_carry_the_cursor_past_the_first(app, phone, worker):
    sender = phone(worker)
    factories.a_building(address="before")
    first = Writer(app, "first")
    assert first.written.wait(10)
    second = Writer(app, "second")
    until(lambda: _waiting(app, 1))

    packs = [sender.pack()]
    second._may_commit.set()  # it would commit at once, were it let
    packs.append(sender.pack(packs[-1]["cursor"]))
    first.commit()
    second.commit()
    packs.append(sender.pack(packs[-1]["cursor"]))

    assert [_addresses(pack) for pack in packs] == [{"before"}, set(), {"first", "second"}]


def test_a_pass_in_pages_skips_nothing_that_commits_meanwhile(app, phone, worker, monkeypatch):
    from field.sync.pack import pack_page

    monkeypatch.setattr(pack_page, "__defaults__", (2,))
    sender = phone(worker)
    seen = {factories.a_building(address=f"{n}").address for n in range(5)}
    late = Writer(app, "late")
    assert late.written.wait(10)

    page = sender.pack_page()
    got = _addresses(page)
    late.commit()
    while page["more"]:
        page = sender.pack_page(page["cursor"])
        got |= _addresses(page)
    got |= _addresses(sender.pack(page["cursor"]))

    assert got == seen | {"late"}
