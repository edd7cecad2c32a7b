"""Each row of the fault table names a test that is there, or says plainly why there is none."""

import re

import pytest

from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## The fault table, row by row")[2].partition("\n## ")[0]
ROWS = [line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| ")][1:]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
TITLED = sorted(set(re.findall(r"`(tests/[\w/.]+\.test\.js) › ([^`]+)`", PAGE)))


def test_every_fault_of_the_design_has_a_row():
    assert len(ROWS) >= 35
    assert all(len(row) == 3 and all(cell.strip() for cell in row) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_fault_is_proved_by_a_test(row):
    assert re.search(r"`tests/[^`]+(::| › )[^`]+`", row[2]), "no test is named"


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_in_python_that_is_named_exists(path, name):
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("path", "title"), TITLED)
def test_a_test_in_javascript_that_is_named_exists(path, title):
    called = rf'test\(["`][^"`\n]*{re.escape(title)}["`]'

    assert re.search(called, (ROOT / path).read_text(encoding="utf-8"))
