"""Hazards of a visit: opened by it, rewritten or withdrawn by its correction. What follows is in life.py."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from field.checklists.models import ChecklistItem
from field.core.clock import local_day
from field.core.db import db
from field.hazards import life, notices
from field.hazards.causes import Cause
from field.hazards.models import SETTLED, Action, Finding, FindingStatus, FindingStep
from field.hazards.terms import Terms, usual_days
from field.places.models import Dwelling
from field.places.queries import open_door
from field.visits.models import Visit

# What the worker did at the door decides where the hazard's life begins.
FIRST = {
    "fixed_on_site": (Action.FIX_ON_SITE, FindingStatus.FIXED_ON_SITE),
    "notice_left": (Action.NOTIFY, FindingStatus.NOTIFIED),
    "refer": (Action.REFER, FindingStatus.REFERRED),
}
_OF_ITS_VISIT = {Action.FOUND, Action.TAKE_BACK, Action.WITHDRAW}


def apply_findings(
    visit: Visit,
    body: Mapping[str, Any],
    items: Mapping[str, ChecklistItem],
    happened_at: datetime,
    zone: str,
    terms: Terms,
    actor_id: UUID | None = None,
) -> None:
    """Make the hazards of a visit's newest revision; `items` are of the checklist that the body names.

    `actor_id` is who corrects it when that is not its author.

    Deadlines count from the day of the visit in the district's zone, by the district's terms; day 0 is that day.
    """
    stated = {part["id"]: part for part in body.get("findings", [])}
    begun, by = [], actor_id or visit.author_id
    for finding in _earlier(visit):
        part = stated.pop(finding.id, None)
        if part is None:
            _leave_out(finding, visit, by, happened_at)
        elif _correct(finding, part, visit, by, happened_at):
            begun.append(finding)
            if finding.status == FindingStatus.NOTIFIED:
                _count_from_notice(finding, terms, local_day(happened_at, zone))
    for part in stated.values():
        item = items[part["item"]]
        due_on = terms.due_on(item.code, item.due_days, local_day(happened_at, zone))
        begun.append(_open(visit, part, item, body["checklist"], happened_at, due_on))
    for finding in begun:
        if finding.status == FindingStatus.REFERRED:
            _refer_by_the_table(finding, terms, local_day(happened_at, zone))
    paper = body.get("hazard_notice")
    # What was shown at the door lists what is referred too; without it only what was left counts.
    listed = {FindingStatus.NOTIFIED, FindingStatus.REFERRED} if paper else {FindingStatus.NOTIFIED}
    noticed = [finding for finding in begun if finding.status in listed]
    notices.issue(noticed, by, happened_at, zone, paper["code"] if paper else None)


def _earlier(visit: Visit) -> Sequence[Finding]:
    if visit.revision == 1:
        return []
    db.session.flush()  # the revision before may have come in the same batch
    statement = select(Finding).where(Finding.district == visit.district, Finding.visit_id == visit.id)
    anew = statement.options(selectinload(Finding.steps)).execution_options(populate_existing=True)
    return db.session.scalars(anew).all()


def _open(
    visit: Visit,
    part: Mapping[str, Any],
    item: ChecklistItem,
    checklist: Mapping[str, Any],
    happened_at: datetime,
    due_on: date,
) -> Finding:
    place = open_door(db.session.get_one(Dwelling, visit.dwelling_id))
    finding = Finding(
        id=part["id"],
        district=place.district,
        grid_code=place.grid_code,
        dwelling_id=place.id,
        visit=visit,
        checklist_code=checklist["code"],
        checklist_version=checklist["version"],
        item_code=item.code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        severity=item.severity,
        stop_use=item.stop_use,
        departments=item.departments,
        found_at=happened_at,
        found_by=visit.author_id,
        due_on=due_on,
    )
    _describe(finding, part)
    life.append(finding, Action.FOUND, FindingStatus.FOUND, visit.author_id, happened_at)
    _begin(finding, part, visit.author_id, happened_at)
    db.session.add(finding)
    return finding


def _begin(finding: Finding, part: Mapping[str, Any], by: UUID, at: datetime) -> None:
    action, status = FIRST[part["action"]]
    # Written down, so that a paper left now shows this day whatever is counted anew later.
    due_on = finding.due_on if status not in SETTLED else None
    life.append(finding, action, status, by, at, due_on=due_on)
    finding.department = finding.accept_by = None


def _refer_by_the_table(finding: Finding, terms: Terms, day: date) -> None:
    """A worker only says that it is for others; the district's table says for whom."""
    land = db.session.get_one(Dwelling, finding.dwelling_id).building.land_tenure
    department = terms.routing.department_for(finding.item_code, finding.severity, land, finding.departments)
    finding.department = finding.steps[-1].department = department
    finding.accept_by = terms.accept_by(department, day, finding.due_on)


def _count_from_notice(finding: Finding, terms: Terms, day: date) -> None:
    """A notice that is left only now gives its days from now: none is overdue on the day of its issue."""
    days = usual_days(finding)
    if days is not None:
        finding.due_on = finding.steps[-1].due_on = terms.due_on(finding.item_code, days, day)


def is_untouched(finding: Finding, visit: Visit) -> bool:
    """Whether all that happened to it was said by its visit, in versions of its author or of a lead."""
    authors = {revision.author_id for revision in visit.revisions}
    return all(step.actor_id in authors and _is_of_its_visit(step) for step in finding.steps)


def _is_of_its_visit(step: FindingStep) -> bool:
    """Only its visit says what is done about a hazard that is just found; whoever corrects it may refer it later."""
    return step.action in _OF_ITS_VISIT or step.came_from == FindingStatus.FOUND


def _correct(finding: Finding, part: Mapping[str, Any], visit: Visit, by: UUID, at: datetime) -> bool:
    """Another description; another beginning too, as long as nobody has done anything about it since.

    Tells whether it began anew.
    """
    _describe(finding, part)
    untouched = is_untouched(finding, visit)
    _action, status = FIRST[part["action"]]
    anew = finding.withdrawn or (untouched and finding.status != status)
    if anew:
        finding.withdrawn = False
        life.append(finding, Action.TAKE_BACK, FindingStatus.FOUND, by, at)
        _begin(finding, part, by, at)
    return anew


def _describe(finding: Finding, part: Mapping[str, Any]) -> None:
    finding.spot = part.get("spot")
    finding.note = part.get("note")
    finding.photo_ids = [str(photo) for photo in part.get("photos", [])]


def _leave_out(finding: Finding, visit: Visit, by: UUID, at: datetime) -> None:
    """It was a mistake; but what somebody else has acted on since is not closed by its finder: it says so, once."""
    if finding.withdrawn:
        return
    if is_untouched(finding, visit):
        life.append(finding, Action.WITHDRAW, FindingStatus.CLOSED, by, at)
        finding.withdrawn = True
    elif all(step.cause != Cause.LEFT_OUT for step in finding.steps):
        life.append(finding, Action.NOTE, None, by, at, cause=Cause.LEFT_OUT)
