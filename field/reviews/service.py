"""Deciding: approve a visit or return it with a reason; once for each revision, and never over somebody's head."""

from uuid import UUID

from flask_babel import gettext as _

from field.accounts import queries as accounts
from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.clock import utcnow
from field.core.db import db
from field.core.errors import Problem
from field.core.i18n import moment_text
from field.reviews import queries
from field.reviews.models import Decision, Review
from field.visits.models import ReviewState, Visit

STATE_AFTER = {Decision.APPROVED: ReviewState.APPROVED, Decision.RETURNED: ReviewState.RETURNED}


def approve(visit_id: UUID, revision: int, actor: Actor) -> Review:
    """Approve a revision; approving twice is the same as once."""
    return _decide(visit_id, revision, Decision.APPROVED, None, actor)


def send_back(visit_id: UUID, revision: int, reason: str, actor: Actor) -> Review:
    """Return a revision to its author with the reason; it is in their next pack."""
    return _decide(visit_id, revision, Decision.RETURNED, reason, actor)


def _decide(visit_id: UUID, revision: int, decision: Decision, reason: str | None, actor: Actor) -> Review:
    visit = queries.for_decision(visit_id, actor.scope)
    earlier = queries.last_decision(visit)
    if earlier is not None:
        return _same_or_refuse(earlier, decision, reason, actor)
    if visit.revision != revision:
        raise Problem("decided-already", _("A correction has come meanwhile. Please look at it first."))
    review = Review(
        district=visit.district,
        visit=visit,
        revision=revision,
        decision=decision,
        reason=reason,
        reviewer_id=actor.id,
        decided_at=utcnow(),
    )
    db.session.add(review)
    _mark(visit, review)
    audit.record(f"visit.{decision.value}", visit.district, ("visit", visit.id), actor.id, revision=revision)
    return review


def _mark(visit: Visit, review: Review) -> None:
    visit.state = STATE_AFTER[review.decision]
    visit.decided_at = review.decided_at


def _same_or_refuse(earlier: Review, decision: Decision, reason: str | None, actor: Actor) -> Review:
    """A double click is answered as the first one was; another's decision is told, not overwritten."""
    if (earlier.reviewer_id, earlier.decision, earlier.reason) == (actor.id, decision, reason):
        return earlier
    names = accounts.names({earlier.reviewer_id})
    who, when = names.get(earlier.reviewer_id, ""), moment_text(earlier.decided_at)
    if earlier.decision == Decision.APPROVED:
        words = _("%(who)s approved this visit on %(when)s.", who=who, when=when)
    else:
        words = _(
            "%(who)s returned this visit on %(when)s: %(reason)s",
            who=who,
            when=when,
            reason=earlier.reason or "",
        )
    raise Problem("decided-already", words, **queries.decided_words(earlier, names))
