"""What a message is about and why it has not arrived, in words: both are kept as short codes, meant for programs."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from field.hazards.models import Action
from field.hazards.wording import HAPPENED
from field.notifications.mail import CLOSED, PAST
from field.notifications.posting import AWAY

_FAILURES: Mapping[str, Any] = {
    "ConnectionRefusedError": _l("Nobody answers there."),
    "TimeoutError": _l("No answer in time."),
    "gaierror": _l("There is no such host."),
    "SSLCertVerificationError": _l("Its certificate cannot be trusted."),
    "not allowed": _l("Whoever runs the server has not allowed this host."),
    "not set up": _l("Not set up on this server."),
    "not confirmed": _l("The address was not confirmed."),
    "refused": _l("The reader did not want it."),
    "removed": _l("It was removed."),
    CLOSED: _l("The account was closed before it was sent."),
    PAST: _l("Its day was over before it could be sent."),
    AWAY: _l("Not sent this time: others did not get through there."),
}


# By the beginning of an answer, the most particular first.
_ANSWERS: tuple[tuple[str, Any], ...] = (
    ("HTTP 3", _l("It points elsewhere, and redirects are not followed.")),
    ("HTTP 401", _l("It does not let us in.")),
    ("HTTP 403", _l("It does not let us in.")),
    ("HTTP 404", _l("There is nothing at this address.")),
    ("HTTP 410", _l("There is nothing at this address any more.")),
    ("HTTP 429", _l("It asks for a pause.")),
    ("HTTP 4", _l("It does not want this message.")),
    ("HTTP 5", _l("Something is wrong over there.")),
    ("SMTP 53", _l("The mail server does not accept our name or password.")),
    ("SMTP 5", _l("The mail server refused the address.")),
    ("SMTP 4", _l("The mail server asks for a pause.")),
    ("SMTPRecipientsRefused", _l("The mail server refused the address.")),
)


def failure(answer: str | None) -> str:
    """In words; behind them the answer as it came, for whoever looks after the other side."""
    if not answer:
        return ""
    if answer in _FAILURES:
        return str(_FAILURES[answer])
    known = (words for beginning, words in _ANSWERS if answer.startswith(beginning))
    words = next(known, _l("The connection broke off."))
    return str(_("%(what)s (%(answer)s)", what=words, answer=answer))


def subject(content: Mapping[str, Any]) -> str:
    """What a message tells another program of: a step of a hazard's life."""
    action = str(content.get("type", "")).removeprefix("hazard.")
    return str(HAPPENED[Action(action)]) if action in set(Action) else action
