"""A daily mail goes nowhere before a reader of that mailbox has said yes, by a link that only that mailbox got."""

import re
from datetime import timedelta

import pytest

from field.audit.models import AuditEntry
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.notifications import confirming
from field.notifications.models import Delivery, MailDigest, State
from tests import factories

LINK = re.compile(r"https://doorstep\.example\.org(/mail/\S+)")


@pytest.fixture
def ask(client_of):
    """Let somebody enter an address."""
    return lambda user, address="person@example.org": client_of(user).post(
        "/notifications/mail?lang=en", data={"address": address}
    )


@pytest.fixture
def linked(mails, send, ask, handler):
    """A handler has entered an address, and the mail with the link went there; answers the link's path."""
    ask(handler)
    send()
    return LINK.search(mails.arrived[-1].get_content())[1]


def _digest():
    db.session.expire_all()
    return db.session.query(MailDigest).one_or_none()


def _something_waits():
    factories.a_hazard(item="H03", action="refer")


def test_the_first_mail_to_an_address_is_a_link_and_nothing_else(mails, send, ask, handler):
    _something_waits()
    ask(handler)

    said = [send(), send()]

    [mail] = mails.arrived
    assert said == ["1 new, 1 sent, 0 not yet.", "0 new, 0 sent, 0 not yet."]
    assert mail["To"] == "person@example.org"
    assert LINK.search(mail.get_content())
    assert _digest().confirmed_at is None


def test_after_the_yes_of_its_reader_the_daily_mail_comes(mails, send, linked, anonymous):
    page = anonymous.get(linked).status_code
    answer = anonymous.post(f"{linked}/confirmation")
    _something_waits()

    assert (page, answer.status_code) == (200, 303)
    assert "This address is confirmed" in anonymous.get(f"{linked}?lang=en").get_data(as_text=True)
    assert send() == "1 new, 1 sent, 0 not yet."
    assert "/referrals" in mails.arrived[-1].get_content()


def test_the_mail_and_the_page_tell_of_nobody(mails, linked, anonymous, handler):
    mail = mails.arrived[-1].get_content()
    page = anonymous.get(f"{linked}?lang=en").get_data(as_text=True)

    for hidden in (handler.name, handler.username, str(handler.id), "person@", "p***"):
        assert hidden not in mail + page + linked


def test_opening_the_link_confirms_nothing_as_programs_open_links(linked, anonymous):
    for _unused in range(3):
        anonymous.get(linked)

    assert _digest().confirmed_at is None


def test_saying_yes_twice_is_the_same_as_once(linked, anonymous):
    answers = [anonymous.post(f"{linked}/confirmation").status_code for _unused in range(2)]

    told = db.session.query(AuditEntry).filter_by(action="digest.confirmed").count()
    assert answers == [303, 303]
    assert told == 1


def test_whoever_was_not_meant_has_the_address_forgotten(mails, send, linked, anonymous):
    answer = anonymous.post(f"{linked}/refusal", follow_redirects=True)
    again = anonymous.get(linked)
    _something_waits()

    assert "This address is forgotten" in anonymous.get("/mail/refused?lang=en").get_data(as_text=True)
    assert (answer.status_code, again.status_code) == (200, 404)
    assert _digest() is None
    assert send() == "0 new, 0 sent, 0 not yet."


def test_another_address_asks_again_and_ends_the_link_of_the_first(
    mails, send, ask, linked, anonymous, handler
):
    anonymous.post(f"{linked}/confirmation")
    _something_waits()

    ask(handler, "other@example.org")
    send()

    assert _digest().confirmed_at is None
    assert [mail["To"] for mail in mails.arrived] == ["person@example.org", "other@example.org"]
    assert anonymous.get(linked).status_code == 404
    assert anonymous.post(f"{linked}/confirmation").status_code == 404
    assert _digest().confirmed_at is None


def test_the_same_address_entered_again_stays_confirmed(mails, send, ask, linked, anonymous, handler):
    anonymous.post(f"{linked}/confirmation")

    ask(handler)

    assert _digest().confirmed_at is not None
    assert send() == "0 new, 0 sent, 0 not yet."


def test_numbers_that_waited_for_the_old_address_go_nowhere(mails, send, ask, linked, anonymous, handler):
    anonymous.post(f"{linked}/confirmation")
    _something_waits()
    mails.answer = "451 later"
    send()
    mails.answer = "250 OK"
    ask(handler, "other@example.org")
    with transaction():
        for row in db.session.query(Delivery).filter_by(state=State.WAITING):
            row.next_at = utcnow() - timedelta(hours=1)

    send()

    assert LINK.search(mails.arrived[-1].get_content())
    assert mails.arrived[-1]["To"] == "other@example.org"
    assert len(mails.arrived) == 2


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 200), (3, 404)])
def test_the_link_ends_after_two_days(linked, anonymous, clock, days, status):
    clock.forward(days=days)

    assert anonymous.get(linked).status_code == status
    assert anonymous.post(f"{linked}/confirmation").status_code == (303 if status == 200 else 404)


def test_another_link_can_be_asked_for_and_the_first_leads_nowhere(
    mails, send, linked, anonymous, handler, client_of
):
    answer = client_of(handler).post("/notifications/mail/link")
    send()
    second = LINK.search(mails.arrived[-1].get_content())[1]

    assert answer.status_code == 303
    assert anonymous.get(linked).status_code == 404
    assert anonymous.get(second).status_code == 200


def test_nobody_can_have_links_sent_without_end(mails, send, ask, handler, client_of):
    browser = client_of(handler)
    for number in range(confirming.LINKS):
        ask(handler, f"person{number}@example.org")

    more = ask(handler, "another@example.org")
    again = browser.post("/notifications/mail/link?lang=en")

    assert (more.status_code, again.status_code) == (429, 429)
    assert "Too many links today" in more.get_data(as_text=True)
    assert _digest().address == f"person{confirming.LINKS - 1}@example.org"


def test_an_address_that_guesses_links_is_stopped(app, anonymous, linked):
    tries = [anonymous.get("/mail/guess").status_code for _unused in range(confirming.GUESSES)]

    assert set(tries) == {404}
    assert anonymous.get(linked).status_code == 429


@pytest.mark.parametrize(
    "change", [lambda link: link[:-1] + "A", lambda link: link[:-12], lambda _link: "/mail/=1+1"]
)
def test_a_link_that_somebody_changed_leads_nowhere(linked, anonymous, change):
    if change(linked) != linked:
        assert anonymous.post(f"{change(linked)}/confirmation").status_code == 404
    assert _digest().confirmed_at is None


def test_whoever_asked_reads_that_it_is_not_confirmed_and_then_since_when(
    linked, anonymous, handler, client_of
):
    browser = client_of(handler)
    before = browser.get("/notifications?lang=en").get_data(as_text=True)
    anonymous.post(f"{linked}/confirmation")
    after = browser.get("/notifications?lang=en").get_data(as_text=True)

    assert "Not confirmed yet" in before
    assert "Send the link again" in before
    assert "Not confirmed yet" not in after


def test_it_is_found_by_no_search_engine_and_kept_by_no_cache(linked, anonymous):
    answer = anonymous.get(f"{linked}?lang=en")

    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "lang=en" in answer.headers["Set-Cookie"] or "en;" in answer.headers["Set-Cookie"]


def test_the_link_comes_in_the_language_of_whoever_asked(mails, send, ask, handler, client_of):
    client_of(handler).post("/language", data={"language": "en"})
    ask(handler)

    send()

    assert "please confirm" in mails.arrived[-1]["Subject"]
