"""Whom and what two visits name, side by side: people, places of work, hazards found and looked at again.

Joining the visits chooses none of these: each was recorded as it was told, so what both name may be there twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from field.checklists.queries import Words
from field.reviews.reading import Said, read
from field.visits.models import Visit

# What stands beside the names, and what is said when both visits name the same.
_LABELS: Mapping[str, tuple[Any, Any]] = {
    "people": (_l("Person"), _l("Both name this person")),
    "workplaces": (_l("Place of work"), _l("Both name this place of work")),
    "findings": (_l("Hazard"), _l("Both found this hazard")),
    "rechecks": (_l("Looked at again"), _l("Both looked at this hazard again")),
}


@dataclass(frozen=True)
class Named:
    """One line: what each visit says of somebody or something; `same` says that both name it, empty otherwise."""

    label: Any
    left: str | None
    right: str | None
    same: Any = ""


def named(left: Visit, right: Visit, words: Words) -> list[Named]:
    """What both name first, then what only one does, kind by kind."""
    one, two = (read(visit, visit.revisions[-1], words) for visit in (left, right))
    return [line for kind in _LABELS for line in _beside(kind, _told(kind, one), _told(kind, two))]


def _beside(kind: str, left: Mapping[Any, Sequence[str]], right: Mapping[Any, Sequence[str]]) -> list[Named]:
    label, same = _LABELS[kind]
    lines = [
        Named(label, one, two, same if one and two else "")
        for key in dict.fromkeys([*left, *right])
        for one, two in zip_longest(left.get(key, ()), right.get(key, ()))
    ]
    return sorted(lines, key=lambda line: not line.same)


def _told(kind: str, said: Said) -> dict[Any, list[str]]:
    """What a visit says of each, by what makes two of them the same."""
    found: dict[Any, list[str]] = {}
    for key, text in _TOLD[kind](said):
        found.setdefault(key, []).append(text)
    return found


def _people(said: Said) -> Iterable[tuple[Any, str]]:
    done = {"add": _("new"), "change": _("changed"), "moved_out": _("moved out")}
    return ((_spelled(one.name), _line(one.name, done[one.action])) for one in said.people)


def _workplaces(said: Said) -> Iterable[tuple[Any, str]]:
    done = {"add": _("new"), "change": _("changed"), "closed": _("gone")}
    return ((_spelled(one.name), _line(one.name, done[one.action])) for one in said.workplaces)


def _findings(said: Said) -> Iterable[tuple[Any, str]]:
    done = {
        "notice_left": _("notice left"),
        "fixed_on_site": _("fixed on site"),
        "refer": _("to be referred"),
    }
    return (
        (one.finding.item_code if one.finding else one.name, _line(one.name, one.spot, done[one.action]))
        for one in said.findings
    )


def _rechecks(said: Said) -> Iterable[tuple[Any, str]]:
    return (
        (
            one.finding.id if one.finding else one.name,
            _line(one.name, _("Put right") if one.passed else _("Still there")),
        )
        for one in said.rechecks
    )


_TOLD = {"people": _people, "workplaces": _workplaces, "findings": _findings, "rechecks": _rechecks}


def _spelled(name: str) -> str:
    """A name without what people write in different ways."""
    return "".join(name.split()).casefold()


def _line(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
