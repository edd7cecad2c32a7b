"""Deciding: which of two answers stands, whether two entries are one and what of each is kept; and taking that back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.changes import next_change
from field.core.clock import utcnow
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id
from field.merges import queries
from field.merges.holding import hold, refuse_closed
from field.merges.models import Kind, MergeDecision
from field.merges.moving import doors_moved, move, move_back, refuse_under_later
from field.merges.sides import Side, both_say, mark_of
from field.merges.standing import standing_now
from field.merges.told import was_joined, was_judged, was_settled
from field.places.models import Dwelling
from field.places.queries import hold_doors
from field.visits import choosing
from field.visits.clashes import ClashState, RegisterClash, open_clashes
from field.visits.models import Visit
from field.visits.register import as_day, owner


def decide_clash(clash_id: UUID, take: bool, actor: Actor, seen: str | None = None) -> None:
    """Keep what stands, or take the other answer; raises Problem `decided-already` or `conflict`.

    `seen` is the mark of what stood when somebody looked (standing.py); without it that was the earlier answer.
    """
    clash, now = _held_clash(clash_id, actor), utcnow()
    if clash.state != ClashState.OPEN:
        raise was_settled(clash)
    _refuse_unseen(clash, seen)
    if take:
        dwelling = _door(clash.dwelling_id)
        row = choosing.row_of(clash.subject, dwelling)
        if row is None:
            raise Problem("conflict", _("What this is about is no longer kept."))
        said_by = (clash.visit_id, clash.visit.author_id)
        decision = choosing.Decision(clash.id, actor.id, now)
        choosing.choose(dwelling, row, clash.field, clash.offered, said_by, decision)
    clash.state = ClashState.TAKEN if take else ClashState.KEPT
    clash.decided_by, clash.decided_at = actor.id, now
    _count_clashes(clash)
    audit.record(
        "clash.decided", clash.district, ("clash", clash.id), actor.id, taken=take, field=clash.field
    )


def _refuse_unseen(clash: RegisterClash, seen: str | None) -> None:
    now = standing_now([clash]).get(clash.id)
    if now is not None and (now.newer if seen is None else now.mark != seen):
        raise Problem(
            "conflict", _("Somebody has said something newer of this. Please look at all answers again.")
        )


def reopen_clash(clash_id: UUID, actor: Actor) -> None:
    """Take a decision back; raises Problem `conflict` when something newer stands on it."""
    clash = _held_clash(clash_id, actor)
    if clash.state not in {ClashState.TAKEN, ClashState.KEPT}:
        return
    if clash.subject == clash.dwelling_id and clash.dwelling.merged_into is not None:
        raise was_joined(clash.dwelling)
    choosing.undo(choosing.Decision(clash.id, actor.id, utcnow()))
    nothing: datetime | None = None
    clash.state, clash.decided_by, clash.decided_at = ClashState.OPEN, None, nothing
    _count_clashes(clash)
    audit.record("clash.reopened", clash.district, ("clash", clash.id), actor.id)


def _held_clash(clash_id: UUID, actor: Actor) -> RegisterClash:
    row = db.session.get(RegisterClash, clash_id)
    if row is not None:
        hold_doors([row.dwelling_id])
        next_change(db.session(), row.district)  # before the clash, as visits that arrive lock them
    held = row.dwelling_id if row is not None else None
    clash = queries.clash(clash_id, actor.scope)
    if clash.dwelling_id != held:
        raise Problem(
            "conflict", _("This belongs to another door meanwhile. Please look at all answers again.")
        )
    return clash


def _count_clashes(clash: RegisterClash) -> None:
    db.session.flush()
    db.session.get_one(Visit, clash.visit_id).clashes = len(open_clashes([clash.visit_id]))


def keep_apart(kind: Kind, pair: queries.Pair, actor: Actor) -> None:
    """Remember that two entries are not the same."""
    decision = _decide(kind, pair, hold(kind, pair, actor.scope), actor)
    db.session.add(decision)
    audit.record("merge.refused", decision.district, (f"merge.{kind}", decision.id), actor.id)


def join(
    kind: Kind,
    pair: queries.Pair,
    keep_right: bool,
    picks: Mapping[str, str],
    actor: Actor,
    seen: str | None = None,
) -> None:
    """Two entries are one: `picks` says for each fact that differs whether `left` or `right` counts.

    A fact of which nothing is picked stays as the register or the kept entry has it. Of people and doors one entry is
    kept and the other is closed; visits both stay, the register takes the facts. `seen` is the mark of what somebody
    looked at (sides.py). Raises Problem `decided-already` when somebody else was first, `conflict` when a fact has
    changed since.
    """
    both = hold(kind, pair, actor.scope)
    decision = _decide(kind, pair, both, actor)
    refuse_closed(kind, both)
    if seen is not None and seen != mark_of(kind, *both):
        raise Problem(
            "conflict", _("One of the two has changed since you opened them. Please look at both again.")
        )
    next_change(db.session(), decision.district)
    kept, other = both[::-1] if keep_right else both
    decision.kept_id = kept.row.id
    db.session.add(decision)
    chosen = choosing.Decision(decision.id, actor.id, decision.decided_at)
    _pick(kind, both, kept, picks, chosen)
    if kind == Kind.PEOPLE:
        _set(_door(other.row.dwelling_id), other.row, "ended", True, chosen)
    elif kind == Kind.ADDRESSES:
        decision.moved = move(other.row, kept.row)
    audit.record(
        "merge.joined", decision.district, (f"merge.{kind}", decision.id), actor.id, kept=str(kept.row.id)
    )


def separate(decision_id: UUID, actor: Actor) -> bool:
    """Take a decision back; tells whether two doors were parted. Taking it back twice is the same as once.

    Raises Problem `conflict` when something newer stands on it, `decided-already` when the pair was decided anew.
    """
    seen, now = queries.decision(decision_id, actor.scope), utcnow()
    hold_doors(_doors_of(seen))
    next_change(db.session(), seen.district)  # before the rest, as visits that arrive lock them
    decision = queries.held_decision(decision_id, actor.scope)
    undoing = choosing.Decision(decision.id, actor.id, now)
    parting = decision.kind == Kind.ADDRESSES and decision.kept_id is not None
    if decision.undone_at is not None:
        _refuse_decided(Kind(decision.kind), (decision.left_id, decision.right_id))
        return parting
    if parting:
        _separate_doors(decision, undoing)
    else:
        choosing.undo(undoing)
    decision.undone_by, decision.undone_at = actor.id, now
    audit.record("merge.undone", decision.district, (f"merge.{decision.kind}", decision.id), actor.id)
    return parting


def _doors_of(decision: MergeDecision) -> set[UUID]:
    chosen_at = {choice.dwelling_id for choice in choosing.choices_of(decision.id)}
    return chosen_at | (doors_moved(decision) if decision.kind == Kind.ADDRESSES else set())


def _separate_doors(decision: MergeDecision, undoing: choosing.Decision) -> None:
    both = _door(decision.left_id), _door(decision.right_id)
    kept, other = both if decision.kept_id == decision.left_id else both[::-1]
    refuse_under_later(decision, both)
    choosing.undo(undoing)
    move_back(decision, kept, other)


def _decide(kind: Kind, pair: queries.Pair, both: tuple[Side, Side], actor: Actor) -> MergeDecision:
    """A decision on a pair that nobody has decided; their doors are held, so two that decide at once wait."""
    _refuse_decided(kind, pair)
    door = both[0].door
    return MergeDecision(
        id=new_id(),
        district=door.district,
        grid_code=door.grid_code,
        kind=kind,
        left_id=pair[0],
        right_id=pair[1],
        decided_by=actor.id,
        decided_at=utcnow(),
    )


def _refuse_decided(kind: Kind, pair: queries.Pair) -> None:
    if (standing := queries.standing_decision(kind, pair)) is not None:
        raise was_judged(standing)


def _pick(
    kind: Kind, both: tuple[Side, Side], kept: Side, picks: Mapping[str, str], chosen: choosing.Decision
) -> None:
    target = _door(kept.door.id)
    row = target if kind == Kind.VISITS else kept.row
    for name in dict.fromkeys([*both[0].values, *both[1].values]):
        side = {"left": both[0], "right": both[1]}.get(picks.get(name, ""))
        if side is not None and both_say(kind, name, *both):
            _set(target, row, name, side.values.get(name), chosen)


def _set(dwelling: Dwelling, row: Any, name: str, value: Any, chosen: choosing.Decision) -> None:
    if getattr(owner(row, name), name) != as_day(name, value):
        choosing.choose(dwelling, row, name, value, (chosen.id, chosen.by), chosen)


def _door(door_id: UUID) -> Dwelling:
    return hold_doors([door_id])[door_id]
