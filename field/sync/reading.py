"""What a body says that was not applied, for whoever may know it: in words when it is whole, else fact by fact.

Numbers are masked, and nothing is told of a door outside the reader's area.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from sqlalchemy import select

from field.accounts.scope import Actor, Scope
from field.audit import service as audit
from field.checklists.queries import Words
from field.core.clock import parse_instant
from field.core.db import db, unwatched
from field.core.i18n import moment_text
from field.core.masking import masked
from field.places.models import Building, Dwelling
from field.reviews.comparing import Line, compared
from field.reviews.reading import FIELDS, SECRET, Said
from field.reviews.reading import read as in_words
from field.sync.models import InboxEvent
from field.visits.models import Followed, Visit, VisitRevision
from field.visits.schemas import VisitBody
from field.visits.upcasts import read, upcast

_BODY = VisitBody()
# Numbers that could be somebody's: in free words too, where nobody knows what a phone of another release meant.
_NUMBER = re.compile(r"\d{7,}[\dXx]*")
_MOST_LINES = 300
_LABELS: Mapping[str, Any] = dict(FIELDS) | {
    "outcome": _l("Outcome"),
    "come_again_on": _l("When to come again"),
    "note": _l("Note"),
    "started_at": _l("At the door"),
}
# What programs say to each other.
_UNTOLD = frozenset({"revision", "base_revision"})


@dataclass(frozen=True)
class Record:
    """What a record says. `elsewhere`: about a door outside the reader's area, so nothing is told; `lines` are empty
    too when it cannot be read at all."""

    door: Dwelling | None
    lines: list[Line]
    elsewhere: bool = False


def record(event: InboxEvent, scope: Scope, words: Words) -> Record:
    """A record that was set aside, to be read."""
    found = said_in(event.id, event.body_bytes, event.schema, scope, words)
    if found:
        door, began, said = found
        first = Line("", _("At the door"), moment_text(began), None)
        return Record(door, [first, *compared(said, said, words)])
    try:
        body = read(event.body_bytes)
    except ValueError:
        return Record(None, [])
    known, building = db.session.get(Dwelling, _id(body, "dwelling")), _building(body)
    places = [place.grid_code for place in (known, building) if place is not None]
    if not all(scope.covers(code) for code in places):
        return Record(None, [], elsewhere=True)
    lines = [Line(about, label, text, None) for about, label, text in _facts(body)]
    return Record(known, lines[:_MOST_LINES])


def note_look(event: InboxEvent, actor: Actor) -> None:
    """Write down that somebody reads it."""
    audit.record("event.read", event.district, ("event", event.id), actor.id)


def said_in(
    revision_id: UUID, text: bytes, schema: int | None, scope: Scope, words: Words
) -> tuple[Dwelling, datetime, Said] | tuple[()]:
    """The door, when somebody was there, and all that is said; nothing when it cannot be read, or is about a door
    outside the scope."""
    try:
        body: Any = _BODY.load(upcast(read(text), schema or 1))
    except (ValidationError, ValueError):
        return ()
    door = db.session.scalar(select(Dwelling).where(Dwelling.id == body["dwelling"], scope.where(Dwelling)))
    if door is None:
        return ()
    place = {"district": door.district, "dwelling_id": door.id, "dwelling": door, "grid_code": door.grid_code}
    facts = {
        "id": revision_id,
        "schema": schema or 1,
        "outcome": body["outcome"],
        "followed": Followed.AT_ONCE,
    }
    revision = unwatched(VisitRevision, facts | {"before_sealed": None})
    revision.keep_body(text)
    return (
        door,
        body["started_at"],
        in_words(unwatched(Visit, place | {"id": body["visit"]}), revision, words),
    )


def _building(body: Any) -> Building | None:
    door = body.get("door") if isinstance(body, dict) else None
    return db.session.get(Building, _id(door, "building"))


def _id(part: Any, name: str) -> UUID:
    try:
        return UUID(part[name])
    except (ValueError, TypeError, KeyError, AttributeError):
        return UUID(int=0)


def _facts(part: Any, about: str = "", name: str = "") -> Iterator[tuple[str, str, str]]:
    """Every value with where it stands; what is nested says in what."""
    if isinstance(part, dict):
        for key, inner in part.items():
            yield from _facts(inner, " · ".join(one for one in (about, name) if one), str(key))
    elif isinstance(part, list):
        for number, inner in enumerate(part, 1):
            yield from _facts(inner, about, f"{name} {number}")
    elif part is not None and not _is_id(part) and name not in _UNTOLD:
        yield about, str(_LABELS.get(name, name)), _masked(name, part)


def _is_id(value: Any) -> bool:
    return _id({"": value}, "").int != 0


def _masked(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if name in SECRET:
        return masked(str(value)) or ""
    if name.endswith("_at"):
        return _moment(str(value))
    return _NUMBER.sub(lambda found: masked(found[0]) or "", str(value))


def _moment(text: str) -> str:
    try:
        return moment_text(parse_instant(text))
    except (ValueError, OverflowError):
        return masked(text) or ""
