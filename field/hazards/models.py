"""Finding (a hazard at a place) and FindingStep (what happened to it, when, by whom)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.core.changes import Tracked
from field.core.db import Base, Code, Instant, Json
from field.core.ids import new_id
from field.places.models import Dwelling
from field.visits.models import Visit


class FindingStatus(StrEnum):
    """The hazard's life (list finding_status)."""

    FOUND = "found"
    FIXED_ON_SITE = "fixed_on_site"
    NOTIFIED = "notified"
    RECHECK_DUE = "recheck_due"
    RECHECK_FAILED = "recheck_failed"
    REFERRED = "referred"
    RECEIPTED = "receipted"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    FED_BACK = "fed_back"
    CLOSED = "closed"


SETTLED = (FindingStatus.FIXED_ON_SITE, FindingStatus.CLOSED)


class Finding(Tracked, Base):
    """A hazard. Severity, deadline and departments were copied from the checklist item when it was found."""

    __tablename__ = "findings"
    __table_args__ = (
        Index(None, "district", "settled", "due_on", "id"),
        Index(None, "district", "grid_code", "change_no"),
        Index(None, "district", "dwelling_id"),
        Index(None, "district", "visit_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code)
    dwelling_id: Mapped[UUID] = mapped_column(ForeignKey("dwellings.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    checklist_code: Mapped[str] = mapped_column(Code)
    checklist_version: Mapped[int]
    item_code: Mapped[str] = mapped_column(Code)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    severity: Mapped[str] = mapped_column(Code)
    stop_use: Mapped[bool]
    departments: Mapped[list[str]] = mapped_column(Json)
    status: Mapped[FindingStatus] = mapped_column(Code)
    settled: Mapped[bool] = mapped_column(default=False)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    spot: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(String(500))
    photo_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    found_at: Mapped[datetime] = mapped_column(Instant)
    found_by: Mapped[UUID]
    due_on: Mapped[date]
    dwelling: Mapped[Dwelling] = relationship()
    visit: Mapped[Visit] = relationship()
    steps: Mapped[list["FindingStep"]] = relationship(order_by="FindingStep.at")


class FindingStep(Base):
    """A step of a hazard's life."""

    __tablename__ = "finding_steps"
    __table_args__ = (Index(None, "district", "finding_id", "at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.id"))
    status: Mapped[FindingStatus] = mapped_column(Code)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[UUID]
    reason: Mapped[str | None] = mapped_column(String(500))
