"""The visits before the last one at doors: what a worker who stands before one wants to know."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from field.accounts.scope import Actor
from field.core.clock import instant_text
from field.core.db import db
from field.places.models import Dwelling
from field.visits.calls import called_at
from field.visits.models import Visit, VisitRevision

# So many say whether somebody is ever at home; more would be a long list on a small screen.
MOST = 3
# Visits come in any order: among so many that came last, those that were made last are looked for.
_AMONG = 12


def earlier_visits(actor: Actor, doors: Iterable[Dwelling]) -> dict[UUID, list[dict[str, Any]]]:
    """By door, newest first by when they were made, MOST at most; one question to the database for all of them."""
    last = {door.id: door.visit_id for door in doors if door.visit_id is not None}
    if not last:
        return {}
    found: dict[UUID, list[tuple[datetime, UUID, dict[str, Any]]]] = defaultdict(list)
    rows: Iterable[Any] = db.session.execute(_lately_come(actor, last))
    for visit in rows:
        if visit.id != last[visit.dwelling_id]:
            at = called_at(visit)
            told = {"outcome": visit.outcome, "at": instant_text(at), "mine": visit.author_id == actor.id}
            found[visit.dwelling_id].append((at, visit.id, told))
    return {
        door: [told for _at, _visit, told in sorted(calls, reverse=True)[:MOST]]
        for door, calls in found.items()
    }


def _lately_come(actor: Actor, doors: Iterable[UUID]) -> Any:
    """With when they were said to be made: the first revision tells of the call, a correction says more of it."""
    order = (Visit.received_at.desc(), Visit.id.desc())
    number = func.row_number().over(partition_by=Visit.dwelling_id, order_by=order).label("number")
    ranked = (
        select(Visit.id, Visit.dwelling_id, Visit.outcome, Visit.author_id, number)
        .where(Visit.district == actor.scope.district, Visit.dwelling_id.in_(list(doors)))
        .subquery()
    )
    first, facts = VisitRevision, (column for column in ranked.c if column.name != "number")
    made = select(*facts, first.recorded_at, first.received_at, first.clock_skew_s)
    return made.join(first, (first.visit_id == ranked.c.id) & (first.number == 1)).where(
        ranked.c.number <= _AMONG
    )
