"""Days of the calendar as somebody sends them: lines that were typed, a file of such lines, or a calendar file."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from field.hazards.calendar_files import Wrong, days_of_events, is_calendar_file
from field.hazards.terms import Day

_KINDS = {"holiday": False, "working": True, "usual": None}
_KINDS |= {"休": False, "放假": False, "班": True, "上班": True, "平": None, "恢复": None}
# 2027-02-17, as tables have it 2027/2/17, as people write it 2027年2月17日.
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOST_LINES = 800
# A calendar file takes ten lines or more for one event.
_LARGEST = 500_000
# So many lines that cannot be read are shown.
_SHOWN = 5


@dataclass
class Sent:
    """Days for the calendar; `left` counts events of a calendar file that are no days off."""

    days: list[Day]
    left: int = 0


def days_sent(typed: str, file: Any, zone: str) -> Sent:
    """What was typed and what stands in the file; raises ValidationError with `days` or `file`."""
    sent = _read(typed, "days", zone)
    if file is not None and file.filename:
        filed = _read(_text_of(file), "file", zone)
        sent = Sent(sent.days + filed.days, sent.left + filed.left)
    if not sent.days:
        raise ValidationError({"days": [_("Please enter a line for each day.")]})
    return sent


def _read(text: str, field: str, zone: str) -> Sent:
    left = 0
    if is_calendar_file(text):
        days, wrong, left = days_of_events(text, zone)
        if not days and not wrong:
            raise ValidationError({field: [_("There is no day off and no working day in this calendar.")]})
    elif text.count("\n") > _MOST_LINES:
        raise _too_large(field)
    else:
        days, wrong = days_of(text)
    if wrong:
        raise ValidationError({field: [_told(wrong)]})
    if len(days) > _MOST_LINES:
        raise _too_large(field)
    return Sent(days, left)


def _told(wrong: Wrong) -> str:
    """The first lines that cannot be read, a line each, and how many more there are."""
    said = [_("Line %(n)s cannot be read: %(line)s", n=number, line=line) for number, line in wrong[:_SHOWN]]
    if len(wrong) > _SHOWN:
        said.append(_("and %(n)s more", n=len(wrong) - _SHOWN))
    return "\n".join(said)


def _too_large(field: str) -> ValidationError:
    return ValidationError({field: [_("This file is too large for a calendar.")]})


def _text_of(file: Any) -> str:
    """As browsers send it: UTF-8, or what a Chinese table program saves."""
    content: bytes = file.stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise _too_large("file")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError({"file": [_("This file is no text: please save it as .ics, .csv or .txt.")]})


def days_of(text: str) -> tuple[list[Day], Wrong]:
    """Lines such as `2027-02-17 holiday Spring Festival`, also with commas; and those that cannot be read.

    The first line may name the columns.
    """
    days, wrong = [], []
    for number, line in enumerate(text.splitlines(), 1):
        parts = re.sub(r'[,，;\t"]', " ", line).split(maxsplit=2)
        if not parts or (number == 1 and not re.search(r"\d", line)):
            continue
        try:
            days.append(_day(*parts))
        except (ValueError, KeyError, TypeError):
            wrong.append((number, line.strip()[:60]))
    return days, wrong


def _day(text: str, kind: str, name: str = "") -> Day:
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Day(date(*(int(part) for part in found.groups())), _KINDS[kind.lower()], name.strip()[:60])
