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
    "checklist.published": _l("published a checklist"),
    "device.enrolled": _l("enrolled a phone"),
    "device.revoked": _l("shut out a phone"),
    "event.conflict": _l("sent the same record with other content"),
    "event.closed": _l("closed a record that was set aside"),
    "event.replayed": _l("had a record judged again"),
    "event.quarantined": _l("sent a record that was set aside"),
    "hazard.found": _l("recorded a hazard"),
    "hazard.withdrawn": _l("withdrew a hazard"),
    "notice.published": _l("published the privacy notice"),
    "photo.expired": _l("removed a photo that belonged to no visit"),
    "round.assigned": _l("assigned a round"),
    "signed.in": _l("signed in"),
    "signed.out": _l("signed out"),
    "visit.approved": _l("approved a visit"),
    "visit.recorded": _l("recorded a visit"),
    "visit.reopened": _l("took an approval back"),
    "visit.returned": _l("returned a visit"),
}
SUBJECTS: Mapping[str, Any] = {
    "backup": _l("backup"),
    "checklist": _l("checklist"),
    "device": _l("phone"),
    "event": _l("record"),
    "finding": _l("hazard"),
    "notice": _l("privacy notice"),
    "photo": _l("photo"),
    "round": _l("round"),
    "user": _l("account"),
    "visit": _l("visit"),
}


def action_words(action: str) -> Any:
    """What somebody did."""
    return ACTIONS.get(action, action)


def subject_words(kind: str) -> Any:
    """What it was done to."""
    return SUBJECTS.get(kind, kind)
