"""The table of a hazard's life: what can happen in which state, who may do it, what it needs, where it leads.

Everything goes through life.py, which reads it; pages offer what stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from field.accounts.models import Role
from field.hazards.models import SETTLED, Action
from field.hazards.models import FindingStatus as S


class Need(StrEnum):
    """What a step asks for; the name is that of the form's field."""

    REASON = "reason"
    PHOTO = "photos"
    DEPARTMENT = "department"
    DEADLINE = "due_on"


@dataclass(frozen=True)
class Transition:
    """From which states, to which (None: it stays), by which roles; `unattended`: by the household or the program."""

    sources: frozenset[S]
    target: S | None
    roles: frozenset[Role]
    needs: frozenset[Need] = frozenset()
    unattended: bool = False


OPEN = frozenset(S) - frozenset(SETTLED)
# Where somebody of the grid may look whether it is put right.
CHECKABLE = frozenset({S.NOTIFIED, S.RECHECK_DUE, S.AWAITING_PHOTO, S.RECHECK_FAILED, S.RETURNED, S.FED_BACK})
# Where whoever was sent has still to go.
UNSEEN = CHECKABLE - {S.AWAITING_PHOTO}
_GRID = frozenset({Role.WORKER, Role.LEAD})
_LEAD = frozenset({Role.LEAD})
_HANDLER = frozenset({Role.HANDLER})
_ABOVE = frozenset({Role.LEAD, Role.OFFICE})
_REASON = frozenset({Need.REASON})


def _line(*sources: S, to: S | None, by: frozenset[Role], **facts: Any) -> Transition:
    return Transition(frozenset(sources), to, by, **facts)


MACHINE: Mapping[Action, Transition] = {
    # At the door
    Action.FIX_ON_SITE: _line(S.FOUND, to=S.FIXED_ON_SITE, by=_GRID),
    Action.NOTIFY: _line(S.FOUND, S.RECHECK_FAILED, S.RETURNED, S.FED_BACK, to=S.NOTIFIED, by=_GRID),
    Action.REPORT_FIXED: _line(
        S.NOTIFIED, S.RECHECK_FAILED, S.RETURNED, to=S.RECHECK_DUE, by=_GRID, unattended=True
    ),
    Action.ASK_RECHECK: _line(S.FED_BACK, to=S.RECHECK_DUE, by=_LEAD, unattended=True),
    Action.CLOSE: _line(*CHECKABLE, to=S.CLOSED, by=_GRID, needs=frozenset({Need.PHOTO})),
    Action.AWAIT_PHOTO: _line(*CHECKABLE, to=S.AWAITING_PHOTO, by=_GRID, needs=frozenset({Need.PHOTO})),
    # From "to be looked at": the photo came after its wait had lapsed, or is good after all, and nobody has looked
    # since (awaiting.py).
    Action.CONFIRM_RECHECK: _line(S.AWAITING_PHOTO, S.RECHECK_DUE, to=S.CLOSED, by=_GRID, unattended=True),
    Action.VOID_RECHECK: _line(S.AWAITING_PHOTO, S.RECHECK_DUE, to=S.RECHECK_DUE, by=_GRID, unattended=True),
    Action.LAPSE_RECHECK: _line(S.AWAITING_PHOTO, to=S.RECHECK_DUE, by=_GRID, unattended=True),
    Action.FAIL_RECHECK: _line(*CHECKABLE, to=S.RECHECK_FAILED, by=_GRID),
    # With a department
    Action.REFER: _line(*{S.FOUND, *CHECKABLE}, to=S.REFERRED, by=_GRID, needs=frozenset({Need.DEPARTMENT})),
    Action.ACCEPT: _line(S.REFERRED, to=S.RECEIPTED, by=_HANDLER),
    Action.RETURN: _line(S.REFERRED, S.RECEIPTED, S.IN_PROGRESS, to=S.RETURNED, by=_HANDLER, needs=_REASON),
    Action.RECALL: _line(S.REFERRED, S.RECEIPTED, S.IN_PROGRESS, to=S.RETURNED, by=_ABOVE, needs=_REASON),
    Action.START: _line(S.RECEIPTED, to=S.IN_PROGRESS, by=_HANDLER),
    Action.PROGRESS: _line(S.IN_PROGRESS, to=None, by=_HANDLER, needs=_REASON),
    Action.FEED_BACK: _line(S.IN_PROGRESS, to=S.FED_BACK, by=_HANDLER, needs=_REASON),
    # Wherever it stands
    Action.ESCALATE: _line(*OPEN, to=None, by=_ABOVE, needs=_REASON, unattended=True),
    Action.RESCHEDULE: _line(
        *OPEN, to=None, by=_ABOVE, needs=frozenset({Need.REASON, Need.DEADLINE}), unattended=True
    ),
    Action.RECOUNT: _line(*OPEN, to=None, by=frozenset({Role.OFFICE})),
    Action.ASSIGN: _line(*OPEN, to=None, by=_LEAD),
    # By visits and their corrections alone
    Action.NOTE: _line(*S, to=None, by=_GRID, unattended=True),
    Action.TAKE_BACK: _line(*S, to=None, by=_GRID),
    Action.WITHDRAW: _line(*S, to=S.CLOSED, by=_GRID),
}
# What nobody chooses on a page.
UNLISTED = frozenset({Action.FIX_ON_SITE, Action.RECOUNT, Action.NOTE, Action.TAKE_BACK, Action.WITHDRAW}) | {
    Action.AWAIT_PHOTO,
    Action.CONFIRM_RECHECK,
    Action.VOID_RECHECK,
    Action.LAPSE_RECHECK,
}
