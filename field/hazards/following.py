"""What people at the desk do about a hazard, each as one function of the hazard, what the form says, and who."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from field.accounts.models import Role, User, UserArea
from field.accounts.scope import Actor, scope_of
from field.checklists import queries as checklists
from field.core.clock import local_day
from field.core.db import db
from field.core.errors import Problem
from field.hazards import life, notices, queries, terms, wording
from field.hazards.models import Action, Finding
from field.hazards.models import FindingStatus as S
from field.hazards.rules import may_same_person


@dataclass(frozen=True)
class Form:
    """What was sent: checked values, the photos that came with it, when, and the district's zone."""

    values: Mapping[str, Any]
    photos: Sequence[UUID]
    now: datetime
    zone: str

    @property
    def said(self) -> dict[str, Any]:
        """Reason and version as steps take them."""
        return {"reason": self.values.get("reason") or None, "expected": self.values["version"]}


def recheck(finding: Finding, form: Form, actor: Actor) -> None:
    """Somebody looked again."""
    passed = form.values.get("passed")
    if passed is None:
        raise Problem("invalid", fields={"passed": wording.missing("passed")})
    if not passed and not form.values.get("reason"):
        raise Problem("invalid", fields={"reason": wording.missing("reason")})
    life.recheck(
        finding,
        passed,
        form.photos,
        form.said["reason"],
        actor,
        form.now,
        same_person=may_same_person(finding),
        expected=form.said["expected"],
    )


def report_fixed(finding: Finding, form: Form, actor: Actor) -> None:
    """The household or the landlord told the lead."""
    life.report_fixed(finding, actor, form.now, photos=form.photos, **form.said)


def notify(finding: Finding, form: Form, actor: Actor) -> None:
    """A notice again, with a number and a deadline of its own."""
    due_on = terms.due_after_notice(finding, local_day(form.now, form.zone))
    version = finding.version
    life.step(finding, Action.NOTIFY, actor, form.now, due_on=due_on, photos=form.photos, **form.said)
    if finding.version > version:
        notices.issue([finding], actor.id, form.now, form.zone)


def ask_recheck(finding: Finding, form: Form, actor: Actor) -> None:
    """Let somebody look at what the department said."""
    life.step(finding, Action.ASK_RECHECK, actor, form.now, **form.said)


def refer(finding: Finding, form: Form, actor: Actor) -> None:
    """Hand it to a department, with the days to accept that the district gives it."""
    department = form.values.get("department") or None
    insist_on_department(department, finding.district)
    rules, day = terms.terms_of(finding.district), local_day(form.now, form.zone)
    accept_by = rules.accept_by(department, day, finding.due_on)
    life.refer(finding, department, actor, form.now, accept_by=accept_by, photos=form.photos, **form.said)


def insist_on_department(department: str | None, district: int) -> None:
    """Raises Problem `invalid` for a department that the district does not have: nobody would ever accept there."""
    known = {entry.code for entry in checklists.codes(district).get("department", [])}
    if department not in known:
        raise Problem("invalid", fields={"department": wording.missing("department")})


def recall(finding: Finding, form: Form, actor: Actor) -> None:
    """Take it from the department that has it."""
    life.recall(finding, form.said["reason"], actor, form.now, expected=form.said["expected"])


def escalate(finding: Finding, form: Form, actor: Actor) -> None:
    """Press for it."""
    said = form.said
    life.escalate(
        finding,
        said["reason"] or "",
        actor,
        form.now,
        local_day(form.now, form.zone),
        expected=said["expected"],
    )


def reschedule(finding: Finding, form: Form, actor: Actor) -> None:
    """Another deadline, not in the past."""
    due_on, today = form.values.get("due_on"), local_day(form.now, form.zone)
    if due_on is None or due_on < today:
        raise Problem("invalid", fields={"due_on": wording.missing("due_on")})
    if due_on > today + _LONGEST:
        raise Problem("invalid", fields={"due_on": wording.missing("due_within")})
    said = form.said
    life.reschedule(finding, due_on, said["reason"] or "", actor, form.now, expected=said["expected"])


def assign(finding: Finding, form: Form, actor: Actor) -> None:
    """Say who shall look again."""
    chosen = form.values.get("assignee")
    names = {user.id: user.name for user in assignable(finding, actor)}
    if chosen not in names:
        raise Problem("invalid", fields={"assignee": wording.missing("assignee")})
    before = finding.version
    if before == form.values["version"] and finding.assignee_id == chosen:
        raise Problem("invalid", fields={"assigned": wording.missing("assigned")})
    life.step(finding, Action.ASSIGN, actor, form.now, reason=names[chosen], expected=form.values["version"])
    if finding.version == before and finding.assignee_id != chosen:  # somebody else of the same name
        raise life.meanwhile(finding, actor)
    finding.assignee_id = chosen


