"""The inbox: every event is judged once, kept whole whatever becomes of it, and answered only after the commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from field.accounts import queries as accounts
from field.accounts.models import Device, User
from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.db import db, is_database_trouble
from field.core.errors import Problem
from field.core.installation import installation
from field.core.logs import log
from field.hazards import rechecks
from field.hazards import service as hazards
from field.sync import earlier, strangers
from field.sync.bench import Bench, JoinedMeanwhileError
from field.sync.deliveries import Delivery
from field.sync.envelope import Envelope, reopen_event
from field.sync.models import InboxEvent, Result
from field.sync.receipts import result_of
from field.visits import service as visits
from field.visits.models import NO_CLOCK

CLOCK_TOLERANCE = timedelta(minutes=10)
# Longer than any phone waits with a record: a clock that says so was wrong, and was put right before it was measured.
LONGEST_WAIT = timedelta(days=366)
_NOT_APPLIED = "This record could not be applied."


def take(
    deliveries: Sequence[Delivery], district: int, now: datetime, zone: str
) -> list[list[dict[str, Any]]]:
    """Judge what phones of one district delivered; for each delivery the answers, in the order of its events.

    The caller commits, then answers. All is tried in one savepoint; when an event spoils that, each gets its own.
    Deliveries of one phone follow one another, whatever device it is now: those rows are locked, and then read anew.
    """
    devices = accounts.lock_devices(
        {delivery.device_id for delivery in deliveries} | earlier.named(deliveries)
    )
    earlier.note(deliveries, devices, district, now)
    strangers.leave(deliveries, district, now)
    for delivery in deliveries:
        _meet(devices[delivery.device_id], delivery, now)
    envelopes = [envelope for delivery in deliveries for envelope in delivery.envelopes]
    answers = _together(envelopes, district, now, zone)
    if answers is None:
        answers = [_alone(envelope, district, now, zone) for envelope in envelopes]
    woken = wake_waiting(district, answers, now, zone)
    latest = iter([woken.get(answer["id"], answer) for answer in answers])
    return [[next(latest) for _envelope in delivery.envelopes] for delivery in deliveries]


def _meet(device: Device, delivery: Delivery, now: datetime) -> None:
    for envelope in delivery.envelopes:
        envelope.device, envelope.skew = device, delivery.skew
    device.highest_seq = max([device.highest_seq, *(one.seq for one in delivery.envelopes if one.seq)])
    device.contact_at = now
    device.build = delivery.build or device.build


def _together(
    envelopes: Sequence[Envelope], district: int, now: datetime, zone: str
) -> list[dict[str, Any]] | None:
    try:
        with db.session.begin_nested(), db.session.no_autoflush:
            bench = Bench(envelopes, district, now, zone)
            answers = [_judge(bench, envelope) for envelope in envelopes]
            bench.keep()
            return answers
    except JoinedMeanwhileError:
        return _together(envelopes, district, now, zone)
    except Exception as error:
        if is_database_trouble(error):
            raise  # locked, full, amid a migration: no fault of the record, and nothing is acknowledged
        log.warning("batch_taken_one_by_one", reason=type(error).__name__)
        return None


def _alone(envelope: Envelope, district: int, now: datetime, zone: str) -> dict[str, Any]:
    answers = _together([envelope], district, now, zone)
    if answers is not None:
        return answers[0]
    envelope.body = {}  # looking things up for it may be what failed
    envelope.fault("invalid", _NOT_APPLIED)
    again = _together([envelope], district, now, zone)
    if again is None:
        raise Problem("unexpected")
    return again[0]


def _judge(bench: Bench, envelope: Envelope) -> dict[str, Any]:
    envelope.problems = list(envelope.faults)
    standing: InboxEvent | None = bench.known.get(envelope.id)
    if standing is not None and not _supersedes(envelope, standing):
        return _answer_known(bench, envelope, standing)
    if standing is not None:
        bench.keep_other(standing.id, standing.body_bytes, standing.claims())
    event = _filled(bench, envelope, standing)
    if _follows_what_is_gone(bench, envelope):
        event.result, event.problems, event.body_sealed = Result.GONE, [], None
        return result_of(event, bench.durable_through)
    if not envelope.problems:
        _apply(bench, envelope, event)
    _settle(event, envelope)
    return result_of(event, bench.durable_through)


def _follows_what_is_gone(bench: Bench, envelope: Envelope) -> bool:
    """A correction of a visit that was erased on somebody's request: it says the same again, and goes too."""
    previous = bench.known.get(envelope.body["previous"]) if "previous" in envelope.body else None
    return previous is not None and previous.result == Result.GONE


def _supersedes(envelope: Envelope, standing: InboxEvent) -> bool:
    """A body damaged on the way does not stand against the whole one that follows it."""
    damaged = standing.result == Result.QUARANTINED and standing.claimed_digest not in {None, standing.digest}
    return damaged and standing.claimed_digest == envelope.digest == envelope.claimed


def _answer_known(bench: Bench, envelope: Envelope, standing: InboxEvent) -> dict[str, Any]:
    if standing.digest == envelope.digest or standing.result == Result.GONE:
        bench.note_number(envelope.id, envelope.claims(), standing)
        return result_of(standing, bench.durable_through, again=True)
    bench.keep_other(envelope.id, envelope.text, envelope.claims())
    return {
        "id": str(envelope.id),
        "result": Result.CONFLICT.value,
        "problems": [
            {"code": "conflict", "detail": "Another record has this id; both are kept and a lead decides."}
        ],
    }


