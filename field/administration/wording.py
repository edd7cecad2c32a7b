"""Audited actions and roles in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from field.accounts.models import Role

ROLES: Mapping[str, Any] = {
    Role.WORKER: _l("Grid worker"),
    Role.LEAD: _l("Team lead"),
    Role.HANDLER: _l("Department handler"),
    Role.OFFICE: _l("District office"),
    Role.OFFICER: _l("Data protection officer"),
    Role.ADMIN: _l("Administrator"),
}
ACTIONS: Mapping[str, Any] = {
    "account.assigned": _l("changed somebody's areas"),
    "account.created": _l("made an account"),
    "account.disabled": _l("disabled an account"),
    "account.enabled": _l("enabled an account"),
    "account.password_reset": _l("reset a password"),
    "backup.restored": _l("restored a backup"),
    "backup.verified": _l("took a backup"),
    "clash.decided": _l("decided between two answers"),
    "clash.reopened": _l("asked about two answers again"),
    "calendar.changed": _l("changed the calendar"),
    "delivery.retried": _l("had a message sent again"),
    "digest.asked": _l("asked for the daily mail"),
    "digest.ended": _l("ended the daily mail"),
    "checklist.published": _l("published a checklist"),
    "device.cleared": _l("signed in on a phone whose storage was lost"),
    "device.enrolled": _l("enrolled a phone"),
    "device.revoked": _l("shut out a phone"),
    "event.erased": _l("erased a record"),
    "event.conflict": _l("sent the same record with other content"),
    "event.closed": _l("closed a record that was set aside"),
    "event.replayed": _l("had a record judged again"),
    "event.quarantined": _l("sent a record that was set aside"),
    "hazard.accept": _l("accepted a hazard for the department"),
    "hazard.ask_recheck": _l("asked for a hazard to be looked at again"),
    "hazard.assign": _l("assigned a hazard"),
    "hazard.close": _l("looked again and closed a hazard"),
    "hazard.escalate": _l("escalated a hazard"),
    "hazard.fail_recheck": _l("looked again: a hazard was not put right"),
    "hazard.feed_back": _l("reported back on a hazard"),
    "hazard.fix_on_site": _l("recorded that a hazard was fixed on site"),
    "hazard.found": _l("recorded a hazard"),
    "hazard.note": _l("noted something about a hazard"),
    "hazard.notify": _l("left a notice of a hazard"),
    "hazard.progress": _l("said how the work on a hazard goes"),
    "hazard.recount": _l("had a hazard's deadline counted anew"),
    "hazard.refer": _l("referred a hazard to a department"),
    "hazard.report_fixed": _l("recorded that a hazard is said to be fixed"),
    "hazard.reschedule": _l("changed a hazard's deadline"),
    "hazard.return": _l("returned a hazard for the department"),
    "hazard.start": _l("began to work on a hazard"),
    "hazard.take_back": _l("corrected what was said of a hazard"),
    "hazard.withdraw": _l("withdrew a hazard"),
    "hazard.withdrawn": _l("withdrew a hazard"),
    "merge.joined": _l("joined two entries"),
    "merge.refused": _l("kept two entries apart"),
    "merge.undone": _l("took a merge back"),
    "hazard_notice.issued": _l("issued a hazard notice"),
    "hazard_notice.printed": _l("printed a hazard notice"),
    "hazard_notice.reprinted": _l("printed a hazard notice again"),
    "hazard_rule.changed": _l("changed the rule for a kind of hazard"),
    "notice.published": _l("published the privacy notice"),
    "notice_contact.changed": _l("changed whom households call"),
    "number.disclosed": _l("had a number shown in full"),
    "photo.expired": _l("removed a photo that belonged to no visit"),
    "register.rebuilt": _l("rebuilt the register of a door from its visits"),
    "reason.added": _l("added a ready-made reason"),
    "reason.changed": _l("changed a ready-made reason"),
    "reason.removed": _l("removed a ready-made reason"),
    "rescue.imported": _l("imported a rescue file"),
    "referral_route.dropped": _l("removed a line of who gets what"),
    "referral_route.set": _l("changed who gets what"),
    "referral_term.set": _l("changed how long a department has"),
    "round.assigned": _l("assigned a round"),
    "signed.in": _l("signed in"),
    "signed.out": _l("signed out"),
    "webhook.added": _l("added a webhook"),
    "webhook.removed": _l("removed a webhook"),
    "visit.approved": _l("approved a visit"),
    "visit.viewed": _l("looked at a visit"),
    "visit.corrected": _l("corrected a visit"),
    "visit.recorded": _l("recorded a visit"),
    "visit.reopened": _l("took an approval back"),
    "visit.returned": _l("returned a visit"),
}
SUBJECTS: Mapping[str, Any] = {
    "area": _l("area"),
    "backup": _l("backup"),
    "clash": _l("two answers"),
    "dwelling": _l("dwelling"),
    "merge.addresses": _l("two doors"),
    "merge.people": _l("two people"),
    "merge.visits": _l("two visits"),
    "calendar": _l("calendar"),
    "checklist": _l("checklist"),
    "delivery": _l("message"),
    "device": _l("phone"),
    "event": _l("record"),
    "finding": _l("hazard"),
    "hazard_notice": _l("hazard notice"),
    "hazard_rule": _l("rule for hazards"),
    "notice": _l("privacy notice"),
    "occupancy": _l("resident"),
    "photo": _l("photo"),
    "reason": _l("ready-made reason"),
    "referral_route": _l("who gets what"),
    "round": _l("round"),
    "user": _l("account"),
    "visit": _l("visit"),
    "webhook": _l("webhook"),
}


def action_words(action: str) -> Any:
    """What somebody did."""
    return ACTIONS.get(action, action)


def subject_words(kind: str) -> Any:
    """What it was done to."""
    return SUBJECTS.get(kind, kind)
