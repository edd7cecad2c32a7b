"""Finding (a hazard at a place), FindingStep (what happened to it, when, by whom), and what a district set."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from field.core.changes import Tracked
from field.core.db import Base, Code, Instant, Json
from field.core.ids import new_id
from field.core.tallies import Tallied
from field.hazards.causes import Cause
from field.places.models import Dwelling
from field.visits.models import Visit


class FindingStatus(StrEnum):
    """The hazard's life (list finding_status)."""

    FOUND = "found"
    FIXED_ON_SITE = "fixed_on_site"
    NOTIFIED = "notified"
    RECHECK_DUE = "recheck_due"
    AWAITING_PHOTO = "awaiting_photo"
    RECHECK_FAILED = "recheck_failed"
    REFERRED = "referred"
    RECEIPTED = "receipted"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    FED_BACK = "fed_back"
    CLOSED = "closed"


class Action(StrEnum):
    """What can happen to a hazard; life.py says when, by whom and with what."""

    FOUND = "found"
    FIX_ON_SITE = "fix_on_site"
    NOTIFY = "notify"
    REPORT_FIXED = "report_fixed"
    ASK_RECHECK = "ask_recheck"
    CLOSE = "close"
    AWAIT_PHOTO = "await_photo"
    CONFIRM_RECHECK = "confirm_recheck"
    VOID_RECHECK = "void_recheck"
    LAPSE_RECHECK = "lapse_recheck"
    FAIL_RECHECK = "fail_recheck"
    REFER = "refer"
    ACCEPT = "accept"
    RETURN = "return"
    RECALL = "recall"
    START = "start"
    PROGRESS = "progress"
    FEED_BACK = "feed_back"
    ESCALATE = "escalate"
    RESCHEDULE = "reschedule"
    RECOUNT = "recount"
    ASSIGN = "assign"
    NOTE = "note"
    TAKE_BACK = "take_back"
    WITHDRAW = "withdraw"


SETTLED = (FindingStatus.FIXED_ON_SITE, FindingStatus.CLOSED)
# Whose next step is for the lead to choose; what ends the day under which those are counted.
LEAD_DECIDES = (
    FindingStatus.RECHECK_FAILED,
    FindingStatus.RETURNED,
    FindingStatus.FED_BACK,
    FindingStatus.FOUND,
)
DECIDES = " decide"
_WAITS = text("waits_from IS NOT NULL")
_SENT: Any = dict.fromkeys(("sqlite_where", "postgresql_where"), text("assignee_id IS NOT NULL"))


