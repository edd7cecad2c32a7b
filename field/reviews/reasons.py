"""Ready-made reasons for returning a visit: four that come with the program, until a district has put its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from field.accounts.scope import Actor
from field.accounts.shown import Setting
from field.audit import service as audit
from field.audit.queries import newest_about
from field.core.db import db
from field.core.errors import Problem
from field.core.twice import in_turn
from field.reviews.models import ReturnReason

MOST = 20
LENGTH = 120
STOPS = "。.！!？?"


@dataclass(frozen=True)
class Shipped:
    """A reason that comes with the program."""

    zh: str
    en: str


SHIPPED = (
    Shipped("照片看不清，请重拍。", "Photo unclear, please take it again."),
    Shipped("请核对居住人数。", "Please check how many people live here."),
    Shipped("请核对门牌号。", "Please check the door number."),
    Shipped("请补充隐患是怎么处理的。", "Please add what was done about the hazard."),
)


def reasons_of(district: int) -> Sequence[ReturnReason]:
    """The district's own, in their order."""
    statement = select(ReturnReason).where(ReturnReason.district == district)
    return db.session.scalars(statement.order_by(ReturnReason.position, ReturnReason.id)).all()


def ready_made(district: int, language: str) -> list[str]:
    """What a lead may choose from, in one language."""
    own = reasons_of(district)
    return [row.zh if language == "zh" else row.en for row in own or SHIPPED]


def known(district: int) -> Sequence[ReturnReason | Shipped]:
    """All that a lead may have chosen from, now and before the district put its own."""
    return [*reasons_of(district), *SHIPPED]


def said_in(language: str, text: str, rows: Sequence[ReturnReason | Shipped]) -> str:
    """What a lead wrote, with what is ready-made in it put into a language; their own words stay as they are.

    What was chosen last stands at the end. Elsewhere only whole sentences are taken for ready-made: a short reason
    may well be a word of somebody's own.
    """
    pairs = [(row.zh, row.en) if language == "zh" else (row.en, row.zh) for row in rows]
    pairs.sort(key=lambda pair: -len(pair[1]))
    rest, chosen = text.strip(), list[str]()
    while found := next((pair for pair in pairs if f" {rest}".endswith(f" {pair[1]}")), None):
        chosen.insert(0, found[0])
        rest = rest[: -len(found[1])].rstrip()
    for words, other in pairs:
        if other[-1] in STOPS:
            rest = words.join(re.split(rf"(?<!\S){re.escape(other)}(?!\S)", rest))
    return " ".join([rest, *chosen] if rest else chosen)


def adopt(district: int) -> None:
    """Make the shipped reasons the district's own, so that they can be changed; once."""
    if db.session.scalar(select(func.count()).where(ReturnReason.district == district)):
        return
    for position, shipped in enumerate(SHIPPED, 1):
        db.session.add(ReturnReason(district=district, position=position, zh=shipped.zh, en=shipped.en))
    db.session.flush()


def add(zh: str, en: str, actor: Actor) -> ReturnReason:
    """Add a reason at the end; one that is there already in the same words is not added again.

    Raises Problem `conflict` when there are as many as a lead can overlook.
    """
    district = actor.scope.district
    in_turn(district)
    adopt(district)
    rows = reasons_of(district)
    for same in rows:
        if (same.zh, same.en) == (zh, en):
            return same
    if len(rows) >= MOST:
        raise Problem("conflict")
    row = ReturnReason(district=district, position=rows[-1].position + 1 if rows else 1, zh=zh, en=en)
    db.session.add(row)
    db.session.flush()
    audit.record("reason.added", district, ("reason", row.id), actor.id)
    return row


def change(reason_id: UUID, zh: str, en: str, actor: Actor) -> ReturnReason:
    """Put a reason in other words."""
    row = own(reason_id, actor)
    row.zh, row.en = zh, en
    audit.record("reason.changed", row.district, ("reason", row.id), actor.id)
    return row


def setting_of(row: ReturnReason) -> Setting:
    """What stands, and who put it so."""
    entry = newest_about(row.district, row.id, ("reason.changed", "reason.added"))
    by, at = (entry.actor_id, entry.at) if entry else (None, None)
    return Setting((row.zh, row.en), by, at, f"{row.zh} · {row.en}")


def remove(reason_id: UUID, actor: Actor) -> None:
    """Offer a reason no longer; visits keep the words that they were returned with. Removing it twice is once."""
    district = actor.scope.district
    one = delete(ReturnReason).where(ReturnReason.id == reason_id, ReturnReason.district == district)
    if db.session.scalar(one.returning(ReturnReason.id)) is not None:
        audit.record("reason.removed", district, ("reason", reason_id), actor.id)
    elif newest_about(district, reason_id, ("reason.removed",)) is None:
        raise Problem("not-found")


def own(reason_id: UUID, actor: Actor) -> ReturnReason:
    """A reason of the actor's district; raises Problem `not-found`."""
    row = db.session.get(ReturnReason, reason_id)
    if row is None or row.district != actor.scope.district:
        raise Problem("not-found")
    return row
