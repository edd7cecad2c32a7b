"""Whatever stands in a calendar file, the office reads its days or which lines are wrong."""

from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from field.hazards.calendar_files import days_of_events, is_calendar_file
from tests.fuzz.trying import tried

_PARTS = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VALARM",
        "END:",
        "DTSTART;VALUE=DATE:20270217",
        "DTSTART:00010101T000000Z",
        "DTEND:99991231",
        "DTEND:20270217T256199",
        "SUMMARY:补班\\",
        'SUMMARY;X="',
        "STATUS:CANCELLED",
        "RRULE:",
        " ",
        "\t:",
    ]
)
_LINES = st.lists(_PARTS | st.text(max_size=20))


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


@tried(200)
@given(lines=_LINES)
@example(["BEGIN:VEVENT", "DTSTART:99991231", "END:VEVENT"])
@example(["BEGIN:VEVENT", "DTSTART:00010101T000000Z", "SUMMARY:\0\ud800", "END:VEVENT"])
def test_what_cannot_be_read_is_told_by_a_line_that_is_there(lines):
    text = "\n".join(["BEGIN:VCALENDAR", *lines])
    assert is_calendar_file(text)

    _days, wrong, _left = days_of_events(text, "Asia/Shanghai")

    assert wrong or "END:VCALENDAR" in text.upper()
    assert all(0 < number <= text.count("\n") + text.count("\r") + 1 for number, _line in wrong)
    assert all(len(line) <= 60 for _number, line in wrong)


@tried(60)
@given(lines=_LINES, rest=st.binary(max_size=30))
@example(["BEGIN:VEVENT", "DTSTART:00010101", "SUMMARY:休\ud7ff", "END:VEVENT", "END:VCALENDAR"], b"")
@example(["BEGIN:VEVENT", "DTSTART:99991230", "SUMMARY:班\udfff", "END:VEVENT", "END:VCALENDAR"], b"")
@example(["BEGIN:VEVENT", "DTSTART:20270217", "SUMMARY:" + "\0" * 70, "END:VEVENT", "END:VCALENDAR"], b"")
def test_no_calendar_file_is_a_fault_of_the_program(browser, lines, rest):
    content = "\r\n".join(["BEGIN:VCALENDAR", *lines]).encode("utf-8", "replace") + rest
    form = {"days": "", "file": (BytesIO(content), "x.ics")}

    answer = browser.post("/hazards/rules/calendar", data=form, content_type="multipart/form-data")

    assert answer.status_code in {303, 422}
    assert browser.get("/hazards/rules").status_code == 200
