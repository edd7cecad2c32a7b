"""Places of work, rechecks and requests in the form of a lead's correction; people and hazards: correction_parts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from field.checklists.queries import Words
from field.core.db import db
from field.core.masking import masked
from field.hazards import rechecks
from field.hazards.models import Finding
from field.places.models import Workplace
from field.reviews import entries
from field.reviews.correction_group import GONE, HERE, MISTAKE, Group, Reader
from field.visits.models import Visit

WORKPLACE_LISTS = {"kind": "workplace_kind"}
REQUEST_LISTS = {"kind": "service_kind"}
_HEADS = ("headcount", "dormitory_headcount")
_MOST_HEADS = 100_000


def _named(text: str) -> str:
    if not text:
        raise ValueError(_("Please enter a name."))
    return str(entries.words(text, 80))


_WORKPLACE: Mapping[str, Reader] = {
    "name": _named,
    "credit_code": lambda text: entries.words(text, 30),
    "contact_name": lambda text: entries.words(text, 50),
    "contact_phone": entries.phone,
    **dict.fromkeys(_HEADS, lambda text: entries.number(text, _MOST_HEADS)),
}
_OF_WORKPLACE = ("name", "kind", "credit_code", "contact_name", *_HEADS)
_NOTE: Mapping[str, Reader] = {"note": lambda text: entries.words(text, 500)}


def workplaces_of(visit: Visit) -> list[Group]:
    """Every place of work that the visit names, then the others that are registered behind its door."""
    parts = {part["workplace"]: part for part in visit.revisions[-1].body.get("workplaces", [])}
    statement = (
        select(Workplace)
        .where(Workplace.district == visit.district, Workplace.dwelling_id == visit.dwelling_id)
        .where(Workplace.ended.is_(False) | Workplace.id.in_([UUID(key) for key in parts]))
        .order_by(Workplace.id)
    )
    rows = {str(row.id): row for row in db.session.scalars(statement)}
    return [_workplace(key, parts.get(key, {}), rows.get(key)) for key in dict.fromkeys([*parts, *rows])]


def _workplace(key: str, part: Mapping[str, Any], row: Workplace | None) -> Group:
    known = {name: part.get(name, getattr(row, name, None)) for name in _OF_WORKPLACE}
    fields = {name: "" if value is None else str(value) for name, value in known.items()}
    fields |= {"where": GONE if part.get("action") == "closed" else HERE, "contact_phone": ""}
    hidden = masked(part.get("contact_phone")) or (row.contact_phone_masked if row else None)
    return Group(
        "workplaces",
        "workplace",
        key,
        fields["name"],
        fields,
        (HERE, MISTAKE) if part.get("action") == "add" else (HERE, GONE),
        _WORKPLACE,
        WORKPLACE_LISTS,
        {"contact_phone": hidden},
        {name: known[name] for name in _HEADS}
        | {"contact_phone": entries.dialled(part.get("contact_phone"))},
    )


def rechecks_of(visit: Visit, said_in: Words) -> list[Group]:
    """The hazards that the visit looked at again. What was put right can be said to be still there until somebody acts
    on it; closing takes a new photo."""
    parts = {part["finding"]: part for part in visit.revisions[-1].body.get("rechecks", [])}
    if not parts:
        return []
    statement = select(Finding).where(
        Finding.district == visit.district, Finding.id.in_([UUID(key) for key in parts])
    )
    rows = {str(row.id): row for row in db.session.scalars(statement)}
    free = rechecks.last_words(visit)
    return [
        _recheck(part, rows[key], UUID(key) in free, said_in) for key, part in parts.items() if key in rows
    ]


def _recheck(part: Mapping[str, Any], row: Finding, free: bool, said_in: Words) -> Group:
    fields = {"passed": "yes" if part["passed"] else "no", "note": part.get("note") or ""}
    return Group(
        "rechecks",
        "recheck",
        part["finding"],
        said_in.pick(row.name_zh, row.name_en),
        fields,
        ("yes", "no") if free and part["passed"] else (),
        _NOTE,
        link=f"/hazards/{row.id}",
        acted=not free,
    )


def requests_of(visit: Visit, said_in: Words) -> list[Group]:
    """What they ask for help with."""
    return [_request(part, said_in) for part in visit.revisions[-1].body.get("requests", [])]


def _request(part: Mapping[str, Any], said_in: Words) -> Group:
    fields = {"kind": part["kind"], "note": part.get("note") or "", "where": HERE}
    title = said_in.of("service_kind", part["kind"])
    return Group("requests", "request", part["id"], title, fields, (HERE, MISTAKE), _NOTE, REQUEST_LISTS)
