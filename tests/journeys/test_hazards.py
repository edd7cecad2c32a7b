"""Hazards followed from the door until they are gone: by the lead, and by the household with the paper in hand."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Page, expect

from tests.journeys import scenes
from tests.journeys.audit import faults_of, width_overrun
from tests.journeys.chromium import DESK, PHONE, Chromium
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

NARROW = {"width": 360, "height": 740}


def find_hazards(phone: PhoneScreen, server: Server) -> str:
    """Two hazards at one door, each with a photo, sent; answers the id of the first, of which a notice was left."""
    phone.begin_visit()
    for number in (0, 1):
        phone.shoot(phone.add_hazard(number))
    phone.finish()
    until(lambda: server.count("photos", "kind = 'full' AND state = 'stored'") == 2, 45)
    [[found], *_others] = server.rows(
        "SELECT f.id FROM findings f JOIN notice_findings n ON n.finding_id = f.id ORDER BY f.item_code"
    )
    return str(UUID(found))


def open_step(desk: Desk, name: str) -> Page:
    """Unfold a form of the hazard's page that is open."""
    desk.page.locator(f'details:has(form[action$="/{name}"]) > summary').click()
    return desk.page


def state_of(server: Server, hazard: str) -> str:
    """Where a hazard stands."""
    return str(server.rows("SELECT status FROM findings WHERE id = ?", UUID(hazard).hex)[0][0])


def look_again(desk: Desk, passed: str, said: str, picture: Path) -> None:
    """Fill in the recheck and send it."""
    page = open_step(desk, "recheck")
    form = page.locator('form[action$="/recheck"]')
    form.locator(f'[name=passed][value="{passed}"]').check()
    form.locator("[type=file]").set_input_files(picture)
    form.locator("[name=reason]").fill(said)
    form.locator("button[type=submit]").click()
    expect(page.locator(".timeline")).to_contain_text(said)


def test_from_the_door_over_a_failed_recheck_and_the_households_word_to_closure(
    phone_browser: PhoneScreen,
    server: Server,
    desk: Desk,
    browser_with: Callable[..., Chromium],
    tmp_path: Path,
) -> None:
    hazard = find_hazards(phone_browser, server)
    picture = tmp_path / "now.jpg"
    picture.write_bytes(scenes.a_stove())
    desk.go(f"/hazards/{hazard}")
    look_again(desk, "false", "还停在楼道里", picture)
    assert state_of(server, hazard) == "recheck_failed"

    page = open_step(desk, "notice")
    page.locator('form[action$="/notice"] button[type=submit]').click()
    until(lambda: state_of(server, hazard) == "notified")
    codes = [row[0] for row in server.rows("SELECT code FROM hazard_notices ORDER BY number")]
    assert len(codes) == 2
    say_fixed_without_scripts(browser_with, server, codes[-1], picture)
    assert state_of(server, hazard) == "recheck_due"

    desk.go(f"/hazards/{hazard}")
    expect(desk.page.locator(".compare.is-over")).not_to_have_count(0)
    look_again(desk, "true", "车已推走", picture_of_another(tmp_path))
    assert state_of(server, hazard) == "closed"
    desk.go("/hazards?state=settled")
    expect(desk.page.locator(f'#hazards a[href="/hazards/{hazard}"]')).to_be_visible()


def picture_of_another(folder: Path) -> Path:
    """Another picture than before."""
    path = folder / "gone.jpg"
    path.write_bytes(scenes.a_bicycle())
    return path


def say_fixed_without_scripts(
    browser_with: Callable[..., Chromium], server: Server, code: str, picture: Path
) -> None:
    """The household opens its notice on an old phone and shows that it is put right."""
    household = browser_with(**{**PHONE, "java_script_enabled": False}).page
    household.goto(f"{server.address}/n/{code}")
    household.locator("summary").first.click()
    household.locator("[type=file]").first.set_input_files(picture)
    household.locator("form[enctype] button").first.click()
    expect(household.locator("[role=status]")).to_be_visible()
    expect(household.locator("[type=file]")).to_have_count(0)


def test_two_leads_at_one_hazard_never_act_over_each_others_heads(
    phone_browser: PhoneScreen, server: Server, desk: Desk, browser_with: Callable[..., Chromium]
) -> None:
    hazard = find_hazards(phone_browser, server)
    other = Desk(browser_with(**DESK), server.address)
    other.sign_in("lead")
    for one in (desk, other):
        one.go(f"/hazards/{hazard}")
    page = open_step(desk, "referral")
    page.locator('form[action$="/referral"] button[type=submit]').click()
    until(lambda: state_of(server, hazard) == "referred")

    late = open_step(other, "report")
    late.locator('form[action$="/report"] [name=reason]').fill("房东来电")
    late.locator('form[action$="/report"] button[type=submit]').click()

    expect(late.locator(".next [role=alert]")).to_contain_text("移交")
    expect(late.locator(".next")).to_contain_text("房东来电")


def test_no_page_of_hazards_has_a_serious_fault_or_is_too_wide(
    phone_browser: PhoneScreen, server: Server, desk: Desk
) -> None:
    hazard = find_hazards(phone_browser, server)
    code = server.rows("SELECT code FROM hazard_notices")[0][0]
    assert_sound(desk, ["/hazards", "/hazards/board", f"/hazards/{hazard}", f"/n/{code}"])
    desk.go(f"/hazards/{hazard}")
    for summary in desk.page.locator(".next summary").all():
        summary.click()
    assert faults_of(desk.page) == []
    desk.page.locator("button[value=roll]").click()
    expect(desk.page.locator(".paper svg")).to_be_visible()
    assert faults_of(desk.page) == []
    desk.browser.context.clear_cookies()
    desk.sign_in("office")
    assert_sound(desk, ["/hazards/rules"])


def assert_sound(desk: Desk, paths: list[str]) -> None:
    """Axe finds nothing serious, and nothing is wider than a phone."""
    for path in paths:
        desk.go(path)
        assert faults_of(desk.page) == [], path
        desk.page.set_viewport_size(NARROW)
        assert width_overrun(desk.page) <= 0, path
        desk.page.set_viewport_size(DESK["viewport"])
