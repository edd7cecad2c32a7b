"""What the pages of a visit are made of; for the routes of the queue, the visit and the decision."""

from typing import Any
from uuid import UUID

from field.accounts.actors import current_actor
from field.checklists.queries import words
from field.core.i18n import spoken
from field.reviews import queries, reading
from field.visits.models import Visit


def subject_of(visit_id: UUID) -> dict[str, Any]:
    """A visit with all that is shown beside it; raises Problem `not-found`."""
    actor = current_actor()
    visit = queries.visit(visit_id, actor.scope)
    said_in = words(visit.district, spoken())
    said = [reading.read(visit, revision, said_in) for revision in reversed(visit.revisions)]
    return {
        "visit": visit,
        "subject": queries.subject(visit, actor.scope),
        "said": said[0],
        "earlier": said[1:],
        "words": said_in,
        **decision_of(visit),
    }


def decision_of(visit: Visit) -> dict[str, Any]:
    """The state of a visit's review and the empty form of a decision."""
    review = queries.last_decision(visit)
    return {
        "visit": visit,
        "review": review,
        "reviewer": queries.name_of(review.reviewer_id) if review else "",
        "next_id": queries.next_waiting(visit, current_actor().scope),
        "reason": "",
        "complaint": None,
    }
