"""The phone's app as an app: Chromium would install it, and a new version never takes a visit away."""

from pathlib import Path

from playwright.sync_api import expect

from field.pwa.bundling import names_of
from field.pwa.precache import page_script, queue_script
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server

STATIC = Path(__file__).parents[2] / "static"
# Who says one of these means ours: nobody looks for text with window.find(), or for an element by the name of its id.
OURS = {"find", "texts"}

# The page may be a new one before anybody has looked.
_NOTE_BUSY = """
() => {
  const button = document.querySelector("[data-update-now]");
  const note = () => button.ariaBusy && sessionStorage.setItem("busy", button.ariaBusy);
  new MutationObserver(note).observe(button, {attributeFilter: ["aria-busy"]});
}
"""


def test_chromium_finds_nothing_that_keeps_the_app_from_being_installed(phone_browser: PhoneScreen) -> None:
    tools = phone_browser.browser.context.new_cdp_session(phone_browser.page)

    answer = tools.send("Page.getInstallabilityErrors")

    # A profile made for a test is private to Chromium's eyes, which says nothing about the app.
    assert [fault["errorId"] for fault in answer["installabilityErrors"]] in ([], ["in-incognito"])


def test_no_name_that_modules_share_hides_one_of_the_browser(phone_browser: PhoneScreen) -> None:
    names = sorted((names_of(queue_script(STATIC)) | names_of(page_script(STATIC))) - OURS)

    assert "say" in names
    assert phone_browser.page.evaluate("(names) => names.filter((name) => name in window)", names) == []


def test_a_new_version_waits_until_the_open_visit_is_finished(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.begin_visit()
    phone_browser.note("写到一半")
    server.kill()
    server.release("the next one")
    server.start()
    phone_browser.page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")

    expect(phone_browser.page.locator("[data-update-open]")).to_be_visible()
    expect(phone_browser.page.locator("[data-update-now]")).to_be_hidden()
    expect(phone_browser.page.locator("[data-visit-note]")).to_have_value("写到一半")

    phone_browser.finish()
    with phone_browser.page.expect_navigation():
        phone_browser.tap("[data-update-now]")
    phone_browser.see("round")
    assert len(phone_browser.records()) == 1
    assert "the next one" in phone_browser.page.content()


def test_a_new_version_that_the_browser_forgets_to_put_in_place_comes_all_the_same(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    server.release("the next one")
    server.start()
    phone_browser.page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    expect(phone_browser.page.locator("[data-update-now]")).to_be_visible()
    # Chromium does, for up to five minutes, when the old worker was just being started.
    phone_browser.page.evaluate("ServiceWorker.prototype.postMessage = () => undefined")
    phone_browser.page.evaluate(_NOTE_BUSY)

    with phone_browser.page.expect_navigation():
        phone_browser.tap("[data-update-now]")
    expect(phone_browser.page.locator("xpath=//*[comment()[contains(., 'the next one')]]")).to_have_count(
        1, timeout=30_000
    )
    phone_browser.see("round")
    assert phone_browser.page.evaluate("sessionStorage.getItem('busy')") == "true"


def test_half_a_new_version_changes_nothing(phone_browser: PhoneScreen, server: Server) -> None:
    server.kill()
    server.release("broken")
    server.start()
    server.die_at("GET", "/phone/app.js", 1)
    phone_browser.page.evaluate(
        "navigator.serviceWorker.getRegistration().then((one) => one.update()).catch(() => null)"
    )
    server.wait_for_death()
    phone_browser.browser.kill()

    phone_browser.restart()

    phone_browser.see("round")
    phone_browser.begin_visit()
    phone_browser.finish()
    assert "broken" not in phone_browser.page.content()


def test_a_phone_in_use_whose_browser_has_forgotten_the_worker_gets_it_back(
    phone_browser: PhoneScreen, server: Server
) -> None:
    page = phone_browser.page
    page.evaluate("navigator.serviceWorker.getRegistration('/phone/').then((one) => one.unregister())")
    page.goto(f"{server.address}/phone/")
    phone_browser.see("round")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    server.kill()
    page.goto(f"{server.address}/phone/")
    phone_browser.see("round")
    assert phone_browser.doors().count() > 0
