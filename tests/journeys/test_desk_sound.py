"""Pages of the desk that are opened now and then, and the papers: nothing serious for axe, nothing too wide."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.audit import NARROW, insist_on_sound, width_overrun
from tests.journeys.chromium import DESK, Chromium
from tests.journeys.desk import Desk
from tests.journeys.records import confirmation_link, record_hazard, record_pairs
from tests.journeys.server import Server

# What printers put on a roll of 80 mm, and on A4 within its margins.
PRINTED = {"roll": 72, "a4": 174}
_MILLIMETRE = 96 / 25.4
# Longer than any name that a district will choose.
_ADDRESS = "https://rental-housing-inspection.long-named-district.gov.example"
_TOO_WIDE = """
(most) => {
  const paper = document.querySelector(".paper").getBoundingClientRect();
  return [...document.querySelectorAll(".paper, .paper *")]
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.right - paper.left > most + 0.5 || box.left < paper.left - 0.5)
    .map(([one, box]) => `${one.tagName} ${Math.round(box.right - paper.left)} ${one.textContent.slice(0, 40)}`);
}
"""


def test_what_merges_asks_compares_and_lists_is_sound(server: Server, desk: Desk) -> None:
    record_pairs(server)
    page = desk.page
    desk.go("/merges")
    insist_on_sound(page, "/merges")
    pairs = {
        kind: str(page.locator(f'a[href^="/merges/{kind}/"]').first.get_attribute("href"))
        for kind in ("visits", "people", "addresses")
    }
    for path in pairs.values():
        desk.go(path)
        insist_on_sound(page, path)

    for kind, verb in (("people", "joining"), ("addresses", "refusal")):
        desk.go(pairs[kind])
        button = 'button[formaction$="/refusal"]' if verb == "refusal" else "button.primary"
        page.locator(f".decision {button}").click()
        page.wait_for_url("**/merges?told=*")
        insist_on_sound(page, f"after {verb}")
    desk.go("/merges")
    page.locator('button[value="offered"]').first.click()
    page.wait_for_url("**/merges?told=*")
    desk.go("/merges/decided")
    expect(page.locator('form[action$="/reversal"]')).to_have_count(3)
    insist_on_sound(page, "/merges/decided")


def test_what_the_office_sets_for_reviews_is_sound(
    server: Server, browser_with: Callable[..., Chromium]
) -> None:
    office = Desk(browser_with(**DESK), server.address)
    office.sign_in("office")
    for path in ("/reviews/reasons", "/reviews/rule"):
        office.go(path)
        insist_on_sound(office.page, path)

    office.go("/reviews/reasons")
    office.page.locator('form[action="/reviews/reasons"] button[type=submit]').click()
    expect(office.page.locator("[aria-invalid=true]").first).to_be_visible()
    insist_on_sound(office.page, "a reason that is refused")
    office.page.fill("#zh-new", "请写清楼层。")
    office.page.fill("#en-new", "Please say which floor.")
    office.page.locator('form[action="/reviews/reasons"] button[type=submit]').click()
    expect(office.page.locator('form[action$="/removal"]')).not_to_have_count(0)
    insist_on_sound(office.page, "the district's own reasons")


def test_the_page_behind_the_link_of_a_mail_is_sound(
    server: Server, browser_with: Callable[..., Chromium]
) -> None:
    page = browser_with(**DESK).page
    for verb in ("refusal", "confirmation"):
        link = confirmation_link(server)
        for language in ("zh", "en"):
            page.goto(f"{server.address}{link}?lang={language}")
            expect(page.locator("form")).to_have_count(2)
            insist_on_sound(page, link)
        page.locator(f'form[action$="/{verb}"] button').click()
        expect(page.locator("[role=status]")).to_be_visible()
        insist_on_sound(page, verb)


@pytest.mark.parametrize("paper", PRINTED)
def test_a_paper_is_sound_and_no_wider_than_its_printer(server: Server, desk: Desk, paper: str) -> None:
    server.kill()
    server.settings = {"FIELD_ADDRESS": _ADDRESS}
    server.start()
    _visit, hazard = record_hazard(server)
    page = desk.page
    desk.go(f"/hazards/{hazard}")
    page.locator(f"button[value={paper}]").click()
    expect(page.locator(".paper .square")).to_be_visible()
    copy = page.url.split("?")[0]

    for language in ("zh", "en"):
        page.goto(f"{copy}?paper={paper}&lang={language}")
        expect(page.locator(".paper")).to_contain_text(_ADDRESS)
        insist_on_sound(page, f"{paper}, {language}")
        page.emulate_media(media="print")
        wide = round(PRINTED[paper] * _MILLIMETRE)
        page.set_viewport_size({"width": wide, "height": 1100})
        assert page.evaluate(_TOO_WIDE, wide) == [], language
        assert width_overrun(page) <= 0, language
        page.emulate_media(media="screen")
        page.set_viewport_size(DESK["viewport"])


def test_in_a_narrow_window_nothing_lies_beyond_an_edge_without_a_sign(server: Server, desk: Desk) -> None:
    record_hazard(server)
    page = desk.page
    page.set_viewport_size(NARROW)

    for path in ("/reviews", "/hazards", "/referrals", "/merges", "/set-aside"):
        desk.go(path)
        for one in page.locator(".states > a").all():
            box = one.bounding_box()
            assert box, path
            assert box["x"] >= 0, path
            assert box["x"] + box["width"] <= NARROW["width"], path
        assert width_overrun(page) <= 0, path

    desk.go("/reviews")
    tabs = page.locator(".tabs")
    edges = [
        (box["x"], box["x"] + box["width"]) for one in tabs.locator("a").all() if (box := one.bounding_box())
    ]
    [cut] = [(left, right) for left, right in edges if left < NARROW["width"] < right]
    assert cut[0] + 20 < NARROW["width"] < cut[1] - 20
    fades = "(strip) => ['start', 'end'].map((side) => getComputedStyle(strip).getPropertyValue(`--fade-${side}`))"
    assert tabs.evaluate(fades) == ["0px", "40px"]
    tabs.evaluate("(strip) => { strip.scrollLeft = strip.scrollWidth; }")
    expect(tabs.locator("a").last).to_be_in_viewport(ratio=1)
    page.wait_for_function(
        f"JSON.stringify(({fades})(document.querySelector('.tabs'))) === '[\"40px\",\"0px\"]'"
    )
