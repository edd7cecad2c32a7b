"""A hazard's life: steps, as the table in machine.py allows them.

Everything that happens to a hazard goes through `step`, so nothing else changes a status. Verbs that need more
than a line are below it; what visits do to hazards is in service.py and rechecks.py.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from field.accounts.models import Role
from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.errors import Problem
from field.hazards import evidence, pressing, wording
from field.hazards.machine import MACHINE, OPEN, UNLISTED, Transition
from field.hazards.models import SETTLED, Action, Finding, FindingStep
from field.hazards.models import FindingStatus as S

# After these a recheck at the door does not count.
VOIDING = frozenset({Action.VOID_RECHECK, Action.LAPSE_RECHECK})


def next_actions(finding: Finding, actor: Actor, today: date) -> list[Action]:
    """What somebody may do next on a page, in the order of the table."""
    return [
        action
        for action, line in MACHINE.items()
        if action not in UNLISTED
        and finding.status in line.sources
        and actor.role in line.roles
        and _is_with(finding, actor)
        and (action != Action.ESCALATE or is_late(finding, today))
    ]


def is_late(finding: Finding, today: date) -> bool:
    """Past its deadline, or past the day on which the department should have accepted it."""
    return not finding.settled and finding.runs_out_on < today


def step(
    finding: Finding,
    action: Action,
    actor: Actor | None,
    at: datetime,
    *,
    photos: Iterable[UUID | str] = (),
    expected: int | None = None,
    to: S | None = None,
    **facts: Any,
) -> FindingStep:
    """Let something happen; `facts` are the other columns of a step. The row must be locked or new.

    `expected` is the version that the actor looked at: the same step again is answered as the first, and whoever
    comes after somebody else gets Problem `decided-already` with what happened. Raises `not-permitted`, and
    `invalid` with the `fields` that are missing.
    """
    line = MACHINE[action]
    pictures = [str(photo) for photo in photos]
    if not (line.unattended if actor is None else actor.role in line.roles):
        raise Problem("not-permitted")
    if expected is not None and expected != finding.version:
        return _same_or_refuse(finding, expected, action, actor, facts | {"photo_ids": pictures})
    if finding.status not in line.sources:
        raise meanwhile(finding, actor)
    if actor is not None and not _is_with(finding, actor):
        raise Problem("not-permitted", _("This hazard is with another department."))
    _insist_on_needs(line, pictures, facts)
    return append(
        finding, action, to or line.target, actor.id if actor else None, at, photos=pictures, **facts
    )


def append(
    finding: Finding,
    action: Action,
    status: S | None,
    actor_id: UUID | None,
    at: datetime,
    *,
    photos: Iterable[str] = (),
    **facts: Any,
) -> FindingStep:
    """Write a step down and move the hazard, unchecked: for `step`, and for the first steps of a new hazard."""
    finding.version = (finding.version or 0) + 1
    row = FindingStep(
        district=finding.district,
        number=finding.version,
        action=action,
        came_from=finding.status,
        status=status or finding.status,
        at=at,
        actor_id=actor_id,
        photo_ids=list(photos),
        **facts,
    )
    finding.steps.append(row)
    finding.status = row.status
    if row.due_on is not None:
        finding.due_on = row.due_on
        finding.accept_by = finding.accept_by and min(finding.accept_by, row.due_on)
    if pressing.is_over(finding, row):
        finding.escalated_at = None
    _forget_what_is_answered(finding, action)
    finding.voided_at = at if action in VOIDING else _still_void(finding, row)
    finding.waits_from = (finding.waits_from or at) if row.status == S.AWAITING_PHOTO else None
    finding.settled = row.status in SETTLED
    audit.record(
        f"hazard.{action}", finding.district, ("finding", finding.id), actor_id, status=str(row.status)
    )
    return row


def _forget_what_is_answered(finding: Finding, action: Action) -> None:
    """Who reported it fixed counts until it is told anew; who was sent, until somebody has looked in vain."""
    if action in {Action.NOTIFY, Action.FAIL_RECHECK}:
        finding.fixed_by = finding.fixed_at = None
    if action == Action.FAIL_RECHECK:
        finding.assignee_id = None


def _still_void(finding: Finding, row: FindingStep) -> datetime | None:
    return finding.voided_at if row.status == row.came_from else None


def _is_with(finding: Finding, actor: Actor) -> bool:
    return actor.role != Role.HANDLER or finding.department == actor.scope.department


def _insist_on_needs(line: Transition, photos: list[str], facts: Mapping[str, Any]) -> None:
    given = dict(facts) | {"photos": photos, "reason": facts.get("reason") or facts.get("cause")}
    missing = {need: wording.missing(need) for need in sorted(line.needs) if not given.get(need)}
    if missing:
        raise Problem("invalid", " ".join(missing.values()), fields=missing)


def _same_or_refuse(
    finding: Finding, expected: int, action: Action, actor: Actor | None, facts: Mapping[str, Any]
) -> FindingStep:
    """A double click is answered as the first one was; what another did is told, not overwritten.

    It is one when everything that was sent is the same, and nobody but the program or the household acted since.
    """
    row = next((one for one in finding.steps if one.number == expected + 1), None)
    if row is None or row.action != action or row.actor_id != (actor.id if actor else None):
        raise meanwhile(finding, actor)
    later = [one for one in finding.steps if one.number > row.number]
    if any(one.actor_id for one in later) or any(getattr(row, name) != said for name, said in facts.items()):
        raise meanwhile(finding, actor)
    return row


def meanwhile(finding: Finding, actor: Actor | None) -> Problem:
    """The refusal that says what happened last; a department hears no names of the grid."""
    department = actor.scope.department if actor else None
    return Problem("decided-already", wording.told(finding.steps[-1], department), version=finding.version)


def report_fixed(
    finding: Finding, actor: Actor | None, at: datetime, *, photos: Iterable[UUID | str] = (), **facts: Any
) -> FindingStep:
    """Somebody says that it is put right, the household when there is no actor: it is to be looked at again.

    Never closes anything. While a department has it, and when it is to be looked at anyway, this is only noted.
    """
    if actor is None and finding.status in OPEN - MACHINE[Action.REPORT_FIXED].sources:
        return step(finding, Action.NOTE, None, at, photos=photos, **facts)
    row = step(finding, Action.REPORT_FIXED, actor, at, photos=photos, **facts)
    finding.fixed_by, finding.fixed_at = row.actor_id, at
    return row


def recall_fixed(finding: Finding, before: FindingStep) -> None:
    """Who had reported it fixed when a step was taken that does not count any more."""
    for row in sorted(finding.steps, key=lambda one: -one.number):
        if row.number >= before.number:
            continue
        if row.action in {Action.NOTIFY, Action.FAIL_RECHECK}:
            return
        if row.action in {Action.REPORT_FIXED, Action.FEED_BACK}:
            finding.fixed_by, finding.fixed_at = row.actor_id, row.at
            return


def recheck(
    finding: Finding,
    passed: bool,
    photo_ids: Iterable[UUID | str],
    note: str | None,
    actor: Actor,
    at: datetime,
    *,
    same_person: bool = False,
    photos_are_here: bool = True,
    **facts: Any,
) -> FindingStep:
    """Somebody looked again: closed when it is put right, failed when not.

    Closing needs a picture that the hazard did not have before, and somebody else than who reported it fixed,
    unless the district lets the `same_person` do it for this item. Until it is known that the `photos_are_here`,
    it waits for them (awaiting.py). Raises Problem `invalid` with `fields`.
    """
    photos = [str(photo) for photo in photo_ids]
    if passed and facts.get("expected") in {None, finding.version}:
        if photos and not evidence.fresh_among(photos, finding, finding.steps):
            raise _refused("photos", wording.missing("new_photo"))
        if not same_person and finding.fixed_at is not None and finding.fixed_by == actor.id:
            raise _refused("passed", wording.missing("somebody_else"))
    positive = Action.CLOSE if photos_are_here else Action.AWAIT_PHOTO
    action = positive if passed else Action.FAIL_RECHECK
    return step(finding, action, actor, at, photos=photos, reason=note, **facts)


def _refused(field: str, words: str) -> Problem:
    return Problem("invalid", words, fields={field: words})


def refer(
    finding: Finding,
    department: str | None,
    actor: Actor,
    at: datetime,
    *,
    accept_by: date | None = None,
    **facts: Any,
) -> FindingStep:
    """Hand it to a department, which shall accept it by a day."""
    row = step(finding, Action.REFER, actor, at, department=department, **facts)
    finding.department, finding.accept_by = row.department, accept_by
    return row


def recall(finding: Finding, reason: str | None, actor: Actor, at: datetime, **facts: Any) -> FindingStep:
    """Take it from its department, which need not accept it any more; it is the area's again."""
    row = step(finding, Action.RECALL, actor, at, reason=reason, department=finding.department, **facts)
    finding.accept_by = None
    return row


