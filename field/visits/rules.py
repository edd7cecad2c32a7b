"""When the register follows the visits of a district: as the district has set it, or as the installation was started.

The rule holds for visits that are accepted from then on. What came before stays under the rule under which it came,
with all its corrections: nothing that waits is lost, and nothing is counted twice.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.clock import utcnow
from field.core.db import Base, Code, Instant, db

ACCEPTANCE, APPROVAL = REGISTER_AT = ("acceptance", "approval")

_KEPT = "register_at"
_usual = ACCEPTANCE


class RegisterRule(Base):
    """When the register of a district follows a visit; no row: as the installation was started."""

    __tablename__ = "register_rules"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    register_at: Mapped[str] = mapped_column(Code)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[UUID]


def use_rules(register_at: str) -> None:
    """Let the register follow a visit when it arrives, or when a lead has approved it, unless a district has set it."""
    global _usual  # noqa: PLW0603 like the keys: one process serves one installation
    _usual = register_at


def rule_of(district: int) -> RegisterRule | None:
    """What a district has set, if it has."""
    return db.session.get(RegisterRule, district)


def register_at(district: int) -> str:
    """When the register follows the visits that a district accepts now; read once in a transaction, as batches ask
    for each visit."""
    session = db.session()
    asked = (session.get_transaction(), district)
    kept = session.info.get(_KEPT)
    if kept is None or kept[0] != asked or asked[0] is None:
        row = rule_of(district)
        kept = session.info[_KEPT] = (asked, row.register_at if row else _usual)
    return str(kept[1])


def at_once(district: int) -> bool:
    """Whether the register follows a visit of the district when it arrives."""
    return register_at(district) == ACCEPTANCE


def set_rule(chosen: str, actor: Actor) -> None:
    """Let the register follow the visits that are accepted from now on so; the same again changes nothing."""
    district = actor.scope.district
    if chosen == register_at(district):
        return
    row = rule_of(district)
    if row is None:
        row = RegisterRule(district=district)
        db.session.add(row)
    row.register_at, row.changed_at, row.changed_by = chosen, utcnow(), actor.id
    db.session.flush()
    db.session().info.pop(_KEPT, None)
    audit.record("register.rule_changed", district, ("register", None), actor.id, register_at=chosen)
