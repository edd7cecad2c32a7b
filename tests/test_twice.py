"""Plain forms sent twice, as a double click without scripts sends them, one after the other and at the same moment:
each is done once, and the second answer is as the first."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from field.accounts.scope import Actor
from field.audit.models import AuditEntry
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards import notice_routes, routing, rule_routes, step_routes
from field.hazards.intervals import VisitInterval
from field.hazards.models import (
    Action,
    CalendarDay,
    FindingStep,
    HazardNotice,
    ItemRule,
    NoticeContact,
    RecheckTerm,
    ReferralRoute,
    ReferralTerm,
)
from field.merges import routes as merges_routes
from field.merges.models import Kind, MergeDecision
from field.notifications import deliveries_routes
from field.notifications import routes as mail_routes
from field.notifications.models import MailDigest, Webhook
from field.referrals import routing_routes
from field.reviews import reasons, reasons_routes
from field.reviews.models import ReturnReason
from tests import factories
from tests.waiting import Side

URL = "https://hooks.example.org/x"
LINE = {"subject": "H03", "land_tenure": ""}


class Form(NamedTuple):
    """A form: whose routes take it, who sends it where, what it says, and how often it was done."""

    routes: ModuleType
    who: str
    path: str
    said: dict[str, Any]
    done: Callable[[], int]


@pytest.fixture
def app(make_app):
    """The application in a district with its lists, which may tell other programs."""
    built = make_app(FIELD_WEBHOOK_HOSTS="hooks.example.org")
    with built.app_context():
        factories.codes()
        factories.a_checklist()
        yield built


def _rows(model, **facts):
    return lambda: db.session.query(model).filter_by(**facts).count()


def _told(action):
    return _rows(AuditEntry, action=action)


def _copy(_users):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one().id
    path = f"/hazards/notices/{notice}/copies"
    return Form(
        notice_routes,
        "lead",
        path,
        {"paper": "a4"},
        lambda: db.session.get_one(HazardNotice, notice).copies,
    )


def _hook(_users):
    return Form(deliveries_routes, "office", "/notifications/webhooks", {"url": URL}, _rows(Webhook))


def _hook_away(_users):
    path = f"/notifications/webhooks/{factories.a_webhook(url=URL).id}/removal"
    return Form(deliveries_routes, "office", path, {}, _told("webhook.removed"))


def _reason(_users):
    said = {"zh": "请写清楼层。", "en": "Please say which floor."}
    shipped = len(reasons.SHIPPED)
    done = _rows(ReturnReason)
    return Form(reasons_routes, "office", "/reviews/reasons", said, lambda: done() - shipped)


def _reason_away(_users):
    with transaction():
        reasons.adopt(factories.DISTRICT)
    path = f"/reviews/reasons/{reasons.reasons_of(factories.DISTRICT)[0].id}/removal"
    return Form(reasons_routes, "office", path, {}, _told("reason.removed"))


def _line(_users):
    said = LINE | {"department": "transport"}
    return Form(routing_routes, "office", "/referrals/routing", said, _rows(ReferralRoute))


def _line_away(users):
    office = Actor.of(users("office"))
    with transaction():
        routing.set_route("H03", "", "transport", office, utcnow())
    return Form(routing_routes, "office", "/referrals/routing/removal", LINE, _told("referral_route.dropped"))


def _term(_users):
    said = {"department": "transport", "accept_days": "2", "escalate_days": "2"}
    return Form(routing_routes, "office", "/referrals/routing/terms", said, _rows(ReferralTerm))


def _of_rules(path, said, model):
    return lambda _users: Form(rule_routes, "office", f"/hazards/rules/{path}", said, _rows(model))


def _contact(_users):
    factories.a_dwelling()
    said = {"area_code": factories.COMMUNITY, "name": "演示·社区", "telephone": "0943-0000000"}
    return Form(rule_routes, "office", "/hazards/rules/contacts", said, _rows(NoticeContact))


def _mail(_users):
    said = {"address": "person@example.org"}
    return Form(mail_routes, "lead", "/notifications/mail", said, _rows(MailDigest))


def _taken_back(users):
    left, right = sorted((new_id(), new_id()))
    decision = MergeDecision(
        id=new_id(),
        district=factories.DISTRICT,
        grid_code=factories.GRID,
        kind=Kind.PEOPLE,
        left_id=left,
        right_id=right,
        decided_by=users("lead").id,
        decided_at=utcnow(),
    )
    with transaction():
        db.session.add(decision)
    path = f"/merges/decisions/{decision.id}/reversal"
    return Form(merges_routes, "lead", path, {}, _told("merge.undone"))


def _together(name, action, **said):
    def form(users):
        chosen = {key: value(users) if callable(value) else value for key, value in said.items()}
        hazards = [factories.a_hazard() for _two in range(2)]
        found = [f"{one.id}.{one.version}" for one in hazards]
        steps = _rows(FindingStep, action=action)
        return Form(
            step_routes, "lead", f"/hazards/{name}", {"finding": found, **chosen}, lambda: steps() // 2
        )

    return form


FORMS = {
    "copy": _copy,
    "webhook": _hook,
    "webhook away": _hook_away,
    "reason": _reason,
    "reason away": _reason_away,
    "line": _line,
    "line away": _line_away,
    "term": _term,
    "contact": _contact,
    "mail": _mail,
    "rule": _of_rules("items/H09", {"due_days": "9"}, ItemRule),
    "calendar": _of_rules("calendar", {"days": "2027-02-17 holiday 春节"}, CalendarDay),
    "photo days": _of_rules("rechecks", {"photo_days": "4"}, RecheckTerm),
    "intervals": _of_rules("intervals", {"clean_days": "90"}, VisitInterval),
    "merge taken back": _taken_back,
    "assigned together": _together(
        "assignments", Action.ASSIGN, assignee=lambda users: str(users("worker").id)
    ),
    "referred together": _together("referrals", Action.REFER, department="transport", reason="请处理"),
}


def _at_once(app, monkeypatch, routes, *works):
    """Both have come as far as the transaction before either begins it."""
    both = threading.Barrier(len(works), timeout=20)

    @contextmanager
    def begun():
        both.wait()
        with transaction() as session:
            yield session

    def beside(work):
        def run():
            with app.app_context():
                return work()

        return Side(run)

    monkeypatch.setattr(routes, "transaction", begun)
    return [side.result() for side in [beside(work) for work in works]]


@pytest.mark.parametrize("when", ["after each other", "at the same moment"])
@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_sent_twice_is_done_once(app, client_of, monkeypatch, request, name, when):
    form = FORMS[name](request.getfixturevalue)
    browsers = [client_of(request.getfixturevalue(form.who)) for _click in range(2)]
    works = [lambda one=one: one.post(form.path, data=form.said) for one in browsers]

    if when == "after each other":
        first, second = (work() for work in works)
    else:
        first, second = _at_once(app, monkeypatch, form.routes, *works)

    db.session.rollback()
    db.session.expire_all()
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert first.status_code in {200, 303}
    assert form.done() == 1


@pytest.mark.parametrize("who", ["the same person later", "somebody else"])
def test_a_copy_that_is_no_double_click_is_one_more(app, client_of, lead, office, clock, who):
    form = _copy(None)
    client_of(lead).post(form.path, data=form.said)
    if who == "the same person later":
        clock.forward(minutes=1)

    client_of(lead if who == "the same person later" else office).post(form.path, data=form.said)

    assert form.done() == 2


def test_a_decision_that_was_taken_back_and_made_anew_is_not_said_to_be_taken_back(app, client_of, lead):
    form = _taken_back(lambda _name: lead)
    desk = client_of(lead)
    desk.post(form.path)
    before = db.session.query(MergeDecision).one()
    with transaction():
        facts = {"district": before.district, "grid_code": before.grid_code, "kind": before.kind}
        pair = {"left_id": before.left_id, "right_id": before.right_id}
        db.session.add(MergeDecision(**facts, **pair, decided_by=lead.id, decided_at=utcnow()))

    answer = desk.post(f"{form.path}?lang=en")

    assert answer.status_code == 409
    assert "said on" in answer.get_data(as_text=True)
