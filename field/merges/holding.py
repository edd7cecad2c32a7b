"""Two entries held while somebody decides about them: read again once nobody else can change them."""

from flask_babel import gettext as _
from sqlalchemy import select

from field.accounts.scope import Scope
from field.core.db import db
from field.core.errors import Problem
from field.merges import queries
from field.merges.models import Kind
from field.merges.sides import Side, sides
from field.merges.told import was_decided
from field.places.models import Dwelling, Proposal
from field.places.queries import hold_doors


def hold(kind: Kind, pair: queries.Pair, scope: Scope) -> tuple[Side, Side]:
    """Both entries as they are now, with their doors held; raises Problem `not-found` or `decided-already`."""
    doors = {side.door.id for side in sides(kind, pair, scope)}
    closed_for_them = select(Dwelling.id).where(Dwelling.merged_into.in_(doors))
    hold_doors(doors | set(db.session.scalars(closed_for_them)))
    both = sides(kind, pair, scope)
    if {side.door.id for side in both} != doors:
        raise Problem(
            "decided-already",
            _("One of the two belongs to another door meanwhile. Please look at both again."),
        )
    return both


def refuse_closed(kind: Kind, both: tuple[Side, Side]) -> None:
    """One that is closed already is kept for nothing and closed for nothing: two who decide would close both."""
    for side in both:
        if kind == Kind.PEOPLE and side.row.ended:
            raise Problem(
                "decided-already",
                _(
                    "%(name)s is not recorded as living at %(address)s any more. Please look at both again.",
                    name=side.row.person.name,
                    address=side.door.address,
                ),
            )
        if kind == Kind.ADDRESSES and _is_closed(side.row):
            raise was_decided(side.row)


def _is_closed(door: Dwelling) -> bool:
    return door.merged_into is not None or door.proposal == Proposal.DECLINED
