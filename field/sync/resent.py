"""A batch that is here already, because its answer was lost on the way: answered by reading alone, without the line.

Whatever is not plainly that is left to the inbox, which answers the same and sees the rest.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from field.accounts.models import Device
from field.core.db import db
from field.core.installation import installation
from field.sync.envelope import digest_of
from field.sync.models import InboxEvent, Result
from field.sync.receipts import result_of

# A phone that was heard so lately need not be noted anew; leads read its last contact in minutes.
LATELY = timedelta(minutes=1)
_STANDING = select(
    InboxEvent.id,
    InboxEvent.device_id,
    InboxEvent.seq,
    InboxEvent.digest,
    InboxEvent.result,
    InboxEvent.problems,
    InboxEvent.received_at,
).where(InboxEvent.id.in_(bindparam("ids", expanding=True)))


class _Claim(NamedTuple):
    seq: int
    id: UUID
    text: str


def answers_to(
    raw_events: Sequence[Any], device: Device, build: str, now: datetime
) -> tuple[UUID, list[dict[str, Any]]] | None:
    """The epoch and the original receipts in the order of seq; None unless all stands accepted with these very bytes
    and numbers.

    What can be read was committed before, and so is durable.
    """
    lately = device.contact_at is not None and now - device.contact_at < LATELY
    if not lately or build not in {"", device.build}:
        return None
    claims = [_claim(raw, device.highest_seq) for raw in raw_events]
    known = [claim for claim in claims if claim is not None]
    if len(known) < len(claims):
        return None
    found = db.session.execute(_STANDING, {"ids": [claim.id for claim in known]})
    rows: dict[UUID, Any] = {row.id: row for row in found}
    if not all(claim.id in rows and _stands(rows[claim.id], claim, device.id) for claim in known):
        return None
    here, ordered = installation(), sorted(known, key=lambda claim: claim.seq)
    return here.epoch, [result_of(rows[claim.id], here.durable_through, again=True) for claim in ordered]


def _claim(raw: Any, highest: int) -> _Claim | None:
    """What an event says it is; None when it is malformed, or has a number that never came from this phone."""
    if not isinstance(raw, dict):
        return None
    seq, name, text = raw.get("seq"), raw.get("id"), raw.get("body")
    if (
        type(seq) is not int
        or not 1 <= seq <= highest
        or not isinstance(text, str)
        or not isinstance(name, str)
    ):
        return None
    try:
        return _Claim(seq, UUID(name), text) if len(name) == 36 else None
    except ValueError:
        return None


def _stands(row: Any, claim: _Claim, device: UUID) -> bool:
    known: bool = row.result == Result.ACCEPTED and (row.device_id, row.seq) == (device, claim.seq)
    return known and bool(row.digest == digest_of(claim.text.encode()))
