"""No mail goes to an address before somebody who reads it there has said yes, by a signed link that ends after days.

The link says nothing of anybody; opening it does nothing, as programs that look through mails open links. Writing and
sending mails is in mail.py.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from field.accounts import throttles
from field.accounts.models import User
from field.audit import service as audit
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id
from field.notifications import outbox
from field.notifications.models import Delivery, Kind, MailDigest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VALID_FOR = timedelta(days=2)
# Links that somebody may ask for in a day, and wrong links that one address may try in an hour.
LINKS, GUESSES = 5, 20
CONTENT = {"confirm": 1}


def count_link(user: User, now: datetime) -> None:
    """Count a link that somebody asks for; raises Problem `too-many-requests`, as others' mailboxes are no toy."""
    if throttles.count(f"mail-link:{user.id}", DAY, now) > LINKS:
        raise Problem("too-many-requests", _("Too many links today. Please try again tomorrow."))


def begin_anew(digest: MailDigest, now: datetime) -> None:
    """Whoever reads there has to say yes first, by a link of its own; what waited to be sent is not sent."""
    digest.confirmation = digest.confirmed_at = None
    outbox.give_up(digest.id, "not confirmed", now)


def message(digest: MailDigest, now: datetime) -> Delivery | None:
    """The message with the link, once for each address; None when it was made or is not needed."""
    if digest.confirmed_at is not None or digest.confirmation is not None:
        return None
    digest.confirmation = new_id()
    return Delivery(
        id=new_id(),
        district=digest.district,
        kind=Kind.MAIL,
        target_id=digest.id,
        about=digest.confirmation,
        content=CONTENT,
        next_at=now,
        made_at=now,
    )


def words(digest: MailDigest, site: str, secret: str, now: datetime) -> tuple[str, str]:
    """Subject and text of the mail with the link; the link counts from when it is sent."""
    link = f"{site}/mail/{_link(digest, secret, now)}"
    lines = [
        _("Somebody asked for the daily mail of Doorstep to come to this address."),
        _("If you want it, open this page within two days and say so:"),
        link,
        _("If not, do nothing, or say on that page that it was not you. Nothing else will come."),
    ]
    return str(_("Doorstep: please confirm this address")), "\n".join([*map(str, lines), ""])


def _link(digest: MailDigest, secret: str, now: datetime) -> str:
    assert digest.confirmation is not None
    ends = int((now + VALID_FOR).timestamp())
    return _signing(secret).dumps([digest.confirmation.hex, ends])


def _signing(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="mail-confirmation")


def find(link: str, address: str, secret: str, now: datetime) -> MailDigest | None:
    """What a link is for, if it is ours, in time, and of the newest address; `address` is whose request it is.

    Raises Problem `too-many-requests` for addresses that guess. Write nothing here.
    """
    if throttles.counted(f"mail-guess:{address}", HOUR, now) >= GUESSES:
        raise Problem("too-many-requests", headers={"Retry-After": str(int(HOUR.total_seconds()))})
    try:
        name, ends = _signing(secret).loads(link)
    except BadData:
        return None
    if datetime.fromtimestamp(ends, UTC) < now:
        return None
    return db.session.scalar(select(MailDigest).where(MailDigest.confirmation == UUID(name)))


def count_guess(address: str, now: datetime) -> None:
    """Remember a link that leads nowhere."""
    throttles.count(f"mail-guess:{address}", HOUR, now)


def confirm(digest: MailDigest, now: datetime) -> None:
    """Whoever reads that mailbox wants the mail; saying so twice is the same as once."""
    held = _held(digest)
    if held is not None and held.confirmed_at is None:
        held.confirmed_at = now
        audit.record("digest.confirmed", held.district, ("user", held.user_id), None)


def refuse(digest: MailDigest, now: datetime) -> None:
    """It was not them: the address is forgotten."""
    held = _held(digest)
    if held is not None:
        outbox.give_up(held.id, "refused", now)
        db.session.delete(held)
        audit.record("digest.refused", held.district, ("user", held.user_id), None)


def _held(digest: MailDigest) -> MailDigest | None:
    """The row as it is now, unless another address was entered meanwhile."""
    statement = select(MailDigest).where(MailDigest.confirmation == digest.confirmation)
    return db.session.scalars(
        statement.with_for_update(of=MailDigest).execution_options(populate_existing=True)
    ).one_or_none()
