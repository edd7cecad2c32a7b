"""The table of settings for operators says what the program reads: names, defaults, meanings."""

import re
from pathlib import Path

from field.core.config import PREFIX, SettingsSchema

TABLE = Path(__file__).parents[2] / "docs" / "operators.md"
ROW = re.compile(r"^\| `(FIELD_\w+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def _default_text(default: object) -> str:
    value = default() if callable(default) else default
    if value in ("", []):
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        return f"`{','.join(value)}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def test_the_table_of_settings_is_the_one_in_code():
    documented = ROW.findall(TABLE.read_text(encoding="utf-8"))
    read = [
        (f"{PREFIX}{name.upper()}", _default_text(field.load_default), field.metadata["description"])
        for name, field in SettingsSchema().fields.items()
    ]

    assert documented == read
