"""The daily mail over a real mail server: who asked for it, once a day, numbers and links and nothing else."""

from datetime import timedelta

import pytest

from field.audit.models import AuditEntry
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.hazards.models import Finding, FindingStatus
from field.notifications.models import Delivery, MailDigest, State
from tests import factories
from tests.notifications.servers import mail_server, unknown_certificate


def _later(hours=1):
    with transaction():
        for row in db.session.query(Delivery):
            row.next_at = utcnow() - timedelta(hours=hours)


def test_whoever_asked_gets_numbers_and_links(mails, send, asked, handler):
    asked(handler)
    factories.a_hazard(item="H03", action="refer")
    factories.a_hazard(item="H03", action="refer")

    assert send() == "1 new, 1 sent, 0 not yet."

    [mail] = mails.arrived
    text = mail.get_content()
    assert (mail["To"], mail["From"], mail["Auto-Submitted"]) == (
        "person@example.org",
        "desk@example.org",
        "auto-generated",
    )
    assert "2 条隐患待签收: https://doorstep.example.org/referrals" in text
    assert "https://doorstep.example.org/notifications" in text


def test_a_mail_names_no_door_no_hazard_and_nobody(mails, send, asked, lead):
    asked(lead)
    home = factories.a_dwelling(lessor_name="测试·房东")
    finding = factories.a_hazard(item="H03", action="refer", dwelling=home, note="二楼")
    with transaction():
        row = db.session.get_one(Finding, finding.id)
        row.due_on = row.accept_by = (utcnow() - timedelta(days=3)).date()

    send()

    text = str(mails.arrived[0])
    body = mails.arrived[0].get_content()
    for hidden in (home.address, home.lessor_name, finding.name_zh, finding.name_en, "二楼", str(finding.id)):
        assert hidden not in text + body
    assert "1 条隐患已逾期" in body
    assert "1 条移交已逾期" in body
    assert "1 条走访待审核" in body


def test_the_line_of_what_is_escalated_leads_to_that_list(mails, send, asked, handler, client_of):
    asked(handler)
    desk = client_of(handler)
    desk.post("/language", data={"language": "en"})
    pressed, plain = (factories.a_hazard(item="H03", action="refer") for _two in range(2))
    with transaction():
        db.session.get_one(Finding, pressed.id).escalated_at = utcnow()

    send()

    [line] = [one for one in mails.arrived[0].get_content().splitlines() if one.startswith("1 escalated: ")]
    page = desk.get(line.partition("https://doorstep.example.org")[2]).get_data(as_text=True)
    assert line.endswith("/referrals?state=escalated")
    assert (str(pressed.id) in page, str(plain.id) in page) == (True, False)


def test_it_comes_in_the_language_of_its_reader(mails, send, asked, handler, client_of):
    asked(handler)
    client_of(handler).post("/language", data={"language": "en"})
    factories.a_hazard(item="H03", action="refer")

    send()

    assert "1 hazard to accept" in mails.arrived[0].get_content()


def test_it_comes_once_a_day_however_often_the_command_runs(mails, send, asked, handler):
    asked(handler)
    factories.a_hazard(item="H03", action="refer")

    said = [send() for _unused in range(3)]

    assert said == ["1 new, 1 sent, 0 not yet.", "0 new, 0 sent, 0 not yet.", "0 new, 0 sent, 0 not yet."]
    assert len(mails.arrived) == 1


def test_while_nothing_waits_there_is_no_mail_and_once_something_does_it_comes(mails, send, asked, handler):
    asked(handler)

    before = send()
    factories.a_hazard(item="H03", action="refer")

    assert before == "0 new, 0 sent, 0 not yet."
    assert send() == "1 new, 1 sent, 0 not yet."


def test_whoever_did_not_ask_ended_it_or_was_suspended_gets_none(
    mails, send, asked, handler, lead, office, client_of
):
    factories.a_hazard(item="H03", action="refer")
    asked(handler)
    asked(office)
    client_of(handler).post("/notifications/mail/end")
    with transaction():
        db.session.get_one(type(office), office.id).disabled_at = utcnow()

    assert send() == "0 new, 0 sent, 0 not yet."
    assert db.session.query(MailDigest).filter_by(user_id=handler.id).count() == 0


def test_a_mail_that_waits_goes_to_nobody_whose_account_was_closed_since(
    mails, send, asked, lead, office, client_of
):
    """The mail server asked for a pause, and the account was closed meanwhile."""
    factories.a_hazard(item="H03", action="refer")
    asked(lead)
    mails.answer = "451 later"
    waiting = send()
    mails.answer = "250 OK"
    with transaction():
        db.session.get_one(type(lead), lead.id).disabled_at = utcnow()
    _later()

    said = [send(), send()]

    db.session.expire_all()
    row = db.session.query(Delivery).one()
    assert waiting == "1 new, 0 sent, 1 not yet."
    assert said == ["0 new, 0 sent, 1 not yet.", "0 new, 0 sent, 0 not yet."]
    assert mails.arrived == []
    assert (row.state, row.answer) == (State.FAILED, "account closed")
    page = client_of(office).get("/notifications/deliveries?state=failed&lang=en")
    assert "The account was closed before it was sent." in page.text


