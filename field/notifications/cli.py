"""Commands for notifications."""

from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from field.core.clock import local_day, utcnow
from field.core.db import db, transaction
from field.core.logs import log
from field.hazards import lapsing
from field.notifications import mail, outbox, posting, webhooks
from field.notifications.models import Delivery, Kind, MailDigest, Webhook

notifications = AppGroup("notifications", help="Daily mails and webhooks.")


@notifications.command("send")
def send() -> None:
    """Make what is due, send what waits; for cron every few minutes. Does nothing while neither is set up."""
    made = _make_webhooks() + _make_mails()
    sent, failed = 0, 0
    while batch := _claimed():
        for delivery in batch:
            failure = _attempt(delivery)
            with transaction():
                outbox.settle(delivery.id, failure, utcnow())
            log.info("notification", delivery=str(delivery.id), kind=str(delivery.kind), failure=failure)
            sent, failed = sent + (failure is None), failed + (failure is not None)
    with transaction():
        outbox.forget_old(utcnow())
    click.echo(f"{made} new, {sent} sent, {failed} not yet.")


def _make_webhooks() -> int:
    if not current_app.config["WEBHOOK_HOSTS"]:
        return 0
    ids = db.session.scalars(select(Webhook.id)).all()
    made = 0
    for webhook_id in ids:
        with transaction():
            hook = db.session.get(Webhook, webhook_id, with_for_update=True, populate_existing=True)
            if hook is not None:
                made += webhooks.enqueue(hook, current_app.config["ADDRESS"], utcnow())
    return made


def _make_mails() -> int:
    config = current_app.config
    if not config["SMTP_HOST"]:
        return 0
    now = utcnow()
    districts = db.session.scalars(select(MailDigest.district).distinct()).all()
    made = 0
    for district in districts:
        with transaction():
            lapsing.end_waits(district, now, config["TIMEZONE"])
            made += mail.enqueue(district, local_day(now, config["TIMEZONE"]), now)
    return made


def _claimed() -> list[Delivery]:
    with transaction():
        return list(outbox.claim(utcnow()))


def _attempt(delivery: Delivery) -> str | None:
    """Outside of transactions: the other side may be slow."""
    work = {Kind.MAIL: _send_mail, Kind.WEBHOOK: _post}[Kind(delivery.kind)]
    return work(delivery, current_app.config)


def _send_mail(delivery: Delivery, config: Any) -> str | None:
    digest = db.session.get(MailDigest, delivery.target_id)
    if digest is None or not config["SMTP_HOST"]:
        return "not set up"
    if digest.user.disabled_at is not None:
        with transaction():
            outbox.give_up(digest.id, mail.CLOSED, utcnow())
        return mail.CLOSED
    message = mail.compose(digest, delivery, config, utcnow())
    db.session.rollback()
    return mail.attempt(message, config)


def _post(delivery: Delivery, config: Any) -> str | None:
    hook = db.session.get(Webhook, delivery.target_id)
    if hook is None:
        return "not set up"
    db.session.rollback()
    return posting.attempt(hook, delivery, config["WEBHOOK_HOSTS"], utcnow())
