"""The visits before the last one at doors: what a worker who stands before one wants to know."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from field.accounts.scope import Actor
from field.core.clock import instant_text
from field.core.db import db
from field.places.models import Dwelling
from field.visits.models import Visit

# So many say whether somebody is ever at home; more would be a long list on a small screen.
MOST = 3


def earlier_visits(actor: Actor, doors: Iterable[Dwelling]) -> dict[UUID, list[dict[str, Any]]]:
    """By door, newest first, MOST at most; one question to the database for all of them."""
    last = {door.id: door.visit_id for door in doors if door.visit_id is not None}
    if not last:
        return {}
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for visit, door, outcome, at, author in db.session.execute(_newest(actor, last)):
        if visit != last[door] and len(found[door]) < MOST:
            found[door].append({"outcome": outcome, "at": instant_text(at), "mine": author == actor.id})
    return {door: rows for door, rows in found.items() if rows}


def _newest(actor: Actor, doors: Iterable[UUID]) -> Any:
    order = (Visit.received_at.desc(), Visit.id.desc())
    number = func.row_number().over(partition_by=Visit.dwelling_id, order_by=order).label("number")
    ranked = (
        select(Visit.id, Visit.dwelling_id, Visit.outcome, Visit.recorded_at, Visit.author_id, number)
        .where(Visit.district == actor.scope.district, Visit.dwelling_id.in_(list(doors)))
        .subquery()
    )
    columns = [column for column in ranked.c if column.name != "number"]
    return select(*columns).where(ranked.c.number <= MOST + 1).order_by(ranked.c.dwelling_id, ranked.c.number)
