"""A queue of more than a page: the keys and its own bar go on to its end, and the next visit is there already."""

from playwright.sync_api import Request, expect

from tests.journeys.desk import Desk
from tests.journeys.records import record_hazard, record_recheck, record_visits
from tests.journeys.server import Server
from tests.photos import pictures

ALL, PAGE = 55, 50


def test_j_goes_on_past_the_rows_that_came_first(server: Server, desk: Desk) -> None:
    record_visits(server, ALL)
    page, rows = desk.page, desk.page.locator("#queue .queue-row")
    desk.go("/reviews")
    expect(rows).to_have_count(PAGE)
    last = rows.last.get_attribute("data-visit")

    desk.go(f"/reviews?open={last}")
    expect(page.locator(f'#visit[data-visit="{last}"]')).to_have_count(1)
    seen = {last}
    for _step in range(ALL - PAGE):
        page.keyboard.press("j")
        expect(page.locator(f'#visit:not([data-visit="{last}"])')).to_have_count(1)
        last = page.locator("#visit").get_attribute("data-visit")
        seen.add(last)

    expect(rows).to_have_count(ALL)
    assert len(seen) == ALL - PAGE + 1
    expect(page.locator(f'#queue [data-visit="{last}"]')).to_have_attribute("aria-current", "true")


def test_the_rest_comes_when_the_list_itself_is_scrolled(server: Server, desk: Desk) -> None:
    record_visits(server, ALL)
    desk.go("/reviews")
    rows = desk.page.locator("#queue .queue-row")
    desk.page.wait_for_load_state("networkidle")
    expect(rows).to_have_count(PAGE)

    desk.page.locator("#queue").evaluate("(queue) => queue.scrollTo(0, queue.scrollHeight)")

    expect(rows).to_have_count(ALL)


def test_the_next_visit_is_there_before_anybody_asks_for_it(server: Server, desk: Desk) -> None:
    record_visits(server, 3)
    page = desk.page
    asked: list[tuple[str, bool]] = []

    def note(request: Request) -> None:
        if "/card" in request.url:
            asked.append((request.url.split("/")[-2], "fetched-ahead" in request.headers))

    page.on("request", note)
    with page.expect_response(lambda answer: "/card" in answer.url) as ahead:
        desk.go("/reviews")
    ahead.value.finished()
    visits = [row.get_attribute("data-visit") for row in page.locator("#queue .queue-row").all()]
    page.wait_for_load_state("networkidle")

    page.keyboard.press("j")

    expect(page.locator(f'#visit[data-visit="{visits[1]}"]')).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert asked == [(visits[1], True), (visits[2], True)]


def test_a_recheck_that_was_fetched_ahead_lies_over_the_photo_with_which_the_hazard_was_found(
    server: Server, desk: Desk
) -> None:
    old, new = (pictures.saved(pictures.quarters(*size), "JPEG") for size in ((300, 400), (600, 800)))
    _first, hazard = record_hazard(server, old)
    second = record_recheck(server, hazard, new)
    desk.go("/reviews")
    desk.page.wait_for_load_state("networkidle")

    desk.page.keyboard.press("j")

    expect(desk.page.locator(f'#visit[data-visit="{second}"]')).to_have_count(1)
    expect(desk.page.locator("#visit .compare.is-over input[type=range]")).to_be_visible()
    expect(desk.page.locator("#visit .compare img")).to_have_count(2)
