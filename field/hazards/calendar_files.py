"""Calendar files (iCalendar, RFC 5545) as people pass holidays around: all-day events, read line by line.

What is days off and what is worked is in an event's name: 春节（休） and 春节（班）, or in Apple's special-day mark.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from field.hazards.terms import Day

# A property: its name, its parameters, in which quotes may hide a colon, its value.
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)', re.DOTALL)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WORKED = re.compile(r"班|work(?:ing)?[ -]?day\b|ALTERNATE-WORKDAY", re.IGNORECASE)
_OFF = re.compile(r"休|假|holiday|day off", re.IGNORECASE)
_KNOWN = {"SUMMARY", "DTSTART", "DTEND", "STATUS", "RRULE", "X-APPLE-SPECIAL-DAY"}
# Told beside the name already.
_TOLD = re.compile(r"\s*[（(\[【][休班][）)\]】]$")
# No holiday is longer.
_LONGEST = timedelta(days=31)

Wrong = list[tuple[int, str]]


@dataclass
class _Event:
    """What an event says, by property; `line` is where it begins."""

    line: int
    said: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As it was meant: commas and semicolons come with a stroke before them."""
        text = _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], self.said.get("SUMMARY", ""))
        return " ".join(text.replace("\0", " ").split())

    @property
    def marks(self) -> str:
        """Where it may say whether it is worked or off."""
        return f"{self.name} {self.said.get('X-APPLE-SPECIAL-DAY', '')}"


def is_calendar_file(text: str) -> bool:
    """Whether a text is such a file rather than lines of days."""
    return text.lstrip("\ufeff \t\r\n")[:15].upper() == "BEGIN:VCALENDAR"


def days_of_events(text: str, zone: str) -> tuple[list[Day], Wrong, int]:
    """The days of a calendar file; the lines that cannot be read; how many events are no days off.

    Where some events say that they are off, those that say nothing are mere dates to remember, such as 元宵节.
    Moments of another zone are taken as days of `zone`.
    """
    events, wrong = _events(text)
    marked = any(_OFF.search(event.marks) for event in events)
    days: list[Day] = []
    left = 0
    for event in events:
        working = bool(_WORKED.search(event.marks))
        if event.said.get("STATUS", "").upper() == "CANCELLED":
            continue
        if marked and not working and not _OFF.search(event.marks):
            left += 1
            continue
        try:
            name = _TOLD.sub("", event.name)[:60]
            days += [Day(day, working, name) for day in _span(event, ZoneInfo(zone))]
        except (ValueError, KeyError, OverflowError):
            wrong.append((event.line, event.name[:60] or "BEGIN:VEVENT"))
    return days, sorted(wrong), left


def _events(text: str) -> tuple[list[_Event], Wrong]:
    """Events with what they say themselves, without what their alarms say."""
    events: list[_Event] = []
    wrong: Wrong = []
    inside: list[str] = []
    for number, line in _unfolded(text):
        found = _LINE.fullmatch(line)
        if found is None:
            wrong.append((number, line.strip()[:60]))
            continue
        name, value = found[1].upper(), found[3].strip()
        if name == "BEGIN":
            inside.append(value.upper())
            if inside[-1] == "VEVENT":
                events.append(_Event(number))
        elif name == "END":
            if not inside or inside.pop() != value.upper():
                wrong.append((number, line.strip()[:60]))
        elif inside[-1:] == ["VEVENT"] and name in _KNOWN:
            events[-1].said[name] = value
    if inside and not wrong:
        wrong.append((text.count("\n") + 1, f"END:{inside[-1][:50]}"))
    return events, wrong


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Lines by number; one that begins with a space goes on with the one before it."""
    began, held = 0, ""
    for number, line in enumerate(_lines(text), 1):
        if line[:1] in {" ", "\t"} and held:
            held += line[1:]
            continue
        if held.strip():
            yield began, held
        began, held = number, line
    if held.strip():
        yield began, held


def _lines(text: str) -> Iterable[str]:
    return re.split(r"\r\n|\n|\r", text.lstrip("\ufeff"))


def _span(event: _Event, zone: ZoneInfo) -> Iterator[date]:
    """Its days; an end of a whole day is the day after. Raises ValueError when that is no short row of days."""
    if "RRULE" in event.said:
        raise ValueError("repeats")
    first = _moment(event.said["DTSTART"], zone)
    end = _moment(event.said["DTEND"], zone) if "DTEND" in event.said else first + timedelta(days=1)
    last = max(end - timedelta(seconds=1), first)
    if end < first or last - first > _LONGEST:
        raise ValueError("too long")
    return (first.date() + timedelta(days=day) for day in range((last.date() - first.date()).days + 1))


def _moment(text: str, zone: ZoneInfo) -> datetime:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    parts = [int(part or 0) for part in found.groups()[:6]]
    moment = datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]
    return moment.astimezone(zone).replace(tzinfo=UTC) if found[7] else moment
