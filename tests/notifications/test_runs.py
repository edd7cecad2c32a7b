"""One run of the command that sends: whom it keeps waiting while others are slow, and what it holds meanwhile."""

import pytest

from field.core.changes import newest_change
from field.core.db import db
from field.notifications import mail, posting, turn
from field.notifications.models import Delivery
from tests import factories, locks
from tests.factories.places import DISTRICT
from tests.notifications.servers import silent


@pytest.fixture
def hook(app, heard):
    """The receiver is told of what happens from now on."""
    return factories.a_webhook(url=heard.url)


@pytest.fixture
def readers(asked):
    """Three of a department, each of whom wants the daily mail."""
    facts = {"role": "handler", "areas": (f"{DISTRICT}000000",), "department": "fire_rescue"}
    people = [factories.a_user(f"reader{number}", **facts) for number in range(3)]
    for user in people:
        asked(user, f"{user.username}@example.org")
    return people


def _hazards(number):
    for _one in range(number):
        factories.a_hazard(item="H03", action="refer")


def _answers(hook):
    db.session.expire_all()
    return sorted(row.answer for row in db.session.query(Delivery).filter_by(target_id=hook.id))


def test_a_host_that_never_answers_is_waited_for_twice_and_keeps_nobody_else_waiting(
    monkeypatch, hook, heard, send
):
    monkeypatch.setattr(posting, "SECONDS", 0.2)
    with silent() as (port, came):
        slow = factories.a_webhook(url=f"http://127.0.0.1:{port}/hook")
        _hazards(4)

        said = send()

        assert said == "8 new, 4 sent, 4 not yet."
        assert len(came) == 2
    assert _answers(slow) == ["TimeoutError", "TimeoutError", "away", "away"]
    assert len(heard.came) == 4


def test_what_was_not_tried_for_a_host_that_is_away_is_tried_later_and_says_so(
    hook, heard, send, client_of, office, clock
):
    _hazards(3)
    heard.answers = [503, 503, 204]
    first = send()
    page = client_of(office).get("/notifications/deliveries?state=waiting&lang=en").text
    clock.forward(minutes=2)

    assert (first, send()) == ("3 new, 0 sent, 3 not yet.", "0 new, 3 sent, 0 not yet.")
    assert "Not sent this time: others did not get through there." in page


def test_a_mail_server_that_never_answers_is_waited_for_twice(make_app, monkeypatch, readers):
    monkeypatch.setattr(mail, "SECONDS", 0.2)
    _hazards(1)
    with silent() as (port, came):
        away = make_app(
            FIELD_ADDRESS="https://doorstep.example.org",
            FIELD_SMTP_FROM="desk@example.org",
            FIELD_SMTP_HOST="127.0.0.1",
            FIELD_SMTP_PORT=str(port),
            FIELD_SMTP_SECURITY="none",
        )
        with away.app_context():
            away.test_cli_runner().invoke(args=["notifications", "send"], catch_exceptions=False)
        assert len(came) == 2
    db.session.rollback()
    answers = sorted(row.answer for row in db.session.query(Delivery))
    assert answers == ["SMTPServerDisconnected", "SMTPServerDisconnected", "away"]


def test_an_address_that_the_mail_server_refuses_keeps_no_other_mail_waiting(mails, send, readers):
    _hazards(1)
    mails.answer = "550 no such mailbox"

    send()

    db.session.expire_all()
    assert [row.answer for row in db.session.query(Delivery)] == ["SMTP 550"] * 3


def test_mails_go_before_webhooks(monkeypatch, mails, hook, send, asked, handler):
    asked(handler)
    _hazards(1)
    before = []
    monkeypatch.setattr(posting, "attempt", lambda *_facts: before.append(len(mails.arrived)))

    send()

    assert before == [1]


def test_while_a_run_is_sending_the_next_one_does_nothing(app, hook, heard, send):
    _hazards(1)
    with turn.taken(app.config["DATA"]) as mine:
        said = send()

    assert (mine, said, len(heard.came)) == (True, "Another run is still sending.", 0)
    assert send() == "1 new, 1 sent, 0 not yet."


def test_numbers_are_computed_while_everybody_else_can_write(
    monkeypatch, database_url, mails, send, asked, handler
):
    asked(handler)
    _hazards(1)
    counted, came = mail.numbers_for, []

    def computed(user, today):
        with locks.held(database_url, "district_heads"):
            came.append(user.id)
        return counted(user, today)

    monkeypatch.setattr(mail, "numbers_for", computed)

    assert send() == "1 new, 1 sent, 0 not yet."
    assert came == [handler.id]


def test_a_run_that_finds_nothing_due_changes_nothing_for_phones(mails, send, asked, handler):
    asked(handler)
    _hazards(1)
    before = newest_change(db.session(), DISTRICT)
    db.session.rollback()

    send()

    assert newest_change(db.session(), DISTRICT) == before
