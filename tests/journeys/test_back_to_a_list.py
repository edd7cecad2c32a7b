"""The way back to a list after a decision: the list is as it is now, not as it was when somebody left it."""

from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.desk_pictures import NARROW
from tests.journeys.records import record_hazard, record_visits
from tests.journeys.server import Server
from tests.waiting import until


def test_a_visit_that_was_decided_is_not_among_those_to_review_on_the_way_back(
    server: Server, desk: Desk
) -> None:
    record_visits(server, 2)
    page = desk.page
    page.set_viewport_size(NARROW)
    desk.go("/reviews?state=waiting")
    row = page.locator("#queue .queue-row").first
    decided = row.get_attribute("data-visit")
    row.locator("a").click()
    page.wait_for_url(f"**/visits/{decided}*")
    page.locator('form[action*="/approval"] button').click()
    until(lambda: server.count("visits", "state = 'approved'") == 1, 15)

    page.go_back()

    expect(page.locator("#queue .queue-row")).to_have_count(1)
    expect(page.locator(f"#row-{decided}")).to_have_count(0)


def test_whoever_was_sent_is_named_in_the_list_of_hazards_on_the_way_back(server: Server, desk: Desk) -> None:
    hazard = record_hazard(server)[1]
    page = desk.page
    desk.go("/hazards")
    page.locator(f"#open-{hazard}").click()
    page.wait_for_url(f"**/hazards/{hazard}")
    fold = page.locator('details:has(form[action$="/assignment"])')
    if fold.get_attribute("open") is None:
        fold.locator("> summary").click()
    form = page.locator('form[action$="/assignment"]')
    name = form.locator("select option:checked").inner_text()
    form.locator("button[type=submit]").click()
    until(lambda: server.count("finding_steps", "action = 'assign'") == 1, 15)

    page.go_back()

    expect(page.locator(f"#hazards tr:has(#open-{hazard})")).to_contain_text(name)
