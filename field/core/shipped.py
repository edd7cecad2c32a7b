"""Tables that come with the program: CSV files in the `data` folder of the room that reads them."""

import csv
from pathlib import Path


def shipped_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file by column name; an empty cell is an empty string."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(cell: str) -> list[str]:
    """The parts of a cell that holds several, separated by semicolons."""
    return [word for word in cell.split(";") if word]
