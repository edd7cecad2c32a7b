"""What is true of the whole database: its epoch, and up to when a verified backup exists."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from field.core.db import Base, Instant, db
from field.core.ids import new_id


class Installation(Base):
    """One row. A restore makes a new epoch, and phones then offer again what they hold."""

    __tablename__ = "installation"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    epoch: Mapped[UUID] = mapped_column(default=new_id)
    durable_through: Mapped[datetime | None] = mapped_column(Instant)


def installation() -> Installation:
    """The row, which the first migration makes."""
    return db.session.get_one(Installation, 1)
