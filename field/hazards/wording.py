"""What happened to a hazard and what a step lacks, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from field.accounts import queries as accounts
from field.core.i18n import day_text, moment_text
from field.hazards.causes import Cause
from field.hazards.models import Action, FindingStep

HAPPENED: Mapping[str, Any] = {
    Action.FOUND: _l("Found"),
    Action.FIX_ON_SITE: _l("Fixed on site"),
    Action.NOTIFY: _l("Notice left"),
    Action.REPORT_FIXED: _l("Reported fixed"),
    Action.ASK_RECHECK: _l("To be looked at again"),
    Action.CLOSE: _l("Looked at again: put right, closed"),
    Action.AWAIT_PHOTO: _l("Looked at again: put right; waits for its photo"),
    Action.CONFIRM_RECHECK: _l("The photo has come: closed"),
    Action.VOID_RECHECK: _l("The photo cannot be used: this recheck does not count"),
    Action.LAPSE_RECHECK: _l("The photo has not come: this recheck does not count"),
    Action.FAIL_RECHECK: _l("Looked at again: not put right"),
    Action.REFER: _l("Referred"),
    Action.ACCEPT: _l("Accepted by the department"),
    Action.RETURN: _l("Returned by the department"),
    Action.RECALL: _l("Called back from the department"),
    Action.START: _l("The department works on it"),
    Action.PROGRESS: _l("The department says how it goes"),
    Action.FEED_BACK: _l("The department reported back"),
    Action.ESCALATE: _l("Escalated"),
    Action.RESCHEDULE: _l("Deadline changed"),
    Action.RECOUNT: _l("Deadline counted anew"),
    Action.ASSIGN: _l("Assigned"),
    Action.NOTE: _l("Noted"),
    Action.TAKE_BACK: _l("Taken back by a correction"),
    Action.WITHDRAW: _l("Withdrawn by a correction"),
}
# Before the name of such a step: it happened to one of many hazards since the list was read.
MEANWHILE = "meanwhile-"
TURNS: Mapping[str, Any] = {
    "household": _l("The household puts it right"),
    "look": _l("To be looked at"),
    "decide": _l("You decide"),
    "department": _l("A department has it"),
}
_MISSING: Mapping[str, Any] = {
    "reason": _l("Please say why, in a sentence."),
    "photos": _l("A new photo is needed."),
    "new_photo": _l("This photo was here before. Please take a new one."),
    "department": _l("Please choose a department."),
    "due_on": _l("Please choose a day from today on."),
    "due_within": _l("Please choose a day within a year."),
    "passed": _l("Please say whether it is put right."),
    "assignee": _l("Please choose somebody who works in that grid."),
    "assigned": _l("That person shall look at it already."),
    "somebody_else": _l("You reported it fixed yourself. Somebody else must look before it is closed."),
}


_CHANGED: Mapping[Any, Any] = {
    Cause.RULE: _l("The rule for this item was changed."),
    Cause.CALENDAR: _l("The calendar was changed."),
}

# Of what a visit said, so whoever looked may have words of their own beside it.
_NOT_COUNTED: Mapping[Any, Any] = {
    Cause.NO_PHOTO: _l("This recheck does not count: it has no new photo."),
    Cause.OLD_PHOTO: _l("This recheck does not count: its photo was here before."),
    Cause.SAME_PERSON: _l("This recheck does not count: it is by whoever reported it fixed."),
    Cause.MEANWHILE: _l("This recheck does not count: something else had happened to the hazard."),
}


# What the program notes of a correction.
_NOTED: Mapping[Any, Any] = {
    Cause.LEFT_OUT: _l(
        "The corrected visit does not name it any more; what was done since stands. Please look."
    ),
}


def missing(need: str) -> str:
    """What to do about something that a step lacks."""
    return str(_MISSING[need])


def left_alone(why: str) -> str:
    """Why a step was not taken on some of many hazards: what happened meanwhile, a field that it lacks, too many at
    once, or where it stands."""
    if (happened_last := why.removeprefix(MEANWHILE)) in HAPPENED:
        return str(_("Meanwhile: %(what)s.", what=HAPPENED[happened_last]))
    if why == "most":
        return str(_("That was more than fit at once. Tick them again."))
    return missing(why) if why in _MISSING else str(_("Where it stands, that does not fit."))


def happened(step: FindingStep) -> str:
    """A step in a few words."""
    if step.action in {Action.REPORT_FIXED, Action.NOTE} and step.actor_id is None:
        return str(_("The household says that it is fixed"))
    if step.action == Action.ESCALATE and step.actor_id is None:
        return str(_("Escalated automatically"))
    return str(HAPPENED[step.action])


def why(step: FindingStep) -> str:
    """What somebody said at a step, or why the program took it, in the reader's language.

    What was written before there were causes holds a sentence in the language of that day.
    """
    days = step.days_late or 0
    if step.cause in _CHANGED:
        by = _("To be accepted by %(day)s.", day=day_text(step.accept_by)) if step.accept_by else ""
        return f"{_CHANGED[step.cause]} {by}".strip()
    if step.cause in _NOTED:
        return str(_NOTED[step.cause])
    if step.cause in _NOT_COUNTED:
        return f"{_NOT_COUNTED[step.cause]} {step.reason or ''}".strip()
    if step.cause == Cause.NOT_ACCEPTED:
        return str(ngettext("Not accepted, %(num)s day late.", "Not accepted, %(num)s days late.", days))
    if step.cause == Cause.STILL_OPEN:
        return str(ngettext("Still open, %(num)s day late.", "Still open, %(num)s days late.", days))
    return step.reason or ""


def told(step: FindingStep, department: str | None = None) -> str:
    """Who did what and when, for those who come too late; to a department nobody but its own people is named."""
    actors = {step.actor_id} if step.actor_id else set()
    names = accounts.names(actors) if department is None else accounts.handlers(actors, department)
    what, when, who = happened(step), moment_text(step.at), "".join(names.values())
    if who:
        return str(_("%(who)s on %(when)s: %(what)s.", who=who, when=when, what=what))
    return str(_("%(when)s: %(what)s.", when=when, what=what))
