"""What became of it: hazards that a worker found (closed, sent back by a department, not put right when looked at)
and doors that a worker added."""

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager

from field.accounts.scope import Actor
from field.core.clock import instant_text, utcnow
from field.core.db import db
from field.hazards.models import Finding, FindingStatus, FindingStep
from field.places.models import Dwelling
from field.sync import door_endings
from field.sync.cursor import Cursor
from field.sync.telling import MOST, TOLD_FOR

TOLD = (FindingStatus.CLOSED, FindingStatus.RETURNED, FindingStatus.RECHECK_FAILED)


def endings(actor: Actor, cursor: Cursor) -> list[dict[str, Any]] | None:
    """The whole list, newest first; None when nothing of it has changed since the cursor."""
    if cursor.since != 0 and not (_changed(actor, cursor) or door_endings.changed(actor, cursor)):
        return None
    told = _newest(actor) + door_endings.newest(actor)
    return sorted(told, key=lambda row: row["at"], reverse=True)[:MOST]


def _changed(actor: Actor, cursor: Cursor) -> bool:
    statement = select(Finding.id).where(
        actor.scope.where(Finding), Finding.change_no > cursor.since, Finding.found_by == actor.id
    )
    return db.session.scalar(statement.limit(1)) is not None


def _newest(actor: Actor) -> list[dict[str, Any]]:
    last = and_(FindingStep.finding_id == Finding.id, FindingStep.number == Finding.version)
    statement = (
        select(Finding, FindingStep)
        .join(FindingStep, last)
        .join(Finding.dwelling)
        .join(Dwelling.building)
        .options(contains_eager(Finding.dwelling).contains_eager(Dwelling.building))
        .where(actor.scope.where(Finding), Finding.found_by == actor.id, Finding.withdrawn.is_(False))
        .where(Finding.status.in_(TOLD), FindingStep.at > utcnow() - TOLD_FOR)
        .order_by(FindingStep.at.desc(), Finding.id)
        .limit(MOST)
    )
    return [_row(found, step) for found, step in db.session.execute(statement)]


def _row(found: Finding, step: FindingStep) -> dict[str, Any]:
    row = {
        "finding": found.id,
        "door": found.dwelling_id,
        "name": {"zh": found.name_zh, "en": found.name_en},
        "where": found.dwelling.address,
        "status": found.status,
        "at": instant_text(step.at),
        "reason": step.reason,
    }
    return {key: value for key, value in row.items() if value is not None}
