"""Recording a visit or its correction; the register follows in register.py."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from field.audit import service as audit
from field.core.db import db, unwatched
from field.core.errors import Problem
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.places.queries import open_door
from field.visits import rules
from field.visits.calls import OPENED_OUTCOMES, called_at, note_settling
from field.visits.claims import Claims
from field.visits.clashes import keep_clashes, withdraw_clashes
from field.visits.models import Followed, ReviewState, ServiceRequest, Visit, VisitRevision
from field.visits.register import Register, differing, named_in
from field.visits.shown import gone_through, hazards_seen, put_off_to

# Parts of a body of which rows are made that refer to the visit, or that look for it.
_REFERRING = frozenset({"findings", "rechecks", "requests", "occupants", "workplaces", "hazard_notice"})


@dataclass(frozen=True)
class Submission:
    """How a body came: `id` is the event's, `happened_at` the phone's time corrected by its clock's offset."""

    id: UUID
    author_id: UUID
    device_id: UUID | None
    digest: str
    text: bytes
    recorded_at: datetime
    received_at: datetime
    happened_at: datetime
    clock_skew_s: int | None
    schema: int


def record(
    body: Mapping[str, Any],
    submission: Submission,
    dwelling: Dwelling,
    occupancies: MutableMapping[UUID, Occupancy],
    visit: Visit | None,
    unreferred: list[tuple[Visit, VisitRevision]] | None = None,
) -> Visit:
    """Store a checked body as the next revision of its visit; the register follows now, or when it is approved.

    `occupancies` are those that the body, or the revision before it, names. A new visit to which no other row refers
    is put into `unreferred`, if that is given, to be written with many others. Raises Problem `conflict` when the
    revision does not follow what is stored.
    """
    revision = _revision(body, submission, dwelling)
    claims = Claims(dwelling, body["visit"], submission.author_id, body.get("base_revision"))
    register = Register(dwelling, occupancies, body["visit"], claims)
    previous = _previous(body, submission, visit, dwelling)
    count(revision, dwelling)
    if visit is not None and previous is not None:
        _take_back(visit, previous, register, body)
    facts = _facts(body, submission, _follow(revision, register, body, previous), claims)
    visit = _first(body, submission, dwelling, facts) if visit is None else _again(visit, facts)
    _attach(revision, visit)
    if unreferred is None or previous is not None or claims.clashes or body.keys() & _REFERRING:
        db.session.add_all((visit, revision))
    else:
        unreferred.append((visit, revision))
    keep_clashes(visit, submission.id, claims, submission.received_at)
    place = open_door(dwelling)
    keep_requests(visit, body, submission.received_at, place)
    unwritten = [*(one for one, _revision in unreferred or ()), *_new_visits()]
    for door in {dwelling, place}:
        _mark_door(door, visit, submission, unwritten)
    audit.record(
        "visit.recorded", visit.district, ("visit", visit.id), submission.author_id, revision=visit.revision
    )
    return visit


def _take_back(visit: Visit, previous: VisitRevision, register: Register, body: Mapping[str, Any]) -> None:
    """Let the register be as if the revision before had not been, where that is followed."""
    db.session.flush()  # it may have come in the same batch
    withdraw_clashes(visit)
    if previous.followed != Followed.NOT_YET:
        register.take_back(previous.before, named_in(body))


def _revision(body: Mapping[str, Any], submission: Submission, dwelling: Dwelling) -> VisitRevision:
    facts = {
        "id": submission.id,
        "district": dwelling.district,
        "visit_id": body["visit"],
        "number": body["revision"],
        "author_id": submission.author_id,
        "outcome": body["outcome"],
        "recorded_at": submission.recorded_at,
        "received_at": submission.received_at,
        "clock_skew_s": submission.clock_skew_s,
        "schema": submission.schema,
        "digest": submission.digest,
    }
    revision = unwatched(VisitRevision, facts)
    revision.keep_body(submission.text)
    return revision


def _follow(
    revision: VisitRevision, register: Register, body: Mapping[str, Any], previous: VisitRevision | None
) -> bool:
    """Let the register follow now, or only find out whether it will; tells whether anything changes.

    A correction goes the way of what it corrects, whatever the rule is by now.
    """
    now = previous.followed != Followed.NOT_YET if previous else rules.at_once(revision.district)
    if not now:
        revision.followed = Followed.NOT_YET
        return bool(differing(body, register.dwelling, register.occupancies))
    changed = register.apply(body)
    revision.followed, revision.before = Followed.AT_ONCE, register.before
    return changed


def count(revision: VisitRevision, dwelling: Dwelling) -> None:
    """Note that the register now follows this one as the next at its door."""
    dwelling.acceptances += 1
    revision.acceptance, revision.register_revision = dwelling.acceptances, dwelling.revision


def _first(
    body: Mapping[str, Any], submission: Submission, dwelling: Dwelling, facts: Mapping[str, Any]
) -> Visit:
    whose = {
        "id": body["visit"],
        "district": dwelling.district,
        "grid_code": dwelling.grid_code,
        "dwelling_id": dwelling.id,
        "author_id": submission.author_id,
        "device_id": submission.device_id,
    }
    return unwatched(Visit, {**whose, **facts})


