"""What was decided, of pairs and of contradicting answers alike, newest first and page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, literal, select, tuple_
from sqlalchemy.orm import joinedload

from field.accounts.scope import Scope
from field.core.clock import parse_instant
from field.core.db import Instant, db
from field.core.errors import Problem
from field.merges.models import MergeDecision
from field.places.models import Dwelling
from field.visits.clashes import ClashState, RegisterClash

PAGE = 50
Decided = MergeDecision | RegisterClash


@dataclass(frozen=True)
class Page:
    """Some of them; `after` asks for the next."""

    entries: Sequence[Decided]
    after: str | None = None

    @property
    def pairs(self) -> list[MergeDecision]:
        """Those of pairs."""
        return [row for row in self.entries if isinstance(row, MergeDecision)]

    @property
    def clashes(self) -> list[RegisterClash]:
        """Those of contradicting answers."""
        return [row for row in self.entries if isinstance(row, RegisterClash)]


def page(scope: Scope, after: str | None = None, limit: int = PAGE) -> Page:
    """Decisions that stand; raises Problem `bad-request` for a mark that is none."""
    pairs = select(MergeDecision).where(scope.where(MergeDecision), MergeDecision.undone_at.is_(None))
    chosen = RegisterClash.state.in_((ClashState.KEPT, ClashState.TAKEN))
    door = joinedload(RegisterClash.dwelling).joinedload(Dwelling.building)
    clashes = (
        select(RegisterClash)
        .options(door, joinedload(RegisterClash.visit))
        .where(scope.where(RegisterClash), chosen)
    )
    both = [
        *_newest(pairs, MergeDecision, after, limit),
        *_newest(clashes, RegisterClash, after, limit),
    ]
    rows = sorted(both, key=lambda row: (row.decided_at, row.id), reverse=True)
    found = rows[:limit]
    return Page(found, f"{found[-1].decided_at.isoformat()}_{found[-1].id}" if len(rows) > limit else None)


def _newest(statement: Select[Any], model: type[Decided], after: str | None, limit: int) -> Sequence[Any]:
    """One more than a page of them, so that it shows whether there is another."""
    if after:
        place = tuple_(model.decided_at, model.id)
        statement = statement.where(place < tuple_(*_mark(after)))
    order = model.decided_at.desc(), model.id.desc()
    return db.session.scalars(statement.order_by(*order).limit(limit + 1)).all()


def _mark(after: str) -> tuple[Any, Any]:
    try:
        at, row_id = after.split("_")
        when: datetime = parse_instant(at)
        return literal(when, Instant), literal(UUID(row_id), Uuid)
    except (ValueError, OverflowError) as error:
        raise Problem("bad-request") from error
