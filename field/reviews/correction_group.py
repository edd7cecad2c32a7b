"""A person, a hazard, a place of work … in the form of a correction: its fields, and what was typed into them.

A field is called `<kind>.<id>.<fact>`. Numbers are never put into the form: an empty field leaves them as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from field.reviews import as_shown, entries

# Where something is: still here, gone, or (what this visit added) entered by mistake.
HERE, GONE, MISTAKE = "here", "gone", "mistake"
# The answers of a district: their words by code, by list.
Lists = Mapping[str, Mapping[str, str]]
Reader = Callable[[str], Any]
_CHOSEN = frozenset({"where", "action", "passed"})


@dataclass(frozen=True)
class Group:
    """One of them: `fields` as first shown, `masked` numbers, what may be chosen, how its fields are read.

    `numbers` are those that are known, to know one that is written otherwise or typed again; never shown. `lists` are
    the facts whose answers are a list's. `part` is the key of its kind in a body.
    """

    part: str
    kind: str
    id: str
    title: str
    fields: dict[str, str]
    choices: tuple[str, ...]
    reads: Mapping[str, Reader] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    masked: dict[str, str | None] = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=dict, repr=False)
    link: str = ""
    acted: bool = False  # since the visit, by somebody

    def key(self, name: str) -> str:
        """What one of its fields is called."""
        return f"{self.kind}.{self.id}.{name}"

    @property
    def name(self) -> str:
        """What it is called among the others."""
        return f"{self.kind}.{self.id}"

    @property
    def stands(self) -> dict[str, str | None]:
        """What is known of each fact, a number as it is masked."""
        return {**self.fields, **self.masked}

    @property
    def told(self) -> str:
        """What it shows, for the form to bring back."""
        return as_shown.told(self.stands)

    def typed(self, given: Mapping[str, str]) -> dict[str, str]:
        """What was typed into it, by fact; what was left is what stands."""
        shown = as_shown.shown(given, self.name, self.stands)
        return {
            name: as_shown.typed(
                given.get(self.key(name)), text, None if name in self.masked else shown[name]
            )
            for name, text in self.fields.items()
        }


def changed(
    group: Group, given: Mapping[str, str], complaints: dict[str, Any], lists: Lists
) -> dict[str, Any]:
    """What was typed otherwise into a group, by fact; what is wrong with it is put beside its field."""
    typed, shown = group.typed(given), as_shown.shown(given, group.name, group.stands)
    found: dict[str, Any] = {}
    for name, text in typed.items():
        if text == group.fields[name]:
            continue
        try:
            value = _read(group, name, text, typed, lists)
        except ValueError as error:
            complaints[group.key(name)] = str(error)
            continue
        if value is not None and value == group.numbers.get(name):
            continue
        if shown[name] != (group.stands[name] or ""):
            complaints[group.key(name)] = overtaken(
                group.stands[name], lists.get(group.lists.get(name, ""), {})
            )
            continue
        found[name] = value
    if "moved_out_on" in group.fields and (wrong := _at_odds(found, typed)):
        complaints[group.key("where")] = wrong
    return found


def overtaken(now: str | None, words: Mapping[str, str]) -> str:
    """What to say beside a field that another has changed since the form was opened."""
    usual = {"yes": _("Yes"), "no": _("No"), HERE: _("Lives here"), GONE: _("Has moved out"), "": "—"}
    text = words.get(now or "") or usual.get(now or "") or now
    return str(
        _("Somebody has changed this meanwhile, to: %(now)s. Send it again if yours shall stand.", now=text)
    )


def _at_odds(found: Mapping[str, Any], typed: Mapping[str, str]) -> str:
    """Whoever has left is only said to have left; a day of leaving goes with having left."""
    gone = typed["where"] == GONE
    if gone and set(found) - {"where", "moved_out_on"}:
        return str(
            _(
                "Of somebody who has moved out only the day is kept. Please leave the other fields as they were."
            )
        )
    if typed["moved_out_on"] and not gone:
        return str(_("Please choose that they have moved out, or take the day away."))
    return ""


def _read(group: Group, name: str, text: str, typed: Mapping[str, str], lists: Lists) -> Any:
    if name in _CHOSEN:
        chosen = entries.one_of(text, group.choices)
        return chosen == "yes" if name == "passed" else chosen
    if name in group.lists:
        return entries.code(text, lists.get(group.lists[name], {}))
    if name == "document_number":
        return entries.document(typed["document_type"], text)
    return group.reads[name](text)


def gone_since(given: Mapping[str, str], groups: Sequence[Group]) -> bool:
    """Whether something was typed of what is not in the form any more, as another has changed it meanwhile."""
    here = {group.name for group in groups}
    for key in given:
        name = key.removeprefix(as_shown.PREFIX)
        if name == key or "." not in name or name in here:
            continue
        typed = {
            fact.removeprefix(f"{name}."): text for fact, text in given.items() if fact.startswith(f"{name}.")
        }
        shown = as_shown.shown(given, name, dict.fromkeys(typed, ""))
        if any(text.strip() not in ("", shown[fact]) for fact, text in typed.items()):
            return True
    return False
