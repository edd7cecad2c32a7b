"""The evening of a district: two hundred leads keep their review queues open while sixteen phones send."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter

from app import create_app
from field.accounts import queries as accounts
from field.core.db import db
from tests.bench import phones
from tests.bench.figures import Figure, ratios
from tests.bench.serving import serving
from tests.browser import browser_of
from tests.journeys.server import environment
from tests.waiting import Side

CLIENTS, BATCHES, ROUNDS = 16, 15, 5
VISITS = CLIENTS * BATCHES * phones.PER_BATCH
LEADS, PAUSE = 200, 20.0  # static/js/desk/fresh.js: each asks about every twenty seconds, never all at once


def live_queue(folder: Path) -> list[Figure]:
    """Visits per second while the queues are open, and while nobody looks, in turns."""
    data, alone, beside, told = folder / "live", [], [], Counter[int]()
    with serving(data) as served:
        senders, doors = phones.enrolled(data, CLIENTS)
        rounds = list(zip(senders, phones.rounds_of(doors, CLIENTS), strict=True))
        leads = _signed_in(data)
        for count in range(ROUNDS * 2):
            start = count * BATCHES * phones.PER_BATCH
            work = [(one, phones.batches(one, own, BATCHES, start)) for one, own in rounds]
            if count % 2 == 0:
                alone.append(VISITS / phones.send_all(served.port, work, "accepted"))
                continue
            with _polling(served.port, leads, told):
                beside.append(VISITS / phones.send_all(served.port, work, "accepted"))
    assert set(told) <= {200, 304}, told
    return [
        Figure("live_queue_visits", "visits/s with 200 queues open", beside),
        Figure("live_queue_alone", "visits/s with none", alone),
        Figure("live_queue", "ratio", ratios(beside, alone), "nobody looks", "≥ 0.9"),
        Figure("live_queue_unchanged", "share of 304", [told[304] / max(1, told.total())]),
    ]


def _signed_in(data: Path) -> list[str]:
    """Cookies of so many sign-ins of the demo's lead."""
    app = create_app(environment(data) | {"FIELD_ENV": "test"})
    with app.app_context():
        lead = accounts.user_by_name("lead")
        cookies = [browser_of(app, lead).cookie("session") for _ in range(LEADS)]
        db.session.remove()
        db.engine.dispose()
    assert all(cookies)
    return [str(cookie) for cookie in cookies]


@contextmanager
def _polling(port: int, leads: list[str], told: Counter[int]) -> Iterator[None]:
    """As long as this lasts each lead asks in turn; the answers are counted by their status."""
    over = threading.Event()
    desk = Side(lambda: _ask_in_turn(port, leads, told, over))
    try:
        yield
    finally:
        over.set()
    desk.result(60)


def _ask_in_turn(port: int, leads: list[str], told: Counter[int], over: threading.Event) -> None:
    """Ten requests a second, as two hundred desks make them together; a late answer makes none of the next drop out."""
    chance, known = random.Random(200), dict.fromkeys(leads, "")
    connection, due = HTTPConnection("127.0.0.1", port, timeout=60), perf_counter()
    while not over.wait(max(0.0, due - perf_counter())):
        due += chance.uniform(0.5, 1.5) * PAUSE / len(leads)
        lead = chance.choice(leads)
        headers = {"Cookie": f"session={lead}", "HX-Request": "true", "If-None-Match": known[lead]}
        connection.request("GET", "/reviews/rows?state=waiting", headers=headers)
        answer = connection.getresponse()
        answer.read()
        told[answer.status] += 1
        known[lead] = answer.headers.get("ETag") or known[lead]
    connection.close()
