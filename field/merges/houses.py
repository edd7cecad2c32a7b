"""Houses that workers added: they stand as long as a door of theirs does, and are confirmed with the first."""

from sqlalchemy import select

from field.core.db import db
from field.places.models import Building, Dwelling, Proposal
from field.places.plates import is_there


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
