"""What is late is pressed by itself: after the district's days, once for each deadline, told in its life."""

from datetime import timedelta

import pytest

from field.accounts.scope import Actor
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.hazards import life, queries, routing
from field.hazards.models import Action, Finding, FindingStatus, FindingStep
from tests import factories
from tests.clock import today
from tests.referrals.department import moved


@pytest.fixture
def press(app):
    """Run the daily command; answers its output."""
    return lambda: app.test_cli_runner().invoke(args=["referrals", "overdue"]).output.splitlines()[-1]


def _late(finding, days=None, accept=None):
    with transaction():
        row = db.session.get_one(Finding, finding.id)
        if days is not None:
            row.due_on = today() - timedelta(days=days)
        if accept is not None:
            row.accept_by = today() - timedelta(days=accept)
    return finding


def _escalations(finding):
    steps = db.session.query(FindingStep).filter_by(finding_id=finding.id, action=Action.ESCALATE)
    return [(step.cause, step.days_late) for step in steps.order_by(FindingStep.number)]


def test_what_is_late_for_longer_than_allowed_is_escalated_once(press):
    finding = _late(factories.a_hazard(), routing.ESCALATE_DAYS + 1)

    first, second = press(), press()

    assert first == "620402000000: 1 late, 1 escalated."
    assert second == "620402000000: 1 late, 0 escalated."
    assert _escalations(finding) == [("still_open", 4)]
    assert db.session.get_one(Finding, finding.id).escalated_at is not None


def test_what_is_late_for_a_few_days_only_waits(press):
    finding = _late(factories.a_hazard(), routing.ESCALATE_DAYS)

    assert press() == "620402000000: 1 late, 0 escalated."
    assert not _escalations(finding)


def test_what_a_department_does_not_accept_is_escalated_before_its_deadline(press):
    finding = _late(factories.a_hazard(item="H03", action="refer"), days=-10, accept=5)

    press()

    assert _escalations(finding) == [("not_accepted", 5)]


def test_a_department_has_the_days_that_the_district_gives_it(press, office):
    with transaction():
        routing.set_term("fire_rescue", 3, 10, False, Actor.of(office), utcnow())
        routing.set_term("", 0, 0, False, Actor.of(office), utcnow())
    patient = _late(factories.a_hazard(item="H03", action="refer"), days=10, accept=10)
    with_the_grid = _late(factories.a_hazard(), 1)

    press()

    assert not _escalations(patient)
    assert len(_escalations(with_the_grid)) == 1


def test_a_new_deadline_can_be_missed_anew(press, office):
    finding = _late(factories.a_hazard(), 10)
    press()
    with transaction():
        held = queries.for_change(finding.id, Actor.of(office).scope)
        life.reschedule(held, today() + timedelta(days=1), "延期", Actor.of(office), utcnow())
    press()
    once = len(_escalations(finding))
    _late(finding, 10)
    press()
    press()

    assert once == 1
    assert len(_escalations(finding)) == 2


def test_what_is_accepted_late_and_then_misses_its_deadline_is_escalated_for_that_too(press, handler, clock):
    finding = _late(factories.a_hazard(item="H03", action="refer"), days=-2, accept=5)
    press()
    moved(finding, Action.ACCEPT, handler)
    press()
    clock.forward(days=6)

    outputs = [press(), press()]

    assert [line.split()[-2] for line in outputs] == ["1", "0"]
    assert _escalations(finding) == [("not_accepted", 5), ("still_open", 4)]


def test_both_deadlines_missed_by_the_same_day_are_escalated_once(press, handler, clock):
    finding = _late(factories.a_hazard(item="H03", action="refer"), days=5, accept=5)
    press()
    moved(finding, Action.ACCEPT, handler)
    clock.forward(days=30)
    press()

    assert _escalations(finding) == [("not_accepted", 5)]


