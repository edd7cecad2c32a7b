"""What a department does with a hazard: accept it, return it, begin, say how it goes, report what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from field.accounts.scope import Actor
from field.core.errors import Problem
from field.hazards import life
from field.hazards.models import Action, Finding


@dataclass(frozen=True)
class Said:
    """A form as it was sent: the version that was looked at, checked values, photos kept already, and when."""

    version: int
    reason: str | None
    fixed: bool | None
    photos: Sequence[UUID]
    now: datetime

    @property
    def facts(self) -> dict[str, Any]:
        """What every step takes."""
        return {"expected": self.version, "photos": self.photos}


Work = Callable[[Finding, Said, Actor], None]


def _plain(action: Action) -> Work:
    def work(finding: Finding, said: Said, actor: Actor) -> None:
        life.step(finding, action, actor, said.now, reason=said.reason, **said.facts)

    return work


def feed_back(finding: Finding, said: Said, actor: Actor) -> None:
    """Report back; that it is put right needs a picture, so that whoever looks again has something to compare."""
    missing: dict[str, Any] = {}
    if said.fixed is None:
        missing["fixed"] = _l("Please say whether it is put right.")
    if said.fixed and not said.photos:
        missing["photos"] = _l("Please add a photo that shows it.")
    if not said.reason:
        missing["reason"] = _l("Please say what was done, in a sentence.")
    if missing:
        raise Problem("invalid", fields={name: str(text) for name, text in missing.items()})
    life.feed_back(finding, bool(said.fixed), said.reason or "", actor, said.now, **said.facts)


# By the last word of the address, with the step of a hazard's life that decides when it is offered.
STEPS: Mapping[str, tuple[Action, Work]] = {
    "acceptance": (Action.ACCEPT, _plain(Action.ACCEPT)),
    "start": (Action.START, _plain(Action.START)),
    "progress": (Action.PROGRESS, _plain(Action.PROGRESS)),
    "feedback": (Action.FEED_BACK, feed_back),
    "return": (Action.RETURN, _plain(Action.RETURN)),
}
