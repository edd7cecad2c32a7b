"""Tables as office programs write them."""

import io
from typing import Any

from openpyxl import Workbook


def a_workbook(rows: list[list[Any]]) -> bytes:
    """The bytes of an XLSX file with these rows on its first sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
