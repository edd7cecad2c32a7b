"""Commands for notifications."""

from collections import Counter
from typing import Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from field.core.clock import local_day, utcnow
from field.core.db import db, transaction
from field.core.logs import log
from field.hazards import lapsing
from field.notifications import mail, outbox, posting, turn, webhooks
from field.notifications.models import Delivery, Kind, MailDigest, Webhook

notifications = AppGroup("notifications", help="Daily mails and webhooks.")


# Messages of one run that may go wrong at one place; the others for it then wait as if they had been tried.
PATIENCE = 2


@notifications.command("send")
def send() -> None:
    """Make what is due, send what waits; for cron every few minutes. Does nothing while neither is set up."""
    with turn.taken(current_app.config["DATA"]) as mine:
        if not mine:
            click.echo("Another run is still sending.")
            return
        made = _make_webhooks() + _make_mails()
        went: Counter[bool] = Counter()
        for kind in Kind:  # mails first: their one server is ours, the hosts of webhooks are anybody's
            went += _send_all(kind)
        with transaction():
            outbox.forget_old(utcnow())
        click.echo(f"{made} new, {went[True]} sent, {went[False]} not yet.")


def _send_all(kind: Kind) -> Counter[bool]:
    """How many went, and how many did not."""
    went: Counter[bool] = Counter()
    away: dict[UUID | Kind, int] = {}
    while batch := _claimed(kind):
        for delivery in batch:
            failure = _attempt_at(delivery, away)
            with transaction():
                outbox.settle(delivery.id, failure, utcnow())
            log.info("notification", delivery=str(delivery.id), kind=str(delivery.kind), failure=failure)
            went[failure is None] += 1
    return went


def _attempt_at(delivery: Delivery, away: dict[UUID | Kind, int]) -> str | None:
    """Try it, unless its place has been waited for often enough in this run: a host that hangs takes its whole
    time with every message."""
    place = delivery.target_id if delivery.kind == Kind.WEBHOOK else Kind.MAIL
    if away.get(place, 0) >= PATIENCE:
        return posting.AWAY
    failure = _attempt(delivery)
    if failure is None:
        away.pop(place, None)
    elif delivery.kind == Kind.WEBHOOK or not mail.is_of_one(failure):
        away[place] = away.get(place, 0) + 1
    return failure


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
    """Numbers are computed while nothing is held: visits arrive meanwhile."""
    config = current_app.config
    if not config["SMTP_HOST"]:
        return 0
    now, zone = utcnow(), config["TIMEZONE"]
    made = 0
    for district in db.session.scalars(select(MailDigest.district).distinct()).all():
        if lapsing.are_due(district, now, zone):
            with transaction():
                lapsing.end_waits(district, now, zone)
        today = local_day(now, zone)
        for digest in mail.due(district, today):
            numbers = mail.numbers_for(digest.user, today) if digest.confirmed_at else {}
            if digest.confirmed_at is None or any(numbers.values()):
                with transaction():
                    made += mail.make(digest.id, numbers, today, now)
    return made


def _claimed(kind: Kind) -> list[Delivery]:
    with transaction():
        return list(outbox.claim(kind, utcnow()))


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
    if mail.is_past(delivery, local_day(utcnow(), config["TIMEZONE"])):
        with transaction():
            outbox.give_up(digest.id, mail.PAST, utcnow(), about=delivery.about)
        return mail.PAST
    message = mail.compose(digest, delivery, config, utcnow())
    db.session.rollback()
    return mail.attempt(message, config)


def _post(delivery: Delivery, config: Any) -> str | None:
    hook = db.session.get(Webhook, delivery.target_id)
    if hook is None:
        return "not set up"
    db.session.rollback()
    return posting.attempt(hook, delivery, config["WEBHOOK_HOSTS"], utcnow())
