"""What the phone holds reaches the desk exactly once, whatever the server and the network do meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import PhoneScreen
from tests.journeys.portal import portal
from tests.journeys.server import Server
from tests.journeys.test_without_signal import record_two_hazards_and_a_newcomer
from tests.waiting import until


def test_the_outbox_drains_by_itself_when_the_server_is_back(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.nothing_changed()
    phone_browser.go("outbox")
    server.start()
    assert_everything_arrived(phone_browser, server, visits=1, photos=0)


def test_a_day_of_visits_arrives_once_with_a_receipt_for_each_record_and_photo(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.no_answer()
    phone_browser.nothing_changed()
    record_two_hazards_and_a_newcomer(phone_browser)
    phone_browser.begin_visit()
    phone_browser.note("改天再来")
    phone_browser.browser.kill()
    phone_browser.restart()
    phone_browser.see("visit")
    phone_browser.finish()
    phone_browser.go("outbox")
    server.start()
    phone_browser.network_returns()
    assert_everything_arrived(phone_browser, server, visits=4, photos=2)
    assert server.count("occupancies", "visit_id IS NOT NULL") == 1
    for record in phone_browser.records():
        shown = phone_browser.page.locator(".record", has_text=record["receipt"]["number"])
        expect(shown).to_have_count(1)
        for photo in record["photos"]:
            expect(shown).to_contain_text(photo["receipt"])
    phone_browser.tap("[data-check-all]")
    expect(phone_browser.page.locator("[data-outbox-head]")).to_contain_text(phone_browser.words("all_in"))


def test_a_server_killed_between_two_pieces_of_a_photo_gets_the_rest_later(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.is_cut_sending(server)
    (kept,) = server.rows("SELECT state, offset, length FROM photos WHERE kind = 'full'")
    assert kept[0] == "uploading"
    assert 0 < kept[1] < kept[2]
    server.start()
    assert_everything_arrived(phone_browser, server, visits=1, photos=1)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/sync/batches"), ("POST", "/sync/photos"), ("PATCH", "/sync/photos/")],
)
def test_a_server_killed_at_a_request_is_sent_the_same_again(
    phone_browser: PhoneScreen, server: Server, method: str, path: str
) -> None:
    phone_browser.is_cut_sending(server, method, path)
    server.start()
    assert_everything_arrived(phone_browser, server, visits=1, photos=1)


def test_a_browser_killed_while_it_sends_goes_on_at_the_next_start(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.is_cut_sending(server)
    phone_browser.browser.kill()
    server.start()
    phone_browser.restart()
    assert_everything_arrived(phone_browser, server, visits=1, photos=1)


def test_a_phone_that_lost_its_cookies_asks_for_a_sign_in_and_then_sends_everything(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.begin_visit()
    phone_browser.shoot(phone_browser.add_hazard(0))
    phone_browser.finish()
    phone_browser.go("outbox")
    phone_browser.browser.context.clear_cookies()
    server.start()
    phone_browser.network_returns()
    banner = phone_browser.page.locator('[data-banner="sign-in"]')
    phone_browser.go("round")
    expect(banner).to_be_visible()
    expect(banner).to_contain_text(phone_browser.words("n_waiting"))
    phone_browser.go("outbox")
    phone_browser.tap('[data-outbox-head] a[href^="/sign-in"]')
    phone_browser.give_password("worker")
    phone_browser.see("outbox")
    assert_everything_arrived(phone_browser, server, visits=1, photos=1)
    expect(banner).to_be_hidden()


def test_signing_out_says_what_becomes_of_a_visit_that_is_not_finished(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    phone_browser.note("填到一半")
    for before in ("door", "round"):
        phone_browser.tap("[data-back]")
        phone_browser.see(before)
    phone_browser.go("me")
    phone_browser.tap("[data-sign-out]")
    expect(phone_browser.at("[data-sign-out-line]")).to_have_text(phone_browser.words("sign_out_open"))
    expect(phone_browser.at("[data-sign-out-stay]")).to_have_class(re.compile(r"\bprimary\b"))
    expect(phone_browser.at("[data-sign-out-go]")).not_to_have_class(re.compile(r"\bprimary\b"))


def test_signing_out_says_how_much_is_not_sent_yet_and_offers_to_stay_first(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.nothing_changed()
    phone_browser.no_answer()
    phone_browser.go("me")

    phone_browser.tap("[data-sign-out]")

    expect(phone_browser.at("[data-sign-out-unsent]")).to_be_visible()
    expect(phone_browser.at("[data-sign-out-line]")).to_contain_text(re.compile(r"(?<!\d)2(?!\d)"))
    expect(phone_browser.at("[data-sign-out-offline]")).to_be_visible()
    expect(phone_browser.at("[data-sign-out-stay]")).to_have_class(re.compile(r"\bprimary\b"))


def test_signing_out_with_everything_sent_warns_of_nothing(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.nothing_changed()
    until(lambda: [one["state"] for one in phone_browser.records()] == ["accepted"], 45)
    phone_browser.go("me")

    phone_browser.tap("[data-sign-out]")

    expect(phone_browser.at("[data-sign-out-stay]")).to_be_visible()
    expect(phone_browser.page.locator("[data-sign-out-unsent]")).to_be_hidden()


def test_whoever_signs_in_after_a_sign_out_begins_at_the_round(phone_browser: PhoneScreen) -> None:
    phone_browser.go("me")
    phone_browser.tap("[data-sign-out]")
    phone_browser.tap("[data-sign-out-form] button[type=submit]")
    phone_browser.page.wait_for_url("**/sign-in")
    phone_browser.sign_in("worker2")
    phone_browser.start_round()


def test_what_was_unsent_at_a_sign_out_without_signal_is_sent_before_anybody_signs_in(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.nothing_changed()
    phone_browser.go("me")
    phone_browser.tap("[data-sign-out]")
    phone_browser.tap("[data-sign-out-form] button[type=submit]")
    expect(phone_browser.at('[data-setup="offline"]')).to_be_visible()
    expect(phone_browser.at("[data-setup-kept] .message")).to_contain_text("1")
    phone_browser.browser.close()
    server.start()
    phone_browser.restart()
    expect(phone_browser.at('[data-setup="sign-in"]')).to_be_visible()
    until(lambda: server.count("visits") == 1, 45)
    expect(phone_browser.page.locator("[data-setup-kept] .message")).to_be_hidden()


def test_a_captive_portal_takes_nothing_and_nothing_counts_as_sent(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.begin_visit()
    phone_browser.shoot(phone_browser.add_hazard(0))
    phone_browser.finish()
    phone_browser.go("outbox")
    before = phone_browser.records()
    with portal(server.port) as asked:
        phone_browser.tap("[data-send-now]")
        told = phone_browser.at("[data-outbox-head] .error")
        expect(told).to_have_text(phone_browser.words("drain_portal"))
        phone_browser.page.reload()
        phone_browser.see("outbox")
        until(lambda: asked.count("GET /sync/probe") > 1)
        assert not [line for line in asked if not line.startswith("GET ")], "nothing was given away"
    after = phone_browser.records()
    assert [one["state"] for one in after] == ["waiting"]
    assert [one["digest"] for one in after] == [one["digest"] for one in before]
    assert [photo["state"] for photo in after[0]["photos"]] == ["waiting"]
    server.start()
    assert_everything_arrived(phone_browser, server, visits=1, photos=1)


def test_a_phone_whose_sign_in_has_run_out_sends_and_says_that_it_cannot_fetch(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.end_sign_ins()
    phone_browser.nothing_changed()
    assert_everything_arrived(phone_browser, server, visits=1, photos=0)
    phone_browser.tap('[data-banner="sign-in"] a')
    phone_browser.give_password("worker")
    phone_browser.see("round")
    banner = phone_browser.page.locator('[data-banner="sign-in"]')
    expect(banner).to_be_hidden()
    phone_browser.network_returns()
    expect(banner).to_be_hidden()


def assert_everything_arrived(phone: PhoneScreen, server: Server, visits: int, photos: int) -> None:
    """Nothing waits on the phone; the database has each visit and photo once, and the phone its receipts."""
    until(lambda: phone.waiting() == 0, 45)
    records = phone.records()
    assert len(records) == visits
    assert {record["state"] for record in records} == {"accepted"}
    assert all(record["receipt"]["number"] for record in records)
    held = [photo for record in records for photo in record["photos"]]
    assert all(photo["state"] == "stored" and photo["receipt"] for photo in held)
    assert len(held) == photos
    assert server.count("visits") == server.count("visit_revisions") == visits
    # Besides its small preview, of which nothing depends.
    assert server.count("photos", "kind = 'full'") == photos
    assert server.count("photos", "kind = 'full' AND state = 'stored'") == photos
    ids = {str(record["id"]).replace("-", "") for record in records}
    assert {str(row[0]).replace("-", "") for row in server.rows("SELECT id FROM visit_revisions")} == ids
