"""Why a message has not arrived, in words: what attempts answer is short and meant for logs."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

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
}


def failure(answer: str | None) -> str:
    """In words where it is known; a status as it came."""
    if not answer:
        return ""
    if answer in _FAILURES:
        return str(_FAILURES[answer])
    return str(_("The answer was: %(answer)s", answer=answer))
