"""What a form of the office was shown goes along with it: who sends one that somebody else has overtaken is told first.

A setting has no steps of which a form could name the last; without this, whoever presses Save last would win unseen.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from field.accounts.queries import names
from field.core.errors import Problem
from field.core.i18n import moment_text


@dataclass(frozen=True)
class Setting:
    """What stands, in words too, and who set it when; nobody while it is as the program came."""

    facts: tuple[Any, ...]
    changed_by: UUID | None = None
    changed_at: datetime | None = None
    words: str = ""

    @classmethod
    def of(cls, row: Any, facts: tuple[Any, ...], words: str = "") -> "Setting":
        """By a row that says who changed it when, if there is one."""
        by, at = (row.changed_by, row.changed_at) if row is not None else (None, None)
        return cls(facts, by, at, words)

    @property
    def mark(self) -> str:
        """What a form carries of it, short."""
        return sha256(repr(self.facts).encode()).hexdigest()[:16]


class Overtaken(Problem):
    """Somebody changed what a form was about after it was opened; `part` is the form."""

    def __init__(self, part: str, detail: str) -> None:
        super().__init__("decided-already", detail)
        self.part = part


def insist(part: str, shown: str | None, stands: Setting, wanted: tuple[Any, ...]) -> None:
    """Raise Overtaken when a form was shown something else than what stands, unless what it wants stands already.

    So a form that is sent twice is answered twice alike. Pages that were opened before forms had a mark send none.
    """
    if not shown or shown == stands.mark or stands.facts == wanted:
        return
    who = names({stands.changed_by}).get(stands.changed_by) if stands.changed_by else None
    if who:
        said = _("%(who)s changed this on %(when)s.", who=who, when=moment_text(stands.changed_at))
    else:
        said = _("Somebody has changed this meanwhile.")
    now = _("It says now: %(words)s.", words=stands.words) if stands.words else ""
    yours = _("Nothing of yours is saved yet; send it again and it takes that place.")
    raise Overtaken(part, " ".join(text for text in (said, now, yours) if text))
