"""Deciding: approve, return or correct a visit; once for each revision, and never over somebody's head."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from field.accounts import queries as accounts
from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.changes import next_change
from field.core.clock import utcnow
from field.core.db import db
from field.core.errors import Problem
from field.core.i18n import moment_text
from field.hazards import rechecks
from field.hazards import service as hazards
from field.hazards.terms import terms_of
from field.places.queries import hold_doors
from field.reviews import queries
from field.reviews.models import Decision, ReversedReturn, Review
from field.visits import correcting, settling
from field.visits.models import ReviewState, Visit

STATE_AFTER = {
    Decision.APPROVED: ReviewState.APPROVED,
    Decision.CORRECTED: ReviewState.APPROVED,
    Decision.RETURNED: ReviewState.RETURNED,
}


def approve(visit_id: UUID, revision: int, actor: Actor) -> Review:
    """Approve a revision; approving twice is the same as once."""
    return _decide(visit_id, revision, Decision.APPROVED, None, actor)


def send_back(
    visit_id: UUID, revision: int, reason: str, actor: Actor, parts: Sequence[Mapping[str, str]] = ()
) -> Review:
    """Return a revision to its author with the reason and the parts that it is about; it is in their next pack."""
    return _decide(visit_id, revision, Decision.RETURNED, reason, actor, parts)


def refuse_unseen(visit: Visit, revision: int) -> None:
    """Raise Problem `decided-already` when another revision than the one that was looked at is the newest by now."""
    if visit.revision != revision:
        raise _newer(queries.last_decision(visit))


def refuse_decided(visit: Visit) -> None:
    """Raise Problem `decided-already` when the newest revision waits no longer."""
    if (decided := queries.last_decision(visit)) is not None:
        raise _decided(decided)


def take_back(visit_id: UUID, revision: int, actor: Actor) -> None:
    """Take a return back, also a colleague's: the visit waits again, and its author is not asked for it any more.

    A second click finds it done. Raises Problem `decided-already` when a correction has come, or something else was
    decided meanwhile.
    """
    earlier = _to_take_back(visit_id, revision, Decision.RETURNED, actor)
    if earlier is None:
        return
    visit = earlier.visit
    visit.state, visit.decided_at = ReviewState.WAITING, None
    audit.record(
        "visit.return_reversed", visit.district, ("visit", visit.id), actor.id, revision=visit.revision
    )
    db.session.add(ReversedReturn.of(earlier, actor.id))
    db.session.delete(earlier)


def take_approval_back(visit_id: UUID, revision: int, actor: Actor) -> None:
    """Take an approval back, also a colleague's: the visit waits again, and where the register follows approvals it is
    as if this one had not been.

    A second click finds it done. Raises Problem `decided-already` when it was corrected or returned meanwhile.
    """
    approval = _to_take_back(visit_id, revision, Decision.APPROVED, actor)
    if approval is not None:
        reopen(approval, actor)


def _to_take_back(visit_id: UUID, revision: int, decision: Decision, actor: Actor) -> Review | None:
    """What was decided of a visit, which is held, if it is this; None once it is taken back, else a Problem."""
    visit = _held(visit_id, actor)
    refuse_unseen(visit, revision)
    earlier = queries.last_decision(visit)
    if earlier is not None and earlier.decision != decision:
        raise _decided(earlier)
    return earlier


def reopen(approval: Review, actor: Actor) -> None:
    """Let an approved visit wait again; its row and its door are held."""
    visit = approval.visit
    visit.state, visit.decided_at = ReviewState.WAITING, None
    settling.unapprove(visit)
    audit.record("visit.reopened", visit.district, ("visit", visit.id), actor.id, revision=visit.revision)
    db.session.delete(approval)


def corrected_already(
    visit: Visit, revision: int, reason: str, actor: Actor, changes: Mapping[str, Any]
) -> bool:
    """Whether this is the second click of a correction; raises Problem when something else was decided meanwhile.
    `changes` tells what the form would change in the visit as it stands now: nothing, when that was done."""
    if visit.revision == revision:
        return False
    decided = queries.last_decision(visit)
    mine = (Decision.CORRECTED, actor.id, reason)
    if decided is None or (decided.decision, decided.reviewer_id, decided.reason) != mine or changes:
        raise _newer(decided)
    return True


def correct(
    visit_id: UUID, revision: int, changes: Mapping[str, Any], reason: str, actor: Actor, zone: str = "UTC"
) -> Review:
    """Correct a visit with a reason: its next revision, by the lead, which is approved with that.

    What was approved can be corrected too; what was returned is its author's to correct.
    """
    visit = _held(visit_id, actor)
    refuse_unseen(visit, revision)
    if visit.state == ReviewState.RETURNED:
        raise Problem(
            "decided-already",
            _(
                "This visit was returned; its author is correcting it. Take the return back to do it yourself."
            ),
        )
    now = utcnow()
    corrected = correcting.correct(visit, changes, actor.id, now)
    if "findings" in changes:
        terms = terms_of(visit.district)
        hazards.apply_findings(visit, settling.body_of(corrected), {}, now, zone, terms, actor.id)
    if "rechecks" in changes:
        _correct_rechecks(visit, settling.body_of(corrected), changes["rechecks"], actor, now)
    return _note(visit, Decision.CORRECTED, reason, actor)


def _correct_rechecks(
    visit: Visit, body: Mapping[str, Any], said: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    parts = [part for part in body["rechecks"] if str(part["finding"]) in said]
    otherwise = {UUID(key) for key, facts in said.items() if "passed" in facts}
    rechecks.correct_rechecks(visit, parts, otherwise, actor, now)


def _held(visit_id: UUID, actor: Actor) -> Visit:
    hold_doors(queries.doors_of([visit_id], actor.scope))
    next_change(db.session(), actor.scope.district)
    return queries.for_decision(visit_id, actor.scope)


def _newer(decided: Review | None) -> Problem:
    if decided is not None and decided.decision == Decision.CORRECTED:
        return _decided(decided)
    return Problem("decided-already", _("A correction has come meanwhile. Please look at it first."))


def _decide(
    visit_id: UUID,
    revision: int,
    decision: Decision,
    reason: str | None,
    actor: Actor,
    parts: Sequence[Mapping[str, str]] = (),
) -> Review:
    visit = _held(visit_id, actor)
    refuse_unseen(visit, revision)
    earlier = queries.last_decision(visit)
    if earlier is not None:
        return _same_or_refuse(earlier, decision, reason, actor, parts)
    if decision == Decision.APPROVED:
        settling.settle(visit, utcnow())
    return _note(visit, decision, reason, actor, parts)


def _note(
    visit: Visit,
    decision: Decision,
    reason: str | None,
    actor: Actor,
    parts: Sequence[Mapping[str, str]] = (),
) -> Review:
    review = Review(
        district=visit.district,
        visit=visit,
        revision=visit.revision,
        decision=decision,
        reason=reason,
        parts=[dict(part) for part in parts],
        reviewer_id=actor.id,
        decided_at=utcnow(),
    )
    db.session.add(review)
    _mark(visit, review)
    if decision != Decision.CORRECTED:  # which its revision has told of
        audit.record(
            f"visit.{decision.value}", visit.district, ("visit", visit.id), actor.id, revision=visit.revision
        )
    return review


def _mark(visit: Visit, review: Review) -> None:
    visit.state = STATE_AFTER[review.decision]
    visit.decided_at = review.decided_at


def _same_or_refuse(
    earlier: Review,
    decision: Decision,
    reason: str | None,
    actor: Actor,
    parts: Sequence[Mapping[str, str]],
) -> Review:
    """A double click is answered as the first one was; another decision is told, not overwritten and not dropped."""
    said = (actor.id, decision, reason, [dict(part) for part in parts])
    if (earlier.reviewer_id, earlier.decision, earlier.reason, earlier.parts) == said:
        return earlier
    raise _decided(earlier)


def _decided(earlier: Review) -> Problem:
    names = accounts.names({earlier.reviewer_id})
    who, when = names.get(earlier.reviewer_id, ""), moment_text(earlier.decided_at)
    if earlier.decision == Decision.APPROVED:
        words = _("%(who)s approved this visit on %(when)s.", who=who, when=when)
    elif earlier.decision == Decision.CORRECTED:
        words = _(
            "%(who)s corrected this visit on %(when)s: %(reason)s",
            who=who,
            when=when,
            reason=earlier.reason or "",
        )
    else:
        words = _(
            "%(who)s returned this visit on %(when)s: %(reason)s",
            who=who,
            when=when,
            reason=earlier.reason or "",
        )
    return Problem("decided-already", words, **queries.decided_words(earlier, names))
