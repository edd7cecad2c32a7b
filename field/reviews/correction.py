"""The form of a lead's correction: which facts of the visit and its dwelling it holds, and what was changed in it.

People and hazards are in correction_parts, what else is at the door in correction_door.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from field.checklists.queries import Words
from field.core.masking import masked
from field.reviews import as_shown, correction_door, correction_parts, entries
from field.reviews.correction_group import Group, Lists, changed, gone_since, overtaken
from field.reviews.schemas import complaint_about
from field.visits.models import Visit
from field.visits.schemas import OUTCOMES

NUMBERS = {"rooms": 200, "rooms_let": 200, "headcount": 1000, "children": 1000, "floor_area_m2": 100_000}
YES_NO = ("lease_filed", "letter_signed")
CHOICES = {"use": "dwelling_use", "heating": "heating", "address_anomaly": "address_anomaly"}
TEXTS = {"lessor_name": 50}
HIDDEN = {"lessor_phone"}
NOTE_LENGTH = 500
# Numbers with a fraction.
PARTS = {"floor_area_m2"}
# What the form showed of the visit itself and its dwelling is called.
OWN = "visit"


def groups_of(visit: Visit, said_in: Words) -> list[Group]:
    """Everything else that the form holds: people, hazards, places of work, rechecks, requests."""
    return [
        *correction_parts.people_of(visit),
        *correction_parts.findings_of(visit, said_in),
        *correction_door.workplaces_of(visit),
        *correction_door.rechecks_of(visit, said_in),
        *correction_door.requests_of(visit, said_in),
    ]


def facts_of(visit: Visit) -> dict[str, Any]:
    """What the visit says of the dwelling, or else the register; the phone is masked and starts empty."""
    said = visit.revisions[-1].body.get("dwelling_changes", {})
    names = (*NUMBERS, *YES_NO, *CHOICES, *TEXTS)
    return {name: said.get(name, getattr(visit.dwelling, name)) for name in names} | {
        "lessor_phone": masked(said["lessor_phone"])
        if said.get("lessor_phone")
        else visit.dwelling.lessor_phone_masked
    }


def _phone_of(visit: Visit) -> str | None:
    """The telephone that the newest revision says, in its normal form."""
    said = visit.revisions[-1].body.get("dwelling_changes", {}).get("lessor_phone")
    return entries.dialled(said)


def filled(visit: Visit) -> dict[str, str]:
    """The form as it is first shown."""
    facts = facts_of(visit)
    form = {name: "" if facts[name] is None else f"{facts[name]:g}" for name in NUMBERS}
    form |= {name: {None: "", True: "yes", False: "no"}[facts[name]] for name in YES_NO}
    form |= {name: facts[name] or "" for name in (*CHOICES, *TEXTS)}
    body = visit.revisions[-1].body
    return form | {
        "outcome": body["outcome"],
        "note": body.get("note") or "",
        "lessor_phone": "",
        "reason": "",
    }


def stands(visit: Visit) -> dict[str, str | None]:
    """What is known of the visit itself and its dwelling, the telephone as it is masked."""
    return {**filled(visit), "lessor_phone": facts_of(visit)["lessor_phone"]}


def typed(visit: Visit, given: Mapping[str, str], groups: Sequence[Group]) -> dict[str, str]:
    """What was typed, for the form to be shown again: what was left is what stands by now."""
    own = _typed(filled(visit), as_shown.shown(given, OWN, stands(visit)), given)
    return own | {group.key(name): text for group in groups for name, text in group.typed(given).items()}


def _typed(before: Mapping[str, str], shown: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    return {
        name: as_shown.typed(given.get(name), text, None if name in HIDDEN else shown[name])
        for name, text in before.items()
    }


def changes_of(
    visit: Visit, given: Mapping[str, str], groups: Sequence[Group], lists: Lists
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was changed, in the shape of a body; and what is wrong, by field. `lists` are the district's answers."""
    before, complaints = filled(visit), {}
    now = stands(visit)
    shown = as_shown.shown(given, OWN, now)
    said = _typed(before, shown, given)
    known = facts_of(visit) | {"lessor_phone": _phone_of(visit)}
    facts: dict[str, Any] = {}
    for name, read in _READERS.items():
        if said[name] == before[name]:
            continue
        try:
            value = read(name, said[name], lists)
        except ValueError as error:
            complaints[name] = str(error)
            continue
        if value == known[name]:  # "42.0" is 42, and a number that is there already is none
            continue
        if shown[name] != (now[name] or ""):
            complaints[name] = overtaken(now[name], lists.get(CHOICES.get(name, ""), {}))
            continue
        facts[name] = value
    changes: dict[str, Any] = {"dwelling_changes": facts} if facts else {}
    changes |= _plain(before, said, complaints) | _grouped(groups, given, complaints, lists)
    if wrong := complaint_about(said["reason"]):
        complaints["reason"] = str(wrong)
    if gone_since(given, groups):
        complaints["gone"] = _(
            "Somebody or something that you corrected is not listed here any more: another has changed it meanwhile."
        )
    if not changes and not complaints:
        complaints["reason"] = _("Nothing was changed.")
    return changes, complaints


def _grouped(
    groups: Sequence[Group], given: Mapping[str, str], complaints: dict[str, Any], lists: Lists
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for group in groups:
        if facts := changed(group, given, complaints, lists):
            found.setdefault(group.part, {})[group.id] = facts
    return found


def _plain(before: Mapping[str, str], said: Mapping[str, str], complaints: dict[str, Any]) -> dict[str, Any]:
    """Only a visit's own revisions change these: a form that was overtaken there is refused as a whole."""
    found: dict[str, Any] = {}
    outcome, note = said["outcome"], said["note"]
    if outcome not in OUTCOMES:
        complaints["outcome"] = _("Please choose one of these.")
    elif outcome != before["outcome"]:
        found["outcome"] = outcome
    if len(note) > NOTE_LENGTH:
        complaints["note"] = entries.too_long(NOTE_LENGTH, len(note))
    elif note != before["note"]:
        found["note"] = note or None
    return found


_READERS: Mapping[str, Callable[[str, str, Lists], Any]] = {
    **dict.fromkeys(
        NUMBERS, lambda name, text, _lists: entries.number(text, NUMBERS[name], whole=name not in PARTS)
    ),
    **dict.fromkeys(YES_NO, lambda _name, text, _lists: entries.truth(text)),
    **dict.fromkeys(CHOICES, lambda name, text, lists: entries.code(text, lists.get(CHOICES[name], {}))),
    **dict.fromkeys(TEXTS, lambda name, text, _lists: entries.words(text, TEXTS[name])),
    "lessor_phone": lambda _name, text, _lists: entries.phone(text),
}
