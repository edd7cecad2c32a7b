"""What the register holds of a fact with two answers: the earlier one, or something that was said or decided since."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from field.core.db import db
from field.people.models import Occupancy
from field.places.models import Workplace
from field.visits.clashes import RegisterClash
from field.visits.register import as_day, owner


@dataclass(frozen=True)
class Standing:
    """A value as it stands; `mark` names who set it last, and goes with the form to tell when it has changed.

    `by` is the visit or the decision that set it.
    """

    value: Any
    mark: str
    newer: bool
    by: UUID | None = None


def standing_now(clashes: Iterable[RegisterClash]) -> dict[UUID, Standing]:
    """By clash; what is no longer kept is left out."""
    clashes = list(clashes)
    subjects = {clash.subject for clash in clashes}
    people = select(Occupancy).options(joinedload(Occupancy.person)).where(Occupancy.id.in_(subjects))
    places = select(Workplace).where(Workplace.id.in_(subjects))
    rows: dict[UUID, Any] = {clash.dwelling_id: clash.dwelling for clash in clashes}
    for statement in (people, places):
        anew = db.session.scalars(statement.execution_options(populate_existing=True))
        rows |= {row.id: row for row in anew}
    return {clash.id: _standing(clash, rows[clash.subject]) for clash in clashes if clash.subject in rows}


def _standing(clash: RegisterClash, row: Any) -> Standing:
    mark = row.marks.get(clash.field)
    value = getattr(owner(row, clash.field), clash.field)
    newer = (mark is not None and mark[1] != str(clash.other_id)) or value != as_day(
        clash.field, clash.standing
    )
    if mark is None:
        return Standing(value, "", newer)
    return Standing(value, f"{mark[0]}.{mark[1]}", newer, UUID(mark[1]))
