"""Receipts: what proves to a phone that a record is stored and durable."""

from datetime import datetime
from typing import Any
from uuid import UUID

from field.core.clock import instant_text
from field.core.ids import short_code
from field.sync.models import InboxEvent, Result


def receipt_number(thing: UUID, digest: str) -> str:
    """Eight characters to read out; the same for the same bytes, for ever."""
    return short_code(thing, digest)


def result_of(event: InboxEvent, durable_through: datetime | None, *, again: bool = False) -> dict[str, Any]:
    """The answer for an event; the one to a resend carries the original receipt.

    `durable_through` is the time up to which a verified backup exists.
    """
    answer: dict[str, Any] = {"id": str(event.id), "result": str(event.result), "problems": event.problems}
    if event.result == Result.ACCEPTED:
        if again:
            answer["result"] = Result.DUPLICATE.value
        answer["receipt"] = {
            "number": receipt_number(event.id, event.digest),
            "received_at": instant_text(event.received_at),
            "durable_through": instant_text(durable_through),
        }
    return answer
