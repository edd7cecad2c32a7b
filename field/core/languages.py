"""Languages by their names, for pages that say in which one somebody was spoken to."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

NAMES: Mapping[str, Any] = {"zh": _l("in Chinese"), "en": _l("in English")}


def in_words(codes: Iterable[str]) -> str:
    """In the order in which they were spoken; one that this release does not know by its code."""
    words = [str(NAMES.get(code, code)) for code in codes]
    return reduce(_then, words) if words else ""


def _then(earlier: str, later: str) -> str:
    return str(_("%(earlier)s, then %(later)s", earlier=earlier, later=later))
