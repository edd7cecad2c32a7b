"""What goes from a door that is closed to the one that is kept, and the way back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from field.core.clock import utcnow
from field.core.db import db
from field.core.errors import Problem
from field.hazards.models import Finding
from field.merges.models import MergeDecision
from field.merges.told import joining_of, was_joined
from field.people.models import Occupancy
from field.places.models import Dwelling, Proposal, Workplace
from field.places.queries import hold_doors
from field.visits.calls import Call, last_call, show_call, shown_call
from field.visits.models import Visit
from field.visits.settling import unfollowed

# What lies at a door and goes to the other one with it.
_GO_ALONG: tuple[tuple[str, Any], ...] = (
    ("occupancies", Occupancy),
    ("findings", Finding),
    ("workplaces", Workplace),
)


def move(other: Dwelling, kept: Dwelling) -> dict[str, Any]:
    """Close one door for the other; who lives there and what is dangerous there goes along, and so does its plate."""
    moved: dict[str, Any] = {}
    for name, model in _GO_ALONG:
        rows = db.session.scalars(select(model).where(model.dwelling_id == other.id)).all()
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
    _take_call(other, kept, moved)
    if other.plate and not kept.plate:
        moved["plate"] = other.plate
        _hand_plate(other, kept)
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
    moved = set(_ids(decision, "visits"))
    _lead_along([visit for visit in unfollowed(kept) if visit.id in moved], other)
    _give_call_back(decision, kept)
    if kept.plate and kept.plate == decision.moved.get("plate"):
        _hand_plate(kept, other)


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
    ids = db.session.scalars(select(Dwelling.id).where(Dwelling.merged_into == door.id)).all()
    return list(hold_doors(ids).values())


def _take_call(other: Dwelling, kept: Dwelling, moved: dict[str, Any]) -> None:
    """The door shows whichever call was last; what it showed before is noted."""
    known, offered = shown_call(kept), shown_call(other)
    if offered is None or (known is not None and offered.at <= known.at):
        return
    moved["call"] = {"taken": _written(offered), "before": _written(known)}
    show_call(kept, offered)


def _give_call_back(decision: MergeDecision, kept: Dwelling) -> None:
    """Without the other door's call: what was there before, or a later one at this door, which may have come since."""
    noted, shown = decision.moved.get("call"), shown_call(kept)
    if noted is None or shown is None or not _is_the(shown, _read(noted["taken"])):
        return
    calls = [call for call in (_read(noted["before"]), last_call(kept)) if call is not None]
    show_call(kept, max(calls, key=lambda call: call.at, default=None))


def _is_the(shown: Call, taken: Call | None) -> bool:
    return taken is not None and (shown.visit, shown.at) == (taken.visit, taken.at)


def _written(call: Call | None) -> list[str | None] | None:
    if call is None:
        return None
    return [
        str(call.visit) if call.visit else None,
        call.outcome,
        call.at.isoformat(),
        str(call.by) if call.by else None,
    ]


def _read(parts: list[str] | None) -> Call | None:
    if parts is None:
        return None
    visit, outcome, at, by = parts
    return Call(UUID(visit) if visit else None, outcome, datetime.fromisoformat(at), UUID(by) if by else None)


def _hand_plate(giver: Dwelling, taker: Dwelling) -> None:
    plate, giver.plate = giver.plate, None
    db.session.flush()  # a code stands at one place only, at every moment
    taker.plate = plate


def _ids(decision: MergeDecision, name: str) -> list[UUID]:
    return [UUID(text) for text in decision.moved.get(name, [])]
