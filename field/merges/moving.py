"""What goes from a door that is closed to the one that is kept, and the way back."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select

from field.core.changes import next_change
from field.core.clock import utcnow
from field.core.db import db
from field.core.errors import Problem
from field.hazards.models import Finding
from field.merges.calling import (
    give_call_back,
    give_opening_back,
    give_settling_back,
    take_call,
    take_opening,
    take_settling,
)
from field.merges.houses import follow_doors
from field.merges.models import MergeDecision
from field.merges.told import joining_of, was_joined
from field.people.models import Occupancy
from field.places.models import Dwelling, Proposal, Workplace
from field.places.queries import hold_doors
from field.visits.clashes import ClashState, RegisterClash
from field.visits.models import ServiceRequest, Visit
from field.visits.settling import unfollowed

# What lies at a door and goes to the other one with it.
_GO_ALONG: tuple[tuple[str, Any], ...] = (
    ("occupancies", Occupancy),
    ("findings", Finding),
    ("workplaces", Workplace),
    ("requests", ServiceRequest),
)


def move(other: Dwelling, kept: Dwelling) -> dict[str, Any]:
    """Close one door for the other; who lives there, what is dangerous there, what they ask for and what somebody has
    to decide of it goes along, and so does its plate."""
    moved: dict[str, Any] = {}
    for name, model in _GO_ALONG:
        there = select(model).where(model.district == other.district, model.dwelling_id == other.id)
        rows = db.session.scalars(there).all()
        moved[name] = [str(row.id) for row in rows]
        for row in rows:
            row.dwelling_id, row.grid_code = kept.id, kept.grid_code
    moved["visits"] = [str(visit.id) for visit in _lead_along(unfollowed(other), kept)]
    closed_before = _closed_for(other)
    moved["closed"] = [str(door.id) for door in closed_before]
    for door in (other, *closed_before):
        door.merged_into = kept.id
    if other.proposal == Proposal.WAITING:
        other.proposal_decided_at = utcnow()
    moved["clashes"] = _ask_at(_contradictions(other), other, kept)
    take_call(other, kept, moved)
    take_opening(other, kept, moved)
    take_settling(other, kept, moved)
    if other.plate and not kept.plate:
        moved["plate"] = other.plate
        _hand_plate(other, kept)
    follow_doors(other.building)
    return moved


def move_back(decision: MergeDecision, kept: Dwelling, other: Dwelling) -> None:
    """Open the closed door again with what came from there; what was said of the kept one since stays with it."""
    other.merged_into = None
    for door in hold_doors(_ids(decision, "closed")).values():
        if door.merged_into == kept.id:
            door.merged_into = other.id
    if other.proposal == Proposal.WAITING:
        other.proposal_decided_at = None
    for name, model in _GO_ALONG:
        rows = select(model).where(model.id.in_(_ids(decision, name)), model.dwelling_id == kept.id)
        for row in db.session.scalars(rows).all():
            row.dwelling_id, row.grid_code = other.id, other.grid_code
    # Phones: without what goes, its next visit may be due on another day.
    kept.change_no = next_change(db.session(), kept.district)
    moved = set(_ids(decision, "visits"))
    _lead_along([visit for visit in unfollowed(kept) if visit.id in moved], other)
    came = set(_ids(decision, "clashes"))
    _ask_at([row for row in _contradictions(kept) if row.id in came], kept, other)
    give_call_back(decision, kept)
    give_opening_back(decision, kept)
    give_settling_back(decision, kept)
    if kept.plate and kept.plate == decision.moved.get("plate"):
        _hand_plate(kept, other)
    follow_doors(other.building)


def refuse_under_later(decision: MergeDecision, doors: Iterable[Dwelling]) -> None:
    """A later joining has taken along what this one moved: it is taken back first."""
    for door in doors:
        newest = joining_of(door)
        if newest is not None and newest.id > decision.id:
            later = was_joined(door)
            raise Problem(
                "conflict", _("%(what)s Please take that back first.", what=later.detail or later.title)
            )


def doors_moved(decision: MergeDecision) -> set[UUID]:
    """The doors that taking a joining back writes to."""
    return {decision.left_id, decision.right_id, *_ids(decision, "closed")}


def _lead_along(visits: Sequence[Visit], door: Dwelling) -> Sequence[Visit]:
    """What the register has not followed yet will be said of the door that is open when it does."""
    for visit in visits:
        visit.dwelling, visit.grid_code = door, door.grid_code
    return visits


def _closed_for(door: Dwelling) -> list[Dwelling]:
    ids = db.session.scalars(
        select(Dwelling.id).where(Dwelling.district == door.district, Dwelling.merged_into == door.id)
    ).all()
    return list(hold_doors(ids).values())


def _contradictions(door: Dwelling) -> Sequence[RegisterClash]:
    """What somebody has to decide of the door itself, and all that was ever asked of who and what is behind it."""
    about = or_(RegisterClash.subject != door.id, RegisterClash.state == ClashState.OPEN)
    here = RegisterClash.district == door.district, RegisterClash.dwelling_id == door.id
    return db.session.scalars(select(RegisterClash).where(*here, about)).all()


def _ask_at(rows: Iterable[RegisterClash], asked: Dwelling, door: Dwelling) -> list[str]:
    """Ask at another door; answers the ids."""
    moved = []
    for row in rows:
        row.dwelling_id, row.grid_code = door.id, door.grid_code
        row.subject = door.id if row.subject == asked.id else row.subject
        moved.append(str(row.id))
    return moved


def _hand_plate(giver: Dwelling, taker: Dwelling) -> None:
    plate, giver.plate = giver.plate, None
    db.session.flush()  # a code stands at one place only, at every moment
    taker.plate = plate


def _ids(decision: MergeDecision, name: str) -> list[UUID]:
    return [UUID(text) for text in decision.moved.get(name, [])]
