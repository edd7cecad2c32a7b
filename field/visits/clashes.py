"""Answers of two visits that contradict each other (RegisterClash), and what people chose (RegisterChoice).

The register keeps the answer that was accepted first until a lead chooses; both stay on record.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ForeignKey, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.core.db import Base, Code, Instant, Json, db
from field.core.ids import new_id
from field.core.sealing import seal, unseal
from field.places.models import Dwelling
from field.places.queries import open_door
from field.visits.claims import Claims
from field.visits.models import Visit


class ClashState(StrEnum):
    """Open until a lead keeps what stands or takes the other answer; withdrawn when the visit was corrected."""

    OPEN = "open"
    KEPT = "kept"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


class _Sealed:
    """A value of the register of any kind, as sealed JSON in the column `<name>_sealed`."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, row: Any, owner: type) -> Any:
        sealed = getattr(row, f"{self.name}_sealed")
        return orjson.loads(unseal(sealed, row.__tablename__, self.name, row.id))

    def __set__(self, row: Any, value: Any) -> None:
        sealed = seal(orjson.dumps(value), row.__tablename__, self.name, row.id)
        setattr(row, f"{self.name}_sealed", sealed)


class RegisterClash(Base):
    """One fact of a row (door, occupancy, workplace) with two answers; that of the visit `other_id` stood."""

    __tablename__ = "register_clashes"
    __table_args__ = (
        Index(None, "district", "state", "grid_code", "created_at"),
        Index(None, "visit_id"),
        Index(None, "revision_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code)
    dwelling_id: Mapped[UUID] = mapped_column(ForeignKey("dwellings.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    revision_id: Mapped[UUID]
    other_id: Mapped[UUID]
    subject: Mapped[UUID]
    field: Mapped[str] = mapped_column(Code)
    standing_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    standing = _Sealed()
    offered_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    offered = _Sealed()
    state: Mapped[ClashState] = mapped_column(Code, default=ClashState.OPEN)
    created_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    visit: Mapped[Visit] = relationship()
    dwelling: Mapped[Dwelling] = relationship()


class RegisterChoice(Base):
    """A fact of the register that a person set, choosing between answers; taken back, it counts no more.

    `cause` is what was decided, `acceptance` the number of visits accepted at the door by then.
    """

    __tablename__ = "register_choices"
    __table_args__ = (Index(None, "district", "dwelling_id"), Index(None, "cause"))
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    dwelling_id: Mapped[UUID] = mapped_column(ForeignKey("dwellings.id"))
    cause: Mapped[UUID]
    subject: Mapped[UUID]
    field: Mapped[str] = mapped_column(Code)
    value_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    value = _Sealed()
    before_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    before = _Sealed()
    mark: Mapped[list[Any]] = mapped_column(Json)
    mark_before: Mapped[list[Any] | None] = mapped_column(Json)
    acceptance: Mapped[int]
    chosen_by: Mapped[UUID]
    chosen_at: Mapped[datetime] = mapped_column(Instant)
    undone_by: Mapped[UUID | None]
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


def keep_clashes(visit: Visit, revision_id: UUID, claims: Claims, now: datetime) -> None:
    """Keep both answers of each contradiction; what is said of an entry that is closed is asked of the door kept."""
    place = open_door(claims.dwelling) if claims.clashes else claims.dwelling
    for clash in claims.clashes:
        row = RegisterClash(
            id=new_id(),
            district=visit.district,
            grid_code=place.grid_code,
            dwelling_id=place.id,
            visit_id=visit.id,
            revision_id=revision_id,
            other_id=clash.other,
            subject=place.id if clash.subject == claims.dwelling.id else clash.subject,
            field=clash.field,
            created_at=now,
        )
        row.standing, row.offered = clash.standing, clash.offered
        db.session.add(row)


def withdraw_clashes(visit: Visit) -> None:
    """A correction says it anew: what an older revision contradicted is not asked any more."""
    for row in open_clashes([visit.id]):
        row.state = ClashState.WITHDRAWN


def clashes_of(revision_id: UUID) -> list[RegisterClash]:
    """What a revision contradicted, decided or not."""
    statement = select(RegisterClash).where(RegisterClash.revision_id == revision_id)
    return list(db.session.scalars(statement))


def open_clashes(visits: Iterable[UUID]) -> list[RegisterClash]:
    """What nobody has decided yet of some visits."""
    statement = select(RegisterClash).where(
        RegisterClash.visit_id.in_(list(visits)), RegisterClash.state == ClashState.OPEN
    )
    return list(db.session.scalars(statement.order_by(RegisterClash.created_at, RegisterClash.id)))
