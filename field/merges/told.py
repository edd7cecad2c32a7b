"""What is told to somebody who decides after another was first: who did what, and when."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select

from field.accounts import queries as accounts
from field.audit.queries import newest_about
from field.core.db import db
from field.core.errors import Problem
from field.core.i18n import moment_text
from field.merges.models import Kind, MergeDecision
from field.places.models import Dwelling
from field.visits.clashes import ClashState, RegisterClash

DOOR_ACTIONS = ("door.confirmed", "door.declined", "door.reconsidered")


def joining_of(door: Dwelling) -> MergeDecision | None:
    """The newest decision that stands by which this door and another are one."""
    statement = select(MergeDecision).where(
        MergeDecision.district == door.district,
        MergeDecision.kind == Kind.ADDRESSES,
        MergeDecision.undone_at.is_(None),
        MergeDecision.kept_id.is_not(None),
        or_(MergeDecision.left_id == door.id, MergeDecision.right_id == door.id),
    )
    return db.session.scalars(statement.order_by(MergeDecision.id.desc()).limit(1)).first()


def was_joined(door: Dwelling) -> Problem:
    """The door is closed for another one."""
    decision = joining_of(door)
    if decision is None:
        return Problem("decided-already")
    who = _name(decision.decided_by)
    return Problem(
        "decided-already",
        _(
            "%(who)s joined %(address)s with another entry on %(when)s.",
            who=who,
            address=door.address,
            when=moment_text(decision.decided_at),
        ),
    )


def was_decided(door: Dwelling) -> Problem:
    """Somebody has said meanwhile what becomes of a door that a worker added."""
    if door.merged_into is not None:
        return was_joined(door)
    entry = newest_about(door.district, door.id, DOOR_ACTIONS)
    if entry is None:
        return Problem("decided-already")
    said = {
        "who": _name(entry.actor_id),
        "address": door.address,
        "when": moment_text(entry.at),
        "reason": door.declined_because or "",
    }
    if entry.action == "door.confirmed":
        words = _("%(who)s confirmed %(address)s on %(when)s.", **said)
    elif entry.action == "door.declined":
        words = _("%(who)s declined %(address)s on %(when)s: %(reason)s", **said)
    else:
        words = _("%(who)s took the refusal of %(address)s back on %(when)s.", **said)
    return Problem("decided-already", words)


def was_settled(clash: RegisterClash) -> Problem:
    """Somebody has chosen between two answers meanwhile, or the visit was corrected."""
    if clash.decided_by is None or clash.decided_at is None:
        return Problem("decided-already", _("The visit was corrected; nothing has to be chosen any more."))
    said = {"who": _name(clash.decided_by), "when": moment_text(clash.decided_at)}
    if clash.state == ClashState.TAKEN:
        return Problem("decided-already", _("%(who)s took the other answer on %(when)s.", **said))
    return Problem("decided-already", _("%(who)s kept what stood on %(when)s.", **said))


def was_judged(decision: MergeDecision) -> Problem:
    """Somebody has said meanwhile whether two entries are one."""
    said = {"who": _name(decision.decided_by), "when": moment_text(decision.decided_at)}
    if decision.kept_id is None:
        words = _("%(who)s said on %(when)s that they are two.", **said)
    else:
        words = _("%(who)s joined them on %(when)s.", **said)
    return Problem("decided-already", words)


def _name(user_id: UUID | None) -> str:
    return accounts.names({user_id}).get(user_id, "") if user_id else ""
