"""Opening what a phone sent: the envelope, the exact bytes of the body, and the body once it is understood."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from marshmallow import ValidationError

from field.accounts.models import Device
from field.core.errors import Problem
from field.sync.models import InboxEvent
from field.sync.schemas import EventSchema
from field.visits.schemas import VisitBody
from field.visits.upcasts import NEWEST, read, upcast

Problems = list[dict[str, Any]]

_EVENT = EventSchema()
_CLAIMS = ("seq", "author", "type", "schema", "recorded_at", "enc")
Upcast = Callable[[Any, int], Any]
# The same schema without the parts that most visits do not have: looking for each costs a third of opening one.
PLAIN = VisitBody(
    only=(
        *(
            "visit",
            "revision",
            "dwelling",
            "base_revision",
            "started_at",
            "finished_at",
            "outcome",
            "consent",
        ),
        *("notice", "unchanged", "people_confirmed", "note"),
    )
)
_WHOLE = VisitBody()


def _visit(content: Any) -> Any:
    plain = isinstance(content, dict) and content.keys() <= PLAIN.fields.keys()
    return (PLAIN if plain else _WHOLE).load(content)


# The newest schema of each type that this release understands, how older ones are brought up, and what it may say.
BODIES: Mapping[str, tuple[int, Upcast, Callable[[Any], Any]]] = {"visit.recorded": (NEWEST, upcast, _visit)}


@dataclass
class Envelope:
    """One event. `digest` is computed here, `claimed` is the phone's; `faults` were found on opening, `problems`
    when judged. `device` brought it, `skew` is by how much its clock was behind ours, where somebody could measure it;
    both are set for judging. `earlier` are the numbers that it claims to have had on other devices, one on each."""

    id: UUID
    text: bytes
    digest: str
    claimed: str | None = None
    seq: int | None = None
    author: UUID | None = None
    type: str | None = None
    schema: int | None = None
    recorded_at: datetime | None = None
    enc: str = "none"
    body: dict[str, Any] = field(default_factory=dict)
    faults: Problems = field(default_factory=list)
    problems: Problems = field(default_factory=list)
    device: Device = field(init=False, repr=False)
    skew: timedelta | None = None
    earlier: Mapping[UUID, int] = field(default_factory=dict)

    def refuse(self, code: str, detail: str | None = None) -> None:
        """Note a reason for quarantine."""
        self.problems.append({"code": code, "detail": detail})

    def fault(self, code: str, detail: str | None = None) -> None:
        """Note what is wrong with the record itself, whoever judges it and however often."""
        self.faults.append({"code": code, "detail": detail})

    def claims(self) -> dict[str, Any]:
        """What is kept of it beside the body, by column."""
        return {
            "device_id": self.device.id,
            "seq": self.seq,
            "author_id": self.author,
            "type": self.type,
            "schema": self.schema,
            "enc": self.enc,
            "digest": self.digest,
            "claimed_digest": self.claimed,
            "recorded_at": self.recorded_at,
            "clock_skew_s": None if self.skew is None else round(self.skew.total_seconds()),
        }


def digest_of(text: bytes) -> str:
    """The digest as the protocol writes it."""
    return f"sha-256:{hashlib.sha256(text).hexdigest()}"


def open_event(raw: Any) -> Envelope | None:
    """Read one event of a batch; None when it has not even an id that an answer could name.

    Raises Problem bad-request for what is nested too deeply to be kept: no phone writes that.
    """
    event_id = _uuid(raw.get("id")) if isinstance(raw, dict) else None
    if event_id is None:
        return None
    text = _text_of(raw)
    envelope = Envelope(event_id, text, digest_of(text))
    try:
        fields = _EVENT.load(raw)
    except ValidationError as error:
        fields = error.valid_data if isinstance(error.valid_data, dict) else {}
        envelope.fault("invalid", f"envelope: {_places(error)}")
    _take_claims(envelope, fields)
    if not envelope.faults:
        _open_body(envelope)
    return envelope


def _take_claims(envelope: Envelope, fields: Mapping[str, Any]) -> None:
    """Keep each part of an envelope that is right by itself: whose it is and its number are known then."""
    envelope.claimed = fields.get("digest")
    envelope.earlier = {one["device"]: one["seq"] for one in fields.get("earlier") or ()}
    for name in _CLAIMS:
        setattr(envelope, name, fields.get(name, getattr(envelope, name)))
    for name, without in (("type", None), ("enc", "none")):
        if "\0" in (getattr(envelope, name) or ""):
            setattr(envelope, name, without)
            envelope.fault("invalid", f"envelope: {name}")


def _open_body(envelope: Envelope) -> None:
    if envelope.claimed != envelope.digest:
        envelope.fault("digest", "The body is not what the digest says.")
    else:
        _understand(envelope)


def open_events(raw_events: Sequence[Any]) -> list[Envelope]:
    """The events of a batch that have an id, in the order of seq."""
    opened = (open_event(raw) for raw in raw_events)
    return sorted((one for one in opened if one is not None), key=lambda one: one.seq or 0)


def _text_of(raw: dict[str, Any]) -> bytes:
    body = raw.get("body")
    if isinstance(body, str):
        return body.encode()
    try:
        return orjson.dumps(raw)
    except orjson.JSONEncodeError as error:
        raise Problem("bad-request", "This is nested too deeply.") from error


def reopen_event(event: InboxEvent) -> Envelope:
    """The envelope of an event that was kept aside, to be judged again."""
    envelope = Envelope(
        event.id,
        event.body_bytes,
        event.digest,
        event.claimed_digest,
        event.seq,
        event.author_id,
        event.type,
        event.schema,
        event.recorded_at,
        event.enc,
    )
    if event.clock_skew_s is not None:
        envelope.skew = timedelta(seconds=event.clock_skew_s)
    lacking = [name for name in ("claimed", *_CLAIMS) if getattr(envelope, name) is None]
    if lacking:
        named = sorted("digest" if name == "claimed" else name for name in lacking)
        envelope.fault("invalid", f"envelope: {', '.join(named)}")
    else:
        _open_body(envelope)
    return envelope


def is_known(kind: str | None, schema: int | None, enc: str) -> bool:
    """Whether this release understands such a body."""
    newest = BODIES[kind][0] if kind is not None and kind in BODIES else 0
    return enc == "none" and (schema or 1) <= newest


def _understand(envelope: Envelope) -> None:
    if not is_known(envelope.type, envelope.schema, envelope.enc):
        envelope.fault(
            "newer", "This server does not know this kind of record yet; it is applied after an upgrade."
        )
        return
    assert envelope.type
    _newest, upcast_body, load = BODIES[envelope.type]
    try:
        envelope.body = load(upcast_body(read(envelope.text), envelope.schema or 1))
    except ValidationError as error:
        envelope.fault("invalid", _places(error))
    except ValueError:
        envelope.fault("invalid", "The body is not JSON.")


def _places(error: ValidationError) -> str:
    """Where it is wrong, never what was said there."""
    return ", ".join(sorted(_paths(error.messages)))[:300]


def _paths(messages: Any, prefix: str = "") -> list[str]:
    if not isinstance(messages, dict):
        return [prefix or "body"]
    return [path for key, inner in messages.items() for path in _paths(inner, f"{prefix}.{key}".strip("."))]


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) and len(text) == 36 else None
    except ValueError:
        return None