def _filled(bench: Bench, envelope: Envelope, standing: InboxEvent | None) -> InboxEvent:
    facts = envelope.claims() | {"received_at": bench.now, "waits_for": None}
    if standing is None:
        return bench.new_event({"id": envelope.id} | facts)
    for name, value in facts.items():
        setattr(standing, name, value)
    return standing


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


def _apply(bench: Bench, envelope: Envelope, event: InboxEvent) -> None:
    """Check rights and order, then record the visit; a refusal is noted on the envelope."""
    body = envelope.body
    author = bench.member(envelope)
    if author is None or author.disabled_at is not None:
        envelope.refuse("author", "The author is not enrolled on this phone, or the account is closed.")
        return
    dwelling = bench.door_of(body) or bench.add_door(body, author)
    if dwelling is None or not bench.scopes[author.id].covers(dwelling.grid_code):
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
        _record(bench, envelope, items)
    except Problem as problem:
        code = "decided" if problem.code == "decided-already" else "invalid"
        envelope.refuse(code, str(problem.detail))


def _stands(bench: Bench, event_id: Any) -> bool:
    event = bench.known.get(event_id)
    return event is not None and event.result == Result.ACCEPTED


def _record(bench: Bench, envelope: Envelope, items: Any) -> None:
    author = bench.member(envelope)
    assert author is not None
    assert envelope.recorded_at is not None
    assert envelope.schema is not None
    skew_s, happened_at = _clock(envelope, author, bench.now)
    submission = visits.Submission(
        id=envelope.id,
        author_id=author.id,
        device_id=envelope.device.id,
        digest=envelope.digest,
        text=envelope.text,
        recorded_at=envelope.recorded_at,
        received_at=bench.now,
        happened_at=happened_at,
        clock_skew_s=skew_s,
        schema=envelope.schema,
    )
    body, dwelling = envelope.body, bench.door_of(envelope.body)
    assert dwelling is not None
    visit = visits.record(
        body,
        submission,
        dwelling,
        bench.occupancies,
        bench.visits.get(body["visit"]),
        bench.unreferred,
    )
    bench.visits[visit.id] = visit
    hazards.apply_findings(visit, body, items, submission.happened_at, bench.zone, bench.terms)
    looked_again = body.get("rechecks", [])
    if looked_again or visit.revision > 1:
        rechecks.apply_rechecks(visit, looked_again, Actor.of(author), submission.happened_at, bench.now)


def _clock(envelope: Envelope, author: User, now: datetime) -> tuple[int | None, datetime]:
    """By how much the phone's clock was behind ours, in seconds, and when the record was made. Nobody can have made it
    before the account was there."""
    assert envelope.recorded_at is not None
    wrong = _marked(envelope.skew)
    made_at = min(now, envelope.recorded_at + (wrong or timedelta()))
    if made_at < max(author.created_at - CLOCK_TOLERANCE, now - LONGEST_WAIT):
        return NO_CLOCK, now
    return (None if wrong is None else max(-NO_CLOCK, min(NO_CLOCK, _seconds(wrong)))), made_at


def _marked(skew: timedelta | None) -> timedelta | None:
    """By how much a clock is to be put right, in whole seconds as it is kept; None when nobody measured it."""
    if skew is None:
        return None
    return timedelta(seconds=_seconds(skew)) if abs(skew) > CLOCK_TOLERANCE else timedelta()


def _seconds(skew: timedelta) -> int:
    return round(skew.total_seconds())


def wake_waiting(
    district: int, answers: Sequence[dict[str, Any]], now: datetime, zone: str
) -> dict[str, dict[str, Any]]:
    """Apply what waited for the events that have just come, and what waited for that; answers the results by id.

    What somebody closed stays closed.
    """
    woken: dict[str, dict[str, Any]] = {}
    came = _standing(answers)
    while came:
        waiting = select(InboxEvent).where(InboxEvent.district == district, InboxEvent.waits_for.in_(came))
        events = db.session.scalars(waiting.where(InboxEvent.closed_at.is_(None))).all()
        results = [replay(event, now, zone) for event in events]
        woken |= {result["id"]: result for result in results}
        came = _standing(results)
    return woken


def _standing(answers: Sequence[dict[str, Any]]) -> list[UUID]:
    return [UUID(answer["id"]) for answer in answers if "receipt" in answer]


def replay(event: InboxEvent, now: datetime, zone: str) -> dict[str, Any]:
    """Judge an event again that was kept aside; in its own savepoint, and never lost if it fails again."""
    envelope = reopen_event(event)
    envelope.device = db.session.get_one(Device, event.device_id)
    try:
        with db.session.begin_nested(), db.session.no_autoflush:
            _judge_again(Bench([envelope], event.district, now, zone), envelope, event)
    except JoinedMeanwhileError:
        return replay(event, now, zone)
    except Exception as error:
        if is_database_trouble(error):
            raise
        log.warning("event_not_replayed", reason=type(error).__name__)
        event.waits_for = None
        envelope.problems = [{"code": "invalid", "detail": _NOT_APPLIED}]
        _settle(event, envelope)
    return result_of(event, installation().durable_through)


def _judge_again(bench: Bench, envelope: Envelope, event: InboxEvent) -> None:
    envelope.problems = list(envelope.faults)
    event.waits_for = None
    if not envelope.problems:
        _apply(bench, envelope, event)
    _settle(event, envelope)
    bench.keep()
