"""The inbox: every event is judged once, kept whole whatever becomes of it, and answered only after the commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from field.accounts.models import Device
from field.audit import service as audit
from field.core.db import db, is_database_trouble
from field.core.errors import Problem
from field.core.installation import installation
from field.core.logs import log
from field.hazards import service as hazards
from field.sync.bench import Bench
from field.sync.envelope import Envelope, open_event, reopen_event
from field.sync.models import InboxConflict, InboxEvent, Result
from field.sync.receipts import result_of
from field.visits import service as visits

CLOCK_TOLERANCE = timedelta(minutes=10)
# A clock can be wrong by more seconds than the column holds; that it is wrong is all that matters then.
_MOST_SKEW = 2**31 - 1
_NOT_APPLIED = "This record could not be applied."


def take(
    device: Device, raw_events: Sequence[Any], sent_at: datetime, now: datetime, zone: str
) -> list[dict[str, Any]]:
    """Judge a batch and answer each event that has an id, in the order of seq; the caller commits, then answers.

    The whole batch is tried in one savepoint; when an event spoils that, each gets its own.
    Batches of one phone follow one another: its row is locked, and read anew once it is.
    """
    db.session.refresh(device, with_for_update=True)
    opened = (open_event(raw) for raw in raw_events)
    envelopes = sorted((one for one in opened if one is not None), key=lambda one: one.seq or 0)
    skew = now - sent_at
    answers = _together(device, envelopes, skew, now, zone)
    if answers is None:
        answers = [_alone(device, envelope, skew, now, zone) for envelope in envelopes]
    device.highest_seq = max([device.highest_seq, *(one.seq for one in envelopes if one.seq)])
    device.contact_at = now
    woken = wake_waiting(device.district, answers, now, zone, skew)
    return [woken.get(answer["id"], answer) for answer in answers]


def _together(
    device: Device, envelopes: Sequence[Envelope], skew: timedelta, now: datetime, zone: str
) -> list[dict[str, Any]] | None:
    try:
        with db.session.begin_nested(), db.session.no_autoflush:
            bench = Bench(device, envelopes, now, zone)
            return [_judge(bench, envelope, skew) for envelope in envelopes]
    except Exception as error:
        if is_database_trouble(error):
            raise  # locked, full, amid a migration: no fault of the record, and nothing is acknowledged
        log.warning("batch_taken_one_by_one", reason=type(error).__name__)
        return None


def _alone(device: Device, envelope: Envelope, skew: timedelta, now: datetime, zone: str) -> dict[str, Any]:
    answers = _together(device, [envelope], skew, now, zone)
    if answers is not None:
        return answers[0]
    envelope.body = {}  # looking things up for it may be what failed
    envelope.fault("invalid", _NOT_APPLIED)
    again = _together(device, [envelope], skew, now, zone)
    if again is None:
        raise Problem("unexpected")
    return again[0]


def _judge(bench: Bench, envelope: Envelope, skew: timedelta) -> dict[str, Any]:
    envelope.problems = list(envelope.faults)
    standing: InboxEvent | None = bench.known.get(envelope.id)
    if standing is not None and not _supersedes(envelope, standing):
        return _answer_known(bench, envelope, standing)
    event = standing or InboxEvent(id=envelope.id, district=bench.device.district, device_id=bench.device.id)
    if standing is not None:
        _keep_conflict(bench, standing.body_bytes, standing.digest, envelope)
    _fill(event, envelope, bench.now)
    if not envelope.problems:
        _apply(bench, envelope, event, skew)
    _settle(event, envelope)
    db.session.add(event)
    bench.known[event.id] = event
    return result_of(event, bench.durable_through)


def _supersedes(envelope: Envelope, standing: InboxEvent) -> bool:
    """A body damaged on the way does not stand against the whole one that follows it."""
    damaged = standing.result == Result.QUARANTINED and standing.claimed_digest not in {None, standing.digest}
    return damaged and standing.claimed_digest == envelope.digest == envelope.claimed


def _answer_known(bench: Bench, envelope: Envelope, standing: InboxEvent) -> dict[str, Any]:
    if standing.digest == envelope.digest:
        return result_of(standing, bench.durable_through, again=True)
    _keep_conflict(bench, envelope.text, envelope.digest, envelope)
    return {
        "id": str(envelope.id),
        "result": Result.CONFLICT.value,
        "problems": [
            {"code": "conflict", "detail": "Another record has this id; both are kept and a lead decides."}
        ],
    }


def _keep_conflict(bench: Bench, text: bytes, digest: str, envelope: Envelope) -> None:
    taken = select(InboxConflict.id).where(
        InboxConflict.event_id == envelope.id, InboxConflict.digest == digest
    )
    if db.session.scalar(taken) is not None:
        return
    row = InboxConflict(
        id=None,
        district=bench.device.district,
        event_id=envelope.id,
        device_id=bench.device.id,
        digest=digest,
    )
    row.received_at = bench.now
    row.keep_body(text)
    db.session.add(row)
    audit.record("event.conflict", row.district, ("event", envelope.id), envelope.author)


def _fill(event: InboxEvent, envelope: Envelope, now: datetime) -> None:
    event.seq, event.author_id = envelope.seq, envelope.author
    event.type, event.schema, event.enc = envelope.type, envelope.schema, envelope.enc
    event.digest, event.claimed_digest = envelope.digest, envelope.claimed
    event.recorded_at, event.received_at = envelope.recorded_at, now
    event.waits_for = None


def _settle(event: InboxEvent, envelope: Envelope) -> None:
    event.problems = envelope.problems
    if envelope.problems:
        event.result = Result.QUARANTINED
        event.keep_body(envelope.text)
        codes = [problem["code"] for problem in envelope.problems]
        audit.record("event.quarantined", event.district, ("event", event.id), event.author_id, codes=codes)
    else:
        event.result = Result.ACCEPTED
        event.body_sealed = None


def _apply(bench: Bench, envelope: Envelope, event: InboxEvent, skew: timedelta) -> None:
    """Check rights and order, then record the visit; a refusal is noted on the envelope."""
    body = envelope.body
    if envelope.author not in bench.members or bench.authors[envelope.author].disabled_at is not None:
        envelope.refuse("author", "The author is not enrolled on this phone, or the account is closed.")
        return
    dwelling = bench.dwellings.get(body["dwelling"])
    if dwelling is None or not bench.scopes[envelope.author].covers(dwelling.grid_code):
        envelope.refuse("place", "This door is outside the author's area.")
        return
    if "previous" in body and not _stands(bench, body["previous"]):
        event.waits_for = body["previous"]
        envelope.refuse("waiting", "An earlier record must come first; it is applied when that one does.")
        return
    items = (
        bench.items.get((body["checklist"]["code"], body["checklist"]["version"]), {})
        if body.get("findings")
        else {}
    )
    if any(part["item"] not in items for part in body.get("findings", [])):
        envelope.refuse("invalid", "findings: unknown checklist item")
        return
    try:
        _record(bench, envelope, skew, items)
    except Problem as problem:
        envelope.refuse("invalid", str(problem.detail))


def _stands(bench: Bench, event_id: Any) -> bool:
    event = bench.known.get(event_id)
    return event is not None and event.result == Result.ACCEPTED


def _record(bench: Bench, envelope: Envelope, skew: timedelta, items: Any) -> None:
    assert envelope.author is not None
    assert envelope.recorded_at is not None
    assert envelope.schema is not None
    wrong = skew if abs(skew) > CLOCK_TOLERANCE else timedelta()
    submission = visits.Submission(
        id=envelope.id,
        author_id=envelope.author,
        device_id=bench.device.id,
        digest=envelope.digest,
        text=envelope.text,
        recorded_at=envelope.recorded_at,
        received_at=bench.now,
        happened_at=min(bench.now, envelope.recorded_at + wrong),
        clock_skew_s=max(-_MOST_SKEW, min(_MOST_SKEW, round(wrong.total_seconds()))),
        schema=envelope.schema,
    )
    body = envelope.body
    visit = visits.record(
        body,
        submission,
        bench.dwellings[body["dwelling"]],
        bench.occupancies,
        bench.visits.get(body["visit"]),
    )
    bench.visits[visit.id] = visit
    hazards.apply_findings(visit, body, items, submission.happened_at, bench.zone)


def wake_waiting(
    district: int,
    answers: Sequence[dict[str, Any]],
    now: datetime,
    zone: str,
    skew: timedelta = timedelta(),
) -> dict[str, dict[str, Any]]:
    """Apply what waited for the events that have just come, and what waited for that; answers the results by id."""
    woken: dict[str, dict[str, Any]] = {}
    came = _standing(answers)
    while came:
        waiting = select(InboxEvent).where(InboxEvent.district == district, InboxEvent.waits_for.in_(came))
        results = [replay(event, now, zone, skew) for event in db.session.scalars(waiting).all()]
        woken |= {result["id"]: result for result in results}
        came = _standing(results)
    return woken


def _standing(answers: Sequence[dict[str, Any]]) -> list[UUID]:
    return [UUID(answer["id"]) for answer in answers if "receipt" in answer]


def replay(event: InboxEvent, now: datetime, zone: str, skew: timedelta = timedelta()) -> dict[str, Any]:
    """Judge an event again that was kept aside; in its own savepoint, and never lost if it fails again."""
    device = db.session.get_one(Device, event.device_id, options=[joinedload(Device.users)])
    envelope = reopen_event(event)
    try:
        with db.session.begin_nested(), db.session.no_autoflush:
            _judge_again(Bench(device, [envelope], now, zone), envelope, event, skew)
    except Exception as error:
        if is_database_trouble(error):
            raise
        log.warning("event_not_replayed", reason=type(error).__name__)
        event.waits_for = None
        envelope.problems = [{"code": "invalid", "detail": _NOT_APPLIED}]
        _settle(event, envelope)
    return result_of(event, installation().durable_through)


def _judge_again(bench: Bench, envelope: Envelope, event: InboxEvent, skew: timedelta) -> None:
    envelope.problems = list(envelope.faults)
    event.waits_for = None
    if not envelope.problems:
        _apply(bench, envelope, event, skew)
    _settle(event, envelope)
