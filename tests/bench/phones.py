"""Phones that send as fast as the server takes it: batches made beforehand, each phone on a connection of its own."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from sqlalchemy import select

from app import create_app
from field.accounts import queries as accounts
from field.core.clock import instant_text
from field.core.db import db
from field.core.ids import new_id
from field.places.models import Dwelling
from field.visits.upcasts import NEWEST
from tests.journeys.server import environment
from tests.phone import Phone, digest_of

PER_BATCH = 20


@dataclass(frozen=True)
class Sender:
    """An enrolled phone: its device, its credential and whose it is."""

    device: str
    cookie: str
    author: str
    epoch: str


def enrolled(data: Path, number: int, **settings: str) -> tuple[list[Sender], list[str]]:
    """So many phones of the demo's worker, and the doors of the round."""
    app = create_app(environment(data) | settings | {"FIELD_ENV": "test"})
    with app.app_context():
        worker = accounts.user_by_name("worker")
        assert worker is not None
        doors = db.session.scalars(select(Dwelling.id).order_by(Dwelling.id)).all()
        senders = [_enrolled(app, worker) for _ in range(number)]
        db.engine.dispose()
    return senders, [str(door) for door in doors]


def _enrolled(app: Flask, worker: Any) -> Sender:
    phone = Phone(app, worker).enrol()
    cookie = phone.browser.cookie("device", "/sync")
    assert cookie
    return Sender(phone.device, cookie, phone.author, phone.epoch)


def rounds_of(doors: Sequence[str], number: int) -> list[Sequence[str]]:
    """The doors for each of so many phones, each beginning elsewhere: no team of sixteen stands at the same doors."""
    step = len(doors) // number
    return [[*doors[count * step :], *doors[: count * step]] for count in range(number)]


def batches(sender: Sender, doors: Sequence[str], number: int, start: int) -> list[bytes]:
    """Bodies of POST /sync/batches: visits at which nothing had changed."""
    made = []
    for batch in range(number):
        first = start + batch * PER_BATCH
        events = [_event(sender, doors, first + place) for place in range(PER_BATCH)]
        whole = {"device": sender.device, "build": "bench", "sent_at": _now(), "epoch": sender.epoch}
        made.append(orjson.dumps(whole | {"events": events}))
    return made


def _event(sender: Sender, doors: Sequence[str], seq: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    body = {
        "visit": str(new_id()),
        "revision": 1,
        "dwelling": doors[seq % len(doors)],
        "base_revision": 1,
        "started_at": instant_text(now - timedelta(minutes=6)),
        "finished_at": instant_text(now - timedelta(minutes=1)),
        "outcome": "done",
        "consent": True,
        "notice": {"version": 1, "shown_at": instant_text(now - timedelta(minutes=5))},
        "unchanged": True,
    }
    text = orjson.dumps(body).decode()
    return {
        "id": str(new_id()),
        "seq": seq + 1,
        "author": sender.author,
        "type": "visit.recorded",
        "schema": NEWEST,
        "recorded_at": instant_text(now),
        "digest": digest_of(text.encode()),
        "enc": "none",
        "body": text,
    }


def _now() -> str:
    return str(instant_text(datetime.now(UTC)))


def send_all(port: int, work: Sequence[tuple[Sender, Sequence[bytes]]], accepted: str) -> float:
    """Let every phone send its batches at once; seconds until the last answer. Each event must be `accepted`."""
    wrong: list[str] = []

    def run(sender: Sender, bodies: Sequence[bytes]) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        for body in bodies:
            results = _post(connection, sender, body)
            wrong.extend(result["result"] for result in results if result["result"] != accepted)
        connection.close()

    seconds = at_once([lambda one=one: run(*one) for one in work])  # type: ignore[misc]
    assert not wrong, wrong[:5]
    return seconds


def _post(connection: HTTPConnection, sender: Sender, body: bytes) -> list[dict[str, Any]]:
    headers = {"Content-Type": "application/json", "Cookie": f"device={sender.cookie}"}
    connection.request("POST", "/sync/batches", body, headers)
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, content[:300]
    results: list[dict[str, Any]] = orjson.loads(content)["results"]
    return results


def at_once(works: Sequence[Callable[[], None]]) -> float:
    """Run works in threads; seconds until the last has ended. What one raises is raised: whoever gave up sent less."""
    with ThreadPoolExecutor(len(works)) as pool:
        start = time.perf_counter()
        for one in [pool.submit(work) for work in works]:
            one.result()
        return time.perf_counter() - start
