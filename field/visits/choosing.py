"""Setting a fact of the register because a person chose so, and taking that back; visits stay as they were said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id
from field.people.models import Occupancy
from field.places.models import Dwelling, Workplace
from field.places.queries import hold_doors
from field.visits.claims import remark
from field.visits.clashes import RegisterChoice
from field.visits.register import as_day, owner


@dataclass(frozen=True)
class Decision:
    """What was decided (a clash, a merge), by whom and when."""

    id: UUID
    by: UUID
    at: datetime


def choose(
    dwelling: Dwelling, row: Any, field: str, value: Any, said_by: tuple[UUID, UUID], decision: Decision
) -> RegisterChoice:
    """Set a fact of a door or an occupancy to what somebody said: `said_by` is that visit and its author."""
    dwelling.revision += 1
    choice = RegisterChoice(
        id=new_id(),
        district=dwelling.district,
        dwelling_id=dwelling.id,
        cause=decision.id,
        subject=row.id,
        field=field,
        mark=[dwelling.revision, *map(str, said_by)],
        mark_before=row.marks.get(field),
        acceptance=dwelling.acceptances,
        chosen_by=decision.by,
        chosen_at=decision.at,
    )
    holder = owner(row, field)
    choice.value, choice.before = value, getattr(holder, field)
    apply_choice(row, choice)
    db.session.add(choice)
    return choice


def apply_choice(row: Any, choice: RegisterChoice) -> None:
    """Put the chosen value into the row."""
    setattr(owner(row, choice.field), choice.field, as_day(choice.field, choice.value))
    remark(row, choice.field, choice.mark)


def undo(decision: Decision) -> None:
    """Take every choice of a decision back; raises Problem `conflict` when a fact has changed since."""
    for choice in choices_of(decision.id):
        dwelling = hold_doors([choice.dwelling_id])[choice.dwelling_id]
        row = row_of(choice.subject, dwelling)
        if row is None or row.marks.get(choice.field) != choice.mark:
            raise Problem(
                "conflict", _("A later visit or decision has changed this. What is recorded now stays.")
            )
        setattr(owner(row, choice.field), choice.field, as_day(choice.field, choice.before))
        remark(row, choice.field, choice.mark_before)
        dwelling.revision += 1
        choice.undone_by, choice.undone_at = decision.by, decision.at


def choices_of(cause: UUID) -> Iterable[RegisterChoice]:
    """What stands of a decision, the newest first."""
    statement = select(RegisterChoice).where(
        RegisterChoice.cause == cause, RegisterChoice.undone_at.is_(None)
    )
    return db.session.scalars(
        statement.order_by(RegisterChoice.chosen_at.desc(), RegisterChoice.id.desc())
    ).all()


def row_of(subject: UUID, dwelling: Dwelling) -> Dwelling | Occupancy | Workplace | None:
    """The row that a subject names: the door, somebody who lives there, or a place of work behind it."""
    if subject == dwelling.id:
        return dwelling
    return db.session.get(Occupancy, subject) or db.session.get(Workplace, subject)
