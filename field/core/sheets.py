"""Reading a table that people made: CSV in the encodings that offices use, or the first sheet of an XLSX file."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from openpyxl import load_workbook

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 5_000
# Wider and longer than this nothing is looked at; a sheet may have a mark in its millionth row.
_COLUMNS, _ROWS = 40, 50_000
# What an XLSX file may be unpacked: a few kilobytes can claim to hold gigabytes.
_UNPACKED = 64 * 1024 * 1024
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Beyond this Excel itself has rounded.
_EXACT = 10**15


class Fault(StrEnum):
    """Why a file is no table that can be read."""

    EMPTY = "empty"
    LARGE = "large"
    LONG = "long"
    OLD = "old"
    ENCODING = "encoding"
    DAMAGED = "damaged"


class Unreadable(Exception):
    """The file as a whole cannot be read; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class Spoilt(str):
    """A cell that does not hold what was meant: `why` is formula, date or number."""

    why: str

    def __new__(cls, text: str, why: str) -> "Spoilt":
        """The text as it stands there, with what is wrong about it."""
        made = super().__new__(cls, text)
        made.why = why
        return made


class Line(NamedTuple):
    """A row that is not empty, under the number that a spreadsheet shows beside it."""

    number: int
    cells: list[str]


def lines_of(content: bytes) -> list[Line]:
    """The rows of a table, cells without the space around them. Raises Unreadable."""
    if not content.strip():
        raise Unreadable(Fault.EMPTY)
    if len(content) > MOST_BYTES:
        raise Unreadable(Fault.LARGE)
    if content.startswith(_OLD_EXCEL):
        raise Unreadable(Fault.OLD)
    rows = _of_workbook(content) if content.startswith(_ZIP) else _of_text(_text_of(content))
    found = list(islice(_filled(rows), MOST_LINES + 2))
    if not found:
        raise Unreadable(Fault.EMPTY)
    if len(found) > MOST_LINES + 1:  # beside its head
        raise Unreadable(Fault.LONG)
    return found


def _filled(rows: Iterable[list[str]]) -> Iterator[Line]:
    for number, cells in enumerate(rows, 1):
        if number > _ROWS:
            raise Unreadable(Fault.LONG)
        if any(cells):
            yield Line(number, cells)


def _text_of(content: bytes) -> str:
    """Without a mark it is UTF-8, or what Excel in China writes."""
    marked = [name for mark, name in _MARKS if content.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(Fault.ENCODING)


def _of_text(text: str) -> Iterator[list[str]]:
    head = text.lstrip().partition("\n")[0]
    divider = max(",;\t", key=head.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=divider):
            yield [_plain(cell) for cell in row[:_COLUMNS]]
    except csv.Error:
        raise Unreadable(Fault.DAMAGED) from None


def _plain(cell: str) -> str:
    text = cell.strip()
    return Spoilt(text, "formula") if text.startswith("=") else text


def _of_workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _UNPACKED:
                raise Unreadable(Fault.LARGE)
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        for row in book.worksheets[0].iter_rows(max_col=_COLUMNS):
            yield _as_wide_as_filled([_shown(cell.value, cell.data_type) for cell in row])
    except Unreadable:
        raise
    except Exception:  # a file that anybody made can fail in any part of the library
        raise Unreadable(Fault.DAMAGED) from None


def _as_wide_as_filled(cells: list[str]) -> list[str]:
    wide = max((at for at, cell in enumerate(cells, 1) if cell), default=0)
    return cells[:wide]


def _shown(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "f":
        return Spoilt(str(value), "formula")
    if isinstance(value, datetime | date | time | timedelta):
        return Spoilt(str(value), "date")
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = str(int(value)) if value == int(value) else str(value)
        return Spoilt(text, "number") if abs(value) >= _EXACT else text
    return _plain(str(value))
