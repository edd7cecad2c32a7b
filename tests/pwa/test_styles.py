"""Rules of the phone's styles that would make every tap dear: a browser follows them through thousands of doors."""

import re
from pathlib import Path

import pytest

from field.pwa.bundling import style_of
from field.pwa.precache import SHEETS

_ROOT = Path(__file__).parents[2] / "static"
# Marks that change with every screen. Below them nothing may be chosen: they are worn by whoever looks different.
_OF_A_SCREEN = ("data-on", "with-tabs", "data-away")


def selectors() -> list[str]:
    text = re.sub(r"/\*.*?\*/", "", style_of(_ROOT, SHEETS).decode(), flags=re.DOTALL)
    return [
        " ".join(one.split()) for one in re.findall(r"([^{}]+)\{", text) if not one.strip().startswith("@")
    ]


@pytest.mark.parametrize("mark", _OF_A_SCREEN)
def test_what_changes_with_every_screen_reaches_nothing_below_it(mark: str) -> None:
    reaching = [one for one in selectors() if re.search(rf"{mark}[^\s,>+~]*[\s>+~]+[^\s,]", one)]

    assert reaching == []


def test_no_rule_looks_into_a_part_that_holds_doors() -> None:
    """`:has()` is asked again whenever anything within changes; what it is asked of is small and changes seldom."""
    asked = {part for one in selectors() for part in re.findall(r"(\S+):(?:is|where|not)?\(?:?has\(", one)}
    small = re.compile(r"chip|shoot|camera|dialog|button|is-away")

    assert [one for one in asked if not small.search(one)] == []


def test_no_rule_counts_children_of_a_long_list() -> None:
    counting = [one for one in selectors() if re.search(r":nth-child\(|:nth-last|:nth-of", one)]

    assert [one for one in counting if "round" in one or "record" in one] == []
