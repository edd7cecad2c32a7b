"""The daily mail: who asked for it, what it says (numbers and links, never a name or an address), and one attempt."""

import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from field.accounts.models import Role, User
from field.accounts.scope import scope_of
from field.audit import service as audit
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id
from field.hazards import listing as hazards
from field.notifications import confirming
from field.notifications.models import Delivery, Kind, MailDigest
from field.referrals import queries as referrals
from field.reviews import queue as reviews
from field.visits.models import ReviewState

SECONDS = 20
# Why nothing more is sent to somebody whose account was closed after the mail was made.
CLOSED = "account closed"
# Why a mail of numbers that could not be sent on its day is sent no more.
PAST = "past its day"
# What went wrong with one mail and says nothing of the next; so do codes of the mail server.
_OF_ONE = {CLOSED, PAST, "not set up", "SMTPRecipientsRefused"}
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")


def digest_of(user_id: UUID) -> MailDigest | None:
    """What somebody asked for."""
    return db.session.scalar(select(MailDigest).where(MailDigest.user_id == user_id))


def ask_for(user: User, address: str, now: datetime) -> MailDigest:
    """Let somebody have the daily mail once the address is confirmed (confirming.py); raises Problem `invalid`.

    The address that is confirmed already stays so.
    """
    if len(address) > 254 or not ADDRESS.match(address):
        words = str(_("Please enter an e-mail address such as name@example.org."))
        raise Problem("invalid", words, fields={"address": words})
    _hold(user)
    digest = digest_of(user.id)
    if digest is not None and digest.confirmed_at is not None and digest.address == address:
        return digest
    confirming.count_link(user, now)
    if digest is None:
        digest = MailDigest(id=new_id(), district=user.district, user_id=user.id, asked_at=now)
        audit.record("digest.asked", user.district, ("user", user.id), user.id)
    digest.address = address
    digest.address_masked = _masked(address)
    db.session.add(digest)
    confirming.begin_anew(digest, now)
    return digest


def ask_for_link(user: User, now: datetime) -> None:
    """Have the link sent anew to an address that is not confirmed yet."""
    digest = digest_of(user.id)
    if digest is not None and digest.confirmed_at is None:
        confirming.count_link(user, now)
        confirming.begin_anew(digest, now)


def end(user: User) -> None:
    """Send them nothing more, and forget the address."""
    _hold(user)
    digest = digest_of(user.id)
    if digest is not None:
        db.session.delete(digest)
        audit.record("digest.ended", user.district, ("user", user.id), user.id)


