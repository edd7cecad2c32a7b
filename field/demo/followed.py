"""What became of hazards in the demo's story, at desks and by a household: each step through the life of hazards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from field.accounts.models import User
from field.accounts.scope import Actor
from field.core.clock import local_day
from field.core.db import db
from field.demo.story import Step
from field.hazards import evidence, life
from field.hazards.models import Action, Finding
from field.hazards.terms import terms_of
from field.photos.desk import Proven


def follow(
    step: Step, finding_id: UUID, who: User | None, picture: Proven | None, at: datetime, zone: str
) -> None:
    """Let a step of the story happen; nobody (None) is the household."""
    finding = db.session.scalars(select(Finding).where(Finding.id == finding_id)).one()
    photos = evidence.keep(finding, [picture] if picture else [], at)
    actor = Actor.of(who) if who else None
    if step.action == Action.REPORT_FIXED:
        life.report_fixed(finding, actor, at, photos=photos)
    elif actor is not None and step.action == Action.REFER:
        accept_by = terms_of(finding.district).accept_by(step.department, local_day(at, zone), finding.due_on)
        life.refer(finding, step.department, actor, at, accept_by=accept_by, reason=step.reason)
    elif actor is not None and step.action == Action.FEED_BACK:
        life.feed_back(finding, True, step.reason, actor, at, photos=photos)
    else:
        life.step(finding, step.action, actor, at, reason=step.reason or None, photos=photos)
