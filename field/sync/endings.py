"""What became of it: hazards that a worker found (closed, sent back by a department, not put right when looked at),
rechecks of theirs that do not count for want of a photo, and doors that a worker added."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from field.accounts.scope import Actor
from field.core.clock import instant_text, utcnow
from field.core.db import db
from field.hazards.machine import MACHINE
from field.hazards.models import Action, Finding, FindingStatus, FindingStep
from field.places.models import Dwelling
from field.sync import door_endings
from field.sync.cursor import Cursor
from field.sync.telling import MOST, TOLD_FOR
from field.visits.models import Visit

VOIDED = {Action.VOID_RECHECK: "recheck_void", Action.LAPSE_RECHECK: "recheck_lapsed"}
# What changes where a hazard stands; the rest is said about it.
MOVES = [action for action, line in MACHINE.items() if line.target is not None]
_Any, _Pressed = aliased(FindingStep), aliased(FindingStep)
TOLD = (FindingStatus.CLOSED, FindingStatus.RETURNED, FindingStatus.RECHECK_FAILED)


def endings(actor: Actor, cursor: Cursor) -> list[dict[str, Any]] | None:
    """The whole list, newest first; None when nothing of it has changed since the cursor."""
    if cursor.since != 0 and not (_changed(actor, cursor) or door_endings.changed(actor, cursor)):
        return None
    told = _newest(actor) + _voided(actor) + door_endings.newest(actor)
    return sorted(told, key=lambda row: row["at"], reverse=True)[:MOST]


def _changed(actor: Actor, cursor: Cursor) -> bool:
    mine = or_(Finding.found_by == actor.id, _voids_of(actor).exists())
    statement = select(Finding.id).where(actor.scope.where(Finding), Finding.change_no > cursor.since, mine)
    return db.session.scalar(statement.limit(1)) is not None


def _voids_of(actor: Actor) -> Select[Any]:
    """The steps that say of a hazard that a recheck by somebody does not count."""
    return (
        select(FindingStep.id)
        .join(Visit, Visit.id == FindingStep.visit_id)
        .where(FindingStep.finding_id == Finding.id, FindingStep.action.in_(VOIDED))
        .where(Visit.author_id == actor.id)
    )


def _newest(actor: Actor) -> list[dict[str, Any]]:
    # Told anew once somebody, or the program, presses for it since.
    since, on_it = (
        utcnow() - TOLD_FOR,
        and_(_Pressed.finding_id == Finding.id, _Pressed.at == Finding.escalated_at),
    )
    pressed = and_(on_it, _Pressed.action == Action.ESCALATE, _Pressed.number > FindingStep.number)
    ended = _with_steps(actor, _led_there(), _Pressed).outerjoin(_Pressed, pressed)
    mine = ended.where(Finding.found_by == actor.id, Finding.status.in_(TOLD))
    rows = db.session.execute(mine.where(or_(FindingStep.at > since, _Pressed.at > since)))
    return [_row(found, step, found.status, press) for found, step, press in rows]


def _led_there() -> ColumnElement[bool]:
    """The step that led where a hazard is now; later ones only told something about it."""
    of_it = _Any.finding_id == Finding.id, _Any.action.in_(MOVES)
    newest = select(func.max(_Any.number)).where(*of_it).correlate(Finding).scalar_subquery()
    return and_(FindingStep.finding_id == Finding.id, FindingStep.number == newest)


def _voided(actor: Actor) -> list[dict[str, Any]]:
    """Rechecks of this worker that do not count, at hazards that nobody has looked at again since."""
    void = and_(FindingStep.finding_id == Finding.id, FindingStep.at == Finding.voided_at)
    still = Finding.voided_at > utcnow() - TOLD_FOR, Finding.status == FindingStatus.RECHECK_DUE
    statement = _with_steps(actor, void).where(*still, FindingStep.id.in_(_voids_of(actor)))
    return [_row(found, step, VOIDED[step.action]) for found, step in db.session.execute(statement)]


def _with_steps(actor: Actor, which: ColumnElement[bool], *more: Any) -> Select[Any]:
    return (
        select(Finding, FindingStep, *more)
        .select_from(Finding)
        .join(FindingStep, which)
        .join(Finding.dwelling)
        .join(Dwelling.building)
        .options(contains_eager(Finding.dwelling).contains_eager(Dwelling.building))
        .where(actor.scope.where(Finding), Finding.withdrawn.is_(False))
        .order_by(FindingStep.at.desc(), Finding.id)
        .limit(MOST)
    )


def _row(found: Finding, step: FindingStep, status: str, press: FindingStep | None = None) -> dict[str, Any]:
    row = {
        "finding": found.id,
        "door": found.dwelling_id,
        "name": {"zh": found.name_zh, "en": found.name_en},
        "where": found.dwelling.address,
        "status": status,
        "at": instant_text(step.at),
        "reason": step.reason,
        "pressed": _pressed(press) if press else None,
    }
    return {key: value for key, value in row.items() if value is not None}


def _pressed(step: FindingStep) -> dict[str, Any]:
    row = {
        "at": instant_text(step.at),
        "by_itself": step.actor_id is None,
        "cause": step.cause,
        "days": step.days_late,
        "reason": step.reason,
    }
    return {key: value for key, value in row.items() if value is not None}
