"""A household reports a hazard fixed by the code on its notice: seen at the desk, closed by nobody but who looks."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from field.hazards.public import REPORTS
from tests.journeys import scenes
from tests.journeys.audit import faults_of, width_overrun
from tests.journeys.chromium import PHONE, Chromium
from tests.journeys.desk import Desk
from tests.journeys.records import record_hazard
from tests.journeys.server import Server


def test_a_household_reports_fixed_by_its_code_and_only_a_recheck_by_somebody_closes_it(
    server: Server, desk: Desk, browser_with: Callable[..., Chromium], tmp_path: Path
) -> None:
    visit, hazard = record_hazard(server, scenes.a_bicycle())
    [[code, address, author]] = server.rows(
        "SELECT n.code, b.address, u.name FROM hazard_notices n JOIN users u ON u.id = n.issued_by"
        " JOIN dwellings d ON d.id = n.dwelling_id JOIN buildings b ON b.id = d.building_id"
    )
    gone, looked = tmp_path / "gone.jpg", tmp_path / "looked.jpg"
    gone.write_bytes(scenes.a_stove())
    looked.write_bytes(scenes.a_stove(0.8))

    page = browser_with(**PHONE).page
    page.goto(f"{server.address}/n")
    page.locator("#code").fill(f" {code[:4].lower()}-{code[4:8]} {code[8:]}")
    page.locator("form button[type=submit]").click()
    page.wait_for_url(f"**/n/{code}")
    assert not [said for said in (address, author, visit, hazard) if said in page.content()]
    assert faults_of(page) == []
    assert width_overrun(page) <= 0
    say_fixed(page, gone)
    expect(page.locator("[role=status]")).to_be_visible()
    expect(page.locator("[type=file]")).to_have_count(0)
    assert state_of(server) == "recheck_due"

    desk.go("/hazards?turn=look")
    desk.page.locator(f'#hazards a[href="/hazards/{hazard}"]').click()
    shown = desk.page.locator(".timeline > li").filter(has=desk.page.locator(".compare"))
    expect(shown.locator("a[data-photo]")).to_have_count(2)
    seen = desk.photo(shown.locator("a[data-photo]").last)
    assert seen != desk.photo(desk.page.locator(".photos a[data-photo]").first)
    assert state_of(server) == "recheck_due"

    desk.page.locator('details:has(form[action$="/recheck"]) > summary').click()
    form = desk.page.locator('form[action$="/recheck"]')
    form.locator('[name=passed][value="true"]').check()
    form.locator("[type=file]").set_input_files(looked)
    form.locator("button[type=submit]").click()
    expect(desk.page.locator('form[action$="/recheck"]')).to_have_count(0)
    assert state_of(server) == "closed"
    page.reload()
    expect(page.locator(".message")).to_contain_text("已办结")


def test_a_household_that_reports_too_often_is_told_when_to_come_back(
    server: Server, browser_with: Callable[..., Chromium], tmp_path: Path
) -> None:
    record_hazard(server)
    code = server.rows("SELECT code FROM hazard_notices")[0][0]
    nothing = tmp_path / "nothing.jpg"
    nothing.write_bytes(b"no picture")
    page = browser_with(**PHONE).page
    page.goto(f"{server.address}/n/{code}")

    for _time in range(REPORTS):
        say_fixed(page, nothing)
        expect(page.locator(".error")).to_be_visible()
    say_fixed(page, nothing)

    expect(page.locator(".error")).to_contain_text("一小时后")
    assert faults_of(page) == []
    assert state_of(server) == "notified"


def say_fixed(page: Page, picture: Path) -> None:
    """Unfold the form of the notice's hazard, choose a photo and send it."""
    form = page.locator("form[enctype]")
    if not form.is_visible():
        page.locator("summary").first.click()
    form.locator("[type=file]").set_input_files(picture)
    form.locator("button").click()


def state_of(server: Server) -> str:
    """Where the one hazard stands."""
    [[status]] = server.rows("SELECT status FROM findings")
    return str(status)
