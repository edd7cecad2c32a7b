"""Pages of the desk, asked in this process at 10,000 and at a million visits of a whole district."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from flask import Flask

from app import create_app
from field.accounts import queries as accounts
from field.accounts.scope import scope_of
from field.core.clock import local_day, utcnow
from field.core.db import db, transaction
from field.demo import service
from field.demo.district import BAIYIN
from field.reviews import bulk
from field.visits.models import Visit
from tests.bench import filling
from tests.bench.figures import Figure, ratios
from tests.browser import Browser, browser_of
from tests.journeys.server import environment, prepare

ROUNDS = 15
FEW, MANY = 10_000, 1_000_000
READERS = ("lead", "office")
_MOST = {"queue": "< 30", "visit": "< 100"}


@contextmanager
def program(data: Path, *, district: bool = False, **settings: str) -> Iterator[Flask]:
    """The program over a new demo, of a village or of a whole district; a context is pushed."""
    data.mkdir(parents=True, exist_ok=True)
    prepare(data, demo=not district, **settings)
    app = create_app(environment(data) | settings | {"FIELD_ENV": "test"})
    with app.app_context():
        if district:
            with transaction():
                service.load(local_day(utcnow(), app.config["TIMEZONE"]), BAIYIN)
        yield app
        db.session.remove()
        db.engine.dispose()


def browser(app: Flask, username: str) -> Browser:
    """Somebody of the demo, signed in."""
    user = accounts.user_by_name(username)
    assert user is not None
    return browser_of(app, user)


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """How long each of several calls took, after one that warms up."""
    work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def asked(client: Browser, path: str, status: int = 200) -> list[float]:
    """Milliseconds for a page."""

    def ask() -> None:
        answer = client.get(path)
        assert answer.status_code == status, (path, answer.status_code)

    return milliseconds(ask)


def desk(folder: Path, kind: str, **settings: str) -> list[Figure]:
    """Queue, hazards and coverage at few and at many visits."""
    with program(folder / kind, district=True, **settings) as app:
        filling.fill_visits(FEW)
        few = _pages(app)
        filling.fill_visits(MANY - FEW)
        many, empty = _pages(app), asked(browser(app, "office"), "/nothing-here", 404)
    figures = []
    for name, values in many.items():
        figures += [
            Figure(f"{name}_{kind}", "ms at 1 M visits", values, "", _MOST.get(name.split("_")[0], "")),
            Figure(
                f"{name}_growth_{kind}",
                "ratio",
                ratios(sorted(values), sorted(few[name])),
                "the same at 10 k visits",
                "≤ 1.3",
            ),
        ]
    coverage = ratios(sorted(many["coverage_office"]), sorted(empty))
    return [*figures, Figure(f"coverage_page_{kind}", "ratio", coverage, "a page with nothing on it", "≤ 3")]


def _to_be_opened(client: Browser, reader: str) -> list[Visit]:
    user = accounts.user_by_name(reader)
    assert user is not None
    return [*bulk.clean(scope_of(user)), db.session.get_one(Visit, _first_visit(client))]


def _first_visit(client: Browser) -> UUID:
    rows = client.get("/reviews/rows?state=waiting").get_data(as_text=True)
    found = re.search(r"/visits/([0-9a-f-]{36})", rows)
    assert found, rows[:300]
    return UUID(found[1])


def _pages(app: Flask) -> dict[str, list[float]]:
    found = {}
    deep = quote(f"{(utcnow() - timedelta(days=180)).isoformat()}_00000000-0000-0000-0000-000000000000")
    for reader in READERS:
        client = browser(app, reader)
        filling.tell_what_was_said(_to_be_opened(client, reader))
        found[f"queue_first_{reader}"] = asked(client, "/reviews/rows?state=waiting")
        found[f"queue_deep_{reader}"] = asked(client, f"/reviews/rows?state=approved&after={deep}")
        found[f"hazards_{reader}"] = asked(client, "/hazards/rows?state=open")
        found[f"visit_{reader}"] = asked(client, f"/visits/{_first_visit(client)}")
    found["clean_lead"] = asked(browser(app, "lead"), "/reviews/clean")
    found["coverage_office"] = asked(browser(app, "office"), "/coverage")
    return found
