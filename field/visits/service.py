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
from field.core.db import db
from field.core.errors import Problem
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.visits import rules
from field.visits.claims import Claims
from field.visits.clashes import keep_clashes, withdraw_clashes
from field.visits.models import Followed, ReviewState, ServiceRequest, Visit, VisitRevision
from field.visits.register import Register, differing, named_in

# After these a door counts as covered; the others call for another visit.
SETTLED_OUTCOMES = frozenset({"done", "vacant", "refused", "demolished", "not_found"})
# After these somebody was at home: phones propose the hour at which doors here have opened before.
OPENED_OUTCOMES = frozenset({"done", "refused", "rescheduled"})


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
    clock_skew_s: int
    schema: int


def record(
    body: Mapping[str, Any],
    submission: Submission,
    dwelling: Dwelling,
    occupancies: MutableMapping[UUID, Occupancy],
    visit: Visit | None,
) -> Visit:
    """Store a checked body as the next revision of its visit; the register follows now, or when it is approved.

    `occupancies` are those that the body, or the revision before it, names. Raises Problem
    `conflict` when the revision does not follow what is stored.
    """
    revision = _revision(body, submission, dwelling)
    claims = Claims(dwelling, body["visit"], submission.author_id, body.get("base_revision"))
    register = Register(dwelling, occupancies, body["visit"], claims)
    if body["revision"] == 1:
        visit = _first(body, submission, dwelling, visit)
        count(revision, dwelling)
    else:
        previous = _corrected(body, submission, visit, dwelling)
        visit = previous.visit
        count(revision, dwelling)
        withdraw_clashes(visit)
        if previous.followed != Followed.NOT_YET:
            register.take_back(previous.before, named_in(body))
    changed = _follow(revision, register, body)
    _attach(revision, visit)
    _copy_facts(visit, body, submission, changed)
    visit.merged, visit.clashes = changed and claims.unseen, len(claims.clashes)
    keep_clashes(visit, submission.id, claims, submission.received_at)
    _keep_requests(visit, body, submission)
    _mark_door(dwelling, visit, submission)
    audit.record(
        "visit.recorded", visit.district, ("visit", visit.id), submission.author_id, revision=visit.revision
    )
    return visit


def _revision(body: Mapping[str, Any], submission: Submission, dwelling: Dwelling) -> VisitRevision:
    revision = VisitRevision(
        id=submission.id,
        district=dwelling.district,
        number=body["revision"],
        author_id=submission.author_id,
        outcome=body["outcome"],
        recorded_at=submission.recorded_at,
        received_at=submission.received_at,
        clock_skew_s=submission.clock_skew_s,
        schema=submission.schema,
        digest=submission.digest,
    )
    revision.keep_body(submission.text)
    return revision


def _follow(revision: VisitRevision, register: Register, body: Mapping[str, Any]) -> bool:
    """Let the register follow now, or only find out whether it will; tells whether anything changes."""
    if not rules.at_once():
        revision.followed = Followed.NOT_YET
        return bool(differing(body, register.dwelling, register.occupancies))
    changed = register.apply(body)
    revision.followed, revision.before = Followed.AT_ONCE, register.before
    return changed


def count(revision: VisitRevision, dwelling: Dwelling) -> None:
    """Note that the register now follows this one as the next at its door."""
    dwelling.acceptances += 1
    revision.acceptance, revision.register_revision = dwelling.acceptances, dwelling.revision


def _first(body: Mapping[str, Any], submission: Submission, dwelling: Dwelling, visit: Visit | None) -> Visit:
    if visit is not None:
        raise Problem("conflict", _("Another record has this visit's id."))
    return Visit(
        id=body["visit"],
        district=dwelling.district,
        grid_code=dwelling.grid_code,
        dwelling_id=dwelling.id,
        author_id=submission.author_id,
        device_id=submission.device_id,
        state=ReviewState.WAITING,
    )


def _corrected(
    body: Mapping[str, Any], submission: Submission, visit: Visit | None, dwelling: Dwelling
) -> VisitRevision:
    if visit is None or visit.author_id != submission.author_id or visit.dwelling_id != dwelling.id:
        raise Problem(
            "conflict", _("This correction does not belong to a visit of this worker at this door.")
        )
    # Also when the return is not known here: after a restore phones send both again, and the visit waits anew.
    if visit.state == ReviewState.APPROVED or visit.revision != body["revision"] - 1:
        raise Problem("conflict", _("This visit was not returned for correction."))
    previous = visit.revisions[-1]
    if previous.id != body["previous"]:
        raise Problem("conflict", _("This correction follows another revision."))
    return previous


def _attach(revision: VisitRevision, visit: Visit) -> None:
    """Add a revision to its visit by id: what the mapper does for objects that are linked costs a third of a batch."""
    revision.visit_id = visit.id
    earlier = [] if revision.number == 1 else visit.revisions
    set_committed_value(visit, "revisions", [*earlier, revision])
    db.session.add(revision)


def _copy_facts(visit: Visit, body: Mapping[str, Any], submission: Submission, changed: bool) -> None:
    visit.revision = body["revision"]
    visit.outcome = body["outcome"]
    visit.state = ReviewState.WAITING
    visit.changed = changed
    visit.hazards = len(body.get("findings", []))
    visit.photos = len(body.get("photos", []))
    visit.requests = len(body.get("requests", []))
    visit.recorded_at = submission.recorded_at
    visit.received_at = submission.received_at
    visit.decided_at = None
    db.session.add(visit)


def _keep_requests(visit: Visit, body: Mapping[str, Any], submission: Submission) -> None:
    asked = {part["id"]: part for part in body.get("requests", [])}
    for row in _earlier_requests(visit):
        part = asked.pop(row.id, None)
        row.withdrawn = part is None
        if part is not None:
            _describe_request(row, part)
    for part in asked.values():
        row = ServiceRequest(
            id=part["id"],
            district=visit.district,
            grid_code=visit.grid_code,
            dwelling_id=visit.dwelling_id,
            visit=visit,
            kind=part["kind"],
            created_at=submission.received_at,
        )
        _describe_request(row, part)
        db.session.add(row)


def _describe_request(row: ServiceRequest, part: Mapping[str, Any]) -> None:
    for name in ("note", "eligibility", "papers", "remind_on"):
        setattr(row, name, part.get(name))


def _earlier_requests(visit: Visit) -> Sequence[ServiceRequest]:
    if visit.revision == 1:
        return []
    return db.session.scalars(select(ServiceRequest).where(ServiceRequest.visit_id == visit.id)).all()


def _mark_door(dwelling: Dwelling, visit: Visit, submission: Submission) -> None:
    if visit.revision > 1 and dwelling.visit_id != visit.id:
        return  # somebody has been here since
    dwelling.visit_id = visit.id
    dwelling.visit_outcome = visit.outcome
    dwelling.visit_at = submission.happened_at
    dwelling.visit_by = submission.author_id
    if visit.outcome in OPENED_OUTCOMES:
        dwelling.opened_at = submission.happened_at
