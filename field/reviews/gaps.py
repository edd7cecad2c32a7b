"""What a visit leaves out, for whoever decides about it: the list, what was open, the notice, numbers of newcomers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select

from field.checklists.queries import Words
from field.core.clock import parse_instant
from field.core.db import db
from field.hazards.models import SETTLED, Finding, FindingStep
from field.people.purposes import USES, Basis
from field.visits.models import Visit, VisitRevision

# Asked of everybody who is added; the type of a document says nothing without its number.
ASKED = [
    name
    for table in ("persons", "occupancies")
    for name, use in USES[table].items()
    if use.basis == Basis.STATUTORY and name not in {"name", "document_type", "moved_out_on"}
]


def how(body: Mapping[str, Any]) -> str:
    """How the checklist was answered: all in order with one tap, item by item, or not at all (empty)."""
    if not body.get("checklist", {}).get("checked"):
        return ""
    if body.get("unchanged"):
        return str(_("Everything was said to be in order with one tap: nothing changed, no hazard."))
    return str(_("The checklist was gone through item by item."))


def gaps(visit: Visit, revision: VisitRevision, body: Mapping[str, Any], words: Words) -> list[str]:
    """What somebody who was let in did not do, in plain words."""
    return list(_gaps(visit, revision, body, words)) if body["outcome"] == "done" else []


def _gaps(visit: Visit, revision: VisitRevision, body: Mapping[str, Any], words: Words) -> Iterator[str]:
    if not body.get("consent"):
        yield str(_("It was not said that the household agreed to the visit."))
    if not body.get("checklist", {}).get("checked"):
        yield str(_("The checklist was not completed."))
    if names := [words.pick(row.name_zh, row.name_en) for row in _passed_over(visit, revision, body)]:
        yield str(_("Open since earlier, and not looked at: %(what)s", what=str(_(", ")).join(names)))
    if not body.get("notice"):
        yield str(_("The privacy notice was not shown."))


def _passed_over(visit: Visit, revision: VisitRevision, body: Mapping[str, Any]) -> Iterable[Finding]:
    """Hazards of earlier visits that were open when this one came, and of which it says nothing.

    What is kept aside has not come as a version: then the phone's time counts.
    """
    came_at = revision.received_at or parse_instant(body["finished_at"])
    settled_later = select(FindingStep.id).where(
        FindingStep.district == visit.district,
        FindingStep.finding_id == Finding.id,
        FindingStep.status.in_(SETTLED),
        FindingStep.at >= came_at,
    )
    statement = select(Finding).where(
        Finding.district == visit.district,
        Finding.dwelling_id == visit.dwelling_id,
        Finding.visit_id != visit.id,
        Finding.withdrawn.is_(False),
        Finding.found_at < parse_instant(body["started_at"]),
        Finding.id.not_in([UUID(part["finding"]) for part in body.get("rechecks", [])]),
        or_(Finding.settled.is_(False), settled_later.exists()),
    )
    return db.session.scalars(statement.order_by(Finding.found_at, Finding.id)).all()


def not_given(visit: Visit, revision: VisitRevision, part: Mapping[str, Any]) -> list[str]:
    """What may be asked of everybody who is added and was not told, in this version or an earlier one."""
    if part["action"] != "add":
        return []
    told = {name for name in ASKED if part.get(name)}
    for earlier in visit.revisions[: (revision.number or 1) - 1]:
        for other in earlier.body.get("occupants", []):
            if other["occupancy"] == part["occupancy"]:
                told |= {name for name in ASKED if other.get(name) and name not in part}
    return [name for name in ASKED if name not in told]
