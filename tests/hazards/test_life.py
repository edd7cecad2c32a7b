"""The life of a hazard: every step from a state where it may be, by whom it may be, with what it needs."""

from datetime import date, timedelta

import pytest

from field.accounts.models import Role
from field.accounts.scope import Actor
from field.audit.models import AuditEntry
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.errors import Problem
from field.core.ids import new_id
from field.hazards import life, queries
from field.hazards.models import Action, FindingStatus
from tests import factories

S = FindingStatus
LATE = timedelta(days=60)
TODAY = date(2026, 11, 1)
LATER = date(2027, 1, 1)


@pytest.fixture
def cast(worker, second_worker, lead, handler, office):
    """The actors by role; `second` is another worker."""
    users = {"worker": worker, "second": second_worker, "lead": lead, "handler": handler, "office": office}
    return {name: Actor.of(user) for name, user in users.items()}


@pytest.fixture
def take(cast):
    """Let steps happen one after the other, each in a transaction of its own; answers the hazard."""

    def steps(finding, *moves):
        for move in moves:
            with transaction():
                held = queries.for_change(finding.id, cast["office"].scope)
                move(held)
        return held

    return steps


def _refer(cast):
    return lambda held: life.refer(held, "fire_rescue", cast["lead"], utcnow(), reason="超出网格能力")


def _step(action, actor, **facts):
    return lambda held: life.step(held, action, actor, utcnow(), **facts)


def _recheck(actor, passed=True, photos=None, **facts):
    pictures = [new_id()] if photos is None else photos
    return lambda held: life.recheck(held, passed, pictures, "看过", actor, utcnow(), **facts)


def _actions(finding):
    return [step.action for step in finding.steps]


def _department_reports(cast, fixed=True):
    return [
        _refer(cast),
        _step(Action.ACCEPT, cast["handler"]),
        _step(Action.START, cast["handler"]),
        lambda held: life.feed_back(held, fixed, "已拆除", cast["handler"], utcnow()),
    ]


def test_from_a_notice_over_a_failed_recheck_and_a_department_to_closure(cast, take):
    finding = factories.a_hazard()

    take(finding, _recheck(cast["worker"], passed=False, photos=[]), *_department_reports(cast))
    closed = take(finding, _recheck(cast["second"]))

    assert closed.status == S.CLOSED
    assert closed.settled
    assert _actions(closed) == [
        *("found", "notify", "fail_recheck", "refer", "accept", "start", "feed_back"),
        *("ask_recheck", "close"),
    ]
    assert [step.number for step in closed.steps] == list(range(1, 10))


def test_a_department_that_could_not_put_it_right_leaves_it_to_the_lead(cast, take):
    back = take(factories.a_hazard(), *_department_reports(cast, fixed=False))

    assert back.status == S.FED_BACK
    assert Action.NOTIFY in life.next_actions(back, cast["lead"], TODAY)


def test_a_returned_referral_can_go_to_another_department(cast, take):
    finding = take(
        factories.a_hazard(),
        _refer(cast),
        _step(Action.RETURN, cast["handler"], reason="不归我们管"),
        lambda held: life.refer(held, "subdistrict", cast["lead"], utcnow()),
    )

    assert (finding.status, finding.department) == (S.REFERRED, "subdistrict")


REACHED = {  # states and how a noticed hazard comes there
    S.NOTIFIED: lambda cast: [],
    S.RECHECK_DUE: lambda cast: [lambda held: life.report_fixed(held, cast["lead"], utcnow())],
    S.RECHECK_FAILED: lambda cast: [_recheck(cast["worker"], passed=False)],
    S.REFERRED: lambda cast: [_refer(cast)],
    S.RECEIPTED: lambda cast: _department_reports(cast)[:2],
    S.IN_PROGRESS: lambda cast: _department_reports(cast)[:3],
    S.RETURNED: lambda cast: [_refer(cast), _step(Action.RETURN, cast["handler"], reason="不归我们管")],
    S.FED_BACK: lambda cast: _department_reports(cast, fixed=False),
    S.CLOSED: lambda cast: [_recheck(cast["worker"])],
}
WHOLE = {"reason": "因为", "department": "fire_rescue", "due_on": date(2027, 1, 1)}


@pytest.mark.parametrize("state", REACHED)
def test_what_does_not_fit_the_state_is_refused_with_what_happened_last(state, cast, take):
    finding = take(factories.a_hazard(), lambda held: None, *REACHED[state](cast))
    assert finding.status == state

    for action, line in life.MACHINE.items():
        if state in line.sources:
            continue
        actor = next(one for one in cast.values() if one.role in line.roles)
        with pytest.raises(Problem) as refused:
            take(finding, _step(action, actor, photos=[new_id()], **WHOLE))
        assert refused.value.code == "decided-already", action
        assert refused.value.status == 409
        assert refused.value.detail


@pytest.mark.parametrize("state", REACHED)
def test_pages_offer_exactly_what_the_machine_would_take(state, cast, take):
    finding = take(factories.a_hazard(), lambda held: None, *REACHED[state](cast))

    for actor in cast.values():
        offered = set(life.next_actions(finding, actor, finding.due_on + LATE))
        assert offered == {
            action
            for action, line in life.MACHINE.items()
            if state in line.sources and actor.role in line.roles and action not in life.UNLISTED
        }


@pytest.mark.parametrize("action", life.MACHINE)
def test_a_step_is_refused_to_roles_that_may_not_take_it(action, cast, take, officer):
    finding = factories.a_hazard()
    strangers = [*cast.values(), Actor.of(officer)]

    for actor in [one for one in strangers if one.role not in life.MACHINE[action].roles]:
        with pytest.raises(Problem) as refused:
            take(finding, _step(action, actor, photos=[new_id()], **WHOLE))
        assert refused.value.code == "not-permitted"


