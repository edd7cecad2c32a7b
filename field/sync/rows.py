"""What the rows of the pack are, on their way to a phone."""

from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Page = list[Any]


def compact(row: Mapping[str, Any]) -> Row:
    """Without what is not known: absent means null."""
    return {key: value for key, value in row.items() if value is not None}
