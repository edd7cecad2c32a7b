"""Children under 14 are a headcount: who they are enters the register only with a guardian's word.

The phone asks for it; what comes without it, from an older phone or another program, is accepted all the same, for
the visit holds more than that. Its body is kept as it came, the register leaves out who it is, and the lead reads so.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from field.core.clock import parse_instant
from field.people.documents import birth_of

COUNTED_UNTIL = 14
WHO_THEY_ARE = ("name", "document_type", "document_number")


def needs_a_guardian(part: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether an occupant's number says that it was a child's on the day of the visit, and no guardian agreed."""
    if part.get("guardian_consent"):
        return False
    born = birth_of((part.get("document_number") or "").replace(" ", "").upper())
    return born is not None and _day_of(body) < _grown(born)


def known_occupants(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What the register may take of a body's occupants: no child is added, no child's number is put to a name."""
    found: list[Mapping[str, Any]] = []
    for part in body.get("occupants", []):
        if not needs_a_guardian(part, body):
            found.append(part)
        elif part["action"] != "add":
            found.append({name: value for name, value in part.items() if name not in WHO_THEY_ARE})
    return found


def _day_of(body: Mapping[str, Any]) -> date:
    at = body["finished_at"]
    return (at if isinstance(at, datetime) else parse_instant(at)).date()


def _grown(born: date) -> date:
    """Their birthday; who was born on a 29 February has it on 1 March."""
    try:
        return born.replace(year=born.year + COUNTED_UNTIL)
    except ValueError:
        return date(born.year + COUNTED_UNTIL, 3, 1)
