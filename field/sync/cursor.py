"""The pack's cursor: where a phone stands in the district's changes; opaque to the phone.

`since` is what the phone holds whole, `until` the change up to which the running pass goes, `began` when it
began, `part` and (`change`, `row`) where in it the last page ended. `view` tells epoch, scope and reference data apart:
when they change, a cursor means nothing any more.
"""

import base64
from dataclasses import dataclass, replace
from uuid import UUID

import orjson

_FIRST_ROW = UUID(int=0)


@dataclass(frozen=True)
class Cursor:
    """A position in the pack."""

    view: str
    since: int = 0
    until: int = 0
    part: int = 0
    change: int = 0
    row: UUID = _FIRST_ROW
    began: str | None = None

    def text(self) -> str:
        """For the phone to keep."""
        fields = [self.view, self.since, self.until, self.part, self.change, self.row, self.began]
        return base64.urlsafe_b64encode(orjson.dumps(fields)).decode().rstrip("=")

    def at(self, part: int, change: int, row: UUID) -> "Cursor":
        """The same pass, further on."""
        return replace(self, part=part, change=change, row=row)

    def finished(self) -> "Cursor":
        """The pass is over: all up to `until` is held."""
        return Cursor(self.view, since=self.until)


def read_cursor(text: str | None) -> Cursor | None:
    """The position, or None when there is none or it cannot be read (the phone then starts anew)."""
    if not text:
        return None
    try:
        view, since, until, part, change, row, *began = orjson.loads(
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        )
        return Cursor(
            str(view), int(since), int(until), int(part), int(change), UUID(row), *map(str, began[:1])
        )
    except (ValueError, TypeError, AttributeError):
        return None
