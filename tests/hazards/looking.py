"""Short ways to look at a hazard anew and to say at the door that it is put right."""

from typing import Any

from field.core.db import db
from field.hazards.models import Finding
from tests.phone import Phone


def now(hazard: Finding) -> Finding:
    """The hazard as it stands now."""
    db.session.expire_all()
    return db.session.get_one(Finding, hazard.id)


def ticked(*hazards: Finding) -> list[str]:
    """What the boxes of the list say of hazards as they are: which, and in which version."""
    return [f"{hazard.id}.{hazard.version}" for hazard in hazards]


def actions(hazard: Finding) -> list[str]:
    """What happened to it after it was found and told of."""
    return [str(step.action) for step in now(hazard).steps][2:]


def looked_again(sender: Phone, hazard: Finding, *parts: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The body of a visit that found the hazard put right."""
    said = {"finding": str(hazard.id), "passed": True, "photos": [part["id"] for part in parts]}
    return sender.visit_body(hazard.dwelling_id, rechecks=[said | facts], photos=list(parts))
