"""The register of a door anew from its visits, in the order in which they were accepted, and what people chose.

What is known from elsewhere (imports) is where it begins: the values before the first visit that changed them.
Hazards and requests are not part of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from field.core.db import db
from field.people.models import Occupancy
from field.places.models import Dwelling, Workplace
from field.visits import workplaces
from field.visits.choosing import apply_choice
from field.visits.claims import Claims, LateClaims
from field.visits.clashes import RegisterChoice
from field.visits.models import Followed, Visit, VisitRevision
from field.visits.register import PERSON_FIELDS, STAY_FIELDS, Register, as_day, named_in, owner
from field.visits.schemas import DwellingChanges, VisitBody
from field.visits.settling import came, late_base
from field.visits.workplaces import Workplaces

DWELLING_FIELDS = tuple(DwellingChanges().fields)
OCCUPANT_FIELDS = (*PERSON_FIELDS, *STAY_FIELDS, "ended", "moved_out_on")
WORKPLACE_FIELDS = (*workplaces.FIELDS, "ended")
_BODY = VisitBody()
Facts = dict[tuple[UUID, str], Any]


@dataclass(frozen=True)
class Difference:
    """A fact that the register holds otherwise than the visits say; `kind` is door, occupancy or workplace."""

    kind: str
    subject: UUID
    field: str
    held: Any
    said: Any


class _ReplayedWorkplaces(Workplaces):
    """A place of work that a visit added is the row that is there; one that was erased stays erased."""

    known: Mapping[UUID, Workplace]
    here: dict[UUID, Workplace]

    def _rows(self, ids: Iterable[UUID]) -> Mapping[UUID, Workplace]:
        return {key: self.here[key] for key in ids if key in self.here}

    def _add(self, part: Mapping[str, Any]) -> None:
        if part["workplace"] in self.known:
            super()._add(part)

    def _something_new(self, workplace_id: UUID, place: Dwelling) -> Workplace:
        del place
        row = self.here[workplace_id] = self.known[workplace_id]
        row.ended = False
        return row


class _Replay(Register):
    """Somebody whom a visit added is the row that is there; one that was erased stays erased."""

    rows: Mapping[UUID, Occupancy]
    places: Mapping[UUID, Workplace]
    places_here: dict[UUID, Workplace]

    def _workplaces(self) -> Workplaces:
        replayed = _ReplayedWorkplaces(self.dwelling, self.visit_id, self.claims, self.before)
        replayed.known, replayed.here = self.places, self.places_here
        return replayed

    def _add(self, change: Mapping[str, Any]) -> None:
        if change["occupancy"] in self.rows:
            super()._add(change)

    def _somebody_new(self, occupancy_id: UUID, person_id: UUID, place: Dwelling) -> Occupancy:
        del person_id, place
        row = self.rows[occupancy_id]
        row.ended = False
        return row


@dataclass(frozen=True)
class Behind:
    """Whoever and whatever is recorded behind a door, by id."""

    people: Mapping[UUID, Occupancy]
    places: Mapping[UUID, Workplace]

    def rows(self) -> Iterator[Occupancy | Workplace]:
        """All of them."""
        yield from self.people.values()
        yield from self.places.values()


def rebuild(dwelling: Dwelling, *, repair: bool) -> Sequence[Difference]:
    """Rebuild a door that is locked; answers what differs, and leaves the register as it is unless told to repair."""
    revisions, choices = _revisions(dwelling), _choices(dwelling)
    behind = _behind(dwelling)
    held, standing_at = _facts(dwelling, behind), dwelling.revision
    with db.session.no_autoflush, db.session.begin_nested() as attempt:
        _begin(dwelling, behind, revisions)
        _replay(dwelling, behind, revisions, choices)
        said = _facts(dwelling, behind)
        found = [
            Difference(_kind_of(place[0], dwelling, behind), *place, held[place], said[place])
            for place in held
            if held[place] != said[place]
        ]
        if repair and found:
            dwelling.revision = standing_at + 1
        else:
            attempt.rollback()
    return found


def _kind_of(subject: UUID, dwelling: Dwelling, behind: Behind) -> str:
    return "door" if subject == dwelling.id else "workplace" if subject in behind.places else "occupancy"


def _revisions(dwelling: Dwelling) -> Sequence[VisitRevision]:
    statement = (
        select(VisitRevision)
        .join(Visit)
        .options(contains_eager(VisitRevision.visit).selectinload(Visit.revisions))
        .where(Visit.district == dwelling.district, Visit.dwelling_id == dwelling.id)
        .where(VisitRevision.followed != Followed.NOT_YET)
    )
    return db.session.scalars(statement.order_by(VisitRevision.acceptance, VisitRevision.id)).all()


def _choices(dwelling: Dwelling) -> Sequence[RegisterChoice]:
    statement = select(RegisterChoice).where(
        RegisterChoice.district == dwelling.district,
        RegisterChoice.dwelling_id == dwelling.id,
        RegisterChoice.undone_at.is_(None),
    )
    return db.session.scalars(statement.order_by(RegisterChoice.chosen_at, RegisterChoice.id)).all()


def _behind(dwelling: Dwelling) -> Behind:
    people = select(Occupancy).where(
        Occupancy.district == dwelling.district, Occupancy.dwelling_id == dwelling.id
    )
    places = select(Workplace).where(
        Workplace.district == dwelling.district, Workplace.dwelling_id == dwelling.id
    )
    return Behind(
        {row.id: row for row in db.session.scalars(people.options(joinedload(Occupancy.person)))},
        {row.id: row for row in db.session.scalars(places)},
    )


def _facts(dwelling: Dwelling, behind: Behind) -> Facts:
    facts: Facts = {(dwelling.id, name): getattr(dwelling, name) for name in DWELLING_FIELDS}
    return facts | {
        (row.id, name): getattr(owner(row, name), name) for row in behind.rows() for name in _fields_of(row)
    }


def _fields_of(row: Occupancy | Workplace) -> Sequence[str]:
    return OCCUPANT_FIELDS if isinstance(row, Occupancy) else WORKPLACE_FIELDS


def _begin(dwelling: Dwelling, behind: Behind, revisions: Sequence[VisitRevision]) -> None:
    """Back to what was known before the first visit: the earliest value that a revision replaced."""
    rows: Mapping[UUID, Any] = {row.id: row for row in behind.rows()}
    for revision in reversed(revisions):
        before = revision.before
        for name, value in before.get("dwelling", {}).items():
            setattr(dwelling, name, value)
        for text, values in [*before.get("occupants", {}).items(), *before.get("workplaces", {}).items()]:
            for name, value in values.items() if UUID(text) in rows else ():
                setattr(owner(rows[UUID(text)], name), name, as_day(name, value))
    dwelling.marks = {}
    for row in rows.values():
        row.marks = {}
    for key in _added(revisions) & rows.keys():
        for name in _fields_of(rows[key]):
            if name != "name":  # never empty
                setattr(owner(rows[key], name), name, True if name == "ended" else None)


def _added(revisions: Sequence[VisitRevision]) -> set[UUID]:
    lists = [one.before.get(kind, []) for one in revisions for kind in ("added", "workplaces_added")]
    return {UUID(text) for texts in lists for text in texts}


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
    behind: Behind,
    revisions: Sequence[VisitRevision],
    choices: Sequence[RegisterChoice],
) -> None:
    added = _added(revisions)
    here = {key: row for key, row in behind.people.items() if key not in added}
    places_here = {key: row for key, row in behind.places.items() if key not in added}
    rows: Mapping[UUID, Any] = {row.id: row for row in behind.rows()}
    newest: dict[UUID, Mapping[str, Any]] = {}
    for revision in revisions:
        body: Any = _BODY.load(revision.body)
        dwelling.revision = revision.register_revision
        claims = _claims(dwelling, revision, body, revisions)
        register = _Replay(dwelling, here, revision.visit_id, claims)
        register.rows, register.places, register.places_here = behind.people, behind.places, places_here
        if revision.visit_id in newest:
            register.take_back(newest[revision.visit_id], named_in(body))
        register.apply(body)
        newest[revision.visit_id] = register.before
        for choice in choices:
            row = dwelling if choice.subject == dwelling.id else rows.get(choice.subject)
            if choice.acceptance == revision.acceptance and row is not None:
                apply_choice(row, choice)
