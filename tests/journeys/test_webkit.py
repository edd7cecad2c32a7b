"""The phone's app in WebKit, the engine of every browser on iPhones."""

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from tests.journeys.phone import a_large_picture
from tests.journeys.server import Server
from tests.journeys.webkit import IS_HERE, WebKit, webkit
from tests.waiting import until

pytestmark = [
    pytest.mark.skipif(not IS_HERE, reason="WebKitGTK's driver or Xvfb is not installed"),
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),  # Selenium's own
]


CHOICES = "[data-me-theme]"


def make_ready(phone: WebKit) -> None:
    """From the first look at the app, by way of the sign-in page, to the round."""
    phone.open("/phone/")
    phone.tap('[data-setup="sign-in"] a')
    phone.sign_in("worker")
    phone.tap("[data-setup-start]")
    phone.see("round")


def shoot(phone: WebKit, picture: Path) -> None:
    """Name the first hazard of the checklist, with a photo."""
    phone.tap("[data-groups] .item")
    phone.tap("[data-groups] [data-finding] [data-actions] .chip:nth-child(2)")
    phone.driver.find_element(By.CSS_SELECTOR, "[data-finding] input[type=file]").send_keys(str(picture))
    phone.tap("[data-camera-keep]:enabled")
    phone.at("[data-finding] .photo")


def end_unchanged(phone: WebKit) -> None:
    """A visit at which all is as known, to its end."""
    phone.begin_visit()
    phone.tap("[data-unchanged]")
    phone.finish()


def test_a_day_without_a_signal_arrives_when_there_is_one(server: Server, tmp_path: Path) -> None:
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(a_large_picture())
    with webkit(server.address) as phone:
        make_ready(phone)
        server.kill()
        phone.open("/phone/")
        end_unchanged(phone)
        phone.begin_visit()
        shoot(phone, picture)
        phone.finish()
        phone.tap(".cell.is-todo")
        phone.tap('[data-end="no_answer"]')
        phone.see("round")
        server.start()
        phone.tap('[data-tab="outbox"]')
        if phone.all("[data-send-now]"):  # it may have gone by itself meanwhile
            phone.tap("[data-send-now]")
        until(lambda: server.count("photos", "kind = 'full' AND state = 'stored'") == 1, 45)
        until(lambda: server.count("visits") == 3, 45)
        until(lambda: not phone.all("[data-unsent]"), 45)


def test_a_page_that_is_left_holds_up_none_that_follows(server: Server) -> None:
    with webkit(server.address) as phone:
        make_ready(phone)
        for visits in range(3):
            phone.open("/phone/me")
            phone.see("me")
            assert phone.below(CHOICES) < 32, "a column is as high as what stands in it"
            phone.open("/healthz")
            phone.driver.back()
            phone.see("me")
            phone.open("/healthz")
            phone.open("/phone/round")
            end_unchanged(phone)
            until(lambda so_far=visits + 1: server.count("visits") == so_far, 45)


def test_a_new_version_waits_for_the_open_visit_and_comes_after_it(server: Server) -> None:
    with webkit(server.address) as phone:
        make_ready(phone)
        phone.begin_visit()
        phone.at("[data-visit-note]").send_keys("half written")
        server.kill()
        server.release("the next one")
        server.start()
        phone.run("navigator.serviceWorker.getRegistration().then((one) => one.update())")
        phone.at("[data-update-open]")
        assert phone.all("[data-update-now]:enabled:not([aria-disabled=true])") == []

        assert phone.at("[data-visit-note]").get_attribute("value") == "half written"
        phone.finish()
        phone.tap("[data-update-now]")

        until(lambda: "the next one" in phone.driver.page_source, 45)
        phone.see("round")
        until(lambda: server.count("visits") == 1, 45)
