"""Calendar files as people pass holidays around: whole days off and days worked, told apart by their names."""

from io import BytesIO

import pytest

from field.core.db import db
from field.hazards.calendar_files import days_of_events
from field.hazards.models import CalendarDay

ZONE = "Asia/Shanghai"


def _event(*lines):
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def _file(*events):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""])


def _days(*events):
    days, wrong, _left = days_of_events(_file(*events), ZONE)
    assert wrong == []
    return {str(one.day): (one.working, one.name) for one in days}


def _wrong(*events):
    return days_of_events(_file(*events), ZONE)[1]


@pytest.fixture
def send(client_of, office):
    """Send a file to the office's calendar."""
    return lambda content, name="节假日.ics": client_of(office).post(
        "/hazards/rules/calendar?lang=en",
        data={"days": "", "file": (BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def _held():
    return {str(row.day): (row.working, row.name) for row in db.session.query(CalendarDay)}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_calendar_file_is_taken_beside_lines(send, client_of, office, encoding):
    off = _event("DTSTART;VALUE=DATE:20270217", "DTEND;VALUE=DATE:20270219", "SUMMARY:春节（休）")
    worked = _event("DTSTART;VALUE=DATE:20270220", "SUMMARY:春节（班）")
    remembered = _event("DTSTART;VALUE=DATE:20270303", "SUMMARY:元宵节")

    answer = send(_file(off, worked, remembered).encode(encoding))

    assert answer.status_code == 303
    assert _held() == {
        "2027-02-17": (False, "春节"),
        "2027-02-18": (False, "春节"),
        "2027-02-20": (True, "春节"),
    }
    page = client_of(office).get(answer.location.split("#")[0] + "&lang=en").get_data(as_text=True)
    assert "1 event is neither off nor worked" in page


@pytest.mark.parametrize(
    ("name", "working"),
    [
        ("春节", False),
        ("国庆节假期 第1天/共8天", False),
        ("补班", True),
        ("春节 补班 第1天/共2天", True),
        ("国庆节上班", True),
        ("Spring Festival Workday", True),
        ("Special Working Day", True),
        ("International Workers' Day", False),
    ],
)
def test_a_name_says_whether_it_is_worked(name, working):
    assert _days(_event("DTSTART;VALUE=DATE:20270217", f"SUMMARY:{name}")) == {"2027-02-17": (working, name)}


def test_the_mark_of_a_special_day_says_it_too():
    off = _event("DTSTART;VALUE=DATE:20270217", "SUMMARY:春节", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY")
    worked = _event("DTSTART;VALUE=DATE:20270220", "SUMMARY:春节", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY")
    remembered = _event("DTSTART;VALUE=DATE:20270214", "SUMMARY:情人节")

    assert _days(off, worked, remembered) == {"2027-02-17": (False, "春节"), "2027-02-20": (True, "春节")}


def test_long_lines_parameters_strokes_and_alarms_are_read_as_the_standard_has_them():
    event = _event(
        'dtstart;X-NOTE="a:b;c";VALUE=DATE:20270217',
        "SUMMARY;LANGUAGE=zh:春节\\, 除",
        " 夕\\; 休",
        "BEGIN:VALARM",
        "SUMMARY:补班",
        "TRIGGER:-PT12H",
        "END:VALARM",
    )

    assert _days(event) == {"2027-02-17": (False, "春节, 除夕; 休")}


def test_moments_count_by_the_days_of_the_district():
    worked = _event(
        "SUMMARY:补班",
        "DTSTART;TZID=Asia/Shanghai:20270220T090000",
        "DTEND;TZID=Asia/Shanghai:20270220T180000",
    )
    elsewhere = _event("SUMMARY:元旦", "DTSTART:20261231T160000Z", "DTEND:20270101T160000Z")

    assert _days(worked, elsewhere) == {"2027-02-20": (True, "补班"), "2027-01-01": (False, "元旦")}


def test_what_was_called_off_is_no_day():
    assert _days(_event("DTSTART;VALUE=DATE:20270217", "SUMMARY:春节", "STATUS:CANCELLED")) == {}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["SUMMARY:春节"], (3, "春节")),
        (["DTSTART:soon"], (3, "BEGIN:VEVENT")),
        (["DTSTART;VALUE=DATE:20270230", "SUMMARY:春节"], (3, "春节")),
        (["DTSTART;VALUE=DATE:20270217", "DTEND;VALUE=DATE:20270201"], (3, "BEGIN:VEVENT")),
        (["DTSTART;VALUE=DATE:20270217", "DTEND;VALUE=DATE:20280217"], (3, "BEGIN:VEVENT")),
        (["DTSTART;VALUE=DATE:20270217", "SUMMARY:春节", "RRULE:FREQ=YEARLY"], (3, "春节")),
        (["春节放假"], (4, "春节放假")),
        (["END:VALARM"], (4, "END:VALARM")),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(lines, told):
    assert told in _wrong(_event(*lines))


def test_a_file_that_breaks_off_is_told_at_its_end():
    _days, wrong, _left = days_of_events("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270217", ZONE)

    assert wrong == [(3, "END:VEVENT")]


def test_several_lines_are_told_at_once_and_nothing_is_kept(send):
    good = _event("DTSTART;VALUE=DATE:20270217", "SUMMARY:春节")
    bad = [_event(f"DTSTART:{number}", f"SUMMARY:假{number}") for number in range(7)]

    answer = send(_file(good, *bad).encode())

    said = answer.get_data(as_text=True).split('id="days-file-error"')[1].split("</p>")[0]
    assert answer.status_code == 422
    assert "Line 7 cannot be read: 假0\nLine 11 cannot be read: 假1" in said
    assert "and 2 more" in said
    assert _held() == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_file().encode(), "no day off"),
        (_file(_event("DTSTART;VALUE=DATE:20270217", "X-N:" + "长" * 200_000)).encode(), "too large"),
        (
            _file(*[_event("DTSTART;VALUE=DATE:20270101", "DTEND;VALUE=DATE:20270120")] * 50).encode(),
            "too large",
        ),
        (b"BEGIN:VCALENDAR\0", "no text"),
    ],
    ids=["empty", "bytes", "days", "binary"],
)
def test_a_file_that_holds_nothing_or_too_much_is_refused_beside_its_field(send, content, said):
    answer = send(content)

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True).split('id="days-file-error"')[1].split("</p>")[0]
