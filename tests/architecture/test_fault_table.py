"""Each row of the fault table names a test that is there, or says plainly why there is none."""

import re

import pytest

from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## The fault table, row by row")[2].partition("\n## ")[0]
ROWS = [line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| ")][1:]
# What the design names, each row by its words there or by those that say more; none of them may go.
OF_THE_DESIGN = (
    "browser killed in the middle of a save",
    "power cut",
    "quota full",
    "storage cleared, eviction",
    "persist() refused",
    "two tabs",
    "worker process stopped in the middle of an upload",
    "no Background Sync",
    "clock ten years off",
    "app update in mid visit",
    "database upgrade on the phone blocked",
    "reply lost after commit",
    "same event over two connections at once",
    "any order",
    "photo cut at any byte",
    "captive portal that answers 200",
    "stalled link, a byte a second",
    "429, 503, 413, 401",
    "flipped bit",
    "`navigator.onLine` lies",
    "server killed at each step of accepting",
    "fsync fails, disk full",
    "SQLite locked",
    "PostgreSQL killed",
    "photo store down or returning wrong bytes",
    "gunicorn worker killed after the commit",
    "migration while phones send",
    "old client, new server and the reverse",
    "restore of an older backup",
    "decompression bomb, 0 bytes, wrong type, half JPEG",
    "EXIF position",
    "sign-in expired while offline",
    "password changed, account disabled, area moved",
    "two phones, one household",
    "sign-out or shared phone with unsent work",
)
# What was found while building. A new row needs a line here, so that none goes unseen either.
FOUND_SINCE = (
    "a correction and its visit at the same moment, from two phones (PostgreSQL)",
    "a record set aside for months",
    "a rescue file while its phone sends the same, or after a restore that forgot the phone",
    "half an emoji, a NUL",
    "the same id with other content",
    "a whole photo that is never what was announced",
    "photo of a recheck late, unusable or never sent",
    "forms and visits about the same doors and hazards at once (PostgreSQL)",
    "a database brought back by Litestream or WAL archiving",
    "the server stands still or is busy while a photo is decoded",
    "the store has lost a stored photo, or its file is cut short",
    "killed while a picture is written",
    "the phone is about to fail, without a signal",
    "two phones say different things of one fact",
    "the register does not say what its visits say",
    "a record overtakes the enrolment of its phone",
    "a record waits while its phone is enrolled anew, also several times",
    "a shared phone with unsent work goes to another district",
    "a record was erased on somebody's request",
    "odd requests of any kind",
)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
TITLED = sorted(set(re.findall(r"`(tests/[\w/.]+\.test\.js) › ([^`]+)`", PAGE)))


def test_every_fault_has_one_row_and_each_row_is_a_fault_that_is_known_here():
    assert sorted(row[0] for row in ROWS) == sorted((*OF_THE_DESIGN, *FOUND_SINCE))


def test_each_row_says_what_is_expected_and_by_which_test():
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
