"""A lead's correction: the next revision of a visit, with the lead as its author; what was said before is kept."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from flask_babel import gettext as _
from marshmallow import ValidationError

from field.audit import service as audit
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id
from field.places.queries import open_door
from field.visits import calls, correcting_parts, insisting, settling
from field.visits.models import Followed, Visit, VisitRevision
from field.visits.schemas import VisitBody
from field.visits.service import keep_requests
from field.visits.shown import gone_through, hazards_seen, put_off_to
from field.visits.upcasts import NEWEST

_PARTS: Mapping[str, Callable[[Any, Any], list[dict[str, Any]]]] = {
    "occupants": correcting_parts.people,
    "findings": correcting_parts.findings,
    "workplaces": correcting_parts.workplaces,
    "rechecks": correcting_parts.rechecks,
    "requests": correcting_parts.requests,
}


def correct(visit: Visit, changes: Mapping[str, Any], actor_id: UUID, now: datetime) -> VisitRevision:
    """Keep the next revision, which the register follows at once: whoever corrects has looked and decided.

    `changes` may hold `outcome`, `note`, `dwelling_changes`, and by id what is said otherwise of `occupants`,
    `findings`, `workplaces`, `rechecks` and `requests` (correcting_parts). A fact that a later visit has said
    otherwise is not dropped: it follows, or is asked about (insisting). Raises Problem `invalid` when they do not fit;
    what hazards follow from it is the caller's.
    """
    newest = visit.revisions[-1]
    body = _corrected(newest, changes)
    revision = _revision(visit, newest, body, actor_id, now)
    db.session.add(revision)
    visit.revisions.append(revision)
    insisted = insisting.insisted(visit, changes)
    settling.replace(visit, newest, revision, now, insisted)
    _copy_facts(visit, revision)
    insisting.follow(visit, newest, changes, actor_id, now)
    if "requests" in changes:
        keep_requests(visit, settling.body_of(revision), now, open_door(visit.dwelling))
    audit.record("visit.corrected", visit.district, ("visit", visit.id), actor_id, revision=visit.revision)
    return revision


def _corrected(newest: VisitRevision, changes: Mapping[str, Any]) -> dict[str, Any]:
    body = newest.body
    facts = body.get("dwelling_changes", {}) | changes.get("dwelling_changes", {})
    body |= {key: changes[key] for key in ("outcome", "note") if key in changes}
    body |= {"revision": newest.number + 1, "previous": str(newest.id)}
    if facts:
        body["dwelling_changes"] = facts
    for kind, corrected in _PARTS.items():
        if kind in changes:
            body[kind] = corrected(body.get(kind, []), changes[kind])
    if facts or changes.keys() & {"occupants", "workplaces"}:
        body.pop("unchanged", None)
    try:
        VisitBody().load(body)
    except ValidationError as error:
        raise Problem("invalid", _("This correction does not fit the visit.")) from error
    return body


def _revision(
    visit: Visit, newest: VisitRevision, body: Mapping[str, Any], actor_id: UUID, now: datetime
) -> VisitRevision:
    text = orjson.dumps(body)
    revision = VisitRevision(
        id=new_id(),
        district=visit.district,
        visit_id=visit.id,
        number=newest.number + 1,
        author_id=actor_id,
        outcome=body["outcome"],
        recorded_at=now,
        received_at=now,
        followed=Followed.NOT_YET,
        acceptance=0,
        register_revision=0,
        schema=NEWEST,
        digest=f"sha-256:{hashlib.sha256(text).hexdigest()}",
    )
    revision.keep_body(text)
    return revision


def _copy_facts(visit: Visit, revision: VisitRevision) -> None:
    visit.revision = revision.number
    visit.outcome = revision.outcome
    visit.changed = bool(revision.before)
    body = revision.body
    visit.hazards, visit.gone_through = hazards_seen(body), gone_through(body)
    visit.requests, visit.come_again_on = len(body.get("requests", [])), put_off_to(body)
    for door in (visit.dwelling, open_door(visit.dwelling)):
        calls.note_settling(door, calls.called_at(visit.revisions[0]), revision.outcome)
        if door.visit_id == visit.id:
            door.visit_outcome = revision.outcome
