"""The visits of a working day: each kind of thing that a visit can say is said by one of them."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import expect

from field.demo import numbers
from tests.journeys.phone import PhoneScreen
from tests.journeys.test_paper import open_and_draw

# Somewhere where two or more are known to live and nobody of this phone was yet.
_HOUSEHOLD = """
async () => {
  const { withStores } = await part("offline/db.js");
  const [people, records] = await withStores(["occupants", "outbox"], "readonly", (stores) =>
    Promise.all(["occupants", "outbox"].map((name) => stores(name).getAll())));
  const seen = new Set(records.map(({ door }) => door));
  const homes = people.map(({ door }) => door).filter((door) => !seen.has(door));
  return homes.find((door, at) => homes.indexOf(door) !== at);
}
"""
# Shops and sites that are known, each with its door.
_WORK = """
async () => {
  const { withStores } = await part("offline/db.js");
  const rows = await withStores(["workplaces"], "readonly", (stores) => stores("workplaces").getAll());
  return rows.map(({ id, door }) => [id, door]);
}
"""


def go_to_an_open_building(phone: PhoneScreen) -> None:
    """Unfold the next building when the last one is done."""
    buildings = phone.page.locator("[data-round-buildings] details")
    opened = buildings.and_(phone.page.locator("[open]"))
    while phone.doors().count() == 0:
        before = opened.count()
        phone.page.locator("[data-round-buildings] details:not([open]) > summary").first.tap()
        expect(opened).to_have_count(before + 1)


def visit_door(phone: PhoneScreen, door: str) -> None:
    """Begin a visit at a certain door."""
    phone.page.evaluate("(there) => { location.href = there; }", f"/phone/door#{door}")
    phone.see("door")
    phone.start_visit()


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


def a_second_look(phone: PhoneScreen, door: str) -> None:
    """What was open is put right, and there is a photo of it."""
    visit_door(phone, door)
    row = phone.page.locator("[data-recheck]")
    row.locator("[data-results] .chip").first.tap()
    phone.shoot(row)
    row.locator("[data-note]").fill("已清理")
    phone.finish()


def a_hazard_with_its_notice(phone: PhoneScreen) -> None:
    """A hazard with a photo, a place and a note, and a notice: one signs, one declines, one is only left it."""
    answer = ("declined", "signed", "left")[sum(len(record["photos"]) for record in phone.records()) % 3]
    phone.begin_visit()
    card = phone.add_hazard(2)
    phone.shoot(card)
    card.locator("[data-spot]").fill("二楼楼道")
    card.locator("[data-note]").fill("堆了纸箱")
    if answer == "signed":
        open_and_draw(phone)
        phone.tap("[data-paper-sign]")
    else:
        phone.tap("[data-paper-open]")
        phone.tap(f"[data-paper-answer={answer}]")
    phone.finish()


def a_home_that_changed(phone: PhoneScreen) -> None:
    """Other rooms, another stove, a landlord; and a note for the next visit."""
    phone.begin_visit()
    phone.tap("[data-visit-dwelling] > summary")
    facts = {"rooms": "9", "rooms_let": "8", "floor_area_m2": "33.5", "lessor_name": "演示房东·钱一"}
    for fact, text in facts.items():
        phone.page.fill(f"[data-fact={fact}]", text)
    phone.page.fill("[data-fact-phone]", "0943-8228123")
    for chips in ('[data-fact-chips="heating"]', '[data-fact-yesno="lease_filed"]'):
        phone.page.locator(f"{chips} .chip:not(:has(:checked))").last.tap()
    phone.note("晚上八点后在家")
    phone.finish()


def people_who_came_and_went(phone: PhoneScreen) -> None:
    """One has moved out, of another the phone, the reason and the day of moving in are other ones now."""
    visit_door(phone, phone.page.evaluate(_HOUSEHOLD))
    rows = phone.page.locator("[data-people] > li")
    rows.first.locator("[data-moved]").tap()
    left = date.today() - timedelta(days=2)  # noqa: DTZ011 a day is enough here
    rows.first.locator("[data-moved-on] input").fill(left.isoformat())
    rows.nth(1).locator("[data-edit]").tap()
    rows.nth(1).locator("[name=phone]").fill("15400009992")
    rows.nth(1).locator("[name=moved_in_on]").fill((left - timedelta(days=700)).isoformat())
    rows.nth(1).locator('[data-chips="reason"] .chip:not(:has(:checked))').first.tap()
    phone.tap("[data-confirm-all]")
    phone.finish()


def a_newcomer_who_asks(phone: PhoneScreen) -> None:
    """Somebody has moved in and wants a permit: they may have one, a paper is there, and they want to be reminded."""
    order = len(phone.records())
    phone.begin_visit()
    phone.add_person(f"演示·新来{order}", numbers.identity_number(date(1990, 1, 2), order), "15400009990")
    phone.tap("[data-visit-requests] > summary")
    phone.page.locator("[data-requests] .chip").nth(1).tap()
    conditions = phone.page.locator("[data-conditions] .check")
    expect(conditions.first).to_be_visible()
    expect(phone.page.locator("[data-verdict]")).to_be_hidden()
    for condition in conditions.all():
        condition.tap()
    expect(phone.page.locator("[data-verdict]")).to_be_visible()
    phone.page.locator("[data-papers] .check").first.tap()
    later = date.today() + timedelta(days=30)  # noqa: DTZ011 a day is enough here
    phone.page.fill("[data-remind]", later.isoformat())
    phone.page.locator("[data-request-note]").fill("想办居住证")
    phone.finish()


def a_shop(phone: PhoneScreen) -> None:
    """There is a shop behind the door now, with its licence."""
    order = len(phone.records())
    phone.begin_visit()
    phone.tap("[data-visit-workplaces] > summary")
    phone.tap("[data-add-workplace]")
    form = phone.page.locator("[data-added-workplaces] .person-form")
    typed = {
        "name": "演示·修理铺",
        "credit_code": numbers.credit_code(90_000 + order),
        "contact_name": "演示·孙一",
        "contact_phone": "15400009991",
        "headcount": "2",
        "dormitory_headcount": "1",
    }
    for name, text in typed.items():
        form.locator(f"[name={name}]").fill(text)
    form.locator('[data-chips="kind"] .chip').nth(1).tap()
    phone.finish()


def known_work(phone: PhoneScreen) -> list[tuple[str, str]]:
    """Shops and sites, one at each door, with it."""
    return list({door: (shop, door) for shop, door in phone.page.evaluate(_WORK)}.values())


def shops_that_changed_and_closed(phone: PhoneScreen) -> None:
    """Of two that are known, one has other people now and one has gone."""
    (changed, first), (closed, second) = known_work(phone)[:2]
    visit_door(phone, first)
    row = phone.page.locator(f'[data-workplaces] > [data-workplace="{changed}"]')
    row.locator("[data-edit]").tap()
    row.locator("[name=contact_name]").fill("演示·周一")
    row.locator("[name=headcount]").fill("9")
    phone.finish()
    visit_door(phone, second)
    row = phone.page.locator(f'[data-workplaces] > [data-workplace="{closed}"]')
    row.locator("[data-closed]").tap()
    expect(row).to_have_class(re.compile("gone"))
    phone.finish()


def second_thoughts(phone: PhoneScreen) -> None:
    """Of the visit just finished, one thing more."""
    phone.tap("[data-toast-undo]")
    phone.see("visit")
    phone.page.fill("[data-fact=headcount]", "6")
    phone.note("漏了一口人")
    phone.finish()


ROUND = (
    ended("no_answer"),
    a_home_that_changed,
    ended("vacant"),
    people_who_came_and_went,
    a_hazard_with_its_notice,
    ended("refused"),
    unchanged,
    a_newcomer_who_asks,
    ended("rescheduled"),
    a_shop,
)
