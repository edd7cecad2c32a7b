"""A working day: forty doors without a signal, then all of it on the desk, field by field as the phone said it."""

import json
from collections.abc import Callable
from datetime import date
from itertools import cycle, islice
from typing import Any

from playwright.sync_api import expect

from app import create_app
from field.core.db import db
from field.demo import numbers
from field.visits.models import VisitRevision
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server, environment
from tests.waiting import until

DAY = 40


def test_forty_visits_of_a_day_are_on_the_desk_as_they_were_said(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    for visit in islice(cycle(ROUND), DAY):
        go_to_an_open_building(phone_browser)
        visit(phone_browser)
    server.start()
    phone_browser.go("outbox")
    phone_browser.network_returns()
    until(lambda: len(phone_browser.records()) == DAY and phone_browser.waiting() == 0, seconds=40)

    said = {record["visit"]: json.loads(record["body"]) for record in phone_browser.records()}

    assert len(said) == DAY
    assert bodies_of(server) == said


def bodies_of(server: Server) -> dict[str, Any]:
    """What the desk holds of each visit."""
    server.kill()
    with create_app(environment(server.data)).app_context():
        return {str(row.visit_id): row.body for row in db.session.query(VisitRevision)}


def go_to_an_open_building(phone: PhoneScreen) -> None:
    """Unfold the next building when the last one is done."""
    if phone.doors().count() == 0:
        phone.page.locator("[data-round-buildings] details:not([open]) > summary").first.tap()
        expect(phone.doors().first).to_be_visible()


def ended(outcome: str) -> Callable[[PhoneScreen], None]:
    """A door at which no visit takes place."""

    def visit(phone: PhoneScreen) -> None:
        phone.open_door()
        phone.tap(f'[data-end="{outcome}"]')
        phone.see("round")

    return visit


def unchanged(phone: PhoneScreen) -> None:
    """All is as known."""
    phone.nothing_changed()


def a_hazard_with_its_notice(phone: PhoneScreen) -> None:
    """A hazard with a photo, and a notice that nobody signs."""
    phone.begin_visit()
    phone.shoot(phone.add_hazard(2))
    phone.tap("[data-paper-open]")
    phone.tap("[data-paper-answer=declined]")
    phone.finish()


def a_newcomer_who_asks(phone: PhoneScreen) -> None:
    """Somebody has moved in and wants a permit."""
    order = len(phone.records())
    phone.begin_visit()
    phone.add_person(f"演示·新来{order}", numbers.identity_number(date(1990, 1, 2), order), "15400009990")
    phone.tap("[data-visit-requests] > summary")
    phone.page.locator("[data-requests] .chip").nth(1).tap()
    phone.page.locator("[data-conditions] .check").first.tap()
    phone.finish()


def a_shop(phone: PhoneScreen) -> None:
    """There is a shop behind the door now."""
    phone.begin_visit()
    phone.tap("[data-visit-workplaces] > summary")
    phone.tap("[data-add-workplace]")
    phone.page.locator("[data-added-workplaces] [name=name]").fill("演示·修理铺")
    phone.page.locator("[data-added-workplaces] [name=headcount]").fill("2")
    phone.finish()


ROUND = (
    ended("no_answer"),
    unchanged,
    ended("vacant"),
    unchanged,
    a_hazard_with_its_notice,
    ended("refused"),
    unchanged,
    a_newcomer_who_asks,
    ended("rescheduled"),
    a_shop,
)
