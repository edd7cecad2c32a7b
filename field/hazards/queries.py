"""Reading one hazard with its life, and who sees which. Handlers see what was referred to them. Lists: listing.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import contains_eager, selectinload

from field.accounts import queries as accounts
from field.accounts.scope import Scope
from field.checklists.models import Checklist, ChecklistItem
from field.core.changes import next_change
from field.core.db import db, only
from field.core.errors import Problem
from field.hazards import evidence, notices
from field.hazards.models import Finding, HazardNotice
from field.photos import queries as photos
from field.photos.models import Photo
from field.places.models import Dwelling


@dataclass(frozen=True)
class Subject:
    """One hazard with what its page shows; photos by the phone's photo id."""

    finding: Finding
    item: ChecklistItem | None
    photos: dict[str, Photo]
    names: dict[UUID, str]
    others: Sequence[Finding]
    notices: Sequence[HazardNotice]


def visible(scope: Scope) -> ColumnElement[bool]:
    """What a scope may see: its areas; for a department only what is its own now, as in its inbox."""
    return and_(scope.where(Finding), to_be_seen(scope))


def to_be_seen(scope: Scope) -> ColumnElement[bool]:
    """The rest of visible(), when the condition on the area is another."""
    where = Finding.withdrawn.is_(False)
    if scope.department is None:
        return where
    return and_(where, Finding.department == scope.department)


def finding(finding_id: UUID, scope: Scope) -> Finding:
    """A hazard within the scope, with its door and steps; raises Problem `not-found`."""
    statement = (
        select(Finding)
        .join(Finding.dwelling)
        .join(Dwelling.building)
        .options(
            contains_eager(Finding.dwelling).contains_eager(Dwelling.building), selectinload(Finding.steps)
        )
        .where(Finding.id == finding_id, visible(scope))
    )
    return only(statement)


def for_change(finding_id: UUID, scope: Scope) -> Finding:
    """The hazard read anew and held until the transaction ends; raises Problem `not-found`."""
    return _held(finding_id, scope.district, visible(scope))


def withdrawn(ids: Iterable[UUID], scope: Scope) -> set[UUID]:
    """Those of some hazards within a scope that a correction has withdrawn: there is nothing to do about them."""
    statement = select(Finding.id).where(
        Finding.id.in_(set(ids)), scope.where(Finding), Finding.withdrawn.is_(True)
    )
    return set(db.session.scalars(statement))


def held(finding_id: UUID, district: int) -> Finding:
    """The same without anybody's scope, for who came by a notice's code."""
    return _held(finding_id, district, Finding.withdrawn.is_(False))


def _held(finding_id: UUID, district: int, where: ColumnElement[bool]) -> Finding:
    next_change(db.session(), district)  # before the hazard, as visits that arrive lock them
    statement = (
        select(Finding)
        .where(Finding.id == finding_id, where)
        .options(selectinload(Finding.steps))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return only(statement)


def subject(found: Finding, scope: Scope) -> Subject:
    """What a hazard's page shows beside the hazard."""
    others = select(Finding).where(
        visible(scope), Finding.dwelling_id == found.dwelling_id, Finding.id != found.id
    )
    return Subject(
        found,
        item_of(found),
        evidence.by_id(found),
        _names(found, scope),
        db.session.scalars(others.order_by(Finding.due_on)).all(),
        notices.of_finding(found),
    )


def _names(found: Finding, scope: Scope) -> dict[UUID, str]:
    if scope.department is not None:
        return colleagues(found, scope.department)
    people = {found.assignee_id, *(step.actor_id for step in found.steps)}
    return accounts.names({person for person in people if person})


def colleagues(found: Finding, department: str | None) -> dict[UUID, str]:
    """Who of the department took a step; those of the grid stay unnamed there."""
    return accounts.handlers({step.actor_id for step in found.steps if step.actor_id}, department)


def photo(finding_id: UUID, photo_id: UUID, scope: Scope) -> Photo:
    """A stored photo that a visible hazard names; raises Problem `not-found`."""
    found = finding(finding_id, scope)
    if str(photo_id) in evidence.named_by(found):
        for visit_id in evidence.visits_of(found):
            row = photos.stored(photo_id, visit_id, found.district)
            if row is not None:
                return row
    raise Problem("not-found")


def first_photo(finding_id: UUID, scope: Scope) -> Photo:
    """The photo with which an open hazard was found, for whoever will recheck it; raises Problem `not-found`."""
    found = db.session.scalar(
        select(Finding).where(Finding.id == finding_id, visible(scope), Finding.settled.is_(False))
    )
    if found is None or not found.photo_ids:
        raise Problem("not-found")
    return photo(finding_id, UUID(found.photo_ids[0]), scope)


def item_of(found: Finding) -> ChecklistItem | None:
    """The checklist's words for what is wrong, in the version that was used."""
    statement = (
        select(ChecklistItem)
        .join(Checklist, Checklist.id == ChecklistItem.checklist_id)
        .where(
            Checklist.district == found.district,
            Checklist.code == found.checklist_code,
            Checklist.version == found.checklist_version,
            ChecklistItem.code == found.item_code,
        )
    )
    return db.session.scalar(statement)
