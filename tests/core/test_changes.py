"""A cursor never passes a change that commits late."""

import threading
from contextlib import suppress

import pytest
from sqlalchemy import func, select, text

from field.core.changes import newest_change
from field.core.db import db, transaction
from field.places.models import Building
from tests import factories
from tests.factories import DISTRICT, GRID
from tests.waiting import Side, until


def _newest(app):
    with app.app_context():
        return newest_change(db.session(), DISTRICT)


def _build(app, address, *, after=None, before_commit=None):
    """Add a building in a transaction of its own, waiting for events on the way; answers its change number."""
    with app.app_context():
        if after:
            assert after.wait(10)
        with transaction() as session:
            row = Building(district=DISTRICT, grid_code=GRID, address=address)
            session.add(row)
            session.flush()
            if before_commit:
                flushed, go_on = before_commit
                flushed.set()
                assert go_on.wait(10)
        return row.change_no


def test_each_transaction_takes_one_number_and_the_next_a_higher_one(app):
    grid = factories.a_grid()

    with transaction() as session:
        rows = [Building(district=DISTRICT, grid_code=grid.code, address=f"测试路 {n}号") for n in (1, 2)]
        session.add_all(rows)
    later = factories.a_building()

    assert rows[0].change_no == rows[1].change_no
    assert later.change_no == rows[0].change_no + 1
    assert _newest(app) == later.change_no


def test_a_row_that_is_not_changed_keeps_its_number(app):
    building = factories.a_building()
    number = building.change_no

    with transaction():
        building.address = str(building.address)

    assert building.change_no == number


def test_a_changed_row_gets_a_new_number(app):
    building = factories.a_building()
    number = building.change_no

    with transaction():
        building.storeys = 7

    assert building.change_no > number


def test_a_number_taken_by_what_was_rolled_back_is_not_seen(app):
    factories.a_grid()
    before = _newest(app)

    with suppress(RuntimeError), transaction() as session:
        session.add(Building(district=DISTRICT, grid_code=GRID, address="undone"))
        session.flush()
        raise RuntimeError

    assert _newest(app) == before
    assert factories.a_building().change_no == before + 1


def test_districts_count_apart(app):
    here, abroad = factories.a_building(), factories.a_building(factories.ABROAD)

    assert here.change_no == abroad.change_no == 1


@pytest.mark.only_on("postgresql")
def test_a_later_writer_waits_until_the_earlier_number_is_visible(app):
    factories.a_building()
    before = _newest(app)
    flushed, go_on = threading.Event(), threading.Event()

    early = Side(lambda: _build(app, "early", before_commit=(flushed, go_on)))
    late = Side(lambda: _build(app, "late", after=flushed))
    until(lambda: _waiting_for_a_lock(app) == 1)

    assert _newest(app) == before, "the cursor passed a number whose row is not there"
    assert late.is_alive()
    go_on.set()
    assert early.result() == before + 1
    assert late.result() == before + 2


def _waiting_for_a_lock(app):
    question = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with app.app_context():
        return db.session.execute(text(question)).scalar_one()


def test_whoever_follows_the_numbers_misses_no_row(app):
    factories.a_building()
    done = threading.Event()

    def follow():
        """Read as the pack does: the newest number first, then the rows up to it."""
        seen, cursor = set(), 0
        with app.app_context():
            while True:
                last_look = done.is_set()
                newest = newest_change(db.session(), DISTRICT)
                fresh = select(Building.id).where(Building.change_no > cursor, Building.change_no <= newest)
                seen |= set(db.session.scalars(fresh))
                cursor = newest
                db.session.rollback()
                if last_look:
                    return seen

    follower = Side(follow)
    writers = [
        Side(lambda name=name: [_build(app, f"{name}-{n}") for n in range(8)]) for name in ("a", "b", "c")
    ]
    numbers = [number for writer in writers for number in writer.result()]
    done.set()

    assert len(set(numbers)) == 24
    assert len(follower.result()) == db.session.scalar(select(func.count(Building.id))) == 25
