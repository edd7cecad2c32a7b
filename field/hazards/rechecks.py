"""Rechecks made at the door: a visit says of known hazards whether they are put right; its corrections say it anew."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from field.accounts.scope import Actor
from field.core.db import db
from field.core.errors import Problem
from field.hazards import awaiting, life
from field.hazards.causes import Cause
from field.hazards.models import Action, Finding, FindingStatus, FindingStep
from field.hazards.rules import may_same_person
from field.places.models import Dwelling
from field.places.queries import open_door
from field.visits.models import Visit

_JUDGED = {Action.CLOSE: True, Action.AWAIT_PHOTO: True, Action.FAIL_RECHECK: False}
_UNDONE = {Action.TAKE_BACK, Action.VOID_RECHECK}
# What the program does once the photo has come, cannot be used, or has not come for long.
_BY_ITSELF = {Action.CONFIRM_RECHECK, *life.VOIDING}
_OF_VISITS = (*_JUDGED, Action.NOTE)


def apply_rechecks(
    visit: Visit, parts: Sequence[Mapping[str, Any]], actor: Actor, at: datetime, now: datetime
) -> None:
    """Take what a visit's newest revision says of hazards found before: `{"finding", "passed", "note", "photos"}`.

    `at` is when they looked, `now` when that came here; from then on it waits for its photo.

    Only hazards at the visit's own door count. One that is put right closes when its photo is stored. Nothing here
    refuses the visit: what does not fit the hazard's state, such as a closing without a new photo, is noted in its
    life with the reason.
    """
    said = {part["finding"]: part for part in parts}
    if not said and visit.revision == 1:
        return
    db.session.flush()  # what came before in the same batch is read anew below
    earlier = _earlier(visit)
    for finding in _findings(visit, said.keys(), earlier.keys()):
        part, before = said.get(finding.id), earlier.get(finding.id)
        if before is not None and _says_the_same(before, part):
            _reword(before, part)
            continue
        if before is not None:
            _take_back(finding, before, visit, actor, at)
        if part is not None:
            _apply(finding, part, visit, actor, at)
            if finding.status == FindingStatus.AWAITING_PHOTO:
                finding.waits_from = now
        awaiting.settle(finding, at)


def last_words(visit: Visit) -> set[UUID]:
    """Hazards of which a visit's recheck is the last word: nobody has acted on them since."""
    words = _words(visit)
    findings = select(Finding).where(Finding.id.in_(words.keys()), Finding.withdrawn.is_(False))
    rows = db.session.scalars(findings.options(selectinload(Finding.steps))).all() if words else []
    return {row.id for row in rows if _is_last(row, words[row.id])}


def _is_last(finding: Finding, word: FindingStep) -> bool:
    since = [row for row in finding.steps if row.number > word.number]
    return word.action in _JUDGED and all(row.action in _BY_ITSELF for row in since)


def correct_rechecks(
    visit: Visit,
    parts: Sequence[Mapping[str, Any]],
    otherwise: Container[UUID],
    actor: Actor,
    now: datetime,
) -> None:
    """Let a lead say anew what a visit's recheck of some hazards (`parts`) has said: another note, or another outcome
    of those that are `otherwise`.

    What was put right can be said to be still there. To close it takes a new photo, which a desk adds on the hazard's
    own page. Unlike a worker's own correction it is refused where it cannot be: Problem `decided-already` when somebody
    has acted on a hazard since, `invalid` for a closing.
    """
    db.session.flush()
    said, earlier = {part["finding"]: part for part in parts}, _earlier(visit)
    for finding in _findings(visit, said.keys(), said.keys()):
        part, before = said[finding.id], earlier.get(finding.id)
        if finding.id not in otherwise:
            if before is not None:
                before.reason = part.get("note")
            continue
        if before is None or not _is_last(finding, before):
            raise life.meanwhile(finding, actor)
        _take_back(finding, before, visit, actor, now)
        photos, note = _photos(part), part.get("note")
        life.recheck(finding, part["passed"], photos, note, actor, now, visit_id=visit.id)


