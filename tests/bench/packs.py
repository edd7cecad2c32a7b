"""What the phone is sent: the first pack of a full grid, the pack of few changes, the shell, a visit on the wire."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from sqlalchemy import select

from field.accounts import queries as accounts
from field.core.db import db, transaction
from field.demo.cast import COMMUNITY
from field.people.models import Occupancy, Person
from field.places.models import Building, Dwelling
from tests.bench import filling, pages, phones
from tests.bench.figures import Figure, ratios
from tests.phone import Phone

HOMES, OCCUPANTS = 2_000, 5_000
DISTRICTS = (20_000, 200_000, 2_000_000)
CHANGES = 10
GZIP = {"Accept-Encoding": "gzip"}
# Without TLS no browser has a service worker, except on the machine itself.
OVER_TLS = {"Accept-Encoding": "gzip, deflate, br"}
# What Chromium sends beside what counts; without cookies, which are added.
HEADERS = (
    "POST /sync/batches HTTP/1.1\r\nHost: doorstep.example.cn\r\nConnection: keep-alive\r\nContent-Length: 5000\r\n"
    'sec-ch-ua-platform: "Android"\r\nUser-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like '
    "Gecko) Chrome/142.0.0.0 Mobile Safari/537.36\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\n"
    "sec-ch-ua-mobile: ?1\r\nAccept: */*\r\nOrigin: https://doorstep.example.cn\r\nSec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: zh-CN,zh;q=0.9\r\n\r\n"
)


def first_pack(folder: Path) -> list[Figure]:
    """The first pack of a worker whose grid is full, and what is sent of an empty one taken off."""
    with pages.program(folder / "pack") as app:
        sender = _a_phone(app)
        before = _whole_pack(sender)
        filling.a_full_grid(HOMES, OCCUPANTS)
        taken = pages.milliseconds(lambda: _whole_pack(sender), 7)
        bare = pages.milliseconds(_bare_query, 7)
        grown = _whole_pack(sender) - before
    return [
        Figure("pack_full_ms", "ms", taken),
        Figure("pack_full_ratio", "ratio", ratios(sorted(taken), sorted(bare)), "the bare queries", "≤ 10"),
        Figure("pack_full_bytes", "bytes a dwelling", [grown / HOMES], "", "≤ 120"),
    ]


def few_changes(folder: Path) -> list[Figure]:
    """The pack with ten changes, in districts of three sizes."""
    found: dict[int, list[float]] = {}
    with pages.program(folder / "delta") as app:
        sender = _a_phone(app)
        for size in DISTRICTS:
            filling.more_doors(size)
            cursor = sender.pack()["cursor"]
            _change_doors()
            found[size] = pages.milliseconds(lambda since=cursor: sender.pack_page(since))  # type: ignore[misc]
    smallest, *_between, largest = (sorted(values) for values in found.values())
    return [
        *(Figure(f"pack_delta_{size // 1000}k", "ms", values) for size, values in found.items()),
        Figure("pack_delta", "ratio", ratios(largest, smallest), "a hundredth of the dwellings", "≤ 1.3"),
    ]


def _a_phone(app: Flask) -> Phone:
    worker = accounts.user_by_name("worker")
    assert worker is not None
    return Phone(app, worker).enrol()


def _whole_pack(sender: Phone) -> int:
    """Ask for every page; the bytes on the wire."""
    size, since = 0, None
    while True:
        answer = sender.browser.get(
            "/sync/pack", query_string={"since": since} if since else None, headers=GZIP
        )
        size += len(answer.data)
        page = orjson.loads(gzip.decompress(answer.data))
        since = page["cursor"]
        if not page["more"]:
            return size


def _bare_query() -> None:
    """Reading the same rows without making objects of them."""
    for model in (Building, Dwelling, Occupancy):
        table = model.__table__
        db.session.execute(select(table).where(table.c.grid_code.startswith(COMMUNITY))).all()
    table = Occupancy.__table__
    people = select(Person.__table__).where(Person.id.in_(select(table.c.person_id)))
    db.session.execute(people).all()


def _change_doors() -> None:
    with transaction() as session:
        doors = (
            select(Dwelling)
            .where(Dwelling.grid_code == f"{COMMUNITY}-01")
            .order_by(Dwelling.id)
            .limit(CHANGES)
        )
        for door in session.scalars(doors):
            door.headcount = (door.headcount or 0) + 1


def on_the_wire(folder: Path) -> list[Figure]:
    """Bytes up and down for a visit at which nothing had changed, in a batch of twenty; and the shell."""
    with pages.program(folder / "wire") as app:
        sender = _a_phone(app)
        doors = [str(key) for key in db.session.scalars(select(Dwelling.id).order_by(Dwelling.id))]
        cookie = sender.browser.cookie("device", "/sync")
        assert cookie
        one = phones.Sender(sender.device, cookie, sender.author, sender.epoch)
        bodies = phones.batches(one, doors, 5, 0)
        sizes = [_bytes_of(sender, cookie, body) / phones.PER_BATCH for body in bodies]
        shell = _shell(sender.browser.get)
    return [
        Figure("bytes_per_visit", "bytes", sizes, "", "≤ 500"),
        Figure("shell_bytes", "KiB", [shell / 1024], "", "≤ 100"),
    ]


def _bytes_of(sender: Phone, cookie: str, body: bytes) -> int:
    packed = gzip.compress(body)
    answer = sender.browser.post(
        "/sync/batches",
        data=packed,
        content_type="application/json",
        headers=GZIP | {"Content-Encoding": "gzip"},
    )
    assert answer.status_code == 200
    up = len(HEADERS) + len(f"Cookie: device={cookie}\r\n") + len(packed)
    return up + len(str(answer.headers)) + len("HTTP/1.1 200 OK\r\n") + len(answer.data)


def _shell(get: Callable[..., Any]) -> int:
    """What a phone fetches to work offline in every language, with its service worker. Not the reader of plates, which
    only phones that read no codes fetch, and not what a home screen shows."""
    kept, _sign, _rest = get("/phone/precache.js").get_data(as_text=True).partition("export const READER")
    urls = ["/sw.js", "/phone/precache.js", *re.findall(r'"url":"([^"]+)"', kept)]
    return sum(len(get(url, headers=OVER_TLS).data) for url in urls)
