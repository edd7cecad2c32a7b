"""Visits that came back, as their author's phone corrects them: where they were, and who and what they name that the
rest of the pack has no more. Whoever moved out in such a visit needs a name there, or nobody can say that it was wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from field.core.clock import instant_text
from field.core.db import db
from field.hazards.models import Finding
from field.people.models import Occupancy
from field.places.models import Workplace
from field.reviews import reasons
from field.reviews.models import Review
from field.visits.models import Visit
from field.visits.shown import without_numbers
from field.visits.upcasts import NEWEST

Row = dict[str, Any]
# A visit and one of its revisions.
Revision = tuple[UUID, int]
# By the door, too: what a body names of another door is not told.
Gone = Mapping[str, Mapping[tuple[UUID, UUID], Row]]
# Lists of a body, and by which key an entry names what it is about.
NAMED = {"occupants": "occupancy", "workplaces": "workplace", "rechecks": "finding"}


def newest_reviews(page: Sequence[Visit]) -> dict[Revision, Review]:
    """What was said of each revision."""
    statement = select(Review).where(Review.visit_id.in_([row.id for row in page]))
    return {(row.visit_id, row.revision): row for row in db.session.scalars(statement)} if page else {}


def reasons_in(
    language: str, decisions: Mapping[Revision, Review]
) -> tuple[dict[Revision, str], dict[Revision, list[Row]]]:
    """Why, and the parts that it is about, as whoever reads it in this language would have been told: a lead may have
    chosen the words in another."""
    given = {key: review for key, review in decisions.items() if review.reason}
    rows = reasons.known(next(iter(given.values())).district) if given else ()
    return (
        {key: reasons.said_in(language, review.reason or "", rows) for key, review in given.items()},
        {key: [_pointed(language, part, rows) for part in review.parts] for key, review in given.items()},
    )


def _pointed(language: str, part: Mapping[str, str], rows: Sequence[Any]) -> Row:
    why = part.get("reason")
    return dict(part) | ({"reason": reasons.said_in(language, why, rows)} if why else {})


def row_of(visit: Visit, reason: str | None, fields: Sequence[Row], gone: Gone) -> Row:
    """A returned visit with its content; numbers are masked, and nobody who still lives there is named twice."""
    newest = visit.revisions[-1]
    here = {name: [(visit.dwelling_id, key) for key in _ids(newest.body, name)] for name in gone}
    named = {name: [gone[name][key] for key in keys if key in gone[name]] for name, keys in here.items()}
    return {
        "visit": visit.id,
        "door": visit.dwelling_id,
        "where": visit.dwelling.address,
        "revision": visit.revision,
        "event": newest.id,
        "reason": reason,
        "fields": list(fields) or None,
        "at": instant_text(visit.decided_at),
        "schema": NEWEST,
        "body": without_numbers(newest.body),
        "gone": {name: rows for name, rows in named.items() if rows} or None,
    }


def no_more(visits: Iterable[Visit]) -> Gone:
    """Of the people, places of work and hazards that these visits name, those that no pack has any more."""
    bodies = [visit.revisions[-1].body for visit in visits]
    ids = {name: {key for body in bodies for key in _ids(body, name)} for name in NAMED}
    return {
        "occupants": {
            _key(row): {"id": row.id, "name": row.person.name} for row in _people(ids["occupants"])
        },
        "workplaces": {_key(row): {"id": row.id, "name": row.name} for row in _work(ids["workplaces"])},
        "rechecks": {_key(row): _hazard(row) for row in _hazards(ids["rechecks"])},
    }


def _key(row: Occupancy | Workplace | Finding) -> tuple[UUID, UUID]:
    return row.dwelling_id, row.id


def _ids(body: Mapping[str, Any], name: str) -> list[UUID]:
    return [UUID(str(part[NAMED[name]])) for part in body.get(name, [])]


def _people(ids: set[UUID]) -> Sequence[Occupancy]:
    if not ids:
        return ()
    ended = select(Occupancy).where(Occupancy.id.in_(ids), Occupancy.ended)
    return db.session.scalars(ended.options(joinedload(Occupancy.person))).all()


def _work(ids: set[UUID]) -> Sequence[Workplace]:
    if not ids:
        return ()
    return db.session.scalars(select(Workplace).where(Workplace.id.in_(ids), Workplace.ended)).all()


def _hazards(ids: set[UUID]) -> Sequence[Finding]:
    if not ids:
        return ()
    return db.session.scalars(select(Finding).where(Finding.id.in_(ids), Finding.settled)).all()


def _hazard(row: Finding) -> Row:
    return {"id": row.id, "item": row.item_code} | ({"spot": row.spot} if row.spot else {})