def test_the_address_is_kept_encrypted_and_shown_masked(mails, asked, handler, client_of):
    asked(handler, "somebody@example.org")

    row = db.session.query(MailDigest).one()
    text = client_of(handler).get("/notifications").get_data(as_text=True)
    told = [entry.action for entry in db.session.query(AuditEntry).filter_by(actor_id=handler.id)]

    assert b"somebody" not in row.address_sealed
    assert row.address == "somebody@example.org"
    assert "somebody@" not in text
    assert "s***@example.org" in text
    assert "digest.asked" in told


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b",
        "a b@example.org",
        "a@example.org\nBcc: all@example.org",
        "a@example.org>",
        "张@例.cn",
    ],
)
def test_what_is_no_address_is_refused_beside_its_field(asked, handler, address):
    answer = asked(handler, address)

    assert answer.status_code == 422
    assert 'id="address-error"' in answer.get_data(as_text=True)
    assert db.session.query(MailDigest).count() == 0


def test_a_mail_that_the_server_does_not_take_is_tried_again(mails, send, asked, handler):
    asked(handler)
    factories.a_hazard(item="H03", action="refer")
    mails.answer = "451 later"

    first = send()
    kept = db.session.query(Delivery).one()
    state = (kept.state, kept.attempts, kept.answer)
    mails.answer = "250 OK"
    too_early = send()
    _later()
    second = send()

    assert (first, state) == ("1 new, 0 sent, 1 not yet.", (State.WAITING, 1, "SMTP 451"))
    assert (too_early, second) == ("0 new, 0 sent, 0 not yet.", "0 new, 1 sent, 0 not yet.")
    assert len(mails.arrived) == 1


def test_a_mail_server_that_is_away_is_an_attempt_like_any_other(make_app, asked, handler):
    asked(handler)
    factories.a_hazard(item="H03", action="refer")
    settings = {"FIELD_ADDRESS": "https://doorstep.example.org", "FIELD_SMTP_FROM": "desk@example.org"}
    away = make_app(FIELD_SMTP_HOST="127.0.0.1", FIELD_SMTP_PORT="1", FIELD_SMTP_SECURITY="none", **settings)

    with away.app_context():
        result = away.test_cli_runner().invoke(args=["notifications", "send"])

    db.session.rollback()
    assert result.output.splitlines()[-1] == "1 new, 0 sent, 1 not yet."
    assert db.session.query(Delivery).one().answer == "ConnectionRefusedError"


def test_a_mail_server_whose_certificate_nobody_vouches_for_gets_nothing(make_app, asked, handler, tmp_path):
    asked(handler)
    factories.a_hazard(item="H03", action="refer")
    with mail_server(unknown_certificate(tmp_path)) as server:
        settings = {"FIELD_ADDRESS": "https://doorstep.example.org", "FIELD_SMTP_FROM": "desk@example.org"}
        careful = make_app(FIELD_SMTP_HOST="127.0.0.1", FIELD_SMTP_PORT=str(server.port), **settings)
        with careful.app_context():
            careful.test_cli_runner().invoke(args=["notifications", "send"])

    db.session.rollback()
    assert not server.arrived
    assert db.session.query(Delivery).one().answer == "SSLCertVerificationError"


def test_without_a_mail_server_nothing_is_made(send, asked, handler, client_of):
    asked(handler)
    factories.a_hazard(item="H03", action="refer")

    said = send()
    page = client_of(handler).get("/notifications?lang=en").get_data(as_text=True)

    assert said == "0 new, 0 sent, 0 not yet."
    assert "E-mail is not set up on this server yet." in page


def test_a_lead_is_told_of_rechecks_whose_photo_cannot_be_used(mails, send, asked, lead):
    asked(lead)
    finding = factories.a_hazard()
    with transaction():
        row = db.session.get_one(Finding, finding.id)
        row.status, row.voided_at = FindingStatus.RECHECK_DUE, utcnow()

    send()

    text = mails.arrived[0].get_content()
    assert "1 条隐患的复查不算数：照片没传到或无法使用" in text
    assert "/hazards?status=recheck_due" in text


def test_numbers_that_could_not_be_sent_on_their_day_are_sent_no_more(
    mails, send, asked, handler, office, client_of, clock
):
    """The mail server was away overnight: two mails of two days would contradict each other."""
    asked(handler)
    factories.a_hazard(item="H03", action="refer")
    mails.answer = "451 later"
    send()
    clock.forward(days=1)
    factories.a_hazard(item="H03", action="refer")
    mails.answer = "250 OK"

    said = send()

    db.session.expire_all()
    [past] = db.session.query(Delivery).filter_by(state=State.FAILED)
    page = client_of(office).get("/notifications/deliveries?state=failed&lang=en").text
    assert said == "1 new, 1 sent, 1 not yet."
    assert ["2 条隐患待签收" in one.get_content() for one in mails.arrived] == [True]
    assert "Its day was over before it could be sent." in page
    assert f"/notifications/deliveries/{past.id}/attempt" not in page


def test_a_link_that_waits_is_sent_on_another_day_too(mails, send, handler, client_of, clock):
    client_of(handler).post("/notifications/mail", data={"address": "person@example.org"})
    mails.answer = "451 later"
    send()
    clock.forward(days=1)
    mails.answer = "250 OK"

    assert send() == "0 new, 1 sent, 0 not yet."
