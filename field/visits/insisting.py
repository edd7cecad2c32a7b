"""What a lead's correction says against a later visit: never dropped in silence.

The form shows what the visit says of a fact, or else what the register holds. Who typed over what the register holds
knew the later answer, and theirs follows, as a choice between the two that can be taken back. Who typed over the
visit's own words has not seen the later answer: both are kept and somebody chooses.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from field.audit import service as audit
from field.core.db import db
from field.visits import choosing, correcting_parts
from field.visits.claims import Fact
from field.visits.clashes import ClashState, open_clashes
from field.visits.models import Visit, VisitRevision


def insisted(visit: Visit, changes: Mapping[str, Any]) -> set[Fact]:
    """The facts that a correction types, and those that an earlier one typed about which nobody has decided yet."""
    typed = {(UUID(key) if key else visit.dwelling_id, name) for key, name in correcting_parts.typed(changes)}
    return typed | {(row.subject, row.field) for row in open_clashes([visit.id])}


def follow(
    visit: Visit, before: VisitRevision, changes: Mapping[str, Any], actor_id: UUID, now: datetime
) -> None:
    """Let the register hold what a lead typed over its own answer; `before` is the revision that was corrected."""
    db.session.flush()
    body = before.body
    seen = {
        (UUID(key) if key else visit.dwelling_id, name)
        for key, name in correcting_parts.typed(changes)
        if not _said(body, key, name)
    }
    rows = [row for row in open_clashes([visit.id]) if (row.subject, row.field) in seen]
    for clash in rows:
        holder = choosing.row_of(clash.subject, visit.dwelling)
        if holder is None or clash.dwelling_id != visit.dwelling_id:
            continue
        decision = choosing.Decision(clash.id, actor_id, now)
        choosing.choose(
            visit.dwelling, holder, clash.field, clash.offered, (visit.id, visit.author_id), decision
        )
        clash.state, clash.decided_by, clash.decided_at = ClashState.TAKEN, actor_id, now
        visit.clashes, visit.changed = visit.clashes - 1, True
        audit.record(
            "clash.decided", clash.district, ("clash", clash.id), actor_id, taken=True, field=clash.field
        )


def _said(body: Mapping[str, Any], key: str | None, name: str) -> bool:
    """Whether a body itself said something of a fact; of whoever it named, it said where they are."""
    if key is None:
        return name in body.get("dwelling_changes", {})
    named = [*body.get("occupants", []), *body.get("workplaces", [])]
    part = next((one for one in named if key in (one.get("occupancy"), one.get("workplace"))), None)
    return part is not None and (name in part or name in {"ended", "moved_out_on"})
