"""A house that nobody knew: added with its first door without a signal, confirmed at the desk, there like any other."""

from playwright.sync_api import expect

from tests.journeys.audit import faults_of
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

ADDRESS = "新村 7号"
# As the register spells it.
RIGHT_ADDRESS = "新村路 7号"


def test_a_house_that_is_missing_is_added_with_its_first_door_and_confirmed_at_the_desk(
    phone_browser: PhoneScreen, server: Server, desk: Desk
) -> None:
    server.kill()
    page = phone_browser.page
    phone_browser.tap("[data-round-add]")
    expect(page.locator("[data-new-house]")).to_be_hidden()
    foot = page.locator("[data-new-door] [type=submit]")
    expect(foot).to_be_in_viewport(ratio=1)
    page.select_option("[data-new-door] [name=building]", "")
    expect(page.locator("[data-new-door] [name=address]")).to_be_focused()
    expect(page.locator("[data-new-house-too]")).to_be_visible()
    expect(page.locator("[data-new-one-door]")).to_be_hidden()
    expect(foot).to_be_in_viewport(ratio=1)
    page.fill("[data-new-door] [name=door]", "201")
    phone_browser.tap("[data-new-door] [type=submit]")
    expect(page.locator("#new-address-error")).to_be_visible()
    assert faults_of(page) == []
    page.fill("[data-new-door] [name=address]", ADDRESS)
    page.fill("[data-new-door] [name=plate]", "new-7")
    phone_browser.tap("[data-new-door] [type=submit]")
    phone_browser.see("door")
    phone_browser.tap('[data-end="vacant"]')
    phone_browser.see("round")
    expect(page.locator(".building", has_text=ADDRESS)).to_have_count(1)

    server.start()
    phone_browser.go("outbox")
    phone_browser.send_now()
    until(lambda: server.count("visits") == 1, 45)
    desk.go("/proposals")
    card = desk.page.locator("section.card", has_text=f"{ADDRESS} 201")
    expect(card.locator(".mono")).to_have_text("new-7")
    assert faults_of(desk.page) == []
    card.locator("[name=address]").fill(RIGHT_ADDRESS)
    card.locator('button[form^="confirm-"]').click()
    expect(card).to_have_count(0)
    assert server.rows("SELECT proposal FROM buildings WHERE address = ?", RIGHT_ADDRESS) == [(None,)]