def _findings(visit: Visit, said: Iterable[UUID], earlier: Iterable[UUID]) -> Sequence[Finding]:
    """What is spoken of for the first time lies at the door, or at the one that it was joined with; what this visit
    has spoken of before, wherever it lies by now."""
    door = db.session.get_one(Dwelling, visit.dwelling_id)
    here = and_(Finding.id.in_(set(said)), Finding.dwelling_id.in_({door.id, open_door(door).id}))
    statement = (
        select(Finding)
        .where(or_(here, Finding.id.in_(set(earlier))), Finding.district == visit.district)
        .where(Finding.withdrawn.is_(False))
        .order_by(Finding.id)
        .with_for_update()
    )
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def _earlier(visit: Visit) -> dict[UUID, FindingStep]:
    """The newest word of the revisions before, by hazard; what was taken back counts no more."""
    return {} if visit.revision == 1 else _words(visit)


def _words(visit: Visit) -> dict[UUID, FindingStep]:
    statement = select(FindingStep).where(
        FindingStep.district == visit.district, FindingStep.visit_id == visit.id
    )
    newest: dict[UUID, FindingStep] = {}
    void: dict[UUID, FindingStep] = {}
    for row in db.session.scalars(statement.order_by(FindingStep.number)):
        if row.action in _OF_VISITS:
            newest[row.finding_id] = row
        elif row.action in _UNDONE and row.finding_id in newest:
            void[row.finding_id] = newest.pop(row.finding_id)
        elif row.action == Action.CONFIRM_RECHECK and row.finding_id in void:  # its photo was good after all
            newest.setdefault(row.finding_id, void.pop(row.finding_id))
    return newest


def _says_the_same(before: FindingStep, part: Mapping[str, Any] | None) -> bool:
    """Another photo of what is put right is another recheck: the hazard waits for it."""
    if part is None or _JUDGED.get(before.action) != part["passed"]:
        return False
    return not part["passed"] or set(before.photo_ids) == set(_photos(part))


def _reword(before: FindingStep, part: Mapping[str, Any] | None) -> None:
    assert part is not None
    before.reason = part.get("note")
    before.photo_ids = _photos(part)


def _photos(part: Mapping[str, Any]) -> list[str]:
    return [str(photo) for photo in part.get("photos", [])]


def _take_back(finding: Finding, before: FindingStep, visit: Visit, actor: Actor, at: datetime) -> None:
    """Undo what the revision before said, unless somebody has acted on it since: then that stands."""
    since = [row for row in finding.steps if row.number > before.number]
    stands = any(row.action not in _BY_ITSELF for row in since)
    life.append(
        finding,
        Action.TAKE_BACK,
        finding.status if stands else before.came_from,
        actor.id,
        at,
        visit_id=visit.id,
    )
    if not stands:
        finding.voided_at = None
        life.recall_fixed(finding, before)


def _apply(finding: Finding, part: Mapping[str, Any], visit: Visit, actor: Actor, at: datetime) -> None:
    note, photos = part.get("note"), _photos(part)
    try:
        life.recheck(
            finding,
            part["passed"],
            photos,
            note,
            actor,
            at,
            same_person=may_same_person(finding),
            photos_are_here=part["passed"] and awaiting.is_here(photos, visit),
            visit_id=visit.id,
        )
    except Problem as problem:
        why = _why_not(problem, photos)
        life.step(finding, Action.NOTE, actor, at, photos=photos, reason=note, cause=why, visit_id=visit.id)


def _why_not(problem: Problem, photos: Sequence[str]) -> Cause:
    """What stood against it, as a code: it is said in the language of whoever reads it, and names nobody."""
    lacking = problem.members.get("fields", {})
    if "photos" in lacking:
        return Cause.OLD_PHOTO if photos else Cause.NO_PHOTO
    return Cause.SAME_PERSON if "passed" in lacking else Cause.MEANWHILE
