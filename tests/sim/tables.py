"""Everything that is stored at the end of a schedule, read once."""

from typing import Any

from field.accounts.models import Device
from field.core.db import db
from field.photos.models import Photo, PhotoState
from field.sync.models import InboxConflict, InboxEvent, InboxNumber
from field.visits.models import VisitRevision
from tests.sim.ledger import Content


class Tables:
    """Everything that is stored, read once."""

    def __init__(self) -> None:
        self.events = {str(row.id): row for row in db.session.query(InboxEvent)}
        self.revisions = {str(row.id): row for row in db.session.query(VisitRevision)}
        self.conflicts = {(str(row.event_id), row.digest): row for row in db.session.query(InboxConflict)}
        self.again = db.session.query(InboxNumber).all()
        self.cleared = db.session.query(Device).filter(Device.cleared_at.is_not(None)).all()
        self.photos = {(str(row.photo_id), row.kind, row.digest): row for row in db.session.query(Photo)}

    def holds(self, event: dict[str, Any]) -> bool:
        """Whether the exact content is here under its id: applied, kept aside, or as the other content."""
        return self.has((event["id"], event["digest"]))

    def has(self, content: Content) -> bool:
        """The same of an id and a digest."""
        standing = self.events.get(content[0])
        return (standing is not None and standing.digest == content[1]) or content in self.conflicts

    def holds_photo(self, picture: Any) -> bool:
        """Whether a photo is here, whole or kept aside."""
        row = self.photos.get((picture.id, picture.kind, picture.digest))
        return row is not None and row.state in {PhotoState.STORED, PhotoState.QUARANTINED}
