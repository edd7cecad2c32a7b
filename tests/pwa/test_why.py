"""Why something is asked stands beside it: each input of a visit has its answer, or stands in a group that has one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from field.people.purposes import SAID, USES, Basis, Purpose, Use

TEMPLATES = Path(__file__).parents[2] / "templates" / "phone"
# Which tables the facts of a part of the page belong to; the page of the visit itself is "visit".
TABLES = {
    "visit": ("dwellings", "visits", "service_requests"),
    "t-person-form": ("persons", "occupancies"),
    "t-moved-on": ("occupancies",),
    "t-workplace-form": ("workplaces",),
    "t-finding": ("findings",),
    "t-recheck": (),  # closing a hazard takes a photo, so here none may be skipped
    "t-request": ("service_requests",),
}
# Filled on the phone with the choices of a list, or with ticks.
PLACES = {
    "data-chips",
    "data-fact-chips",
    "data-fact-yesno",
    "data-requests",
    "data-conditions",
    "data-papers",
}
MARKS = {
    "data-shoot": "photo_ids",
    "data-spot": "spot",
    "data-remind": "remind_on",
    "data-requests": "kind",
    "data-conditions": "eligibility",
    "data-papers": "papers",
}
# What a worker says of the call itself; nobody is asked for it.
OWN = {"data-consent", "data-checked"}
WORDS = {
    Purpose.DWELLING_REGISTER: "register of homes",
    Purpose.SAFETY: "safe from fire",
    Purpose.REGISTRATION: "residence registration",
    Purpose.PERMIT: "what they ask for",
    Purpose.WORKPLACE: "places of work",
}
VOID = {"br", "hr", "img", "input", "link", "meta"}


@dataclass
class Group:
    """What stands together under one answer."""

    answer: str = ""


@dataclass
class Open:
    """An element that is open."""

    tag: str
    place: str
    group: Group | None
    answers: bool


@dataclass
class Asked:
    """Something that is entered: where, what, and in which group."""

    place: str
    name: str
    group: Group | None


class Page(HTMLParser):
    """Everything that a visit asks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Asked] = []
        self.stack: list[Open] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Follow where we are; keep what is asked."""
        said, classes = dict(attrs), (dict(attrs).get("class") or "").split()
        above = self.stack[-1] if self.stack else Open("", "", None, False)
        place = (said.get("id") or "") if tag == "template" else above.place
        if said.get("data-screen"):
            place = str(said["data-screen"])
        group = Group() if "asked" in classes else above.group
        entered = tag in {"input", "select", "textarea"} or PLACES & said.keys()
        if entered and not OWN & said.keys():
            self.found.append(Asked(place, _name(said), group))
        if tag not in VOID:
            answers = (tag == "details" and "why" in classes) or above.answers
            self.stack.append(Open(tag, place, group, answers))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Parts of drawings only."""

    def handle_endtag(self, tag: str) -> None:
        """Close it, and what was left open in it."""
        if any(one.tag == tag for one in self.stack):
            while self.stack.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        """An answer belongs to its group."""
        if self.stack and self.stack[-1].answers and (group := self.stack[-1].group):
            group.answer += data


def _name(said: dict[str, str | None]) -> str:
    """The fact that is entered there."""
    for mark, name in MARKS.items():
        if mark in said:
            return name
    facts = ("data-fact", "data-fact-phone", "data-fact-chips", "data-fact-yesno", "data-chips", "name")
    named = next((said[mark] for mark in facts if said.get(mark)), None)
    if named is None and any(mark.endswith("-note") for mark in said):
        return "note"
    return named or ("moved_out_on" if said.get("type") == "date" else "")


def _parts() -> set[str]:
    """Every part of the page in which a visit asks; choices and ticks are copied into their places."""
    texts = [path.read_text("utf-8") for path in TEMPLATES.glob("_visit*.html")]
    ids = {found for text in texts for found in re.findall(r'<template id="([^"]+)"', text)}
    return {"visit"} | ids - {"t-choice-radio", "t-choice-check", "t-tick"}


def _use(place: str, name: str) -> Use | None:
    known = {**USES, **SAID}
    return next((known[table][name] for table in TABLES[place] if name in known[table]), None)


def _asked(anonymous: Any) -> Iterator[Asked]:
    parts = _parts()
    page = Page(anonymous.get("/phone/?lang=en").get_data(as_text=True))
    return (one for one in page.found if one.place in parts)


def test_every_input_of_a_visit_stands_beside_why_it_is_asked(anonymous: Any) -> None:
    asked = list(_asked(anonymous))

    assert {one.place for one in asked} == set(TABLES)
    assert {"home_county", "guardian_consent", "moved_out_on", "papers", "spot", "photo_ids", "note"} <= {
        one.name for one in asked
    }
    assert [(one.place, one.name) for one in asked if not (one.group and one.group.answer)] == []


def test_the_answer_that_stands_there_is_that_of_the_table_of_purposes(anonymous: Any) -> None:
    for one in _asked(anonymous):
        if not TABLES[one.place]:
            continue
        use, said = _use(one.place, one.name), one.group.answer if one.group else ""
        assert use is not None, (one.place, one.name)
        assert WORDS[use.purpose] in said, (one.place, one.name)
        assert ("They may skip it" in said) == (use.basis is Basis.CONSENT), (one.place, one.name)
