"""Phones: what each holds back, seen by its lead; shut out by an administrator after saying what that means."""

from tests import factories

STATE = {
    "build": "b1",
    "unsent": 3,
    "oldest_at": "2026-11-20T01:02:03Z",
    "photos_unsent": 2,
    "bytes_unsent": 900_000,
    "free_bytes": 250_000_000,
    "persisted": False,
}


def _page(browser):
    return browser.get("/phones?lang=en").get_data(as_text=True)


def test_the_lead_sees_what_is_still_on_a_phone(phone, client_of, worker, lead):
    phone(worker).reconcile(state=STATE)

    text = _page(client_of(lead))

    assert worker.name in text
    assert "3 visits, 2 photos" in text
    assert "250 MB" in text
    assert "the browser may clear it" in text


def test_a_phone_that_sent_everything_says_so(phone, client_of, worker, lead):
    phone(worker).reconcile(state=STATE | {"unsent": 0, "photos_unsent": 0, "oldest_at": None})

    assert "all in" in _page(client_of(lead))


def test_a_lead_sees_no_phone_of_another_community(phone, client_of, lead):
    stranger = factories.a_user("far-worker", role="worker", areas=(factories.ELSEWHERE,))
    phone(stranger)

    assert stranger.name not in _page(client_of(lead))


def test_a_phone_is_shut_out_only_after_its_page_said_what_that_means(phone, client_of, worker, admin):
    lost = phone(worker)
    said = client_of(admin).get(f"/phones/{lost.device}?lang=en").get_data(as_text=True)
    assert "What was not sent stays on it." in said

    answer = client_of(admin).post(f"/phones/{lost.device}/revocation")

    assert answer.status_code == 303
    assert "shut out" in _page(client_of(admin))
    assert lost.browser.get("/sync/pack").status_code == 401


def test_with_no_phone_the_page_says_when_one_appears(client_of, lead):
    assert "No phone yet" in _page(client_of(lead))