def _hold(user: User) -> None:
    """Two forms of one person go one after the other: there is one address for each."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())


def _masked(address: str) -> str:
    name, _at, host = address.partition("@")
    return f"{name[:1]}***@{host}"


def due(district: int, today: date) -> Sequence[MailDigest]:
    """Who may still get something today: a link that confirms their address, or the numbers."""
    statement = (
        select(MailDigest)
        .join(MailDigest.user)
        .options(contains_eager(MailDigest.user))
        .where(MailDigest.district == district, User.disabled_at.is_(None))
        .where(
            or_(
                and_(MailDigest.confirmed_at.is_(None), MailDigest.confirmation.is_(None)),
                and_(MailDigest.confirmed_at.is_not(None), _not_sent(today)),
            )
        )
        .order_by(MailDigest.id)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(statement).unique().all()


def _not_sent(today: date) -> ColumnElement[bool]:
    return or_(MailDigest.sent_on.is_(None), MailDigest.sent_on < today)


def make(digest_id: UUID, numbers: Mapping[str, int], today: date, now: datetime) -> int:
    """Make today's mail of the numbers that were counted for somebody, or, while their address is not confirmed, the
    one with the link; says how many. Once a day for each, and not for who has ended it meanwhile."""
    digest = db.session.get(MailDigest, digest_id, with_for_update={"of": MailDigest}, populate_existing=True)
    if digest is None or digest.user.disabled_at is not None:
        return 0
    if digest.confirmed_at is None:
        link = confirming.message(digest, now)
        db.session.add_all([link] if link else [])
        return int(link is not None)
    if not numbers or (digest.sent_on is not None and digest.sent_on >= today):
        return 0
    digest.sent_on = today
    db.session.add(_message(digest, numbers, today, now))
    return 1


def _message(digest: MailDigest, numbers: Mapping[str, int], today: date, now: datetime) -> Delivery:
    return Delivery(
        id=new_id(),
        district=digest.district,
        kind=Kind.MAIL,
        target_id=digest.id,
        about=_of_day(today),
        content=dict(numbers),
        next_at=now,
        made_at=now,
    )


def _of_day(day: date) -> UUID:
    return UUID(int=day.toordinal())


def is_past(delivery: Delivery, today: date) -> bool:
    """Whether it says what waited on another day: the mail server was away, and the numbers are true no more."""
    return delivery.content != confirming.CONTENT and delivery.about != _of_day(today)


def numbers_for(user: User, today: date) -> dict[str, int]:
    """What waits for somebody, by what it is; only what their role acts on."""
    scope = scope_of(user)
    totals = referrals.totals(referrals.tallies(scope, today))
    if user.role == Role.HANDLER:
        return {name: totals[name] for name in ("waiting", "overdue", "escalated")}
    numbers = {"late_hazards": hazards.counts(scope, today)["overdue"], "late_referrals": totals["overdue"]}
    if user.role == Role.LEAD:
        numbers["reviews"] = reviews.counts(scope).get(ReviewState.WAITING, 0)
        numbers["returned"] = totals["returned"]
        numbers["void_rechecks"] = hazards.void_rechecks(scope)
    return numbers


def compose(
    digest: MailDigest, delivery: Delivery, settings: Mapping[str, Any], now: datetime
) -> EmailMessage:
    """The mail in the language of its reader."""
    sender, site, message = settings["SMTP_FROM"], settings["ADDRESS"], EmailMessage()
    with force_locale(digest.user.language or settings["LANGUAGES"][0]):
        if delivery.content == confirming.CONTENT:
            subject, text = confirming.words(digest, site, settings["SECRET_KEY"], now)
        else:
            subject, text = str(_("Doorstep: what waits today")), _numbers(delivery, site)
    message["Subject"] = subject
    message["From"], message["To"] = sender, digest.address
    message["Message-ID"] = f"<{delivery.id}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _numbers(delivery: Delivery, site: str) -> str:
    lines = [text for name, count in delivery.content.items() if (text := _line(name, count, site))]
    ending = str(_("You asked for this mail. End it here: %(link)s", link=f"{site}/notifications"))
    return "\n".join([*lines, "", ending, ""])


def _line(name: str, count: int, site: str) -> str:
    if not count:
        return ""
    words, place = {
        "waiting": (ngettext("%(num)s hazard to accept", "%(num)s hazards to accept", count), "referrals"),
        "overdue": (
            ngettext("%(num)s overdue referral", "%(num)s overdue referrals", count),
            "referrals?state=overdue",
        ),
        "escalated": (
            ngettext("%(num)s escalated", "%(num)s escalated", count),
            "referrals?state=escalated",
        ),
        "late_hazards": (
            ngettext("%(num)s overdue hazard", "%(num)s overdue hazards", count),
            "hazards?state=overdue",
        ),
        "late_referrals": (
            ngettext("%(num)s overdue referral", "%(num)s overdue referrals", count),
            "referrals?state=overdue",
        ),
        "reviews": (ngettext("%(num)s visit to review", "%(num)s visits to review", count), "reviews"),
        "void_rechecks": (
            ngettext(
                "%(num)s recheck that does not count, without a usable photo",
                "%(num)s rechecks that do not count, without a usable photo",
                count,
            ),
            "hazards?status=recheck_due",
        ),
        "returned": (
            ngettext("%(num)s hazard returned", "%(num)s hazards returned", count),
            "referrals?state=returned",
        ),
    }[name]
    return f"{words}: {site}/{place}"


def attempt(message: EmailMessage, settings: Mapping[str, Any]) -> str | None:
    """Send it once; None when the mail server took it, else why not."""
    try:
        with _connected(settings) as server:
            if settings["SMTP_USER"]:
                server.login(settings["SMTP_USER"], settings["SMTP_PASSWORD"])
            server.send_message(message)
    except smtplib.SMTPResponseException as error:
        return f"SMTP {error.smtp_code}"
    except (OSError, smtplib.SMTPException) as error:
        return type(error).__name__
    return None


def is_of_one(failure: str) -> bool:
    """Whether the next mail may well go through."""
    return failure in _OF_ONE or failure.startswith("SMTP ")


def _connected(settings: Mapping[str, Any]) -> smtplib.SMTP:
    where = (settings["SMTP_HOST"], settings["SMTP_PORT"])
    context = ssl.create_default_context()
    if settings["SMTP_SECURITY"] == "tls":
        return smtplib.SMTP_SSL(*where, timeout=SECONDS, context=context)
    server = smtplib.SMTP(*where, timeout=SECONDS)
    if settings["SMTP_SECURITY"] == "starttls":
        server.starttls(context=context)
    return server