def test_another_department_may_not_answer_for_the_one_that_has_it(cast, take):
    stranger = factories.a_user(
        "builder", role=Role.HANDLER, department="housing_construction", areas=(factories.COMMUNITY,)
    )
    finding = take(factories.a_hazard(), _refer(cast))

    with pytest.raises(Problem) as refused:
        take(finding, _step(Action.ACCEPT, Actor.of(stranger)))

    assert refused.value.code == "not-permitted"
    assert life.next_actions(finding, Actor.of(stranger), TODAY) == []


@pytest.mark.parametrize(
    ("state", "action", "who", "field"),
    [
        (S.NOTIFIED, Action.REFER, "lead", "department"),
        (S.REFERRED, Action.RETURN, "handler", "reason"),
        (S.IN_PROGRESS, Action.FEED_BACK, "handler", "reason"),
        (S.NOTIFIED, Action.CLOSE, "lead", "photos"),
        (S.NOTIFIED, Action.RESCHEDULE, "lead", "due_on"),
        (S.NOTIFIED, Action.ESCALATE, "office", "reason"),
    ],
)
def test_what_a_step_lacks_is_named_by_its_field(state, action, who, field, cast, take):
    finding = take(factories.a_hazard(), lambda held: None, *REACHED[state](cast))

    with pytest.raises(Problem) as refused:
        take(finding, _step(action, cast[who]))

    assert refused.value.code == "invalid"
    assert field in refused.value.members["fields"]


def test_closing_takes_a_photo_that_was_not_here_before(cast, take, phone, worker):
    part = phone(worker).photo_part(b"a picture")
    finding = factories.a_hazard(worker, photos=[part])

    with pytest.raises(Problem) as refused:
        take(finding, _recheck(cast["worker"], photos=[part["id"]]))

    assert list(refused.value.members["fields"]) == ["photos"]


def test_whoever_reported_it_fixed_does_not_close_it(cast, take):
    finding = take(
        factories.a_hazard(),
        lambda held: life.report_fixed(held, cast["worker"], utcnow(), reason="房东来电"),
    )

    with pytest.raises(Problem) as refused:
        take(finding, _recheck(cast["worker"]))
    closed = take(finding, _recheck(cast["second"]))

    assert list(refused.value.members["fields"]) == ["passed"]
    assert closed.status == S.CLOSED


def test_a_failed_recheck_ends_what_somebody_reported_before_it(cast, take):
    said = lambda held: life.report_fixed(held, cast["worker"], utcnow())  # noqa: E731

    noticed_again = take(
        factories.a_hazard(),
        said,
        _recheck(cast["second"], passed=False, photos=[]),
        _step(Action.NOTIFY, cast["lead"], due_on=LATER),
    )

    assert (noticed_again.fixed_by, noticed_again.fixed_at) == (None, None)
    assert take(noticed_again, _recheck(cast["worker"])).status == S.CLOSED


def test_a_district_may_let_the_same_person_close_it(cast, take):
    finding = take(factories.a_hazard(), lambda held: life.report_fixed(held, cast["worker"], utcnow()))

    assert take(finding, _recheck(cast["worker"], same_person=True)).status == S.CLOSED


def test_the_household_saying_that_it_is_fixed_closes_nothing(cast, take):
    says_so = lambda held: life.report_fixed(held, None, utcnow(), photos=[new_id()])  # noqa: E731

    noticed = take(factories.a_hazard(), says_so)
    with_department = take(factories.a_hazard(), _refer(cast), says_so)

    assert (noticed.status, noticed.fixed_by) == (S.RECHECK_DUE, None)
    assert (with_department.status, with_department.steps[-1].action) == (S.REFERRED, Action.NOTE)


def test_nobody_takes_other_steps_without_a_name(take):
    with pytest.raises(Problem) as refused:
        take(factories.a_hazard(), _step(Action.CLOSE, None, photos=[new_id()]))

    assert refused.value.code == "not-permitted"


def test_pressing_for_it_is_for_what_is_late(cast, take):
    finding = factories.a_hazard()
    escalate = lambda today: lambda held: life.escalate(held, "请尽快", cast["lead"], utcnow(), today)  # noqa: E731

    with pytest.raises(Problem):
        take(finding, escalate(finding.due_on))
    pressed = take(finding, escalate(finding.due_on + timedelta(days=1)))

    assert pressed.escalated_at is not None
    assert pressed.status == S.NOTIFIED


def test_another_deadline_is_a_step_with_its_reason(cast, take):
    later = date(2027, 3, 1)
    finding = take(
        factories.a_hazard(), lambda held: life.reschedule(held, later, "房东外出", cast["lead"], utcnow())
    )

    assert finding.due_on == finding.steps[-1].due_on == later
    assert finding.steps[-1].reason == "房东外出"


def test_a_double_click_is_one_step_and_a_late_one_hears_what_happened(cast, take, lead):
    finding = factories.a_hazard()
    seen = finding.version
    once = _step(Action.REFER, cast["lead"], department="fire_rescue", expected=seen)

    twice = take(finding, once, once)
    with pytest.raises(Problem) as refused:
        take(finding, _recheck(cast["worker"], passed=False, expected=seen))

    assert _actions(twice).count(Action.REFER) == 1
    assert refused.value.code == "decided-already"
    assert lead.name in refused.value.detail


def test_every_step_stands_in_the_audit_trail(cast, take):
    take(factories.a_hazard(), _refer(cast))

    written = {row.action for row in db.session.query(AuditEntry)}

    assert {"hazard.found", "hazard.notify", "hazard.refer"} <= written
