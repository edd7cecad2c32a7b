"""Calling a hazard back from the department that has it: the area's again, out of the inbox, told to everybody."""

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.errors import Problem
from field.hazards import life, queries
from field.hazards.models import Action, Finding
from field.hazards.models import FindingStatus as S
from field.referrals import queries as inboxes
from tests import factories
from tests.clock import today
from tests.referrals.department import actor_of, moved

HTMX = {"HX-Request": "true"}
HELD = {"referred": [], "accepted": [Action.ACCEPT], "in work": [Action.ACCEPT, Action.START]}


@pytest.fixture
def referred(app):
    """A hazard that fire and rescue has."""
    return factories.a_hazard(item="H03", action="refer")


def _anew(finding):
    return db.session.get_one(Finding, finding.id, populate_existing=True)


def _recall(browser, finding, version=None, reason="移交错了", **headers):
    data = {"version": version or finding.version, "reason": reason}
    return browser.post(f"/hazards/{finding.id}/recall?lang=en", data=data, headers=headers)


@pytest.mark.parametrize("before", HELD)
def test_a_lead_takes_it_from_the_department_at_every_stage(before, client_of, lead, handler, referred):
    for action in HELD[before]:
        moved(referred, action, handler)
    assert f"/hazards/{referred.id}/recall" in client_of(lead).get(f"/hazards/{referred.id}").text

    answer = _recall(client_of(lead), _anew(referred))

    after = _anew(referred)
    assert answer.status_code == 303
    assert (after.status, after.accept_by) == (S.RETURNED, None)
    step = after.steps[-1]
    assert (step.action, step.reason, step.department) == (Action.RECALL, "移交错了", "fire_rescue")
    assert {Action.REFER, Action.NOTIFY} <= set(life.next_actions(after, actor_of(lead), after.due_on))


def test_the_office_may_too_and_the_department_not(client_of, office, handler, referred):
    assert _recall(client_of(handler), referred).status_code == 403
    assert _recall(client_of(office), referred).status_code == 303


@pytest.mark.parametrize("role", ["handler", "worker"])
def test_nobody_else_may_even_where_no_page_asks(request, role, referred):
    user = actor_of(request.getfixturevalue(role))
    held = db.session.get_one(Finding, referred.id)

    with pytest.raises(Problem) as refused:
        life.recall(held, "移交错了", user, utcnow())

    assert refused.value.code == "not-permitted"


@pytest.mark.parametrize("state", sorted(set(S) - {S.REFERRED, S.RECEIPTED, S.IN_PROGRESS}))
def test_what_no_department_has_is_not_called_back(client_of, lead, referred, state):
    with transaction():
        db.session.get_one(Finding, referred.id).status = state

    assert _recall(client_of(lead), referred).status_code == 409
    assert f"/hazards/{referred.id}/recall" not in client_of(lead).get(f"/hazards/{referred.id}").text


def test_it_is_not_counted_among_what_the_department_sent_back(client_of, lead, handler, referred):
    mine = factories.a_hazard(item="H03", action="refer")
    moved(mine, Action.RETURN, handler, reason="不归我们")
    _recall(client_of(lead), referred)

    [tally] = inboxes.tallies(actor_of(handler).scope, today())

    assert (tally.waiting, tally.returned) == (0, 1)


def test_without_a_reason_it_stays_where_it_is(client_of, lead, referred):
    answer = _recall(client_of(lead), referred, reason="  ")

    assert answer.status_code == 422
    assert 'id="recall-reason-error"' in answer.text
    assert _anew(referred).status == S.REFERRED


def test_the_lead_of_another_area_does_not_find_it(client_of, lead, referred):
    stranger = factories.a_user("lead-elsewhere", role=lead.role, areas=("620402001006",))

    assert _recall(client_of(stranger), referred).status_code == 404


def test_a_second_click_is_answered_as_the_first_and_a_quicker_department_is_told_of(
    client_of, lead, handler, referred
):
    version = referred.version
    answers = [_recall(client_of(lead), referred, version).status_code for _ in range(2)]
    other = factories.a_hazard(item="H03", action="refer")
    seen = other.version
    moved(other, Action.ACCEPT, handler)

    assert answers == [303, 303]
    assert len([step for step in _anew(referred).steps if step.action == Action.RECALL]) == 1
    assert _recall(client_of(lead), other, seen).status_code == 409


def test_the_inbox_has_it_no_more_and_its_page_says_why(client_of, lead, handler, referred):
    desk = client_of(handler)
    _recall(client_of(lead), referred)

    lists = [
        desk.get(f"/referrals/rows?state={state}").text
        for state in ("waiting", "working", "overdue", "returned", "answered")
    ]
    page = desk.get(f"/referrals/{referred.id}?lang=en").text

    assert not any(str(referred.id) in text for text in lists)
    assert "The area has called it back" in page
    assert "移交错了" in page
    assert lead.name not in page
    assert f"/referrals/{referred.id}/acceptance" not in page


def test_what_the_department_itself_returned_is_still_among_the_sent_back(client_of, handler, lead, referred):
    _recall(client_of(lead), referred)
    with transaction():
        held = queries.for_change(referred.id, actor_of(lead).scope)
        life.refer(held, "fire_rescue", actor_of(lead), utcnow())
    moved(referred, Action.RETURN, handler, reason="材料不全")

    desk = client_of(handler)

    assert str(referred.id) in desk.get("/referrals/rows?state=returned").text
    assert "The area has called it back" not in desk.get(f"/referrals/{referred.id}?lang=en").text
