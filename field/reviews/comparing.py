"""Two versions of a visit side by side, what differs first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from field.checklists.queries import Words
from field.core.i18n import day_text
from field.reviews.reading import FindingSaid, PersonSaid, Said


@dataclass(frozen=True)
class Line:
    """One fact in both versions; None where a version says nothing of it."""

    about: str
    label: Any
    first: str | None
    second: str | None

    @property
    def differs(self) -> bool:
        """Whether the versions say different things."""
        return self.first != self.second


def compared(first: Said, second: Said, words: Words) -> list[Line]:
    """Every fact that one of them tells; those that differ stand first, each kind in the order of the page."""
    left, right = _facts(first, words), _facts(second, words)
    keys = dict.fromkeys([*right, *left])
    lines = [Line(about, label, left.get((about, label)), right.get((about, label))) for about, label in keys]
    return sorted(lines, key=lambda line: not line.differs)


def _facts(said: Said, words: Words) -> dict[tuple[str, str], str | None]:
    found: dict[tuple[str, str], str | None] = {
        ("", str(_("Outcome"))): words.of("visit_outcome", said.revision.outcome),
        ("", str(_("When to come again"))): day_text(said.come_again_on) if said.come_again_on else None,
        ("", str(_("Note"))): said.note,
        ("", str(_("Photos"))): str(len(said.photos)) if said.photos else None,
    }
    found |= {("", str(change.label)): change.after for change in said.dwelling}
    for person in said.people:
        found |= dict(_person(person))
    for finding in said.findings:
        found |= dict(_finding(finding))
    for place in said.workplaces:
        found[place.name, str(_("Said"))] = _action(place.action)
        found |= {(place.name, str(label)): after for label, _before, after in place.facts}
    for recheck in said.rechecks:
        result = _("Put right") if recheck.passed else _("Still there")
        found[recheck.name, str(_("Looked at again"))] = str(result)
    if said.paper:
        found["", str(_("Hazard notice"))] = f"{said.paper.code} · {said.paper.response}"
    found |= {(str(_("Asks for help with")), row.kind): row.note or str(_("Yes")) for row in said.requests}
    return {key: text for key, text in found.items() if text is not None}


def _person(person: PersonSaid) -> Iterable[tuple[tuple[str, str], str | None]]:
    yield (person.name, str(_("Said"))), _action(person.action)
    for change in person.facts:
        yield (person.name, str(change.label)), change.after


def _action(action: str) -> str:
    words = {"add": _("new"), "moved_out": _("moved out"), "closed": _("gone"), "change": _("changed")}
    return str(words[action])


def _finding(finding: FindingSaid) -> Iterable[tuple[tuple[str, str], str | None]]:
    actions = {
        "notice_left": _("notice left"),
        "fixed_on_site": _("fixed on site"),
        "refer": _("to be referred"),
    }
    yield (finding.name, str(_("What was done"))), str(actions.get(finding.action, finding.action))
    yield (finding.name, str(_("Where exactly"))), finding.spot
    yield (finding.name, str(_("Note"))), finding.note
    yield (finding.name, str(_("Photos"))), str(len(finding.photos)) if finding.photos else None
