"""The office's rules: what was typed stays, what was saved is told where one lands, deadlines are counted first."""

import re
from io import BytesIO

import pytest

from field.core.db import db
from field.hazards.models import CalendarDay, Finding, ItemRule, NoticeContact
from tests import factories


@pytest.fixture
def desk(client_of, office):
    """The office's browser."""
    return client_of(office)


@pytest.fixture
def send(desk):
    """send("contacts", …): the answer, in English, to a form of the page."""
    return lambda path, **typed: desk.post(
        f"/hazards/rules/{path}?lang=en", data=typed, content_type="multipart/form-data"
    )


def _row(page, code):
    return page.split(f'<li id="{code}">')[1].split("</li>")[0]


def test_a_contact_that_is_refused_stays_as_it_was_typed(send):
    factories.a_dwelling()
    typed = {"area_code": factories.COMMUNITY, "name": "演示·社区办公室", "telephone": "问门卫"}

    answer = send("contacts", **typed)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'value="{factories.COMMUNITY}" selected' in page
    assert all(f'value="{typed[name]}"' in page for name in ("name", "telephone"))
    assert "Digits, spaces and hyphens" in page


@pytest.mark.parametrize(("missing", "said"), [("telephone", "telephone too"), ("name", "office too")])
def test_half_a_contact_is_refused_and_takes_nothing_away(send, missing, said):
    factories.a_dwelling()
    whole = {"area_code": factories.COMMUNITY, "name": "演示·社区办公室", "telephone": "0943-0000000"}
    send("contacts", **whole)

    answer = send("contacts", **(whole | {missing: ""}))

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert db.session.query(NoticeContact).one().telephone == "0943-0000000"


def test_days_that_are_refused_stay_in_their_row(send):
    factories.a_checklist()

    answer = send("items/H09", due_days="4000", working_days="true")

    row = _row(answer.get_data(as_text=True), "H09")
    assert answer.status_code == 422
    assert 'value="4000"' in row
    assert re.search(r'name="working_days" value="true" checked', row)
    assert "Between 0 and 365 days." in row


def test_lines_that_are_refused_stay(send):
    answer = send("calendar", days="2027-02-17 holiday 春节\n春天")

    assert answer.status_code == 422
    assert "2027-02-17 holiday 春节\n春天</textarea>" in answer.get_data(as_text=True)


def test_what_was_saved_is_told_beside_its_row(send, desk):
    factories.a_hazard(item="H09")

    answer = send("items/H09", due_days="90")

    page = desk.get(answer.location.split("#")[0] + "&lang=en").get_data(as_text=True)
    assert answer.location.endswith("#H09")
    assert "Saved. 1 deadline has changed." in _row(page, "H09")
    assert page.count("Saved.") == 1


def test_how_many_deadlines_would_move_is_said_before_anything_is_saved(send):
    finding = factories.a_hazard(item="H09")
    factories.a_hazard(item="H04")
    due_on = finding.due_on

    answer = send("items/H09", due_days="90", count="true")

    row = _row(answer.get_data(as_text=True), "H09")
    db.session.expire_all()
    assert answer.status_code == 200
    assert "1 deadline would change." in row
    assert 'value="90"' in row
    assert db.session.get_one(Finding, finding.id).due_on == due_on
    assert db.session.query(ItemRule).count() == 0


def _held():
    return {str(row.day): (row.working, row.name) for row in db.session.query(CalendarDay)}


HOLIDAYS = "日期,类型,名称\r\n2027/2/17,休,春节\r\n2027年2月20日,班,补班\r\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_of_holidays_is_taken_as_tables_save_it(send, encoding):
    answer = send("calendar", days="", file=(BytesIO(HOLIDAYS.encode(encoding)), "节假日.csv"))

    assert answer.status_code == 303
    assert _held() == {"2027-02-17": (False, "春节"), "2027-02-20": (True, "补班")}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"2027-02-17 holiday\nnonsense 1\n", "Line 2 cannot be read"),
        (b"PK\x03\x04\x00\x00\xff", "no text"),
        (b"2027-02-17 holiday\n" * 10_000, "too large"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_beside_its_field(send, content, said):
    answer = send("calendar", days="2027-01-01 holiday 元旦", file=(BytesIO(content), "x.csv"))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page.split('id="days-file-error"')[1].split("</p>")[0]
    assert "2027-01-01 holiday 元旦</textarea>" in page
    assert _held() == {}


def test_the_office_is_told_which_areas_have_nobody_to_call(send, desk):
    factories.a_dwelling()
    before = desk.get("/hazards/rules?lang=en").get_data(as_text=True)
    for area in {factories.COMMUNITY[:6] + "000000"}:
        send("contacts", area_code=area, name="演示·区服务中心", telephone="0943-0000000")

    after = desk.get("/hazards/rules?lang=en").get_data(as_text=True)

    assert "name nobody to call" in before
    assert "name nobody to call" not in after
