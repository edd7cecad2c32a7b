"""Which visits the queue shows: the choice as its address carries it, and as conditions of a query."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, and_, func, select, text

from field.accounts.scope import Scope, area_prefix
from field.core.clock import start_of_day
from field.core.narrowing import Narrowing
from field.photos.models import Photo, PhotoState
from field.places.queries import spoken_of
from field.visits.models import NOT_DONE, RARE, ReviewState, Visit

TICKS = ("hazards", "photos", "corrections", "clashes")


@dataclass(frozen=True)
class Filter(Narrowing):
    """Empty texts mean any. `area` is a grid, or the community whose team walks several; days are the district's.

    `photos` means that some are still on their way.
    """

    state: ReviewState = ReviewState.WAITING
    outcome: str = ""
    area: str = ""
    search: str = ""
    since: date | None = None
    until: date | None = None
    hazards: bool = False
    photos: bool = False
    corrections: bool = False
    clashes: bool = False

    @property
    def rising(self) -> bool:
        """Whether the oldest comes first."""
        return self.state == ReviewState.WAITING

    @property
    def rare(self) -> list[str]:
        """Conditions under which an index holds what was chosen apart; in the very words of the index."""
        named = [words for name, words in RARE.items() if getattr(self, name)]
        return named + ([NOT_DONE] if self.outcome not in {"", "done"} else [])

    @property
    def hidden(self) -> int:
        """How many choices are among those that unfold."""
        return sum(bool(part) for part in (self.outcome, self.since, self.until))

    @property
    def kept(self) -> str:
        """What links to a visit carry along, so that its page knows of which list it is; empty for the usual one."""
        usual = self.state == ReviewState.WAITING and not self.narrows
        return "" if usual else f"?{urlencode(self.as_query())}"

    def as_query(self) -> dict[str, str]:
        """The arguments of an address that shows the same."""
        chosen = {"outcome": self.outcome, "area": self.area, "search": self.search}
        chosen |= {"since": str(self.since or ""), "until": str(self.until or "")}
        chosen |= {name: "1" for name in TICKS if getattr(self, name)}
        return {"state": self.state.value} | {name: text for name, text in chosen.items() if text}


def narrowed(statement: Select[Any], chosen: Filter, zone: str) -> Select[Any]:
    """A statement over visits with their doors and buildings, narrowed to the choice but for its state."""
    conditions = [
        *_facts(chosen),
        *_days(chosen, zone),
        *(spoken_of(word) for word in chosen.search.split()),
    ]
    return statement.where(*conditions)


def _facts(chosen: Filter) -> list[ColumnElement[bool]]:
    found: list[Any] = [text(f"visits.{words}") for words in chosen.rare]
    if chosen.outcome:
        found.append(Visit.outcome == chosen.outcome)
    if chosen.area:
        found.append(Scope(0, (area_prefix(chosen.area),)).within(Visit.grid_code))
    if chosen.photos:
        found.append(_photos_on_their_way())
    return found


def _photos_on_their_way() -> ColumnElement[bool]:
    here = (
        select(func.count())
        .where(
            Photo.district == Visit.district,
            Photo.visit_id == Visit.id,
            Photo.kind == "full",
            Photo.state == PhotoState.STORED,
        )
        .correlate(Visit)
        .scalar_subquery()
    )
    return and_(Visit.photos > 0, here < Visit.photos)


def _days(chosen: Filter, zone: str) -> list[ColumnElement[bool]]:
    found = []
    if chosen.since:
        found.append(Visit.received_at >= start_of_day(chosen.since, zone))
    if chosen.until:
        found.append(Visit.received_at < start_of_day(chosen.until + timedelta(days=1), zone))
    return found
