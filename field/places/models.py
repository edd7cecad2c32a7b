"""Area, Building, Dwelling, Workplace: the place tree and the register of what is behind each door."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from field.core.changes import Tracked
from field.core.db import Base, Code, Instant, Json
from field.core.ids import new_id
from field.core.sealing import SealedText
from field.core.tallies import Tallied
from field.places.spelling import spelt


class Level(StrEnum):
    """Levels of the area tree (list area_level)."""

    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    VILLAGE = "village"
    GRID = "grid"


class Area(Base):
    """A node of the tree; grids carry their community's code with a suffix (620402001001-01)."""

    __tablename__ = "areas"
    __table_args__ = (Index(None, "district", "parent_code"),)
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    district: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    level: Mapped[Level] = mapped_column(Code)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))


class Proposal(StrEnum):
    """What became of a door or a house that a worker added on the way; none for the register's and confirmed ones."""

    WAITING = "waiting"
    DECLINED = "declined"


class Building(Tracked, Base):
    """A building with its address plate; longitude and latitude are the building's, WGS 84.

    `plate` is what the code on its plate says, `spelling` its name and address in Latin letters. `proposal` is set
    while a house that a worker added waits for a lead with its doors, and when all of them were declined.
    """

    __tablename__ = "buildings"
    __table_args__ = (
        Index(None, "district", "grid_code", "change_no"),
        Index(None, "district", "plate", unique=True),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code, ForeignKey("areas.code"))
    address: Mapped[str] = mapped_column(String(120))
    name: Mapped[str | None] = mapped_column(String(60))
    storeys: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str | None] = mapped_column(Code)
    land_tenure: Mapped[str] = mapped_column(Code, default="unknown")
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    plate: Mapped[str | None] = mapped_column(String(120))
    spelling: Mapped[str | None] = mapped_column(String(600))
    proposal: Mapped[Proposal | None] = mapped_column(Code)
    proposed_by: Mapped[UUID | None]

    @validates("name", "address")
    def _spell(self, key: str, value: str | None) -> str | None:
        parts = {"name": self.name, "address": self.address} | {key: value}
        self.spelling = spelt(f"{parts['name'] or ''} {parts['address'] or ''}")
        return value


class Dwelling(Tracked, Tallied, Base):
    """A door: the register's row, the result of the accepted visits in their order.

    `acceptances` counts them; `marks` says who changed which fact last (visits.claims);
    `merged_into` is the door that it was a second entry of; `opened_at` is when somebody last
    opened to a visitor, `settled_as` and `settled_at` the last call that settled the door, which a later one at which
    nobody opened does not take back; `plate` what the code on its plate says; `proposal` is set while a door
    that a worker added waits for a lead, and when that was declined; `proposal_decided_at` is when a
    lead last said something of it, also by joining it with another.
    """

    __tablename__ = "dwellings"
    __table_args__ = (
        Index(None, "district", "grid_code", "change_no"),
        Index(None, "district", "building_id"),
        Index(None, "district", "plate", unique=True),
        Index("ix_dwellings_proposal", "district", "proposal", "proposed_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code, ForeignKey("areas.code"))
    building_id: Mapped[UUID] = mapped_column(ForeignKey("buildings.id"))
    unit: Mapped[str | None] = mapped_column(String(10))
    floor: Mapped[int]
    door: Mapped[str] = mapped_column(String(12))
    use: Mapped[str | None] = mapped_column(Code)
    rooms: Mapped[int | None]
    rooms_let: Mapped[int | None]
    floor_area_m2: Mapped[float | None]
    heating: Mapped[str | None] = mapped_column(Code)
    lease_filed: Mapped[bool | None]
    letter_signed: Mapped[bool | None]
    lessor_name: Mapped[str | None] = mapped_column(String(50))
    lessor_phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    lessor_phone_masked: Mapped[str | None] = mapped_column(String(32))
    lessor_phone = SealedText()
    headcount: Mapped[int | None]
    children: Mapped[int | None]
    address_anomaly: Mapped[str | None] = mapped_column(Code)
    revision: Mapped[int] = mapped_column(default=1)
    acceptances: Mapped[int] = mapped_column(default=0)
    marks: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    merged_into: Mapped[UUID | None] = mapped_column(active_history=True)
    visit_id: Mapped[UUID | None]
    visit_outcome: Mapped[str | None] = mapped_column(Code, active_history=True)
    visit_at: Mapped[datetime | None] = mapped_column(Instant)
    visit_by: Mapped[UUID | None]
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_as: Mapped[str | None] = mapped_column(Code, active_history=True)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    plate: Mapped[str | None] = mapped_column(String(120))
    proposal: Mapped[Proposal | None] = mapped_column(Code, active_history=True)
    proposed_by: Mapped[UUID | None]
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    proposal_note: Mapped[str | None] = mapped_column(String(200))
    declined_because: Mapped[str | None] = mapped_column(String(200))
    proposal_decided_at: Mapped[datetime | None] = mapped_column(Instant)
    building: Mapped[Building] = relationship()
    tally_columns = ("settled_as", "visit_outcome", "merged_into", "proposal")

    @classmethod
    def tally_value(cls, *facts: Any) -> str | None:
        """Doors are counted by the call that settled them last, else by the last call; empty before the first.

        A second entry does not count, nor does a door that was declined.
        """
        settled_as, outcome, merged_into, proposal = facts
        return None if merged_into or proposal == Proposal.DECLINED else settled_as or outcome or ""

    @property
    def label(self) -> str:
        """Unit and door as people write them."""
        return f"{self.unit}-{self.door}" if self.unit else self.door

    @property
    def address(self) -> str:
        """The standard address down to the door; needs the building loaded."""
        return f"{self.building.address} {self.label}"


class Workplace(Tracked, Base):
    """A shop, workshop, factory or site behind a door; people may live behind the same one (mixed premises)."""

    __tablename__ = "workplaces"
    __table_args__ = (
        Index(None, "district", "grid_code", "change_no"),
        Index(None, "district", "dwelling_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code, ForeignKey("areas.code"))
    dwelling_id: Mapped[UUID] = mapped_column(ForeignKey("dwellings.id"))
    kind: Mapped[str | None] = mapped_column(Code)
    name: Mapped[str | None] = mapped_column(String(80))
    credit_code: Mapped[str | None] = mapped_column(String(30))
    contact_name: Mapped[str | None] = mapped_column(String(50))
    contact_phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    contact_phone_masked: Mapped[str | None] = mapped_column(String(32))
    contact_phone = SealedText()
    headcount: Mapped[int | None]
    dormitory_headcount: Mapped[int | None]
    ended: Mapped[bool] = mapped_column(default=False)
    marks: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    visit_id: Mapped[UUID | None]
    dwelling: Mapped[Dwelling] = relationship()
