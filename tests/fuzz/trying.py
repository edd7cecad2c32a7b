"""How many examples are tried, and what is odd enough to be one.

The same examples each time, so that a failure is a failure of the change at hand; `make fuzz N=5000` tries that
many at random.
"""

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

_LONGER = os.environ.get("FUZZ")

ODD_TEXTS = (
    "",
    "\0",
    "a\0b",
    '=HYPERLINK("http://example.com","x")',
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; DROP TABLE visits; --",
    "{{ 7 * 7 }}",
    "%s%n%x",
    "../../etc/passwd",
    "null",
    "NaN",
    "1e999",
    "9" * 400,
    "字" * 501,
    "\u202e\u200b\ufeff",
    "🏚️👨‍👩‍👧",
    "\ud7ff\ue000\U0010ffff",
    "0000-00-00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2026-02-30T25:61:61Z",
    "2026-11-23",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "sha-256:" + "0" * 64,
)
ODD_NUMBERS = (0, -1, 1, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**30, -(2**63), 0.5, -0.0, 1e308)


def tried(usual: int) -> settings:
    """So many examples, or as many as FUZZ says."""
    return settings(
        max_examples=int(_LONGER or usual),
        derandomize=_LONGER is None,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def nested(depth: int) -> Any:
    """Lists within objects within lists."""
    tree: Any = "at the bottom"
    for level in range(depth):
        tree = [tree] if level % 2 else {"a": tree}
    return tree


def odd_values() -> st.SearchStrategy[Any]:
    """Anything that JSON can say and that hardly anybody expects."""
    plain = st.one_of(
        st.none(),
        st.booleans(),
        st.sampled_from(ODD_NUMBERS),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from(ODD_TEXTS),
        st.text(max_size=40),
        st.uuids().map(str),
        st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    )
    deep = st.sampled_from([5, 60, 200]).map(nested)
    return st.one_of(
        plain, plain, st.lists(plain, max_size=3), st.dictionaries(st.text(max_size=8), plain), deep
    )


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [place for key, value in inner for place in [(*path, key), *_places(value, (*path, key))]]


@st.composite
def spoiled(draw: st.DrawFn, tree: Any, most: int = 3) -> Any:
    """A tree of JSON of which some places were replaced, dropped, added to, repeated or exchanged."""
    changed = _copy(tree)
    for _ in range(draw(st.integers(1, most))):
        places = _places(changed)
        if not places:
            break
        _spoil(draw, changed, draw(st.sampled_from(places)))
    return changed


def _spoil(draw: st.DrawFn, tree: Any, place: tuple[Any, ...]) -> None:
    within = tree
    for key in place[:-1]:
        within = within[key]
    key = place[-1]
    how = draw(st.sampled_from(["replace", "replace", "drop", "add", "repeat", "exchange"]))
    if how == "replace":
        within[key] = draw(odd_values())
    elif how == "drop":
        del within[key]
    elif how == "exchange":
        other = draw(st.sampled_from(list(within) if isinstance(within, dict) else range(len(within))))
        within[key], within[other] = within[other], within[key]
    elif isinstance(within, list):
        within.append(_copy(within[key]) if how == "repeat" else draw(odd_values()))
    else:
        within[draw(st.text(max_size=12)) if how == "add" else f"{key}_"] = draw(odd_values())


def _copy(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _copy(value) for key, value in tree.items()}
    return [_copy(value) for value in tree] if isinstance(tree, list) else tree
