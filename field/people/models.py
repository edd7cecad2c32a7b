"""Person and Occupancy: who lives where, since when. Numbers and phones are encrypted; see documents.py for rules."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.core.changes import Tracked
from field.core.db import Base, Code, Json
from field.core.ids import new_id
from field.core.sealing import SealedText


class Person(Base):
    """Somebody who is helped to register; found again through the blind index of the number."""

    __tablename__ = "persons"
    __table_args__ = (
        Index(None, "district", "document_number_index"),
        Index(None, "district", "phone_index"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    name: Mapped[str] = mapped_column(String(50))
    document_type: Mapped[str | None] = mapped_column(Code)
    document_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_number_index: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    document_number_masked: Mapped[str | None] = mapped_column(String(32))
    document_number = SealedText(index="document")
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    phone_masked: Mapped[str | None] = mapped_column(String(32))
    phone = SealedText(index="phone")
    home_county: Mapped[str | None] = mapped_column(Code)


class Occupancy(Tracked, Base):
    """A person at a dwelling from a day until a day; `visit_id` is the visit that told of it."""

    __tablename__ = "occupancies"
    __table_args__ = (
        Index(None, "district", "grid_code", "change_no"),
        Index(None, "district", "dwelling_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code)
    dwelling_id: Mapped[UUID] = mapped_column(ForeignKey("dwellings.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    reason: Mapped[str | None] = mapped_column(Code)
    intended_stay: Mapped[str | None] = mapped_column(Code)
    guardian_consent: Mapped[bool | None]
    moved_in_on: Mapped[date | None]
    moved_out_on: Mapped[date | None]
    ended: Mapped[bool] = mapped_column(default=False)
    visit_id: Mapped[UUID | None]
    marks: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    person: Mapped[Person] = relationship()
