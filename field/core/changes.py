"""Change numbers: what the pack sends is ordered by the commit that changed it.

One row per district counts. A transaction takes the next number when it first writes something
that the pack carries and so holds that row until it commits: numbers become visible in their own
order, and a cursor can never pass a row that commits late. The audit chain hangs on the same row.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Index, LargeBinary, Row, event, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, SessionTransaction, UOWTransaction, mapped_column

from field.core.db import Base, Code, Number, db
from field.core.ids import new_id


class DistrictHead(Base):
    """The newest change number and the newest audit entry of a district."""

    __tablename__ = "district_heads"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change_no: Mapped[int] = mapped_column(Number, default=0)
    audit_no: Mapped[int] = mapped_column(Number, default=0)
    audit_hash: Mapped[bytes] = mapped_column(LargeBinary(32), default=bytes(32))


class Tracked:
    """Mixin of tables whose rows the pack carries; the number is set when the row is flushed."""

    district: Mapped[int]
    change_no: Mapped[int] = mapped_column(Number, default=0)


class Tombstone(Tracked, Base):
    """What a phone must forget; no personal data."""

    __tablename__ = "tombstones"
    __table_args__ = (Index(None, "district", "grid_code", "change_no"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code)
    kind: Mapped[str] = mapped_column(Code)
    row_id: Mapped[UUID]


def lock_audit_head(session: Session, district: int) -> tuple[int, bytes]:
    """The number and hash of the newest audit entry, held until the transaction ends."""
    head = DistrictHead.__table__.c
    statement = select(head.audit_no, head.audit_hash).where(head.district == district).with_for_update()
    row = _of_head(session, district, statement)
    return row.audit_no, row.audit_hash


def _of_head(session: Session, district: int, statement: Executable) -> Row[Any]:
    """The one row that a statement finds of the district's head, which is made when it is missing."""
    row = session.execute(statement).one_or_none()
    if row is None:
        _make_head(session, district)
        row = session.execute(statement).one()
    return row


def _make_head(session: Session, district: int) -> None:
    # Safe when two do it at once.
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {"district": district, "change_no": 0, "audit_no": 0, "audit_hash": bytes(32)}
    session.execute(insert(DistrictHead).values(**values).on_conflict_do_nothing())


def newest_change(session: Session, district: int) -> int:
    """The change number up to which everything is visible."""
    statement = select(DistrictHead.change_no).where(DistrictHead.district == district)
    return session.execute(statement).scalar_one_or_none() or 0


def next_change(session: Session, district: int) -> int:
    """The change number of this transaction, for rows that are written past the mapper."""
    taken: dict[int, int] = session.info.setdefault("change_numbers", {})
    if district not in taken:
        statement = (
            update(DistrictHead)
            .where(DistrictHead.district == district)
            .values(change_no=DistrictHead.change_no + 1)
            .returning(DistrictHead.change_no)
            .execution_options(synchronize_session=False)
        )
        taken[district] = _of_head(session, district, statement).change_no
    return taken[district]


def _number_changes(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    with session.no_autoflush:
        for row in [*session.new, *session.dirty]:
            if isinstance(row, Tracked) and (inspect(row).pending or session.is_modified(row)):
                row.change_no = next_change(session, row.district)


def _forget_numbers(session: Session, *_args: Any) -> None:
    session.info.pop("change_numbers", None)


def _forget_after_rollback(session: Session, _previous: SessionTransaction) -> None:
    _forget_numbers(session)


event.listen(db.session, "before_flush", _number_changes)
event.listen(db.session, "after_commit", _forget_numbers)
event.listen(db.session, "after_soft_rollback", _forget_after_rollback)
