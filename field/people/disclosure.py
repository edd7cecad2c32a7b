"""Showing one number in full: for a reason, one person at a time, and never without an audit entry."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.db import db
from field.core.errors import Problem
from field.people.models import Occupancy
from field.places.models import Dwelling

REASON_LENGTH = 200
SHORTEST = 4
PERSON_FACTS = ("document_number", "phone")
DWELLING_FACTS = ("lessor_phone",)


@dataclass(frozen=True)
class Subject:
    """Whose number it is: a name, the facts that can be shown, and each as it is masked."""

    id: UUID
    kind: str
    name: str
    masked: dict[str, str]


def resident(occupancy_id: UUID, actor: Actor) -> Subject:
    """Somebody who lives in the actor's area; raises Problem `not-found`."""
    row = _occupancy(occupancy_id, actor)
    found = {fact: getattr(row.person, f"{fact}_masked") for fact in PERSON_FACTS}
    return Subject(row.id, "occupancy", row.person.name, {fact: text for fact, text in found.items() if text})


def lessor(dwelling_id: UUID, actor: Actor) -> Subject:
    """The landlord of a door in the actor's area; raises Problem `not-found`."""
    row = _dwelling(dwelling_id, actor)
    shown = {"lessor_phone": row.lessor_phone_masked} if row.lessor_phone_masked else {}
    return Subject(row.id, "dwelling", row.lessor_name or "", shown)


def disclose(subject: Subject, fact: str, reason: str, actor: Actor) -> str:
    """One number in full; the reason is kept in the audit trail, so it must hold no number itself."""
    if fact not in subject.masked:
        raise Problem("bad-request")
    audit.record(
        "number.disclosed",
        actor.scope.district,
        (subject.kind, subject.id),
        actor.id,
        fact=fact,
        reason=reason,
    )
    if subject.kind == "occupancy":
        number: str | None = getattr(_occupancy(subject.id, actor).person, fact)
    else:
        number = _dwelling(subject.id, actor).lessor_phone
    return number or ""


def _occupancy(occupancy_id: UUID, actor: Actor) -> Occupancy:
    statement = select(Occupancy).options(joinedload(Occupancy.person))
    row = db.session.scalar(statement.where(Occupancy.id == occupancy_id, actor.scope.where(Occupancy)))
    if row is None:
        raise Problem("not-found")
    return row


def _dwelling(dwelling_id: UUID, actor: Actor) -> Dwelling:
    row = db.session.scalar(select(Dwelling).where(Dwelling.id == dwelling_id, actor.scope.where(Dwelling)))
    if row is None:
        raise Problem("not-found")
    return row
