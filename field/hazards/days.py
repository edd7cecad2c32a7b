"""Days of the calendar as somebody sends them: lines that were typed, or a file of such lines."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from field.hazards.terms import Day

_KINDS = {"holiday": False, "working": True, "usual": None}
_KINDS |= {"休": False, "放假": False, "班": True, "上班": True, "平": None, "恢复": None}
# 2027-02-17, as tables have it 2027/2/17, as people write it 2027年2月17日.
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOST_LINES = 800
_LARGEST = 100_000


def days_sent(typed: str, file: Any) -> list[Day]:
    """What was typed and what stands in the file; raises ValidationError with `days` or `file`."""
    days = _read(typed, "days")
    if file is not None and file.filename:
        days += _read(_text_of(file), "file")
    if not days:
        raise ValidationError({"days": [_("Please enter a line for each day.")]})
    return days


def _read(text: str, field: str) -> list[Day]:
    days, wrong = days_of(text)
    if wrong:
        number, line = wrong[0]
        raise ValidationError({field: [_("Line %(n)s cannot be read: %(line)s", n=number, line=line)]})
    return days


def _text_of(file: Any) -> str:
    """As browsers send it: UTF-8, or what a Chinese table program saves."""
    content: bytes = file.stream.read(_LARGEST + 1)
    if len(content) > _LARGEST or content.count(b"\n") > _MOST_LINES:
        raise ValidationError({"file": [_("This file is too large for a calendar.")]})
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError({"file": [_("This file is no text: please save it as .csv or .txt.")]})


def days_of(text: str) -> tuple[list[Day], list[tuple[int, str]]]:
    """Lines such as `2027-02-17 holiday Spring Festival`, also with commas; and those that cannot be read.

    The first line may name the columns.
    """
    days, wrong = [], []
    for number, line in enumerate(text.splitlines()[:_MOST_LINES], 1):
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
