"""One page in several languages as one text: most of it is the same in each, and a phone keeps all of them."""

import re
from collections.abc import Iterable, Sequence

# Between the parts of a page, and between what a part is in one language and in the next. No page has them.
PART, LANGUAGE = "\x1e", "\x1f"
_BEGINS = re.compile(r'(?<=[<>"=])')


def together(pages: Sequence[str]) -> str:
    """Pages that were made of one template, part after part: what is the same in each stands once, anything else in the
    order of the pages. Where their lines are not as many, nothing is taken for the same."""
    lines = [page.splitlines(keepends=True) for page in pages]
    if len({*map(len, lines)}) > 1:
        return LANGUAGE.join(pages)
    parts: list[str] = []
    for row in zip(*lines, strict=True):
        pieces = [_BEGINS.split(line) for line in row]
        if len({*map(len, pieces)}) > 1:
            pieces = [[line] for line in row]
        parts += [
            LANGUAGE.join(piece if len({*piece}) > 1 else piece[:1]) for piece in zip(*pieces, strict=True)
        ]
    return _joined(parts)


def _joined(parts: Iterable[str]) -> str:
    """Parts that are the same in each language need nothing between them."""
    text, was_same = [], True
    for part in parts:
        same = LANGUAGE not in part
        text.append(part if same and was_same else PART + part)
        was_same = same
    return "".join(text)
