"""A worker's first morning with the phone: signing in, the round, and the promise to work without signal."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

# Long enough for the page to look for a server in vain.
_VAIN_MS = 4000


def test_a_worker_signs_in_and_the_phone_is_ready_for_work_without_signal(new_phone, server: Server) -> None:
    phone = new_phone()
    phone.sign_in("worker")
    doors = server.rows(
        "SELECT count(*) FROM dwellings WHERE grid_code IN (SELECT grid_code FROM rounds JOIN users"
        " ON users.id = rounds.worker_id WHERE username = 'worker')"
    )[0][0]
    assert doors > 200
    expect(phone.at("[data-setup-count]")).to_have_text(re.compile(rf"\b{doors}\b"))
    assert server.count("devices") == 1
    expect(phone.page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_a_browser_that_is_signed_in_for_the_desk_asks_whose_phone_this_is(new_phone, server: Server) -> None:
    phone = new_phone()
    phone.page.goto(f"{server.address}/sign-in")
    phone.give_password("lead")
    phone.page.wait_for_url("**/reviews**")
    phone.page.goto(f"{server.address}/phone/")
    expect(phone.at('[data-setup="whose"]')).to_contain_text("演示·网格长")
    assert server.count("devices") == 0

    phone.tap("[data-setup-other]")
    phone.tap('[data-setup="sign-in"] a')
    phone.give_password("worker")
    expect(phone.at('[data-setup="ready"]')).to_be_visible(timeout=60_000)
    assert server.count("devices") == 1


def test_a_lead_who_says_so_has_the_phone_and_a_department_cannot(new_phone, server: Server) -> None:
    for username, may_use in (("lead", True), ("handler", False)):
        phone = new_phone()
        phone.page.goto(f"{server.address}/phone/")
        phone.tap('[data-setup="sign-in"] a')
        phone.give_password(username)
        expect(phone.at('[data-setup="whose"]')).to_be_visible()
        expect(phone.page.locator("[data-setup-mine]")).to_be_visible(visible=may_use)
        if may_use:
            phone.tap("[data-setup-mine]")
            expect(phone.at('[data-setup="ready"]')).to_be_visible(timeout=60_000)

    assert server.count("devices") == 1


def test_a_question_of_the_browser_that_nobody_answers_keeps_nobody_from_the_round(new_phone) -> None:
    phone = new_phone()
    phone.page.add_init_script("navigator.storage.persist = () => new Promise(() => {})")
    phone.sign_in("worker")
    phone.start_round()
    expect(phone.doors().first).to_be_visible()


def test_the_round_is_there_after_the_server_died_and_the_browser_was_closed(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.browser.close()
    phone_browser.restart()
    phone_browser.see("round")
    expect(phone_browser.doors().first).to_be_visible()
    phone_browser.open_door()
    expect(phone_browser.at("[data-door-start]")).to_be_visible()


def never_ready(new_phone, server: Server) -> PhoneScreen:
    """A phone without a round opens the app while there is no server, and says so."""
    phone = new_phone()
    phone.sign_in("worker")
    phone.page.evaluate("new Promise((done) => indexedDB.deleteDatabase('doorstep').onsuccess = done)")
    server.kill()
    phone.page.goto(f"{server.address}/phone/")
    expect(phone.at('[data-setup="offline"]')).to_be_visible()
    return phone


def test_without_the_server_a_phone_that_was_never_ready_says_so(new_phone, server: Server) -> None:
    never_ready(new_phone, server)


def test_a_phone_that_found_no_server_goes_on_by_itself_when_there_is_one(new_phone, server: Server) -> None:
    phone = never_ready(new_phone, server)
    server.start()
    expect(phone.at('[data-setup="ready"]')).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("script", ["/phone/app.js", "/phone/queue.js"])
def test_a_phone_that_met_two_releases_at_once_starts_by_itself_when_one_answers(
    script: str, new_phone, server: Server
) -> None:
    phone = new_phone()
    phone.page.route(f"**{script}?*", lambda route: route.fulfill(status=404))
    phone.page.goto(f"{server.address}/phone/")
    server.kill()
    phone.page.unroute(f"**{script}?*")
    phone.page.wait_for_timeout(_VAIN_MS)
    expect(phone.at("[data-setup-line]")).to_be_visible()
    # What stands before the server answers in its place.
    phone.page.route("**", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    phone.page.wait_for_timeout(_VAIN_MS)
    assert "Bad Gateway" not in phone.page.content()

    server.start()
    phone.page.unroute("**")

    expect(phone.at('[data-setup="sign-in"] a')).to_be_visible(timeout=30_000)


def test_the_app_itself_asks_the_browser_to_keep_what_is_stored(new_phone) -> None:
    phone = new_phone()
    asked: list[bool] = []
    phone.page.expose_function("askedToKeep", lambda: asked.append(True))
    phone.page.add_init_script("navigator.storage.persist = async () => (await askedToKeep(), true)")

    phone.sign_in("worker")
    phone.start_round()

    until(lambda: asked)


def test_what_page_and_worker_have_in_common_is_sent_to_a_new_phone_once(
    new_phone, server: Server, tmp_path: Path
) -> None:
    log = tmp_path / "access.log"
    server.kill()
    server.settings = {
        **server.settings,
        "GUNICORN_CMD_ARGS": f"--access-logfile {log} --access-logformat '%(U)s %(s)s'",
    }
    server.start()
    new_phone().sign_in("worker")

    sent = [url for url, status in map(str.split, log.read_text().splitlines()) if status == "200"]
    kept = ("/phone/app.js", "/phone/queue.js", "/phone/app.css", "/phone/shells", "/static/js/theme.js")
    assert {url: sent.count(url) for url in kept} == dict.fromkeys(kept, 1)
    assert not [url for url in sent if url.startswith("/static/js/offline/")]


def test_a_page_that_the_worker_made_is_guarded_as_the_servers_own(
    phone_browser: PhoneScreen, server: Server
) -> None:
    guards = """async () => {
      const names = ["content-security-policy", "content-type", "permissions-policy", "x-content-type-options"];
      const { headers } = await fetch(location.href, { cache: "reload" });
      const kept = await caches.match("/phone/?lang=zh");
      return [headers, kept.headers].map((from) => names.map((name) => from.get(name)));
    }"""

    sent, made = phone_browser.page.evaluate(guards)

    assert made == sent
    assert "script-src" in made[0] or "default-src" in made[0]
