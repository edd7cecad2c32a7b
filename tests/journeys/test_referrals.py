"""A hazard beyond the grid: from the door over a department that fails once to closure, and back to the phone."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from playwright.sync_api import expect

from tests.journeys import scenes
from tests.journeys.audit import faults_of, width_overrun
from tests.journeys.chromium import DESK, Chromium
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

NARROW = {"width": 360, "height": 740}


def refer_at_the_door(phone: PhoneScreen, server: Server) -> str:
    """A visit that finds something beyond the grid; answers the hazard's id once photo and visit are at the desk."""
    phone.begin_visit()
    phone.shoot(phone.add_hazard(0, "refer"), scenes.a_stove())
    phone.finish()
    until(lambda: server.count("photos", "kind = 'full' AND state = 'stored'") == 1, 45)
    return str(UUID(server.rows("SELECT id FROM findings")[0][0]))


def state_of(server: Server, hazard: str) -> str:
    """Where a hazard stands."""
    return str(server.rows("SELECT status FROM findings WHERE id = ?", UUID(hazard).hex)[0][0])


def press(desk: Desk, hazard: str, name: str) -> None:
    """Press a button of the department's page."""
    desk.page.locator(f'form[action="/referrals/{hazard}/{name}"] button[type=submit]').click()


def report_back(desk: Desk, hazard: str, said: str, picture: Path) -> None:
    """Accept, begin, and report that it is put right."""
    desk.go("/referrals")
    desk.page.locator(f'#referrals a[href="/referrals/{hazard}"]').click()
    press(desk, hazard, "acceptance")
    press(desk, hazard, "start")
    form = desk.page.locator(f'form[action="/referrals/{hazard}/feedback"]')
    desk.page.locator('details:has(form[action$="/feedback"]) > summary').click()
    form.locator('[name=fixed][value="true"]').check()
    form.locator("[type=file]").set_input_files(picture)
    form.locator("[name=reason]").fill(said)
    form.locator("button[type=submit]").click()
    expect(desk.page.locator(".timeline")).to_contain_text(said)


def look_again(desk: Desk, hazard: str, passed: str, said: str, picture: Path) -> None:
    """The lead goes there and says what was seen."""
    desk.go(f"/hazards/{hazard}")
    desk.page.locator('details:has(form[action$="/recheck"]) > summary').click()
    form = desk.page.locator('form[action$="/recheck"]')
    form.locator(f'[name=passed][value="{passed}"]').check()
    form.locator("[type=file]").set_input_files(picture)
    form.locator("[name=reason]").fill(said)
    form.locator("button[type=submit]").click()
    expect(desk.page.locator(".timeline")).to_contain_text(said)


def refer_again(desk: Desk, hazard: str) -> None:
    """The lead hands it over once more; the department is chosen already."""
    desk.go(f"/hazards/{hazard}")
    desk.page.locator('details:has(form[action$="/referral"]) > summary').click()
    desk.page.locator('form[action$="/referral"] button[type=submit]').click()
    expect(desk.page.locator('form[action$="/referral"]')).to_have_count(0)


def let_fire_and_rescue_have_all(office: Desk) -> None:
    """The office adds the one line of the district's table."""
    office.go("/referrals/routing")
    office.page.select_option("#department", "fire_rescue")
    office.page.locator('form[action^="/referrals/routing#"] button[type=submit]').click()
    expect(office.page.locator("#main table")).to_be_visible()


def test_from_the_door_over_two_people_and_a_department_with_one_failed_recheck_to_closure(
    phone_browser: PhoneScreen,
    server: Server,
    desk: Desk,
    browser_with: Callable[..., Chromium],
    tmp_path: Path,
) -> None:
    office, handler = (Desk(browser_with(**DESK), server.address) for _two in range(2))
    office.sign_in("office")
    let_fire_and_rescue_have_all(office)
    hazard = refer_at_the_door(phone_browser, server)
    first, second, third, fourth = (picture(tmp_path, number) for number in range(4))

    handler.sign_in("handler")
    report_back(handler, hazard, "已清理通道", first)
    assert state_of(server, hazard) == "recheck_due"
    look_again(desk, hazard, "false", "炉子还在", second)
    assert state_of(server, hazard) == "recheck_failed"
    refer_again(desk, hazard)
    report_back(handler, hazard, "炉子已拆", third)
    look_again(desk, hazard, "true", "通道畅通", fourth)
    assert state_of(server, hazard) == "closed"

    phone_browser.network_returns()
    phone_browser.go("outbox")
    told = phone_browser.page.locator("[data-endings-list] li")
    expect(told).to_have_count(1, timeout=15000)
    expect(told).to_contain_text("通道畅通")
    assert faults_of(phone_browser.page) == []


def picture(folder: Path, number: int) -> Path:
    """A picture unlike the others."""
    path = folder / f"{number}.jpg"
    path.write_bytes(scenes.a_bicycle() if number % 2 else scenes.a_stove())
    return path


def test_no_page_of_referrals_and_notifications_has_a_serious_fault_or_is_too_wide(
    phone_browser: PhoneScreen, server: Server, desk: Desk, browser_with: Callable[..., Chromium]
) -> None:
    office, handler = (Desk(browser_with(**DESK), server.address) for _two in range(2))
    office.sign_in("office")
    let_fire_and_rescue_have_all(office)
    hazard = refer_at_the_door(phone_browser, server)
    handler.sign_in("handler")

    assert_sound(desk, ["/referrals", "/notifications"])
    assert_sound(office, ["/referrals", "/referrals/routing", "/notifications", "/notifications/deliveries"])
    assert_sound(handler, ["/referrals", "/referrals?search=nowhere", f"/referrals/{hazard}"])
    for summary in handler.page.locator(".next summary").all():
        summary.click()
    assert faults_of(handler.page) == []


def assert_sound(desk: Desk, paths: list[str]) -> None:
    """Axe finds nothing serious, and nothing is wider than a phone."""
    for path in paths:
        desk.go(path)
        assert faults_of(desk.page) == [], path
        desk.page.set_viewport_size(NARROW)
        assert width_overrun(desk.page) <= 0, path
        desk.page.set_viewport_size(DESK["viewport"])
