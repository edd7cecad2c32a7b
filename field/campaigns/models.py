"""Campaign, Phase, Round. Phases may share a boundary day and may be open-ended."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.core.changes import Tracked
from field.core.db import Base, Code
from field.core.ids import new_id


class Campaign(Base):
    """A district's sweep, such as the service of the floating population."""

    __tablename__ = "campaigns"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int] = mapped_column(index=True)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    phases: Mapped[list["Phase"]] = relationship(back_populates="campaign", order_by="Phase.starts_on")


class Phase(Base):
    """A stage of a campaign; without an end it is open."""

    __tablename__ = "phases"
    __table_args__ = (Index(None, "district", "campaign_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    code: Mapped[str] = mapped_column(Code)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    campaign: Mapped[Campaign] = relationship(back_populates="phases")


class Round(Tracked, Base):
    """Who walks the doors of a grid in a phase."""

    __tablename__ = "rounds"
    __table_args__ = (Index(None, "district", "worker_id"), Index(None, "district", "grid_code", "change_no"))
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phases.id"))
    grid_code: Mapped[str] = mapped_column(Code, ForeignKey("areas.code"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    ended: Mapped[bool] = mapped_column(default=False)
    phase: Mapped[Phase] = relationship()
