"""Phones: what each holds back, seen by its lead; shut out by an administrator after saying what that means."""

import re
from html import unescape
from zoneinfo import ZoneInfo

from sqlalchemy import event

from field.accounts.models import Device
from field.core.db import db
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
    assert "the browser may delete unsent data" in text


def test_it_is_told_since_when_a_phone_holds_something_when_it_was_heard_and_that_it_keeps_it(
    phone, client_of, worker, lead, admin, clock
):
    phone(worker).reconcile(state=STATE | {"persisted": True})
    heard = db.session.query(Device).one().contact_at.astimezone(ZoneInfo("Asia/Shanghai"))
    clock.forward(hours=5)

    for reader in (lead, admin):
        page = _page(client_of(reader))

        assert _moment_in(page, "Oldest not sent") == "20 Nov, 09:02"
        assert _moment_in(page, "Last heard").endswith(f"{heard:%H:%M}")
        assert "storage kept" in page


def _moment_in(page, label):
    """A cell of the first phone, with plain spaces."""
    cell = re.search(rf'data-label="{label}">([^<]*)', page)[1]
    return " ".join(unescape(cell).split())


def test_a_phone_that_sent_everything_says_so(phone, client_of, worker, lead):
    phone(worker).reconcile(state=STATE | {"unsent": 0, "photos_unsent": 0, "oldest_at": None})

    assert "all in" in _page(client_of(lead))


ALL_IN = STATE | {"unsent": 0, "photos_unsent": 0, "oldest_at": None}
ANEW = "this one has not been heard since"


def test_all_in_says_as_of_when(phone, client_of, worker, lead, clock):
    phone(worker).reconcile(state=ALL_IN)
    clock.forward(days=3)

    page = _page(client_of(lead))

    assert re.search(r"all in, at\s\d+\s\w{3},\s\d\d:\d\d", page)


def test_beside_a_later_loss_nothing_is_all_in_until_the_phone_says_so_again(
    phone, client_of, worker, lead, clock
):
    sender = phone(worker)
    sender.record(factories.a_dwelling())
    sender.reconcile(state=ALL_IN)
    clock.forward(minutes=5)
    _enrol(sender, 0)

    after_the_loss = _page(client_of(lead))
    clock.forward(minutes=5)
    sender.reconcile(state=ALL_IN)
    later = _page(client_of(lead))

    assert ("all in" in after_the_loss, "all in" in later) == (False, True)
    assert all("Its storage was lost" in page for page in (after_the_loss, later))


def test_a_phone_that_is_silent_since_its_worker_enrolled_anew_is_marked_and_no_other(
    phone, client_of, worker, second_worker, lead, clock
):
    phone(worker).reconcile(state=ALL_IN)
    phone(second_worker).reconcile(state=ALL_IN)
    clock.forward(hours=1)
    phone(worker)

    page = _page(client_of(lead))

    assert page.count(ANEW) == 1


def test_two_phones_of_one_worker_that_are_both_heard_are_not_marked(phone, client_of, worker, lead, clock):
    first = phone(worker)
    clock.forward(hours=1)
    phone(worker)
    clock.forward(hours=1)
    first.reconcile(state=ALL_IN)

    assert ANEW not in _page(client_of(lead))


def test_one_visit_is_one_visit_and_no_photos_are_not_counted(phone, client_of, worker, lead):
    phone(worker).reconcile(state=STATE | {"unsent": 1, "photos_unsent": 0})

    text = _page(client_of(lead))

    assert "<strong>1 visit</strong>" in text


def test_a_phone_that_has_sent_but_not_said_what_is_left_is_told_as_that(phone, client_of, worker, lead):
    sender = phone(worker)
    before = _page(client_of(lead))
    sender.record(factories.a_dwelling())

    after = _page(client_of(lead))

    assert "has sent nothing yet" in before
    assert "has not said what is left" in after


def test_what_a_phone_said_before_it_sent_more_is_dated(phone, client_of, worker, lead, clock):
    sender = phone(worker)
    sender.reconcile(state=STATE)
    fresh = _page(client_of(lead))
    clock.forward(minutes=5)
    sender.record(factories.a_dwelling())

    old = _page(client_of(lead))

    assert "sent more since" not in fresh
    assert "sent more since" in old


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


