"""What became of the doors that a worker added: confirmed, declined with a reason, or known under another entry."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from field.accounts.scope import Actor
from field.core.clock import instant_text, utcnow
from field.core.db import db
from field.places.models import Dwelling, Proposal
from field.sync.cursor import Cursor
from field.sync.telling import MOST, TOLD_FOR


def changed(actor: Actor, cursor: Cursor) -> bool:
    """Whether something about a door of this worker has changed since the cursor."""
    statement = select(Dwelling.id).where(
        actor.scope.where(Dwelling), Dwelling.change_no > cursor.since, Dwelling.proposed_by == actor.id
    )
    return db.session.scalar(statement.limit(1)) is not None


def newest(actor: Actor) -> list[dict[str, Any]]:
    """Those of the last weeks, newest first."""
    statement = (
        select(Dwelling)
        .options(joinedload(Dwelling.building))
        .where(actor.scope.where(Dwelling), Dwelling.proposed_by == actor.id)
        .where(Dwelling.proposal_decided_at > utcnow() - TOLD_FOR)
        .order_by(Dwelling.proposal_decided_at.desc(), Dwelling.id)
        .limit(MOST)
    )
    return [_row(door) for door in db.session.scalars(statement)]


def _row(door: Dwelling) -> dict[str, Any]:
    row = {
        "door": door.merged_into or door.id,
        "where": door.address,
        "status": _status(door),
        "at": instant_text(door.proposal_decided_at),
        "reason": door.declined_because,
    }
    return {key: value for key, value in row.items() if value is not None}


def _status(door: Dwelling) -> str:
    if door.merged_into is not None:
        return "door_joined"
    return "door_declined" if door.proposal == Proposal.DECLINED else "door_confirmed"
