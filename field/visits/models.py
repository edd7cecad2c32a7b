"""Visit, VisitRevision, ServiceRequest. The exact body of every revision is kept, encrypted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.core.changes import Tracked
from field.core.db import Base, Code, Instant, Json
from field.core.sealing import seal, unseal
from field.core.tallies import Tallied
from field.places.models import Dwelling
from field.visits.upcasts import NEWEST, read, upcast


class ReviewState(StrEnum):
    """Where a visit stands in the lead's review."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"


class Followed(StrEnum):
    """Whether the register has followed a revision: when it arrived, later (approved, or by a lead), or not yet."""

    AT_ONCE = "at_once"
    LATE = "late"
    NOT_YET = "not_yet"


def _only(condition: str) -> Any:
    """An index that holds no more than what fits; queries say the same words, so that the planner knows."""
    return dict.fromkeys(("sqlite_where", "postgresql_where"), text(condition))


# What is rare among the visits of a district, and is looked for among all of them.
RARE = {"hazards": "hazards > 0", "corrections": "revision > 1", "clashes": "clashes > 0"}
NOT_DONE = "outcome <> 'done'"
_IN_ORDER = ("district", "state", "received_at", "id")


class Visit(Tracked, Tallied, Base):
    """One call at one door; facts of the newest revision are copied here for lists.

    `merged`: others had changed other facts meanwhile. `clashes`: answers that contradict what stands, not decided yet.
    `gone_through`: the household agreed, and either all was found as it was or the whole list was gone through.
    `come_again_on`: when a household that put the visit off asked for it, where that was said.
    """

    __tablename__ = "visits"
    __table_args__ = (
        Index(None, "district", "state", "received_at", "id"),
        Index(None, "district", "state", "grid_code", "received_at", "id"),
        Index(None, "district", "grid_code", "change_no"),
        Index(None, "district", "dwelling_id", "received_at"),
        Index(None, "district", "author_id", "change_no"),
        *(Index(f"ix_visits_with_{name}", *_IN_ORDER, **_only(words)) for name, words in RARE.items()),
        Index("ix_visits_not_done", "district", "state", "outcome", "received_at", "id", **_only(NOT_DONE)),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code)
    dwelling_id: Mapped[UUID] = mapped_column(ForeignKey("dwellings.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id"))
    outcome: Mapped[str] = mapped_column(Code)
    state: Mapped[ReviewState] = mapped_column(Code, default=ReviewState.WAITING, active_history=True)
    revision: Mapped[int] = mapped_column(default=1)
    changed: Mapped[bool] = mapped_column(default=False)
    hazards: Mapped[int] = mapped_column(default=0)
    photos: Mapped[int] = mapped_column(default=0)
    requests: Mapped[int] = mapped_column(default=0)
    merged: Mapped[bool] = mapped_column(default=False)
    clashes: Mapped[int] = mapped_column(default=0)
    gone_through: Mapped[bool] = mapped_column(default=False)
    come_again_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    dwelling: Mapped[Dwelling] = relationship()
    revisions: Mapped[list["VisitRevision"]] = relationship(
        back_populates="visit", order_by="VisitRevision.number"
    )
    tally_columns = ("state",)

    @classmethod
    def tally_value(cls, *facts: str) -> str:
        """Visits are counted by where they stand in the review."""
        return str(facts[0])


# The most that the column holds: put right by so much, every time lies after the one at which the record came.
NO_CLOCK = 2**31 - 1


class VisitRevision(Base):
    """What was sent, once; the id is the event's. `acceptance`: the how-manieth at its door, which
    stood at `register_revision` then. `clock_skew_s`: 0 for a clock that is right, None for one that nobody
    measured, NO_CLOCK for one that cannot have been right: then the time at which it came here counts.

    `before` is what the register held before, for comparison and for taking a revision back:
    {"dwelling": {field: value}, "occupants": {occupancy id: {field: value}}, "added": [occupancy ids],
    "workplaces": {workplace id: {field: value}}, "workplaces_added": [workplace ids]}.
    """

    __tablename__ = "visit_revisions"
    __table_args__ = (UniqueConstraint("visit_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    district: Mapped[int]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    number: Mapped[int]
    acceptance: Mapped[int]
    register_revision: Mapped[int]
    author_id: Mapped[UUID]
    outcome: Mapped[str] = mapped_column(Code)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    clock_skew_s: Mapped[int | None] = mapped_column(default=0)
    schema: Mapped[int] = mapped_column(default=NEWEST)
    digest: Mapped[str] = mapped_column(String(80))
    followed: Mapped[Followed] = mapped_column(Code, default=Followed.AT_ONCE)
    before_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    visit: Mapped[Visit] = relationship(back_populates="revisions")

    def keep_body(self, text: bytes) -> None:
        """Encrypt the exact bytes that the phone sent; the id must be set."""
        self.body_sealed = seal(text, self.__tablename__, "body", self.id)

    @property
    def body_bytes(self) -> bytes:
        """The exact bytes that the phone sent."""
        return unseal(self.body_sealed, self.__tablename__, "body", self.id)

    @property
    def body(self) -> dict[str, Any]:
        """The body in the newest schema; holds personal data, so mask before showing."""
        content: dict[str, Any] = upcast(read(self.body_bytes), self.schema)
        return content

    @property
    def before(self) -> dict[str, Any]:
        """The register before this revision; empty parts are left out."""
        if self.before_sealed is None:
            return {}
        content: dict[str, Any] = orjson.loads(
            unseal(self.before_sealed, self.__tablename__, "before", self.id)
        )
        return content

    @before.setter
    def before(self, content: dict[str, Any]) -> None:
        sealed = seal(orjson.dumps(content), self.__tablename__, "before", self.id) if content else None
        self.before_sealed = sealed


class ServiceRequest(Base):
    """Something that a household asks for help with."""

    __tablename__ = "service_requests"
    __table_args__ = (
        Index(None, "district", "grid_code", "kind"),
        Index(None, "visit_id"),
        Index(
            "ix_service_requests_reminded",
            *("district", "dwelling_id"),
            sqlite_where=text("remind_on IS NOT NULL"),
            postgresql_where=text("remind_on IS NOT NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code)
    dwelling_id: Mapped[UUID] = mapped_column(ForeignKey("dwellings.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    kind: Mapped[str] = mapped_column(Code)
    note: Mapped[str | None] = mapped_column(String(500))
    eligibility: Mapped[list[str] | None] = mapped_column(Json)
    papers: Mapped[list[str] | None] = mapped_column(Json)
    remind_on: Mapped[date | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    visit: Mapped[Visit] = relationship()
