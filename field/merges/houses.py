"""Houses that workers added: they stand as long as a door of theirs does, and are confirmed with the first, with their
address as a lead spells it."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from field.audit import service as audit
from field.core.changes import next_change
from field.core.db import db
from field.core.errors import Problem
from field.hazards.models import Finding
from field.places.models import Building, Dwelling, Proposal
from field.places.plates import is_there
from field.visits.models import Visit

ADDRESS = 120


def follow_doors(building: Building) -> None:
    """Let a house that was added follow what became of its doors; one of the register stays."""
    if building.proposal is None:
        return
    db.session.flush()
    statement = select(Dwelling.proposal).where(Dwelling.building_id == building.id, is_there())
    standing = set(db.session.scalars(statement))
    if None in standing:
        building.proposal = None
    else:
        building.proposal = Proposal.WAITING if standing else Proposal.DECLINED


def spell(building: Building, address: str, actor_id: UUID) -> None:
    """Give a house that was added its address as it should be; phones hear of it. One of the register keeps its own.

    Raises Problem `invalid` when nothing was given.
    """
    said = " ".join(address.split())
    if building.proposal is None or said == building.address:
        return
    if not 0 < len(said) <= ADDRESS:
        raise Problem("invalid", _("Please give the address of the house, in 120 characters at most."))
    building.address = said
    tell_lists(building.district, Dwelling.building_id == building.id)
    audit.record("building.spelt", building.district, ("building", building.id), actor_id)


def tell_lists(district: int, which: ColumnElement[bool]) -> None:
    """Give what lies at some doors a new change number: lists show their address and whether they are new, and whoever
    keeps one open is told only of what has changed."""
    doors, number = (
        select(Dwelling.id).where(Dwelling.district == district, which),
        next_change(db.session(), district),
    )
    for model in (Visit, Finding):
        here = update(model).where(model.district == district, model.dwelling_id.in_(doors))
        db.session.execute(here.values(change_no=number).execution_options(synchronize_session=False))
