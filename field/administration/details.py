"""What the audit trail holds beside an action (`revision 2`, `status closed`), in words; no code stays untold."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from field.administration.wording import ROLES
from field.checklists.queries import Words
from field.reviews.reading import FIELDS

LABELS: Mapping[str, Any] = {
    "accept_days": _l("days to accept"),
    "area": _l("area"),
    "areas": _l("areas"),
    "code": _l("code"),
    "codes": _l("because"),
    "copy": _l("copy"),
    "clean_days": _l("days, no hazard open"),
    "crowded_from": _l("crowded from people to a room"),
    "days": _l("days"),
    "department": _l("department"),
    "due_days": _l("days to put it right"),
    "major_days": _l("days, a suspected major hazard open"),
    "minor_days": _l("days, a hazard open"),
    "paper": _l("paper"),
    "photo_days": _l("days that it may wait for its photo"),
    "damaged": _l("damaged"),
    "escalate_days": _l("days until it is escalated"),
    "fact": _l("number"),
    "field": _l("fact"),
    "grid": _l("grid"),
    "hazards": _l("hazards"),
    "highest": _l("highest number"),
    "host": _l("host"),
    "item": _l("hazard"),
    "kept": _l("kept"),
    "kind": _l("kind"),
    "land_tenure": _l("land"),
    "name": _l("name"),
    "number": _l("number"),
    "photos_here": _l("photos that were here"),
    "photos_part": _l("photos in part"),
    "photos_stored": _l("photos stored"),
    "photos_unusable": _l("photos that cannot be used"),
    "reason": _l("reason"),
    "register_at": _l("the register follows at"),
    "revision": _l("version"),
    "role": _l("role"),
    "same_person": _l("the same person may close it"),
    "seq": _l("number on the phone"),
    "status": _l("state"),
    "taken": _l("the later answer was taken"),
    "together": _l("approved together"),
    "version": _l("version"),
    "visits_accepted": _l("visits taken"),
    "visits_conflict": _l("visits with other content"),
    "visits_duplicate": _l("visits that were here"),
    "visits_gone": _l("visits that were erased"),
    "visits_quarantined": _l("visits set aside"),
    "working_days": _l("working days"),
}
# Lists of the district in which a value is a code.
LISTS: Mapping[str, str] = {
    "department": "department",
    "land_tenure": "land_tenure",
    "status": "finding_status",
}
VALUES: Mapping[str, Mapping[str, Any]] = {
    "role": ROLES,
    "field": FIELDS,
    "fact": FIELDS,
    "kind": {
        "full": _l("whole photo"),
        "preview": _l("preview"),
        "evidence": _l("photo from a form"),
        "mail": _l("daily mail"),
        "webhook": _l("webhook"),
    },
    "codes": {
        "author": _l("the author"),
        "conflict": _l("same number, other content"),
        "decided": _l("approved already"),
        "digest": _l("damaged on the way"),
        "invalid": _l("content"),
        "newer": _l("newer app"),
        "place": _l("the place"),
        "waiting": _l("waits for an earlier one"),
    },
    "paper": {"a4": "A4", "roll": _l("roll of 80 mm")},
    "register_at": {"acceptance": _l("arrival"), "approval": _l("approval")},
    "hazards": {
        "": _l("every hazard"),
        "suspected_major": _l("every suspected major hazard"),
        "general": _l("every general hazard"),
    },
}


def details_words(details: Mapping[str, Any], words: Words, items: Mapping[str, str]) -> Iterator[str]:
    """Each as `label value`; `items` are the names of kinds of hazards by their code."""
    for key, value in details.items():
        told = _told(key, value, words, items)
        yield f"{LABELS.get(key, key)} {told}".strip()


def _told(key: str, value: Any, words: Words, items: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return str(_(", ")).join(_told(key, one, words, items) for one in value)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if value is None:
        return "—"
    if key in LISTS:
        return words.of(LISTS[key], str(value))
    known = VALUES.get(key, {}).get(str(value))
    named = items.get(str(value)) if key in {"item", "hazards"} else None
    return str(known or named or value)
