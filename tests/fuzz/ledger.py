"""What the tables hold of what was sent, compared with what was answered: nothing half, nothing untold."""

import hashlib
from collections import Counter
from typing import Any
from uuid import UUID

from field.core.db import db
from field.sync.models import InboxConflict, InboxEvent
from field.visits.models import Visit, VisitRevision


def digest_of(text: str) -> str:
    """The digest as the protocol writes it."""
    return f"sha-256:{hashlib.sha256(text.encode()).hexdigest()}"


def as_id(value: Any) -> UUID | None:
    """The id that an event has, if it has one."""
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def _known(ids: set[UUID]) -> dict[UUID, InboxEvent]:
    return {row.id: row for row in db.session.query(InboxEvent).filter(InboxEvent.id.in_(ids))}


def assert_nothing_is_half_stored() -> None:
    """Each accepted event has its one revision of the same bytes, no other has one, and no visit lacks any."""
    accepted = {
        row.id: row.digest for row in db.session.query(InboxEvent).filter(InboxEvent.result == "accepted")
    }
    revisions = db.session.query(VisitRevision).all()
    assert {row.id: row.digest for row in revisions} == accepted
    assert all(digest_of(row.body_bytes.decode()) == row.digest for row in revisions)
    numbers = Counter(row.visit_id for row in revisions)
    assert {row.id: row.revision for row in db.session.query(Visit)} == dict(numbers)
    for row in db.session.query(InboxEvent).filter(InboxEvent.result != "accepted"):
        assert hashlib.sha256(row.body_bytes).hexdigest() == row.digest.removeprefix("sha-256:")
        assert row.problems, "kept aside without a reason"


def assert_told_the_truth(events: list[Any], results: list[dict[str, Any]], before: set[UUID]) -> None:
    """Each result says what the tables hold; `before` are the ids that were known before these came."""
    named = [event_id for event in events if isinstance(event, dict) if (event_id := as_id(event.get("id")))]
    assert Counter(UUID(result["id"]) for result in results) == Counter(named)
    known = _known(set(named))
    last = {UUID(result["id"]): result["result"] for result in results}
    for result in results:
        assert ("receipt" in result) == (result["result"] in {"accepted", "duplicate"})
        if "receipt" in result:
            assert known[UUID(result["id"])].result == "accepted"
    for event_id, told in last.items():
        row = known[event_id]
        if told == "conflict":
            assert db.session.query(InboxConflict).filter_by(event_id=event_id).count()
        elif told != "duplicate":
            assert told == row.result
            assert event_id not in before or told == "quarantined"


def ids_known(events: list[Any]) -> set[UUID]:
    """Which of these events the inbox has."""
    named = {as_id(event.get("id")) for event in events if isinstance(event, dict)} - {None}
    return set(_known({one for one in named if one}))
