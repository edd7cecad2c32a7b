"""Webhooks: which addresses a district tells of its hazards, and what they are told. posting.py sends it."""

import base64
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, delete, or_, select

from field.accounts.scope import Actor
from field.audit import service as audit
from field.audit.queries import newest_about
from field.core.clock import instant_text
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import first_id_at, new_id
from field.core.twice import in_turn, moments_ago
from field.hazards.models import Action, Finding, FindingStep
from field.notifications import outbox
from field.notifications.models import Delivery, Kind, Webhook
from field.notifications.posting import complaint_about

MOST = 5
# Longer than a transaction lives: what was written before and became visible late is told too.
OVERLAP = timedelta(hours=1)
PAGE = 500
# Whatever moves a hazard or its deadline, or presses for it. That it was found comes with the step that followed at
# once; notes, how it goes and who shall look are no business of other programs.
TOLD = (
    *(Action.FIX_ON_SITE, Action.NOTIFY, Action.REPORT_FIXED, Action.ASK_RECHECK, Action.CLOSE),
    *(Action.FAIL_RECHECK, Action.REFER, Action.ACCEPT, Action.RETURN, Action.START, Action.FEED_BACK),
    *(Action.RECALL, Action.ESCALATE, Action.RESCHEDULE),
    *(Action.AWAIT_PHOTO, Action.CONFIRM_RECHECK, Action.VOID_RECHECK, Action.LAPSE_RECHECK),
    Action.WITHDRAW,
)
# These now and then leave all of that as it was, and are told when they do not.
TOLD_OF_A_CHANGE = (Action.TAKE_BACK, Action.RECOUNT)


def add(url: str, hosts: Collection[str], actor: Actor, now: datetime) -> tuple[Webhook, str]:
    """Tell an address from now on; answers the secret too, which is shown once. Raises Problem `invalid`.

    A double click is answered as the first was. Later the same address can be added once more, for another secret.
    """
    complaint = complaint_about(url, hosts)
    in_turn(actor.scope.district)
    held = of_district(actor.scope.district)
    for one in held:
        if (one.url, one.added_by) == (url, actor.id) and moments_ago(one.added_at, now):
            return one, one.secret or ""
    if complaint is None and len(held) >= MOST:
        complaint = str(_("At most %(most)s addresses.", most=MOST))
    if complaint:
        raise Problem("invalid", complaint, fields={"url": complaint})
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    hook = Webhook(
        id=new_id(),
        district=actor.scope.district,
        url=url,
        added_at=now,
        added_by=actor.id,
        told_until=now,
    )
    hook.secret = secret
    db.session.add(hook)
    host = urlsplit(url).hostname
    audit.record("webhook.added", hook.district, ("webhook", hook.id), actor.id, host=host)
    return hook, secret


def remove(webhook_id: UUID, actor: Actor, now: datetime) -> None:
    """Tell it nothing more; removing it twice is once. Raises Problem `not-found`."""
    district = actor.scope.district
    one = delete(Webhook).where(Webhook.id == webhook_id, Webhook.district == district)
    if db.session.scalar(one.returning(Webhook.id)) is not None:
        outbox.give_up(webhook_id, "removed", now)
        audit.record("webhook.removed", district, ("webhook", webhook_id), actor.id)
    elif newest_about(district, webhook_id, ("webhook.removed",)) is None:
        raise Problem("not-found")


def of_district(district: int) -> list[Webhook]:
    """The addresses that a district tells, oldest first."""
    statement = select(Webhook).where(Webhook.district == district).order_by(Webhook.added_at, Webhook.id)
    return list(db.session.scalars(statement))


def enqueue(hook: Webhook, site: str, now: datetime) -> int:
    """Make a message of every step since the last time; says how many. Run again it makes none twice."""
    made, last = 0, first_id_at(hook.told_until - OVERLAP)
    while rows := _untold(hook, last):
        for step, finding in rows:
            db.session.add(_message(hook, step, finding, site, now))
        made, last = made + len(rows), rows[-1][0].id
        db.session.flush()
    hook.told_until = now
    return made


def _untold(hook: Webhook, last: UUID) -> list[tuple[FindingStep, Finding]]:
    told = select(Delivery.id).where(Delivery.target_id == hook.id, Delivery.about == FindingStep.id)
    statement = (
        select(FindingStep, Finding)
        .join(Finding, Finding.id == FindingStep.finding_id)
        .where(FindingStep.district == hook.district, FindingStep.id > last)
        .where(FindingStep.id >= first_id_at(hook.added_at), _told())
        .where(~told.exists())
    )
    rows = db.session.execute(statement.order_by(FindingStep.id).limit(PAGE)).all()
    return [(row[0], row[1]) for row in rows]


def _told() -> ColumnElement[bool]:
    changed = or_(FindingStep.status != FindingStep.came_from, FindingStep.due_on.is_not(None))
    return or_(FindingStep.action.in_(TOLD), and_(FindingStep.action.in_(TOLD_OF_A_CHANGE), changed))


def _message(hook: Webhook, step: FindingStep, finding: Finding, site: str, now: datetime) -> Delivery:
    return Delivery(
        id=new_id(),
        district=hook.district,
        kind=Kind.WEBHOOK,
        target_id=hook.id,
        about=step.id,
        content=content_of(step, finding, site),
        next_at=now,
        made_at=now,
    )


def content_of(step: FindingStep, finding: Finding, site: str) -> dict[str, Any]:
    """What a program is told: codes, days and a link; no name, no address, no words that somebody wrote."""
    facts = {
        "hazard": str(finding.id),
        "link": f"{site}/hazards/{finding.id}" if site else None,
        "item": finding.item_code,
        "severity": finding.severity,
        "status": step.status,
        "department": step.department or finding.department,
        "area": finding.grid_code.partition("-")[0],
        "due_on": (step.due_on or finding.due_on).isoformat(),
    }
    known = {name: value for name, value in facts.items() if value is not None}
    return {"type": f"hazard.{step.action}", "timestamp": instant_text(step.at), "data": known}
