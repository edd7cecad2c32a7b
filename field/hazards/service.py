"""What happens to hazards: opened by a visit, rewritten or withdrawn by its correction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from field.audit import service as audit
from field.checklists.models import ChecklistItem
from field.core.clock import local_day
from field.core.db import db
from field.hazards.models import SETTLED, Finding, FindingStatus, FindingStep
from field.visits.models import Visit

# What the worker did at the door decides where the hazard's life begins.
FIRST_STATUS = {
    "fixed_on_site": FindingStatus.FIXED_ON_SITE,
    "notice_left": FindingStatus.NOTIFIED,
    "refer": FindingStatus.REFERRED,
}


def apply_findings(
    visit: Visit,
    body: Mapping[str, Any],
    items: Mapping[str, ChecklistItem],
    happened_at: datetime,
    zone: str,
) -> None:
    """Make the hazards of a visit's newest revision; `items` are of the checklist that the body names.

    Deadlines count calendar days from the day of the visit in the district's zone; day 0 is that day.
    """
    stated = {part["id"]: part for part in body.get("findings", [])}
    for finding in _earlier(visit):
        part = stated.pop(finding.id, None)
        if part is None:
            _withdraw(finding, visit, happened_at)
        else:
            _describe(finding, part)
    for part in stated.values():
        _open(visit, part, items[part["item"]], body["checklist"], happened_at, zone)


def _earlier(visit: Visit) -> Sequence[Finding]:
    if visit.revision == 1:
        return []
    return db.session.scalars(
        select(Finding).where(Finding.district == visit.district, Finding.visit_id == visit.id)
    ).all()


def _open(
    visit: Visit,
    part: Mapping[str, Any],
    item: ChecklistItem,
    checklist: Mapping[str, Any],
    happened_at: datetime,
    zone: str,
) -> None:
    status = FIRST_STATUS[part["action"]]
    finding = Finding(
        id=part["id"],
        district=visit.district,
        grid_code=visit.grid_code,
        dwelling_id=visit.dwelling_id,
        visit=visit,
        checklist_code=checklist["code"],
        checklist_version=checklist["version"],
        item_code=item.code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        severity=item.severity,
        stop_use=item.stop_use,
        departments=item.departments,
        status=status,
        settled=status in SETTLED,
        found_at=happened_at,
        found_by=visit.author_id,
        due_on=local_day(happened_at, zone) + timedelta(days=item.due_days),
        steps=[_step(visit.district, FindingStatus.FOUND, happened_at, visit.author_id)],
    )
    # Times order the steps: what was done about it comes just after it was found.
    finding.steps.append(
        _step(visit.district, status, happened_at + timedelta(milliseconds=1), visit.author_id)
    )
    _describe(finding, part)
    db.session.add(finding)
    audit.record("hazard.found", visit.district, ("finding", finding.id), visit.author_id, item=item.code)


def _describe(finding: Finding, part: Mapping[str, Any]) -> None:
    finding.spot = part.get("spot")
    finding.note = part.get("note")
    finding.photo_ids = [str(photo) for photo in part.get("photos", [])]


def _step(
    district: int, status: FindingStatus, at: datetime, actor: UUID, reason: str | None = None
) -> FindingStep:
    return FindingStep(district=district, status=status, at=at, actor_id=actor, reason=reason)


def _withdraw(finding: Finding, visit: Visit, at: datetime) -> None:
    finding.withdrawn = finding.settled = True
    finding.status = FindingStatus.CLOSED
    finding.steps.append(_step(visit.district, FindingStatus.CLOSED, at, visit.author_id, "withdrawn"))
    audit.record("hazard.withdrawn", visit.district, ("finding", finding.id), visit.author_id)
