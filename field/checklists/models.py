"""Checklist and ChecklistItem; CodeEntry (answer lists), PrivacyNotice, ServiceGuide."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.core.clock import utcnow
from field.core.db import Base, Code, Instant, Json
from field.core.ids import new_id


class Checklist(Base):
    """One published version; a change is a new version, never an edit."""

    __tablename__ = "checklists"
    __table_args__ = (UniqueConstraint("district", "code", "version"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    code: Mapped[str] = mapped_column(Code)
    version: Mapped[int]
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    published_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)
    change_no: Mapped[int] = mapped_column(default=0)
    items: Mapped[list["ChecklistItem"]] = relationship(order_by="ChecklistItem.position")


class ChecklistItem(Base):
    """A thing to look at: when violated it is a hazard of this severity, due in so many days (0 = on site)."""

    __tablename__ = "checklist_items"
    __table_args__ = (Index(None, "checklist_id", "position"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    checklist_id: Mapped[UUID] = mapped_column(ForeignKey("checklists.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(Code)
    group: Mapped[str] = mapped_column(Code)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    violation_zh: Mapped[str] = mapped_column(String(120))
    violation_en: Mapped[str] = mapped_column(String(160))
    applies_to: Mapped[list[str]] = mapped_column(Json)
    severity: Mapped[str] = mapped_column(Code)
    due_days: Mapped[int]
    stop_use: Mapped[bool]
    departments: Mapped[list[str]] = mapped_column(Json)
    basis: Mapped[str] = mapped_column(String(120))


class CodeEntry(Base):
    """An answer of a code list, such as visit_outcome."""

    __tablename__ = "code_entries"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    list: Mapped[str] = mapped_column(Code, primary_key=True)
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    position: Mapped[int]
    zh: Mapped[str] = mapped_column(String(60))
    en: Mapped[str] = mapped_column(String(80))


class PrivacyNotice(Base):
    """What the household is told before anything is asked; texts are {title, paragraphs}."""

    __tablename__ = "privacy_notices"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    zh: Mapped[dict[str, object]] = mapped_column(Json)
    en: Mapped[dict[str, object]] = mapped_column(Json)
    published_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)


class ServiceGuide(Base):
    """What helps with a kind of request (list service_kind), with its source and the day from which that holds.

    Texts are {zh, en}: `intro`, `source`, `hints`, `papers` and `conditions`; a condition that is not `always`
    needed is one of several, of which one is enough.
    """

    __tablename__ = "service_guides"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    as_of: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
