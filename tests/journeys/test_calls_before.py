"""Who was at a door before: a colleague yesterday, and at what hour doors here open, this phone's own calls counted."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import func, select

from field.core.clock import instant_text
from field.core.db import db
from field.places.models import Dwelling
from tests.journeys.audit import faults_of
from tests.journeys.phone import PhoneScreen
from tests.journeys.records import walking
from tests.journeys.server import Server
from tests.phone import Phone
from tests.waiting import until

# By the clock of the phones of the demo, which is eight hours ahead of UTC.
MORNING, EVENING = 2, 10
NOBODY = {"outcome": "no_answer", "consent": None, "notice": None, "unchanged": None, "checklist": None}
HOURS = "[data-door] [data-text=hours]"


def _yesterday(hour: int) -> datetime:
    return (datetime.now(UTC) - timedelta(days=1)).replace(hour=hour, minute=30)


def _call(phone: Phone, door: UUID, at: datetime, **said: Any) -> None:
    times = {"started_at": instant_text(at - timedelta(minutes=5)), "finished_at": instant_text(at)}
    if said.get("notice", True):
        said["notice"] = {"version": 1, "shown_at": times["started_at"]}
    event = phone.event(phone.visit_body(door, **times, **said), recorded_at=instant_text(at))
    assert [one["result"] for one in phone.send(event)] == ["accepted"]


def _fetch(phone: PhoneScreen) -> None:
    phone.go("me")
    phone.tap("[data-me-refresh]")
    expect(phone.at("[data-toast-text]")).to_have_text(phone.words("round_fetched"))
    phone.go("round")


def _look_at(phone: PhoneScreen, door: UUID) -> None:
    phone.page.goto(f"{phone.address}/phone/door#{door}")
    phone.see("door")


def _hours(phone: PhoneScreen, opened: int, calls: int) -> re.Pattern[str]:
    script = 'JSON.parse(document.getElementById("texts").textContent).best_hours'
    text: str = phone.page.evaluate(script)
    for name, value in {"from": 18, "to": 20, "n": opened, "of": calls}.items():
        text = text.replace(f"{{{name}}}", str(value))
    return re.compile(re.escape(text))


def test_where_nobody_opens_the_hours_in_which_doors_here_open_are_said_at_the_door_and_under_its_filter(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone, page = phone_browser, phone_browser.page
    with walking(server) as (sender, doors):
        home = Dwelling.building_id
        largest = select(home).where(Dwelling.id.in_(doors)).group_by(home).order_by(func.count().desc())
        one = db.session.scalars(largest.limit(1)).one()
        here = list(db.session.scalars(select(Dwelling.id).where(home == one).order_by(Dwelling.id)))
        for door in here[:6]:
            _call(sender, door, _yesterday(EVENING))
        _call(sender, here[6], _yesterday(MORNING), **NOBODY)
    tried, other = here[7], here[8]
    _fetch(phone)
    server.kill()
    page.clock.set_fixed_time(_yesterday(MORNING) + timedelta(days=2))
    _look_at(phone, tried)
    expect(page.locator(HOURS)).to_be_hidden()

    phone.tap('[data-end="no_answer"]')
    phone.see("round")

    phone.tap("[data-round-filter] .chip:has([value=no_answer])")
    card = page.locator(".building", has=page.locator(f'[href="/phone/door#{tried}"]'))
    expect(card.locator("summary")).to_contain_text(_hours(phone, 6, 6))
    assert faults_of(page) == []
    phone.tap(f'[href="/phone/door#{tried}"]')
    phone.see("door")
    expect(page.locator(HOURS)).to_contain_text(_hours(phone, 6, 6))

    # At the latest a new start makes a record of it.
    page.reload()
    until(lambda: len(phone.records()) == 1)
    # In the evening somebody is tried in vain: that is a call like the others, before the desk has it.
    page.clock.set_fixed_time(_yesterday(EVENING) + timedelta(days=2))
    _look_at(phone, other)
    phone.tap('[data-end="no_answer"]')
    phone.see("round")
    _look_at(phone, other)
    expect(page.locator(HOURS)).to_contain_text(_hours(phone, 6, 7))


def test_a_colleague_who_was_there_yesterday_is_said_before_a_second_knock_and_going_on_stays_possible(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone, page = phone_browser, phone_browser.page
    with walking(server, "worker2") as (sender, doors):
        door = doors[0]
        _call(sender, door, datetime.now(UTC) - timedelta(days=1))
    _fetch(phone)

    _look_at(phone, door)

    said = page.locator("[data-text=guard]")
    expect(said).to_have_text(phone.words("visited_by_other"))
    expect(said).to_contain_text(phone.words("yesterday"))
    expect(page.locator(".message", has=said)).to_have_class(re.compile("is-away"))
    expect(page.locator("[data-door-start-word]")).to_have_text(phone.words("start_again"))
    assert faults_of(page) == []

    # Nobody opens, and they are still warned of the visit that took place.
    phone.tap('[data-end="no_answer"]')
    phone.see("round")
    _look_at(phone, door)
    expect(said).to_have_text(phone.words("visited_by_other"))
    expect(page.locator("[data-door-start-word]")).to_have_text(phone.words("start_again"))
    phone.tap("[data-door-start]")
    phone.see("visit")