def _again(visit: Visit, facts: Mapping[str, Any]) -> Visit:
    for name, value in facts.items():
        setattr(visit, name, value)
    return visit


def _previous(
    body: Mapping[str, Any], submission: Submission, visit: Visit | None, dwelling: Dwelling
) -> VisitRevision | None:
    """The revision that a body follows; None when it is the first."""
    if body["revision"] > 1:
        return _corrected(body, submission, visit, dwelling)
    if visit is not None:
        raise Problem("conflict", _("Another record has this visit's id."))
    return None


def _corrected(
    body: Mapping[str, Any], submission: Submission, visit: Visit | None, dwelling: Dwelling
) -> VisitRevision:
    if visit is None or visit.author_id != submission.author_id or visit.dwelling_id != dwelling.id:
        raise Problem(
            "conflict", _("This correction does not belong to a visit of this worker at this door.")
        )
    # Also when the return is not known here: after a restore phones send both again, and the visit waits anew.
    if visit.state == ReviewState.APPROVED:
        raise Problem("decided-already", _("This visit was approved before its correction came."))
    if visit.revision != body["revision"] - 1:
        raise Problem("conflict", _("This visit was not returned for correction."))
    previous = visit.revisions[-1]
    if previous.id != body["previous"]:
        raise Problem("conflict", _("This correction follows another revision."))
    return previous


def _attach(revision: VisitRevision, visit: Visit) -> None:
    """Add a revision to its visit by id: what the mapper does for objects that are linked costs a third of a batch."""
    earlier = [] if revision.number == 1 else visit.revisions
    set_committed_value(visit, "revisions", [*earlier, revision])


def _facts(body: Mapping[str, Any], submission: Submission, changed: bool, claims: Claims) -> dict[str, Any]:
    """What lists show of a visit, by its newest revision."""
    return {
        "revision": body["revision"],
        "outcome": body["outcome"],
        "state": ReviewState.WAITING,
        "changed": changed,
        "hazards": hazards_seen(body),
        "photos": len(body.get("photos", [])),
        "requests": len(body.get("requests", [])),
        "recorded_at": submission.recorded_at,
        "received_at": submission.received_at,
        "decided_at": None,
        "merged": changed and claims.unseen,
        "clashes": len(claims.clashes),
        "gone_through": gone_through(body),
        "come_again_on": put_off_to(body),
    }


def keep_requests(visit: Visit, body: Mapping[str, Any], now: datetime, place: Dwelling) -> None:
    """Let what they ask for be what the newest revision says; what it leaves out was not asked for."""
    asked = {part["id"]: part for part in body.get("requests", [])}
    for row in _earlier_requests(visit):
        part = asked.pop(row.id, None)
        row.withdrawn = part is None
        if part is not None:
            _describe_request(row, part)
    for part in asked.values():
        row = ServiceRequest(
            id=part["id"],
            district=place.district,
            grid_code=place.grid_code,
            dwelling_id=place.id,
            visit_id=visit.id,
            kind=part["kind"],
            created_at=now,
        )
        _describe_request(row, part)
        db.session.add(row)


def _describe_request(row: ServiceRequest, part: Mapping[str, Any]) -> None:
    row.kind = part["kind"]
    for name in ("note", "eligibility", "papers", "remind_on"):
        setattr(row, name, part.get(name))


def _earlier_requests(visit: Visit) -> Sequence[ServiceRequest]:
    if visit.revision == 1:
        return []
    return db.session.scalars(select(ServiceRequest).where(ServiceRequest.visit_id == visit.id)).all()


def _mark_door(dwelling: Dwelling, visit: Visit, submission: Submission, unwritten: Sequence[Visit]) -> None:
    """Note the call that was last by when it happened, in whatever order calls and their corrections arrive."""
    at = _called_at(visit, submission)
    if visit.id == dwelling.visit_id or _is_later(dwelling, visit, at):
        dwelling.visit_id, dwelling.visit_outcome = visit.id, visit.outcome
        dwelling.visit_at, dwelling.visit_by = at, submission.author_id
    note_settling(dwelling, at, visit.outcome, unwritten)
    if visit.outcome in OPENED_OUTCOMES and (dwelling.opened_at is None or dwelling.opened_at < at):
        dwelling.opened_at = at


def _new_visits() -> list[Visit]:
    return [row for row in db.session.new if isinstance(row, Visit)]


def _is_later(dwelling: Dwelling, visit: Visit, at: datetime) -> bool:
    """Whether a call comes after the one that the door shows; of two at one moment always the same."""
    if dwelling.visit_id is None or dwelling.visit_at is None:
        return True
    return (at, visit.id) > (dwelling.visit_at, dwelling.visit_id)


def _called_at(visit: Visit, submission: Submission) -> datetime:
    first = visit.revisions[0]
    return submission.happened_at if first.id == submission.id else called_at(first)
