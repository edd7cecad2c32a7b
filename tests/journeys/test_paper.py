"""The hazard notice at the door: a signature is one only with "Signed", and only for the list that was seen."""

from datetime import date
from typing import Any

from playwright.sync_api import expect

from tests.journeys.audit import faults_of
from tests.journeys.phone import PhoneScreen

# Once it stands still: what is written at this moment is in it.
_NOTICE = """
async () => {
  const {withStores} = await part("offline/db.js");
  for (let before; ; ) {
    const drafts = await withStores(["drafts"], "readonly", (stores) => stores("drafts").getAll());
    const now = drafts.at(-1).body.hazard_notice;
    if (before === JSON.stringify(now)) return now;
    before = JSON.stringify(now);
    await new Promise((done) => setTimeout(done, 200));
  }
}
"""
_DOOR = """
async () => {
  const {withStores} = await part("offline/db.js");
  return (await withStores(["drafts"], "readonly", (stores) => stores("drafts").getAll())).at(-1).door;
}
"""
# One finger draws while another one comes and goes; nothing is captured that only a real one could hold.
TWO_FINGERS = """
(pad) => {
  pad.setPointerCapture = () => {};
  const { x, y } = pad.getBoundingClientRect();
  const point = (kind, isPrimary, right, down) => pad.dispatchEvent(new PointerEvent(`pointer${kind}`,
    { isPrimary, pointerId: isPrimary ? 7 : 8, bubbles: true, clientX: x + right, clientY: y + down }));
  point("down", true, 20, 20);
  point("move", true, 40, 40);
  point("down", false, 150, 90);
  point("move", false, 160, 90);
  point("up", false, 160, 90);
  point("move", true, 60, 40);
  point("up", true, 60, 40);
}
"""


def test_strokes_without_signed_are_not_kept_and_can_be_had_back(phone_browser: PhoneScreen) -> None:
    phone = phone_browser
    phone.begin_visit()
    phone.add_hazard(0)
    open_and_draw(phone)
    phone.page.keyboard.press("Escape")

    expect(phone.page.locator("[data-toast-text]")).to_have_text(phone.words("signature_dropped"))
    expect(phone.page.locator("[data-paper-state]")).to_be_empty()
    assert "signature" not in notice(phone)

    phone.tap("[data-toast-undo]")
    expect(phone.page.locator("[data-sheet]")).to_be_visible()
    phone.tap("[data-paper-sign]")

    expect(phone.page.locator("[data-paper-state]")).to_have_text(phone.words("paper_signed"))
    assert notice(phone)["signature"]["strokes"]


def test_a_second_finger_adds_nothing_to_a_signature_and_it_is_never_longer_than_the_desk_takes(
    phone_browser: PhoneScreen,
) -> None:
    phone = phone_browser
    phone.begin_visit()
    phone.add_hazard(0)
    phone.tap("[data-paper-open]")
    pad = phone.page.locator("[data-pad]")
    pad.scroll_into_view_if_needed()
    pad.evaluate(TWO_FINGERS)
    phone.tap("[data-paper-sign]")
    [stroke] = notice(phone)["signature"]["strokes"]
    assert len(stroke) == 6
    assert max(stroke) < 100

    phone.tap("[data-paper-open]")
    for _stroke in range(201):
        pad.evaluate(TWO_FINGERS)
    phone.tap("[data-paper-sign]")
    assert len(notice(phone)["signature"]["strokes"]) == 200


def test_a_stroke_more_without_signed_leaves_what_was_signed(phone_browser: PhoneScreen) -> None:
    phone = phone_browser
    phone.begin_visit()
    phone.add_hazard(0)
    open_and_draw(phone)
    phone.tap("[data-paper-sign]")
    signed = notice(phone)
    open_and_draw(phone)
    phone.page.keyboard.press("Escape")

    expect(phone.page.locator("[data-paper-state]")).to_have_text(phone.words("paper_signed"))
    assert notice(phone) == signed


def test_what_is_found_after_signing_has_to_be_shown_again(phone_browser: PhoneScreen) -> None:
    phone = phone_browser
    phone.begin_visit()
    phone.add_hazard(0)
    open_and_draw(phone)
    phone.tap("[data-paper-sign]")
    phone.add_hazard(1)

    expect(phone.page.locator("[data-paper-state]")).to_be_empty()
    expect(phone.page.locator("[data-paper-changed]")).to_be_visible()
    phone.tap("[data-finish]")
    expect(phone.page.locator("[data-visit-error]")).to_have_text(phone.words("paper_changed"))
    assert faults_of(phone.page) == []

    phone.tap("[data-paper-open]")
    assert "signature" not in notice(phone)
    phone.tap("[data-paper-answer=left]")
    expect(phone.page.locator("[data-paper-changed]")).to_be_hidden()
    phone.finish()


def test_who_comes_back_down_the_stairs_is_shown_their_notice_again(phone_browser: PhoneScreen) -> None:
    phone = phone_browser
    phone.begin_visit()
    phone.add_hazard(0)
    open_and_draw(phone)
    phone.tap("[data-paper-sign]")
    code = notice(phone)["code"]
    door = phone.page.evaluate(_DOOR)
    phone.finish()
    phone.tap(f'.cell[href="/phone/door#{door}"]')
    phone.see("door")

    phone.tap("[data-door-papers] button")

    sheet = phone.page.locator("[data-sheet]")
    expect(sheet.locator("[data-sheet-code]")).to_have_text(f"{code[:4]}-{code[4:8]}-{code[8:]}")
    expect(sheet.locator("[data-sheet-list] li")).to_have_count(1)
    # What is shown today is read later: no "today", but a day with its year.
    by = sheet.locator("[data-sheet-list] b")
    expect(by).to_have_text(phone.words("fix_by"))
    expect(by).to_contain_text(str(date.today().year))  # noqa: DTZ011 a year is enough here
    expect(sheet.locator("[data-sheet-said]")).to_contain_text(phone.words("paper_signed"))
    expect(sheet.locator("[data-pad]")).to_be_hidden()
    expect(sheet.locator("a[href^='tel:']")).to_be_visible()
    assert faults_of(phone.page) == []

    phone.tap(sheet.locator("[data-turn]"))
    expect(sheet.locator("#sheet-title")).to_have_text("Hazard notice")
    phone.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def open_and_draw(phone: PhoneScreen) -> None:
    """Show the notice and draw a stroke on its pad."""
    phone.tap("[data-paper-open]")
    pad = phone.page.locator("[data-pad]")
    pad.scroll_into_view_if_needed()
    frame, mouse = pad.bounding_box() or {}, phone.page.mouse
    mouse.move(frame["x"] + 20, frame["y"] + 20)
    mouse.down()
    mouse.move(frame["x"] + 80, frame["y"] + 60, steps=6)
    mouse.up()


def notice(phone: PhoneScreen) -> Any:
    """The notice of the visit on the page, as the draft keeps it."""
    return phone.page.evaluate(_NOTICE)
