"""What every page about a visit begins with: finding it, and writing down that somebody looks. It has no address."""

from uuid import UUID

from field.accounts.actors import current_actor
from field.core.db import transaction
from field.reviews import looks, queries
from field.visits.models import Visit


def looked_at(visit_id: UUID) -> Visit:
    """The visit, once it stands in the audit trail that this person looks; raises Problem `not-found`."""
    actor = current_actor()
    visit = queries.visit(visit_id, actor.scope)
    if not looks.is_noted(visit, actor):
        with transaction():
            looks.note(visit, actor)
    return visit