class Finding(Tracked, Tallied, Base):
    """A hazard. Severity, deadline and departments were copied from the checklist item when it was found.

    `version` is the number of its newest step: who acts on an older one is told what happened since.
    `department` is the one that it was last referred to, `accept_by` that department's day to accept it;
    `runs_out_on`, the nearer of that day (while it waits for that) and `due_on`, follows both: lists go by it;
    `fixed_by` is who reported it fixed (None with `fixed_at`: the household); `assignee_id` who shall look again.
    `voided_at`: the last recheck does not count for want of its photo, and nothing has happened since.
    `waits_from`: since when a recheck that is here waits for its photo.
    """

    __tablename__ = "findings"
    __table_args__ = (
        Index(None, "district", "settled", "runs_out_on", "id"),
        Index(None, "district", "grid_code", "change_no"),
        Index(None, "district", "dwelling_id"),
        Index(None, "district", "visit_id"),
        Index(None, "district", "status", "runs_out_on", "id"),
        Index(None, "district", "department", "status", "runs_out_on", "id"),
        Index(None, "district", "department", "settled", "runs_out_on", "id"),
        Index(None, "district", "assignee_id", "settled", "runs_out_on", "id", **_SENT),
        Index(None, "district", "grid_code", "settled", "runs_out_on", "id"),
        Index(None, "district", "waits_from", sqlite_where=_WAITS, postgresql_where=_WAITS),
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
    status: Mapped[FindingStatus] = mapped_column(Code, active_history=True)
    settled: Mapped[bool] = mapped_column(default=False, active_history=True)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    spot: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(String(500))
    photo_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    found_at: Mapped[datetime] = mapped_column(Instant)
    found_by: Mapped[UUID]
    due_on: Mapped[date]
    runs_out_on: Mapped[date] = mapped_column(active_history=True)
    version: Mapped[int] = mapped_column(default=0)
    department: Mapped[str | None] = mapped_column(Code)
    accept_by: Mapped[date | None]
    assignee_id: Mapped[UUID | None]
    fixed_by: Mapped[UUID | None]
    fixed_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    waits_from: Mapped[datetime | None] = mapped_column(Instant)
    dwelling: Mapped[Dwelling] = relationship()
    visit: Mapped[Visit] = relationship()
    steps: Mapped[list["FindingStep"]] = relationship(order_by="FindingStep.number")
    tally_columns = ("settled", "runs_out_on", "status")

    @classmethod
    def tally_value(cls, *facts: Any) -> str | None:
        """Open hazards are counted by the day that runs out first, and those that a lead decides apart (DECIDES)."""
        settled, day, status = facts
        return None if settled else f"{day}{DECIDES if status in LEAD_DECIDES else ''}"

    @validates("status", "due_on", "accept_by")
    def _follow(self, name: str, value: Any) -> Any:
        facts = {key: getattr(self, key) for key in ("status", "due_on", "accept_by")} | {name: value}
        accept_by = facts["accept_by"] if facts["status"] == FindingStatus.REFERRED else None
        self.runs_out_on = min((day for day in (facts["due_on"], accept_by) if day), default=self.runs_out_on)
        return value


class FindingStep(Base):
    """A step of a hazard's life; never changed afterwards, but for the words and photos of a visit's correction.

    `status` is where it led, `came_from` where it began; `actor_id` is None for the household and the program.
    `visit_id` is the visit at which it happened, whose photos it then names; `due_on` is a new deadline.
    What the program escalated or counted anew has a `cause` in place of somebody's words; with it stand how many
    `days_late` it was, or the new day to accept (`accept_by`); escalated before its deadline, the one that was missed.
    """

    __tablename__ = "finding_steps"
    __table_args__ = (
        UniqueConstraint("finding_id", "number"),
        Index(None, "district", "finding_id", "at"),
        Index(None, "district", "visit_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.id"))
    number: Mapped[int]
    action: Mapped[Action] = mapped_column(Code)
    came_from: Mapped[FindingStatus | None] = mapped_column(Code)
    status: Mapped[FindingStatus] = mapped_column(Code)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    photo_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    department: Mapped[str | None] = mapped_column(Code)
    due_on: Mapped[date | None]
    visit_id: Mapped[UUID | None]
    cause: Mapped[Cause | None] = mapped_column(Code)
    days_late: Mapped[int | None]
    accept_by: Mapped[date | None]


class ReferralRoute(Base):
    """Which department a hazard goes to unless somebody chooses another; the district edits these lines.

    `subject` is the code of a checklist item, or a severity, or empty for any hazard; `land_tenure` may be empty.
    """

    __tablename__ = "referral_routes"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(Code, primary_key=True)
    land_tenure: Mapped[str] = mapped_column(Code, primary_key=True)
    department: Mapped[str] = mapped_column(Code)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[UUID]


class ReferralTerm(Base):
    """How many days, or working days, a department has to accept, and how late a hazard may be before it is pressed
    by itself; the line of no department (empty) is for hazards that no department has."""

    __tablename__ = "referral_terms"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    department: Mapped[str] = mapped_column(Code, primary_key=True)
    accept_days: Mapped[int]
    escalate_days: Mapped[int]
    working_days: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[UUID]


class ItemRule(Base):
    """What a district decided about an item of its checklists; an item without a rule follows the checklist."""

    __tablename__ = "hazard_rules"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_code: Mapped[str] = mapped_column(Code, primary_key=True)
    due_days: Mapped[int | None]
    working_days: Mapped[bool] = mapped_column(default=False)
    same_person: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[UUID | None]


class RecheckTerm(Base):
    """For how many days a district lets a recheck at the door wait for its photo."""

    __tablename__ = "recheck_terms"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    photo_days: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[UUID]


class CalendarDay(Base):
    """A day that differs from its weekday: a holiday, or a Saturday on which offices work."""

    __tablename__ = "calendar_days"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(60))


class HazardNotice(Base):
    """The paper left at a door: numbered without gaps by community and year, opened by the household by its code."""

    __tablename__ = "hazard_notices"
    __table_args__ = (UniqueConstraint("district", "area_code", "year", "number"), UniqueConstraint("code"))
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    area_code: Mapped[str] = mapped_column(Code)
    year: Mapped[int]
    number: Mapped[int]
    code: Mapped[str] = mapped_column(Code)
    dwelling_id: Mapped[UUID] = mapped_column(ForeignKey("dwellings.id"))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by: Mapped[UUID]
    copies: Mapped[int] = mapped_column(default=0)
    dwelling: Mapped[Dwelling] = relationship()
    findings: Mapped[list[Finding]] = relationship(
        secondary="notice_findings", order_by=(Finding.found_at, Finding.id), viewonly=True
    )


class NoticeFinding(Base):
    """Which hazards a notice names."""

    __tablename__ = "notice_findings"
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("hazard_notices.id"), primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.id"), primary_key=True, index=True)


class NoticeCounter(Base):
    """The last number that a community gave in a year; a transaction that fails gives its number back."""

    __tablename__ = "notice_counters"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area_code: Mapped[str] = mapped_column(Code, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class NoticeContact(Base):
    """Whom a household calls about a notice of an area: an office and its telephone, never a person's own."""

    __tablename__ = "notice_contacts"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area_code: Mapped[str] = mapped_column(Code, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    telephone: Mapped[str] = mapped_column(String(30))
