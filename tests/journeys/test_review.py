"""From the phone to the desk and back: what the lead sees, decides, and what the worker does about it."""

from datetime import date, timedelta

from playwright.sync_api import Locator, expect

from tests.journeys.audit import faults_of
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.journeys.test_changing_own import change_from_the_line
from tests.journeys.test_without_signal import record_two_hazards_and_a_newcomer
from tests.photos import pictures
from tests.waiting import until

REASON = "照片看不清，请补拍堆物的位置"


def test_a_day_from_the_door_to_the_desk_and_back(
    phone_browser: PhoneScreen, server: Server, desk: Desk
) -> None:
    with_hazards, unchanged = record_two_visits(phone_browser, server)
    expect(desk.queue()).to_have_count(2)
    desk.go(f"/visits/{with_hazards}")
    assert_two_photos_fit_to_be_seen(desk)
    desk.approve(unchanged)
    desk.send_back(with_hazards, REASON, {"照片 2": "太暗", "隐患告知单": "没签"})
    expect(desk.queue()).to_have_count(0)

    phone_browser.network_returns()
    expect(phone_browser.page.locator(".record", has_text=REASON)).to_have_count(1)
    correct_the_returned_visit(phone_browser, "已补：二楼楼梯口")
    # What is changed once more has not come back.
    change_from_the_line(phone_browser)
    expect(phone_browser.at("[data-visit-own]")).to_be_visible()
    expect(phone_browser.page.locator("[data-visit-returned]")).to_be_hidden()
    for before in ("door", "round"):
        phone_browser.tap("[data-back]")
        phone_browser.see(before)
    until(lambda: phone_browser.waiting() == 0, 45)

    assert server.count("visits") == 2
    assert server.count("visit_revisions") == 3
    assert server.count("findings", "withdrawn = 0") == 2
    assert server.count("occupancies", "visit_id IS NOT NULL") == 1
    expect(desk.queue()).to_have_count(1)
    desk.go(f"/visits/{with_hazards}")
    visit = desk.page.locator("#visit")
    expect(visit.get_by_text("已补：二楼楼梯口")).to_be_visible()
    expect(visit.get_by_text(REASON).first).to_be_visible()
    visit.locator("details", has_text="门口堆放杂物").locator("summary").first.click()
    expect(visit.get_by_text("门口堆放杂物")).to_be_visible()


def test_two_hazards_stand_open_on_the_list_with_their_deadline(
    phone_browser: PhoneScreen, server: Server, desk: Desk
) -> None:
    record_two_visits(phone_browser, server)
    desk.go("/hazards")
    rows = desk.page.locator("#hazards tbody tr")
    expect(rows).to_have_count(2)
    deadlines = server.rows(
        "SELECT f.name_zh, f.due_on, f.found_at, i.due_days FROM findings f JOIN checklist_items i"
        " ON i.code = f.item_code AND f.settled = 0"
    )
    assert len(deadlines) == 2
    for name, due_on, found_at, due_days in deadlines:
        due, found = date.fromisoformat(due_on), date.fromisoformat(found_at[:10])
        assert abs(due - found - timedelta(days=due_days)) <= timedelta(days=1), "but for the time zone"
        row = rows.filter(has_text=name)
        expect(row).to_contain_text(f"{due.month}\u2060月\u2060{due.day}\u2060日")
        row.locator("a").first.click()
        expect(desk.page.locator("h1")).to_have_text(name)
        desk.page.go_back()
    assert_a_refresh_finds_nothing_new(desk, rows)


def test_no_page_of_the_desk_has_a_serious_fault(
    phone_browser: PhoneScreen, server: Server, desk: Desk
) -> None:
    with_hazards, _unchanged = record_two_visits(phone_browser, server)
    finding = server.rows("SELECT id FROM findings LIMIT 1")[0][0]
    for path in ("/reviews", f"/visits/{with_hazards}", "/hazards", f"/hazards/{finding}"):
        desk.go(path)
        assert faults_of(desk.page) == [], path


def record_two_visits(phone: PhoneScreen, server: Server) -> tuple[str, str]:
    """One visit with hazards, photos and a newcomer, and one without anything; ids in this order."""
    server.kill()
    record_two_hazards_and_a_newcomer(phone)
    phone.nothing_changed()
    server.start()
    phone.go("outbox")
    phone.network_returns()
    until(lambda: phone.waiting() == 0, 45)
    long, short = sorted(phone.records(), key=lambda record: -len(record["photos"]))
    return long["visit"], short["visit"]


def assert_two_photos_fit_to_be_seen(desk: Desk) -> None:
    """Both photos are shown, the right way up, and tell nothing about where they were taken."""
    links = desk.page.locator("#visit a[data-photo]")
    expect(links).to_have_count(2)
    for link in links.all():
        expect_drawn(link)
        content = desk.photo(link)
        pictures.assert_tells_nothing(content)
        assert_upright(content)


def assert_a_refresh_finds_nothing_new(desk: Desk, rows: Locator) -> None:
    """The list asks for as many rows as it shows, hears that nothing has changed, and leaves the focus where it is."""
    rows.first.locator("a").focus()
    with desk.page.expect_response(lambda answer: "/hazards/rows" in answer.url) as heard:
        desk.page.evaluate("document.getElementById('hazards').dispatchEvent(new Event('refresh'))")
    assert heard.value.status == 304
    assert "rows=2" in heard.value.url
    expect(rows).to_have_count(2)
    expect(rows.first.locator("a")).to_be_focused()


def expect_drawn(link: Locator) -> None:
    """The browser has decoded the picture."""
    link.scroll_into_view_if_needed()
    image = link.locator("img")
    until(lambda: image.evaluate("(image) => image.complete && image.naturalWidth > 0"))


def assert_upright(content: bytes) -> None:
    """Blue and red are above white and green, as the camera meant it."""
    image = pictures.opened(content).convert("RGB")
    wide, high = image.size
    assert high > wide
    seen = [image.getpixel((x, y)) for y in (high // 4, 3 * high // 4) for x in (wide // 4, 3 * wide // 4)]
    meant = [(0, 0, 255), (255, 0, 0), (255, 255, 255), (0, 255, 0)]
    for one, other in zip(seen, meant, strict=True):
        assert all(abs(a - b) < 40 for a, b in zip(one, other, strict=True)), seen


def correct_the_returned_visit(phone: PhoneScreen, note: str) -> None:
    """From the round to the returned door, and through the correction."""
    phone.go("round")
    phone.tap("[data-round-first] a")
    phone.see("door")
    expect(phone.at('[data-screen="door"] .is-returned')).to_contain_text(REASON)
    phone.tap("[data-door-returned]")
    phone.see("visit")
    marks = phone.page.locator("[data-mark]")
    expect(marks).to_have_text(["太暗", "没签"])
    for mark, place in zip(marks.all(), (".photo", "[data-paper]"), strict=True):
        over, what = mark.bounding_box(), mark.locator(f"+ {place}").bounding_box()
        assert over
        assert what
        assert over["y"] + over["height"] <= what["y"], "above it, not beside it"
    for before in ("door", "round"):
        phone.tap("[data-back]")
        phone.see(before)
    begun = phone.page.locator("[data-round-first] a")
    expect(begun).to_have_count(1)
    expect(begun).to_contain_text(REASON)
    phone.tap(begun)
    phone.see("visit")
    phone.note(note)
    phone.finish()