def test_a_phone_without_room_says_so_instead_of_nothing(phone, client_of, worker, lead):
    phone(worker).reconcile(state=STATE | {"free_bytes": 0})

    assert "no room left" in _page(client_of(lead))


def test_the_app_version_of_a_phone_is_shown(phone, client_of, worker, lead):
    phone(worker, build="2026.11.24-1")

    assert "2026.11.24-1" in _page(client_of(lead))


def test_numbers_that_never_came_are_named_and_no_others(phone, client_of, worker, lead):
    sender = phone(worker)
    for skipped in (0, 2, 0, 1):
        sender.seq += skipped
        sender.record(factories.a_dwelling())

    assert "Missing: 2–3, 6" in _page(client_of(lead))


def test_a_record_that_was_set_aside_is_not_missing(phone, client_of, worker, lead):
    sender = phone(worker)
    sender.send(sender.event(sender.visit_body(factories.a_dwelling(), outcome="nonsense")))
    sender.record(factories.a_dwelling())

    assert "Missing" not in _page(client_of(lead))


def test_the_page_costs_as_many_queries_for_many_phones_as_for_one(
    phone, client_of, worker, second_worker, lead
):
    browser, statements = client_of(lead), []
    phone(worker).record(factories.a_dwelling())
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    _page(browser)
    few = len(statements)
    for user in (worker, second_worker, worker):
        phone(user).record(factories.a_dwelling())
    statements.clear()

    assert _page(browser).count("<tr>") == 5
    assert len(statements) == few


def test_a_lead_is_offered_no_button_that_shuts_phones_out(phone, client_of, worker, lead):
    lost = phone(worker)

    assert f"/phones/{lost.device}" not in _page(client_of(lead))
    assert client_of(lead).post(f"/phones/{lost.device}/revocation").status_code == 403


def test_what_stayed_on_a_phone_that_was_shut_out_is_sent_after_enrolling_again(
    phone, client_of, worker, admin
):
    found = phone(worker)
    event_of_before = found.event(found.visit_body(factories.a_dwelling()))
    client_of(admin).post(f"/phones/{found.device}/revocation")
    assert found.post(found.batch(event_of_before)).status_code == 401

    found.sign_in(worker).enrol()

    [result] = found.send(event_of_before)
    assert result["result"] == "accepted"


def _enrol(sender, seq):
    answer = sender.browser.post("/sync/enrolment", json={"build": "b2", "seq": seq})
    assert answer.status_code == 200
    return answer.json["highest_seq"]


def test_a_phone_that_lost_its_storage_is_told_where_to_go_on_and_its_lead_sees_it(
    phone, client_of, worker, lead
):
    sender = phone(worker)
    for _ in range(3):
        sender.record(factories.a_dwelling())

    answered = _enrol(sender, seq=0)

    assert answered == 3
    assert "Its storage was lost before" in _page(client_of(lead))


def test_a_phone_that_remembers_everything_has_lost_nothing(phone, client_of, worker, lead):
    sender = phone(worker)
    sender.record(factories.a_dwelling())

    assert _enrol(sender, seq=4) == 1
    assert "Its storage was lost" not in _page(client_of(lead))


def test_how_much_has_still_to_be_sent_is_told(phone, client_of, worker, lead):
    phone(worker).reconcile(state=STATE)

    assert "0.9 MB" in _page(client_of(lead))


def test_a_new_phone_begins_to_count_and_has_lost_nothing(phone, client_of, worker, lead):
    sender = phone(worker, enrolled=False)

    assert _enrol(sender, seq=0) == 0
    assert "Its storage was lost" not in _page(client_of(lead))


def test_photos_that_a_phone_has_lost_are_told_and_it_is_not_all_in(phone, client_of, worker, lead):
    nothing_left = {"unsent": 0, "photos_unsent": 0, "bytes_unsent": 0, "oldest_at": None}
    phone(worker).reconcile(state=STATE | nothing_left | {"photos_lost": 2})

    page = _page(client_of(lead))

    assert "2 photos were lost on the phone" in page
    assert "all in" not in page