def called_back(finding: Finding) -> bool:
    """Whether it was taken from the department that had it last."""
    moves = [row.action for row in finding.steps if row.action in {Action.REFER, Action.RECALL}]
    return bool(moves) and moves[-1] == Action.RECALL


def feed_back(
    finding: Finding,
    fixed: bool,
    said: str,
    actor: Actor,
    at: datetime,
    *,
    photos: Iterable[UUID | str] = (),
    **facts: Any,
) -> FindingStep:
    """The department says what came of it; when it is put right, somebody of the grid shall look."""
    before = finding.version
    row = step(finding, Action.FEED_BACK, actor, at, photos=photos, reason=said, **facts)
    if finding.version == before and fixed != _asked_by_itself(finding, row):
        raise meanwhile(finding, actor)
    if fixed and finding.version > before:
        finding.fixed_by, finding.fixed_at = actor.id, at
        step(finding, Action.ASK_RECHECK, None, at)
    return row


def _asked_by_itself(finding: Finding, said: FindingStep) -> bool:
    """Whether the program asked for a recheck as soon as the department had said that it is put right."""
    after = next((row for row in finding.steps if row.number == said.number + 1), None)
    return after is not None and after.action == Action.ASK_RECHECK and after.actor_id is None


def escalate(
    finding: Finding, reason: str | None, actor: Actor | None, at: datetime, today: date, **facts: Any
) -> FindingStep:
    """Press for it, once it is late; nobody (None) gives a `cause` and `days_late` in place of a reason."""
    if not is_late(finding, today):
        raise Problem("conflict", _("It is not overdue."))
    if finding.due_on >= today:  # then it is its day to accept that has passed
        facts |= {"accept_by": finding.accept_by}
    row = step(finding, Action.ESCALATE, actor, at, reason=reason, **facts)
    finding.escalated_at = at
    return row


def reschedule(
    finding: Finding, due_on: date, reason: str, actor: Actor | None, at: datetime, **facts: Any
) -> FindingStep:
    """Set another deadline, with a reason."""
    return step(finding, Action.RESCHEDULE, actor, at, reason=reason, due_on=due_on, **facts)
