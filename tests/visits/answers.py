"""Saying things at a door by phones that know more or less of it, and reading what contradicts."""

from uuid import UUID

import orjson

from field.core.db import db, transaction
from field.visits.clashes import RegisterClash
from field.visits.models import Visit


def say(sender, door, base=1, **told):
    """A visit by a phone that last heard of the door at revision `base`."""
    return sender.record(door, base_revision=base, unchanged=None, **told)


def give_back(event):
    """Let the lead have returned a visit."""
    with transaction():
        db.session.get_one(Visit, UUID(orjson.loads(event["body"])["visit"])).state = "returned"


def correct(sender, event, base, **told):
    """Return a visit and let its author say it anew; answers the correction."""
    give_back(event)
    correction = sender.event(sender.correction_of(event, base_revision=base, **told))
    [result] = sender.send(correction)
    assert result["result"] == "accepted", result
    return correction


def visit_of(event):
    """The visit of an event as it is now."""
    db.session.expire_all()
    return db.session.get_one(Visit, UUID(orjson.loads(event["body"])["visit"]))


def clashes(state="open"):
    """What contradicts: (field, what stands, what was offered)."""
    rows = db.session.query(RegisterClash).filter_by(state=state).order_by(RegisterClash.field)
    return [(row.field, row.standing, row.offered) for row in rows]
