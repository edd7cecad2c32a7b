"""What a revision says beyond homes and people: places of work, rechecks, the hazard notice, help asked for.

The phone of a contact is masked here, so no template ever holds one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from field.checklists import queries as checklists
from field.checklists.queries import Words
from field.core.db import db
from field.core.masking import masked
from field.hazards.models import Action, Finding, FindingStep
from field.places.models import Workplace
from field.visits.models import Visit

WORKPLACE_FIELDS: Mapping[str, Any] = {
    "kind": _l("Kind of place"),
    "credit_code": _l("Business licence code"),
    "contact_name": _l("Contact"),
    "contact_phone": _l("Phone"),
    "headcount": _l("People working here"),
    "dormitory_headcount": _l("Of these, sleeping here"),
}


@dataclass(frozen=True)
class WorkplaceSaid:
    """A place of work that the visit names; `facts` are (label, before, after)."""

    action: str
    name: str
    facts: list[tuple[Any, str | None, str | None]]


@dataclass(frozen=True)
class RecheckSaid:
    """A hazard of an earlier visit, looked at again; `void`: why that does not count, "unusable" or "late"."""

    name: str
    passed: bool
    note: str | None
    photos: list[str]
    finding: Finding | None
    void: str | None


@dataclass(frozen=True)
class RequestSaid:
    """What they ask for help with: conditions met, papers ready, when to remind them."""

    kind: str
    note: str | None
    eligibility: list[str]
    papers: list[str]
    remind_on: date | None


def workplaces(
    visit: Visit, body: Mapping[str, Any], before: Mapping[str, Any], words: Words
) -> list[WorkplaceSaid]:
    """The places of work of a body; `before` is what the register held of them."""
    parts = body.get("workplaces", [])
    if not parts:
        return []
    statement = select(Workplace).where(
        Workplace.id.in_([UUID(part["workplace"]) for part in parts]),
        Workplace.district == visit.district,
        Workplace.dwelling_id == visit.dwelling_id,
    )
    names = {str(row.id): row.name for row in db.session.scalars(statement)}
    earlier = before.get("workplaces", {})
    return [
        WorkplaceSaid(
            part["action"],
            part.get("name") or names.get(part["workplace"]) or _("A place of work that is not listed here"),
            _facts(part, earlier.get(part["workplace"], {}), words),
        )
        for part in parts
    ]


def _facts(part: Mapping[str, Any], before: Mapping[str, Any], words: Words) -> list[Any]:
    return [
        (label, _text(name, before.get(name), words), _text(name, part[name], words))
        for name, label in WORKPLACE_FIELDS.items()
        if name in part
    ]


def _text(name: str, value: Any, words: Words) -> str | None:
    if value is None or value == "":
        return None
    if name == "contact_phone":
        return masked(str(value))
    return words.of("workplace_kind", str(value)) if name == "kind" else str(value)


def rechecks(visit: Visit, body: Mapping[str, Any], words: Words) -> list[RecheckSaid]:
    """The rechecks of a body, each with the hazard as it stands now."""
    parts = body.get("rechecks", [])
    if not parts:
        return []
    statement = select(Finding).where(
        Finding.id.in_([UUID(part["finding"]) for part in parts]), Finding.dwelling_id == visit.dwelling_id
    )
    rows = {str(row.id): row for row in db.session.scalars(statement)}
    void = _void(visit)
    return [_recheck(part, rows.get(part["finding"]), void.get(part["finding"]), words) for part in parts]


_WHY = {Action.VOID_RECHECK: "unusable", Action.LAPSE_RECHECK: "late"}


def _void(visit: Visit) -> dict[str, str | None]:
    """Why rechecks of a visit do not count, by hazard; the newest word about each."""
    words = select(FindingStep.finding_id, FindingStep.action).where(
        FindingStep.district == visit.district,
        FindingStep.visit_id == visit.id,
        FindingStep.action.in_([*_WHY, Action.CONFIRM_RECHECK, Action.AWAIT_PHOTO]),
    )
    rows = db.session.execute(words.order_by(FindingStep.number))
    return {str(finding_id): _WHY.get(action) for finding_id, action in rows}


def _recheck(part: Mapping[str, Any], finding: Finding | None, void: str | None, words: Words) -> RecheckSaid:
    name = words.pick(finding.name_zh, finding.name_en) if finding else _("A hazard that is not listed here")
    return RecheckSaid(name, part["passed"], part.get("note"), list(part.get("photos", [])), finding, void)


def requests(visit: Visit, body: Mapping[str, Any], words: Words) -> list[RequestSaid]:
    """What they ask for, in the words of the guides."""
    parts = body.get("requests", [])
    if not parts:
        return []
    guides = {row.kind: row.content for row in checklists.guides(visit.district)}
    return [_request(part, guides.get(part["kind"], {}), words) for part in parts]


def _request(part: Mapping[str, Any], guide: Mapping[str, Any], words: Words) -> RequestSaid:
    day = part.get("remind_on")
    return RequestSaid(
        words.of("service_kind", part["kind"]),
        part.get("note"),
        _named(part.get("eligibility", []), guide.get("conditions", []), words),
        _named(part.get("papers", []), guide.get("papers", []), words),
        date.fromisoformat(day) if day else None,
    )


def _named(codes: Iterable[str], entries: Iterable[Mapping[str, Any]], words: Words) -> list[str]:
    names = {entry["code"]: words.pick(entry["zh"], entry["en"]) for entry in entries}
    return [names.get(code, code) for code in codes]
