"""What every server test may ask for: the application on both databases, the cast, a browser, a phone."""

import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, event

from app import create_app
from field.accounts.models import User
from field.core.db import db
from tests import factories
from tests.browser import Browser, browser_of
from tests.clock import Clock
from tests.phone import Phone
from tests.postgres import Cluster, running_cluster
from tests.quick import quick

DATABASES = ("sqlite", "postgresql")
TEMPLATE = "doorstep_template"
# Begun before all others, so that two processes end at about the same time.
_LONGEST = ("tests/sim/test_campaign.py", "test_days.py", "tests/sim/", "tests/journeys/")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --database sqlite` is the quick way while writing; both must pass."""
    parser.addoption("--database", choices=[*DATABASES, "both"], default="both")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers: tests of what only one database does, and journeys in a real browser."""
    config.addinivalue_line("markers", "only_on(name): runs on this database alone (sqlite or postgresql)")
    config.addinivalue_line("markers", "browser: a journey in a real browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file together in one process, since they share what is slow to set up; the longest first."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            alone = _LONGEST[0] in item.nodeid
            item.add_marker(pytest.mark.xdist_group(item.nodeid if alone else str(item.path)))
    items.sort(
        key=lambda item: next((n for n, one in enumerate(_LONGEST) if one in item.nodeid), len(_LONGEST))
    )


def pytest_sessionstart() -> None:
    """Let a run that is told to end tidy up: a PostgreSQL server must not outlive it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that needs the database on each database that was asked for."""
    if "database_kind" not in metafunc.fixturenames:
        return
    asked = metafunc.config.getoption("--database")
    only = {mark.args[0] for mark in metafunc.definition.iter_markers("only_on")}
    kinds = [kind for kind in DATABASES if asked in {kind, "both"} and (not only or kind in only)]
    metafunc.parametrize("database_kind", kinds, scope="session")


@event.listens_for(Engine, "connect")
def _backwards(connection: Any, _record: Any) -> None:
    """SQLite gives rows that nobody put in order backwards: whoever leans on an order that was never promised
    fails on every run, not on the one in a thousand in which PostgreSQL has moved a row."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    with quick():
        yield


def _migrate(url: str, folder: Path) -> None:
    app = create_app({"FIELD_ENV": "test", "FIELD_DATA": str(folder), "FIELD_DATABASE_URL": url})
    with app.app_context():
        upgrade()
        _let_go()


def _let_go() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    _migrate("", folder)
    return folder / "doorstep.sqlite3"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The PostgreSQL server of this run; only started when a test needs it."""
    with running_cluster() as server:
        _migrate(server.create(TEMPLATE), tmp_path_factory.mktemp("template-pg"))
        yield server


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty, migrated database of this test alone."""
    if database_kind == "postgresql":
        server: Cluster = request.getfixturevalue("cluster")
        with server.emptied(TEMPLATE) as url:
            yield url
    else:
        file = tmp_path / "doorstep.sqlite3"
        shutil.copy(request.getfixturevalue("_migrated_file"), file)
        yield f"sqlite:///{file}"


@pytest.fixture
def make_app(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Build the application with other settings: make_app(FIELD_TLS="true"); no context is pushed."""
    made = []

    def make(**settings: str) -> Flask:
        basis = {"FIELD_ENV": "test", "FIELD_DATA": str(tmp_path), "FIELD_DATABASE_URL": database_url}
        app = create_app(basis | settings)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            _let_go()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application on an empty database, with a context for what the test does itself."""
    built = make_app()
    with built.app_context():
        yield built


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that can be put forward: clock.forward(hours=2)."""
    return Clock(monkeypatch)


@pytest.fixture
def worker(app: Flask) -> User:
    """A grid worker with two grids."""
    return factories.a_user("worker")


@pytest.fixture
def second_worker(app: Flask) -> User:
    """Another grid worker, who shares the first of those grids."""
    return factories.a_user("second_worker")


@pytest.fixture
def lead(app: Flask) -> User:
    """The lead of the community of those grids."""
    return factories.a_user("lead")


@pytest.fixture
def handler(app: Flask) -> User:
    """Somebody at fire and rescue, for the whole district."""
    return factories.a_user("handler")


@pytest.fixture
def office(app: Flask) -> User:
    """The district office."""
    return factories.a_user("office")


@pytest.fixture
def officer(app: Flask) -> User:
    """The data protection officer."""
    return factories.a_user("officer")


@pytest.fixture
def admin(app: Flask) -> User:
    """Who looks after accounts."""
    return factories.a_user("admin")


@pytest.fixture
def anonymous(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return browser_of(app)


@pytest.fixture
def client_of(app: Flask) -> Callable[[User], Browser]:
    """client_of(lead): a new browser in which somebody is signed in."""
    return lambda user: browser_of(app, user)


@pytest.fixture
def phone(app: Flask) -> Callable[..., Phone]:
    """phone(worker): a phone that is enrolled; phone(worker, enrolled=False) only signs in."""

    def make(user: User, **facts: Any) -> Phone:
        enrolled = facts.pop("enrolled", True)
        made = Phone(app, user, **facts)
        return made.enrol() if enrolled else made

    return make


@pytest.fixture
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that requests send."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_args: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)
