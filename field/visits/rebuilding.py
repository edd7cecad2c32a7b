"""The register of a door anew from its visits, in the order in which they were accepted, and what people chose.

What is known from elsewhere (imports) is where it begins: the values before the first visit that changed them.
Places of work, hazards and requests are not part of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from field.core.db import db
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.visits.choosing import apply_choice
from field.visits.claims import Claims, LateClaims
from field.visits.clashes import RegisterChoice
from field.visits.models import Followed, Visit, VisitRevision
from field.visits.register import PERSON_FIELDS, STAY_FIELDS, Register, as_day, owner
from field.visits.schemas import DwellingChanges, VisitBody
from field.visits.settling import came, late_base
from field.visits.workplaces import Workplaces

DWELLING_FIELDS = tuple(DwellingChanges().fields)
OCCUPANT_FIELDS = (*PERSON_FIELDS, *STAY_FIELDS, "ended", "moved_out_on")
_BODY = VisitBody()
Facts = dict[tuple[UUID, str], Any]


@dataclass(frozen=True)
class Difference:
    """A fact that the register holds otherwise than the visits say; `subject` is the door or an occupancy."""

    subject: UUID
    field: str
    held: Any
    said: Any


class _Untouched(Workplaces):
    """Places of work stay as they are."""

    def apply(self, parts: Iterable[Mapping[str, Any]]) -> None:
        """Nothing."""

    def take_back(self, before: Mapping[str, Any], kept: set[UUID]) -> None:
        """Nothing."""


class _Replay(Register):
    """Somebody whom a visit added is the row that is there; one that was erased stays erased."""

    rows: Mapping[UUID, Occupancy]

    def _workplaces(self) -> Workplaces:
        return _Untouched(self.dwelling, self.visit_id, self.before)

    def _add(self, change: Mapping[str, Any]) -> None:
        if change["occupancy"] in self.rows:
            super()._add(change)

    def _somebody_new(self, occupancy_id: UUID, person_id: UUID, place: Dwelling) -> Occupancy:
        del person_id, place
        row = self.rows[occupancy_id]
        row.ended = False
        return row


def rebuild(dwelling: Dwelling, *, repair: bool) -> Sequence[Difference]:
    """Rebuild a door that is locked; answers what differs, and leaves the register as it is unless told to repair."""
    revisions, choices = _revisions(dwelling), _choices(dwelling)
    rows = {row.id: row for row in _occupancies(dwelling)}
    held, standing_at = _facts(dwelling, rows.values()), dwelling.revision
    with db.session.no_autoflush, db.session.begin_nested() as attempt:
        _begin(dwelling, rows, revisions)
        _replay(dwelling, rows, revisions, choices)
        said = _facts(dwelling, rows.values())
        found = [Difference(*place, held[place], said[place]) for place in held if held[place] != said[place]]
        if repair and found:
            dwelling.revision = standing_at + 1
        else:
            attempt.rollback()
    return found


def _revisions(dwelling: Dwelling) -> Sequence[VisitRevision]:
    statement = (
        select(VisitRevision)
        .join(Visit)
        .options(contains_eager(VisitRevision.visit).selectinload(Visit.revisions))
        .where(Visit.dwelling_id == dwelling.id, VisitRevision.followed != Followed.NOT_YET)
    )
    return db.session.scalars(statement.order_by(VisitRevision.acceptance, VisitRevision.id)).all()


def _choices(dwelling: Dwelling) -> Sequence[RegisterChoice]:
    statement = select(RegisterChoice).where(
        RegisterChoice.dwelling_id == dwelling.id, RegisterChoice.undone_at.is_(None)
    )
    return db.session.scalars(statement.order_by(RegisterChoice.chosen_at, RegisterChoice.id)).all()


def _occupancies(dwelling: Dwelling) -> Sequence[Occupancy]:
    statement = select(Occupancy).options(joinedload(Occupancy.person))
    return db.session.scalars(statement.where(Occupancy.dwelling_id == dwelling.id)).all()


def _facts(dwelling: Dwelling, rows: Iterable[Occupancy]) -> Facts:
    facts: Facts = {(dwelling.id, name): getattr(dwelling, name) for name in DWELLING_FIELDS}
    return facts | {
        (row.id, name): getattr(owner(row, name), name) for row in rows for name in OCCUPANT_FIELDS
    }


def _begin(dwelling: Dwelling, rows: Mapping[UUID, Occupancy], revisions: Sequence[VisitRevision]) -> None:
    """Back to what was known before the first visit: the earliest value that a revision replaced."""
    added = {UUID(text) for revision in revisions for text in revision.before.get("added", [])}
    for revision in reversed(revisions):
        before = revision.before
        for name, value in before.get("dwelling", {}).items():
            setattr(dwelling, name, value)
        for text, values in before.get("occupants", {}).items():
            for name, value in values.items() if UUID(text) in rows else ():
                setattr(owner(rows[UUID(text)], name), name, as_day(name, value))
    dwelling.marks = {}
    for occupancy in rows.values():
        occupancy.marks = {}
    for key in added & rows.keys():
        for name in OCCUPANT_FIELDS:
            if name != "name":  # never empty
                setattr(owner(rows[key], name), name, True if name == "ended" else None)


def _claims(
    dwelling: Dwelling, revision: VisitRevision, body: Mapping[str, Any], revisions: Sequence[VisitRevision]
) -> Claims:
    """What a revision claimed when its turn came."""
    if revision.followed == Followed.AT_ONCE:
        return Claims(dwelling, revision.visit_id, revision.author_id, body.get("base_revision"))
    visit = revision.visit
    newer = {str(one.visit_id) for one in revisions if came(one.visit) > came(visit)}
    base = late_base(visit, revision, body)
    return LateClaims(dwelling, visit.id, revision.author_id, base, newer)


def _replay(
    dwelling: Dwelling,
    rows: Mapping[UUID, Occupancy],
    revisions: Sequence[VisitRevision],
    choices: Sequence[RegisterChoice],
) -> None:
    added = {UUID(text) for revision in revisions for text in revision.before.get("added", [])}
    here = {key: row for key, row in rows.items() if key not in added}
    newest: dict[UUID, Mapping[str, Any]] = {}
    for revision in revisions:
        body: Any = _BODY.load(revision.body)
        dwelling.revision = revision.register_revision
        claims = _claims(dwelling, revision, body, revisions)
        register = _Replay(dwelling, here, revision.visit_id, claims)
        register.rows = rows
        if revision.visit_id in newest:
            named = {part["occupancy"] for part in body.get("occupants", [])}
            register.take_back(newest[revision.visit_id], named)
        register.apply(body)
        newest[revision.visit_id] = register.before
        for choice in choices:
            row = dwelling if choice.subject == dwelling.id else rows.get(choice.subject)
            if choice.acceptance == revision.acceptance and row is not None:
                apply_choice(row, choice)