def assignable(finding: Finding, actor: Actor) -> Sequence[User]:
    """The workers who may be sent: their areas hold the hazard's grid."""
    statement = select(User).where(
        User.district == actor.scope.district, User.role == Role.WORKER, User.disabled_at.is_(None)
    )
    people = db.session.scalars(statement.order_by(User.name, User.id)).all()
    return [user for user in people if scope_of(user).covers(finding.grid_code)]


def workers(actor: Actor) -> Sequence[User]:
    """The workers whose areas touch those of somebody."""
    within = select(UserArea.user_id).where(actor.scope.within(UserArea.area_code))
    statement = select(User).where(
        User.district == actor.scope.district,
        User.role == Role.WORKER,
        User.disabled_at.is_(None),
        User.id.in_(within),
    )
    return db.session.scalars(statement.order_by(User.name, User.id)).all()


# As long as a rule may give; a mistyped year would take a hazard out of everybody's sight.
_LONGEST = timedelta(days=365)
# By the last word of the address, in the order in which a page offers them.
STEPS: Mapping[str, tuple[tuple[Action, ...], Callable[[Finding, Form, Actor], None]]] = {
    "recheck": ((Action.CLOSE, Action.FAIL_RECHECK), recheck),
    "report": ((Action.REPORT_FIXED,), report_fixed),
    "rechecking": ((Action.ASK_RECHECK,), ask_recheck),
    "notice": ((Action.NOTIFY,), notify),
    "referral": ((Action.REFER,), refer),
    "assignment": ((Action.ASSIGN,), assign),
    "recall": ((Action.RECALL,), recall),
    "escalation": ((Action.ESCALATE,), escalate),
    "deadline": ((Action.RESCHEDULE,), reschedule),
}

# Which of them is awaited where a hazard stands, the likeliest first. While a department is in time, none.
_AWAITED: Mapping[S, tuple[str, ...]] = {
    S.FOUND: ("notice", "referral"),
    S.NOTIFIED: ("recheck", "escalation"),
    S.RECHECK_DUE: ("recheck", "escalation"),
    S.RECHECK_FAILED: ("notice", "escalation"),
    S.RETURNED: ("referral", "escalation"),
    S.FED_BACK: ("rechecking", "escalation"),
    S.REFERRED: ("escalation",),
    S.RECEIPTED: ("escalation",),
    S.IN_PROGRESS: ("escalation",),
}
# After so many rechecks in vain another notice is not what helps.
_IN_VAIN = 2


def awaited(finding: Finding, steps: Sequence[str]) -> str | None:
    """The one of the steps that are offered which somebody will most likely take; pressing again for it is none."""
    likeliest = _AWAITED.get(finding.status, ())
    failed = [step for step in finding.steps if step.action == Action.FAIL_RECHECK]
    if "notice" in likeliest and (finding.stop_use or len(failed) >= _IN_VAIN):
        likeliest = ("referral", *likeliest)
    pressed = {"escalation"} if finding.escalated_at else set()
    return next((name for name in likeliest if name in steps and name not in pressed), None)


def together(
    versions: Mapping[UUID, int],
    name: str,
    values: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    zone: str,
) -> tuple[int, Counter[str]]:
    """The same step on many hazards, each as it stood in the list (its version); one that does not take it, or that
    has moved since, is left alone.

    Answers how many did, and how many did not by what stood against it: a field, what happened meanwhile, or a
    Problem's code. A double click is answered as the first one was.
    """
    gone = queries.withdrawn(versions, actor.scope)
    against: dict[UUID, str] = dict.fromkeys(gone, "conflict")
    for finding_id in sorted(versions.keys() - gone):
        finding = queries.for_change(finding_id, actor.scope)
        form = Form(dict(values) | {"version": versions[finding_id]}, (), now, zone)
        try:
            with db.session.begin_nested():
                STEPS[name][1](finding, form, actor)
                db.session.flush()
        except Problem as problem:
            against[finding_id] = _what_stands_against(finding, form, problem)
    return len(versions) - len(against), Counter(against.values())


def _what_stands_against(finding: Finding, form: Form, problem: Problem) -> str:
    if problem.code == "decided-already" and finding.version != form.values["version"]:
        return wording.MEANWHILE + finding.steps[-1].action
    return next(iter(problem.members.get("fields", {})), problem.code)
