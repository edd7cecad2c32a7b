"""transaction() alone commits; what raises leaves nothing behind; a busy database is said to be busy."""

from contextlib import suppress

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import text

from field.accounts.models import Throttle
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.places.models import Area, Building
from tests import factories
from tests.browser import browser_of
from tests.locks import held


def test_what_raises_leaves_nothing_behind(app):
    grid = factories.a_grid()

    def fail_half_way():
        with transaction() as session:
            session.add(Building(district=grid.district, grid_code=grid.code, address="测试路"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert db.session.query(Building).count() == 0


def test_what_ends_well_is_seen_by_others(app):
    factories.a_building()

    with app.app_context():
        assert db.session.query(Building).count() == 1


def test_changes_made_outside_are_noticed(app):
    db.session.add(Throttle(key="account:x", since=utcnow(), last_at=utcnow()))

    with pytest.raises(AssertionError, match="outside"), transaction():
        pass


def test_a_savepoint_undone_leaves_the_rest(app):
    grid = factories.a_grid()

    with transaction() as session:
        session.add(Building(district=grid.district, grid_code=grid.code, address="stays"))
        session.flush()
        with suppress(RuntimeError), session.begin_nested():
            session.add(Building(district=grid.district, grid_code=grid.code, address="goes"))
            session.flush()
            raise RuntimeError

    assert [building.address for building in db.session.query(Building)] == ["stays"]


@pytest.mark.only_on("sqlite")
def test_sqlite_keeps_what_it_acknowledged_and_checks_references(app):
    def answer(name):
        return db.session.execute(text(f"PRAGMA {name}")).scalar()

    assert (answer("journal_mode"), answer("synchronous"), answer("foreign_keys")) == ("wal", 2, 1)


@pytest.mark.only_on("postgresql")
def test_postgresql_keeps_what_it_acknowledged_also_where_it_is_set_to_answer_sooner(app, database_url):
    with psycopg.connect(database_url, autocommit=True) as admin:
        name = Identifier(admin.info.dbname)
        admin.execute(SQL("ALTER DATABASE {} SET synchronous_commit = off").format(name))
        try:
            with psycopg.connect(database_url) as anybody:
                usual = anybody.execute("SHOW synchronous_commit").fetchone()
            db.engine.dispose()
            with transaction() as session:
                ours = session.execute(text("SHOW synchronous_commit")).scalar()
        finally:
            admin.execute(SQL("ALTER DATABASE {} RESET synchronous_commit").format(name))

    assert (usual, ours) == (("off",), "on")


def test_a_reference_to_nothing_is_refused(app):
    with pytest.raises(Exception, match=r"(?i)foreign key"), transaction() as session:
        session.add(Building(district=1, grid_code="nowhere", address="测试路"))


def test_a_locked_database_answers_busy_in_bounded_time(make_app, database_url):
    app = make_app(FIELD_LOCK_WAIT_SECONDS="0.05")

    with app.app_context(), held(database_url, "throttles"):
        answer = browser_of(app).post(
            "/sign-in", data={"username": "x", "password": "y"}, headers={"Accept": "application/json"}
        )

    assert answer.status_code == 503
    assert answer.json["code"] == "busy"
    assert answer.headers["Retry-After"] == "2"


def test_the_setting_says_how_long_a_write_waits(make_app, database_kind):
    question = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}[database_kind]
    app = make_app(FIELD_LOCK_WAIT_SECONDS="0.25")

    with app.app_context():
        answer = db.session.execute(text(question)).scalar()

    assert answer == {"sqlite": 250, "postgresql": "250ms"}[database_kind]


def test_areas_compare_byte_by_byte_so_that_a_range_is_a_prefix(app):
    factories.a_grid(factories.GRID)
    factories.a_grid(factories.ELSEWHERE)

    below = db.session.query(Area).filter(Area.code >= "620402001005", Area.code < "620402001005~").all()

    assert {area.code for area in below} == {factories.COMMUNITY, factories.GRID}
