"""Tables that people made: whatever office program wrote them, the cells arrive as they were meant, or say why not."""

import io
import zipfile
from datetime import date

import pytest

from field.core import sheets
from field.core.sheets import Fault, Spoilt, Unreadable, lines_of
from tests.tables import a_workbook

ROWS = [["地址", "编码"], ["人民路 12号", "A-1"]]


def cells_of(content):
    return [line.cells for line in lines_of(content)]


def fault_of(content):
    with pytest.raises(Unreadable) as told:
        lines_of(content)
    return told.value.fault


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_csv_of_any_office_program_is_read(encoding, divider):
    text = "\r\n".join(divider.join(row) for row in ROWS)

    assert cells_of(text.encode(encoding)) == ROWS


def test_an_excel_file_is_read_from_its_first_sheet():
    assert cells_of(a_workbook(ROWS)) == ROWS


def test_numbers_of_a_spreadsheet_are_text_as_it_shows_them():
    assert cells_of(a_workbook([["地址", 301, 12.0, 1.5, True]])) == [["地址", "301", "12", "1.5", "True"]]


def test_lines_carry_the_number_that_a_spreadsheet_shows_and_empty_ones_are_passed_over():
    content = "地址,编码\n\n , \n人民路,A".encode()

    assert [line.number for line in lines_of(content)] == [1, 4]


@pytest.mark.parametrize(
    ("value", "why"),
    [("=1+1", "formula"), (date(2026, 3, 1), "date"), (6204020012340000001, "number")],
)
def test_a_cell_that_does_not_hold_what_was_meant_says_so(value, why):
    [[cell]] = cells_of(a_workbook([[value]]))

    assert isinstance(cell, Spoilt)
    assert cell.why == why


def test_a_formula_in_csv_is_one_too():
    [[cell, _other]] = cells_of(b'"=HYPERLINK(""x"")",2')

    assert isinstance(cell, Spoilt)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b" \r\n ,, \r\n", Fault.EMPTY),
        (b"\xd0\xcf\x11\xe0old excel", Fault.OLD),
        (b"\x00\x01\x02,\x80\xff", Fault.ENCODING),
        (b"a,b\n\xff\xff\xff\xff", Fault.ENCODING),
        (b"PK\x03\x04 and then nothing", Fault.DAMAGED),
        (b"x" * (sheets.MOST_BYTES + 1), Fault.LARGE),
        (b"a,b\n" * (sheets.MOST_LINES + 2), Fault.LONG),
    ],
)
def test_a_file_that_is_no_table_says_why(content, fault):
    assert fault_of(content) == fault


def test_as_many_lines_as_are_promised_are_read_beside_the_head():
    assert len(lines_of(b"a,b\n" * (sheets.MOST_LINES + 1))) == sheets.MOST_LINES + 1


def test_a_small_file_that_unpacks_to_something_huge_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for number in range(8):
            parts.writestr(f"xl/worksheets/sheet{number}.xml", b" " * 10_000_000)

    assert len(file.getvalue()) < sheets.MOST_BYTES
    assert fault_of(file.getvalue()) == Fault.LARGE


def test_a_zip_that_is_no_workbook_is_damaged():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("readme.txt", "hello")

    assert fault_of(file.getvalue()) == Fault.DAMAGED
