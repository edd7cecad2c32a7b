"""What the screens of the phone show only later, or seldom, has no serious fault and is made for thumbs, too."""

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.journeys.audit import faults_of
from tests.journeys.day_visits import known_work, visit_door
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.journeys.test_changing_own import change_from_the_line
from tests.journeys.test_hazards_at_a_door import found_before
from tests.journeys.test_slips import open_a_household
from tests.journeys.test_targets import SMALL
from tests.waiting import until

REASON = "请核实电话"


def test_what_is_seen_seldom_has_no_serious_fault_and_is_as_large_as_a_thumb(
    phone_browser: PhoneScreen, server: Server, desk: Desk
) -> None:
    found = {
        screen: wrong
        for screen in walk_on(phone_browser, server, desk)
        if (wrong := faults_of(phone_browser.page) + phone_browser.page.evaluate(SMALL))
    }

    assert found == {}


def walk_on(phone: PhoneScreen, server: Server, desk: Desk) -> Iterator[str]:
    """Show one after the other; yields what is shown."""
    yield from over_the_round(phone)
    yield from of_what_is_known(phone, server)
    yield from of_what_was_finished(phone, server, desk)


def over_the_round(phone: PhoneScreen) -> Iterator[str]:
    """What is opened beside the search."""
    phone.tap("[data-round-scan]")
    expect(phone.at("[data-scan-hint]")).not_to_be_empty()
    yield "the scanner"
    phone.tap("[data-scan-close]")
    phone.tap("[data-round-add]")
    expect(phone.at("[data-new-door] [name=door]")).to_be_visible()
    yield "a door that is missing"
    phone.page.keyboard.press("Escape")


def of_what_is_known(phone: PhoneScreen, server: Server) -> Iterator[str]:
    """A hazard, somebody and a place of work that the register has."""
    page = phone.page
    hazard = found_before(phone, server)
    row = page.locator(f'[data-recheck="{hazard}"]')
    row.locator("[data-results] .chip").first.tap()
    phone.shoot(row)
    yield "a hazard that is looked at again"
    throw_away(phone)

    open_a_household(phone)
    phone.start_visit()
    known = page.locator("[data-people] > li").first
    known.locator("[data-edit]").tap()
    known.locator("[name=document_number]").fill("1234")
    phone.tap("[data-finish]")
    yield "somebody known of whom a number is wrong"
    known.locator("[data-moved]").tap()
    expect(known.locator("[data-moved-on] input")).to_be_visible()
    yield "somebody known who moved out"
    throw_away(phone)

    shop, door = known_work(phone)[0]
    visit_door(phone, door)
    place = page.locator(f'[data-workplaces] > [data-workplace="{shop}"]')
    place.locator("[data-edit]").tap()
    expect(place.locator("[name=headcount]")).to_be_visible()
    yield "a place of work that changes"
    place.locator("[data-closed]").tap()
    yield "a place of work that has closed"
    throw_away(phone)


def of_what_was_finished(phone: PhoneScreen, server: Server, desk: Desk) -> Iterator[str]:
    """A visit of one's own, and as it came back."""
    page = phone.page
    phone.nothing_changed()
    change_from_the_line(phone)
    yield "one's own visit again"
    phone.tap("[data-discard]")
    phone.see("round")

    until(lambda: phone.waiting() == 0, 30)
    (record,) = phone.records()
    desk.send_back(record["visit"], REASON)
    page.reload()
    phone.tap("[data-round-first] a")
    phone.see("door")
    expect(page.locator('[data-screen="door"] .is-returned')).to_contain_text(REASON)
    yield "a door that came back"
    phone.tap("[data-door-returned]")
    phone.see("visit")
    expect(phone.at("[data-visit-returned]")).to_contain_text(REASON)
    yield "a visit that came back"


def throw_away(phone: PhoneScreen) -> None:
    """Discard the visit that is open."""
    phone.tap("[data-discard]")
    phone.see("round")