@pytest.mark.parametrize("what", ["another department", "another deadline"])
def test_what_was_escalated_does_not_stick_to(what, press, lead, client_of):
    factories.codes()
    finding = _late(factories.a_hazard(item="H03", action="refer"), days=-30, accept=5)
    press()
    with transaction():
        held = queries.for_change(finding.id, Actor.of(lead).scope)
        soon = today() + timedelta(days=3)
        if what == "another department":
            life.append(held, Action.RETURN, FindingStatus.RETURNED, None, utcnow())
            life.refer(held, "subdistrict", Actor.of(lead), utcnow(), accept_by=soon)
        else:
            life.reschedule(held, soon, "延期", Actor.of(lead), utcnow())

    text = client_of(lead).get("/referrals?state=waiting&lang=en").get_data(as_text=True)

    assert str(finding.id) in text
    assert db.session.get_one(Finding, finding.id).escalated_at is None
    assert "escalated</span>" not in text


@pytest.mark.parametrize("by", ["the program", "the lead"])
def test_what_was_escalated_for_not_being_accepted_is_not_once_it_is(by, press, lead, handler, client_of):
    factories.codes()
    finding = _late(factories.a_hazard(item="H03", action="refer"), days=-30, accept=5)
    if by == "the program":
        press()
    else:
        _pressed_by(lead, finding)
    before = client_of(lead).get("/referrals?state=escalated&lang=en").get_data(as_text=True)

    moved(finding, Action.ACCEPT, handler)

    after = client_of(lead).get("/referrals?state=escalated&lang=en").get_data(as_text=True)
    assert f'href="/hazards/{finding.id}"' in before
    assert 'href="/referrals?state=escalated&amp;department=fire_rescue"' in before
    assert db.session.get_one(Finding, finding.id).escalated_at is None
    assert str(finding.id) not in after
    assert "Nothing is escalated." in after


def test_what_had_missed_its_deadline_too_stays_escalated_when_it_is_accepted(press, handler):
    finding = _late(factories.a_hazard(item="H03", action="refer"), days=5, accept=5)
    press()

    moved(finding, Action.ACCEPT, handler)

    assert db.session.get_one(Finding, finding.id).escalated_at is not None


def _pressed_by(lead, finding):
    with transaction():
        held = queries.for_change(finding.id, Actor.of(lead).scope)
        life.escalate(held, "请尽快签收", Actor.of(lead), utcnow(), today())


def test_settled_and_withdrawn_hazards_are_left_alone(press):
    _late(factories.a_hazard(action="fixed_on_site"), 30)
    withdrawn = _late(factories.a_hazard(), 30)
    with transaction():
        db.session.get_one(Finding, withdrawn.id).withdrawn = True

    assert press() == "620402000000: 0 late, 0 escalated."


def test_more_than_one_batch_is_walked_to_its_end(monkeypatch, press):
    monkeypatch.setattr("field.referrals.late.BATCH", 2)
    for _unused in range(5):
        _late(factories.a_hazard(), 10)

    assert press() == "620402000000: 5 late, 5 escalated."


def test_leads_see_what_was_escalated(press, client_of, lead):
    factories.codes()
    finding = _late(factories.a_hazard(item="H03", action="refer"), days=10)
    press()

    text = client_of(lead).get("/referrals?state=overdue&lang=en").get_data(as_text=True)

    assert str(finding.id) in text
    assert "escalated" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "系统自动督办|未签收，已逾期 10 天。"),
        ("en", "Escalated automatically|Not accepted, 10 days late."),
    ],
)
def test_why_it_was_escalated_is_read_in_the_readers_language(press, client_of, lead, language, words):
    finding = _late(factories.a_hazard(item="H03", action="refer"), days=-10, accept=10)
    press()

    text = client_of(lead).get(f"/hazards/{finding.id}?lang={language}").get_data(as_text=True)

    assert all(part in text for part in words.split("|"))


def test_a_sentence_of_earlier_days_is_still_shown(client_of, lead):
    finding = _late(factories.a_hazard(), 5)
    with transaction():
        held = db.session.get_one(Finding, finding.id)
        life.escalate(held, "未整改，已逾期 5 天。", None, utcnow(), today())

    text = client_of(lead).get(f"/hazards/{finding.id}?lang=en").get_data(as_text=True)

    assert "Escalated automatically" in text
    assert "未整改，已逾期 5 天。" in text
