"""A let dwelling is due again: the office says after how many days, the phone says since when."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import select

from field.core.clock import instant_text, utcnow
from field.core.db import db
from field.places.models import Dwelling
from tests.journeys.audit import faults_of
from tests.journeys.chromium import DESK, Chromium
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.records import walking
from tests.journeys.server import Server

AGAIN = ".cell.is-todo:has(use[href='#i-calendar'])"


def _visited_before(server: Server, days: int) -> UUID:
    """A let door where nothing is dangerous, visited so many days ago."""
    with walking(server) as (phone, doors):
        let = select(Dwelling.id).where(Dwelling.id.in_(doors), Dwelling.use == "let").order_by(Dwelling.id)
        door = db.session.scalars(let).first()
        assert door is not None
        at = instant_text(utcnow() - timedelta(days=days))
        phone.send(phone.event(phone.visit_body(door), recorded_at=at))
    return door


def test_a_let_dwelling_is_to_do_again_after_the_days_that_the_office_has_set(
    phone_browser: PhoneScreen, server: Server, browser_with: Callable[..., Chromium]
) -> None:
    door = _visited_before(server, days=3)
    office = Desk(browser_with(**DESK), server.address)
    office.sign_in("office")
    office.page.goto(f"{server.address}/hazards/rules")
    office.page.fill("#intervals-clean_days", "3")
    office.page.click("#intervals button[type=submit]")
    expect(office.page.locator("#intervals [role=status]")).to_be_visible()

    phone_browser.page.reload()
    phone_browser.see("round")
    phone_browser.page.check("[data-round-filter] [value=due]", force=True)
    expect(phone_browser.page.locator(AGAIN)).to_have_count(1)
    settled = phone_browser.page.locator("[data-round-filter] label:has([value=done]) b").inner_text()
    phone_browser.tap(AGAIN)
    phone_browser.see("door")
    expect(phone_browser.at("[data-text=again]")).to_be_visible()
    expect(phone_browser.page.locator("[data-text=guard]")).to_be_hidden()
    assert faults_of(phone_browser.page) == []

    phone_browser.tap('[data-end="vacant"]')
    phone_browser.see("round")
    expect(phone_browser.page.locator(AGAIN)).to_have_count(0)
    assert settled == "1"
    assert phone_browser.page.url.endswith("/phone/round"), door
