"""What the pages of a visit are made of; for the routes of the queue, the visit and the decision."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import current_app

from field.accounts import queries as accounts
from field.accounts.actors import current_actor
from field.checklists.queries import words
from field.core.i18n import spoken
from field.core.lists import filter_of_address
from field.places.plans import plan_around
from field.reviews import (
    as_shown,
    correction,
    correction_door,
    correction_parts,
    history,
    looks,
    queries,
    queue,
    reading,
)
from field.reviews.filters import Filter
from field.reviews.models import ReversedReturn, Review
from field.reviews.parts import Part, labelled, parts_of, unsaid
from field.reviews.reading import Said
from field.reviews.reasons import ready_made
from field.reviews.schemas import FilterSchema
from field.reviews.standing import standing
from field.visits.models import ReviewState, Visit
from field.visits.schemas import OUTCOMES


def chosen_of_address() -> Filter:
    """The filter that an address carries: of the queue, and of a visit that was opened from it."""
    chosen: Filter = filter_of_address(FilterSchema())
    return chosen


def subject_of(visit: Visit) -> dict[str, Any]:
    """A visit with all that is shown beside it."""
    said_in = words(visit.district, spoken())
    said = [reading.read(visit, revision, said_in) for revision in reversed(visit.revisions)]
    earlier, again = history.hazards_before(visit, said), history.rechecked(said)
    subject = queries.subject(visit, [*earlier, *again.values()])
    return {
        "visit": visit,
        "subject": subject,
        "standing": standing(visit, visit.revisions[-1].body, said_in),
        "plan": plan_around(visit.dwelling.building),
        "before_photos": history.photos_by_kind(earlier, subject.photos),
        "found_photos": {key: history.photos_of(one, subject.photos) for key, one in again.items()},
        **_looks(visit),
        "pointed": {row.revision: parts for row, parts in _pointed(visit, subject.reviews, said)},
        "pointed_then": {row.id: parts for row, parts in _pointed(visit, subject.reversed, said)},
        "said": said[0],
        "earlier": said[1:],
        "words": said_in,
        **decision_of(visit, said[0]),
    }


def _pointed(
    visit: Visit, returns: Sequence[Review | ReversedReturn], said: Sequence[Said]
) -> Iterator[tuple[Any, list[tuple[Any, str]]]]:
    """Each return that pointed at parts of a version that is here, with those."""
    read = {one.revision.number: one for one in said}
    for row in returns:
        if row.parts and row.revision in read:
            version = read[row.revision]
            yield row, _in_words(visit, row.parts, parts_of(version, version.revision.body))


def _in_words(
    visit: Visit, pointed: Sequence[Mapping[str, str]], parts: Sequence[Part]
) -> list[tuple[Any, str]]:
    """What a return pointed at; what its version did not speak of is looked up at the door."""
    keys = {part.key for part in parts}
    beyond = any(one["part"] not in keys for one in pointed)
    return labelled(pointed, [*parts, *_unsaid(visit, parts)] if beyond else parts)


def _unsaid(visit: Visit, parts: Iterable[Part]) -> list[Part]:
    return unsaid(visit, {part.key for part in parts}, words(visit.district, spoken()))


def _looks(visit: Visit) -> dict[str, Any]:
    entries = looks.looks_at(visit.district, visit.id)
    return {"looks": entries, "lookers": accounts.names({row.actor_id for row in entries if row.actor_id})}


def correction_of(
    visit: Visit, given: Mapping[str, str], complaints: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The form of a correction: what the visit says, or what was typed; and what is wrong, by field."""
    said_in = words(visit.district, spoken())
    groups = correction.groups_of(visit, said_in)
    return {
        "visit": visit,
        "chosen": chosen_of_address(),
        "form": correction.typed(visit, given, groups),
        "told": as_shown.told(correction.stands(visit)),
        "groups": {kind: list(rows) for kind, rows in groupby(groups, lambda group: group.kind)},
        "phone_masked": correction.facts_of(visit)["lessor_phone"],
        "complaints": complaints or {},
        "wrong_parts": {f"{name.rpartition('.')[0]}." for name in complaints or {}},
        "choices": correction.CHOICES,
        "lists": {
            "person": correction_parts.PERSON_LISTS,
            "workplace": correction_door.WORKPLACE_LISTS,
            "request": correction_door.REQUEST_LISTS,
        },
        "outcomes": OUTCOMES,
        "words": said_in,
    }


def parts_to_point_at(visit: Visit) -> list[Part]:
    """What a return of a visit may be about."""
    newest = visit.revisions[-1]
    parts = parts_of(reading.read(visit, newest, words(visit.district, spoken())), newest.body)
    return [*parts, *_unsaid(visit, parts)]


def decision_of(visit: Visit, said: Said | None = None) -> dict[str, Any]:
    """The state of a visit's review and, while it waits, the empty form of a decision."""
    review, chosen = queries.last_decision(visit), chosen_of_address()
    waits = visit.state == ReviewState.WAITING
    pointed = review.parts if review else []
    if said is None and (waits or pointed):
        said = reading.read(visit, visit.revisions[-1], words(visit.district, spoken()))
    parts = parts_of(said, visit.revisions[-1].body) if said and (waits or pointed) else []
    return {
        "parts": parts if waits else [],
        "unsaid": _unsaid(visit, parts) if waits else [],
        "pointed_now": _in_words(visit, pointed, parts),
        "ready_made": ready_made(visit.district, spoken()) if waits else [],
        "marked": [],
        "about": {},
        "visit": visit,
        "seen": visit.revision,
        "review": review,
        "reviewer": queries.name_of(review.reviewer_id) if review else "",
        "next_id": queue.next_waiting(visit, current_actor().scope, chosen, current_app.config["TIMEZONE"]),
        "chosen": chosen,
        "reason": "",
        "complaint": None,
    }
