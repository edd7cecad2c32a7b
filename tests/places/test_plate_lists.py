"""Codes out of a table: looked at first, line by line, then written down, and a second time nothing."""

import io

import pytest

from field.accounts.scope import Actor
from field.places import plate_lists, plates
from field.places.models import Proposal
from field.places.plate_lists import Entry, Verdict
from tests import factories
from tests.places.tables import HEAD, agree, look, plates_of
from tests.tables import a_workbook


def an_entry(door="301", code="A", address="人民路 12号", unit="", line=2):
    return Entry(line, address, unit, door, code)


def judged(lead, *entries):
    return [(one.verdict, one.why) for one in plate_lists.plan(entries, Actor.of(lead).scope).lines]


def test_a_table_is_looked_at_first_and_changes_nothing(building, client_of, lead):
    page = look(client_of(lead), ["人民路 12号", "", "301", "620402-301"])

    assert page.status_code == 200
    assert "620402-301" in page.text
    assert set(plates_of(building).values()) == {None}


def test_what_was_looked_at_is_written_down_and_the_phones_hear_of_it(
    building, client_of, lead, phone, worker
):
    sender = phone(worker)
    since = sender.pack()["cursor"]
    browser = client_of(lead)
    rows = [["人民路 12号", "", "", "H"], ["小红楼", "", "301", "A"], ["人民路　12号", "2", "302", "B"]]

    answer = agree(browser, look(browser, *rows))

    assert answer.headers["Location"] == "/plates?given=3&wrong=0"
    assert plates_of(building) == {"": "H", "301": "A", "2-302": "B"}
    assert {row["plate"] for row in sender.pack(since=since)["doors"]} == {"A", "B"}
    assert "3" in browser.get(answer.headers["Location"]).text


def test_the_same_table_again_changes_nothing(building, client_of, lead):
    browser = client_of(lead)
    rows = [["人民路 12号", "", "301", "A"], ["人民路 12号", "2", "302", "B"]]
    first = look(browser, *rows)
    agree(browser, first)
    before = {row.id: row.change_no for row in plates.doors_of(building)}

    assert "/plates/import/codes" not in look(browser, *rows).text
    answer = agree(browser, first)

    assert answer.headers["Location"] == "/plates?given=0&wrong=0"
    assert {row.id: row.change_no for row in plates.doors_of(building)} == before


def test_an_excel_file_does_as_well(building, client_of, lead):
    content = a_workbook([HEAD, ["人民路 12号", None, 301, 620402301]])
    browser = client_of(lead)

    agree(browser, look(browser, content=content, name="plates.xlsx"))

    assert plates_of(building)["301"] == "620402301"


def test_each_line_says_what_is_wrong_with_it(building, lead):
    factories.a_building(address="同名路 1号")
    factories.a_building(address="同名路 1号")
    factories.a_dwelling(factories.a_building(), plate="taken")
    factories.a_building(factories.ELSEWHERE, address="别处路 1号")

    assert judged(
        lead,
        an_entry(address="没有路 1号"),
        an_entry(address="别处路 1号"),
        an_entry(address="同名路 1号", door=""),
        an_entry(door="999"),
        an_entry(address=""),
        an_entry(door="", unit="2"),
        an_entry(code="x" * 121),
        an_entry(code="a\tb"),
        an_entry(code="taken"),
        an_entry()._replace(spoilt="formula"),
    ) == [
        (Verdict.WRONG, why)
        for why in (
            "no_building",
            "no_building",
            "several",
            "no_door",
            "no_address",
            "unit_alone",
            "long",
            "control",
            "taken",
            "formula",
        )
    ]


def test_a_place_with_two_codes_and_a_code_for_two_places_are_both_refused(building, lead):
    twice = judged(lead, an_entry(code="A"), an_entry(code="B"))
    shared = judged(lead, an_entry(code="A"), an_entry(door="", code="A"))
    again = judged(lead, an_entry(code="A"), an_entry(code="A", line=3))

    assert twice == [(Verdict.WRONG, "place_twice")] * 2
    assert shared == [(Verdict.WRONG, "code_twice")] * 2
    assert again == [(Verdict.NEW, ""), (Verdict.SAME, "")]


def test_a_line_without_a_code_takes_none_away(building, client_of, lead):
    browser = client_of(lead)
    agree(browser, look(browser, ["人民路 12号", "", "301", "A"]))

    assert judged(lead, an_entry(code="")) == [(Verdict.LEFT, "")]


def test_two_doors_change_codes_in_one_table(building, client_of, lead):
    browser = client_of(lead)
    agree(browser, look(browser, ["人民路 12号", "", "301", "A"], ["人民路 12号", "2", "302", "B"]))

    agree(browser, look(browser, ["人民路 12号", "", "301", "B"], ["人民路 12号", "2", "302", "A"]))

    assert plates_of(building) == {"": None, "301": "B", "2-302": "A"}


def test_a_code_that_moves_on_is_free_only_when_its_place_gets_another(building, client_of, lead):
    browser = client_of(lead)
    agree(browser, look(browser, ["人民路 12号", "", "301", "A"]))

    moved = judged(lead, an_entry(code="new"), an_entry(door="302", unit="2", code="A"))
    stuck = judged(lead, an_entry(code="x" * 121), an_entry(door="302", unit="2", code="A"))

    assert moved == [(Verdict.CHANGED, ""), (Verdict.NEW, "")]
    assert stuck == [(Verdict.WRONG, "long"), (Verdict.WRONG, "taken")]


def test_a_usable_line_is_written_down_though_others_are_wrong(building, client_of, lead):
    browser = client_of(lead)

    answer = agree(browser, look(browser, ["人民路 12号", "", "301", "A"], ["没有路", "", "", "B"]))

    assert answer.headers["Location"] == "/plates?given=1&wrong=1"
    assert plates_of(building)["301"] == "A"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x00\x01\xff\xfe\xfd", "plates.csv"),
        (b"\xd0\xcf\x11\xe0", "plates.xls"),
        (b"PK\x03\x04", "plates.xlsx"),
        ("街道,门\n人民路,1".encode(), "plates.csv"),
        (b"x" * (2 * 1024 * 1024 + 1), "plates.csv"),
        (b"", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_beside_the_field(building, client_of, lead, content, name):
    page = client_of(lead).post("/plates/import", data={"file": (io.BytesIO(content), name)})

    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert 'id="file-error"' in page.text


def test_lines_that_the_server_has_not_read_are_not_taken(building, client_of, lead):
    browser = client_of(lead)

    assert browser.post("/plates/import/codes", data={"lines": "WyJhIl0.forged"}).status_code == 400


def test_what_a_table_changes_is_judged_again_when_it_is_written_down(building, client_of, lead):
    browser = client_of(lead)
    page = look(browser, ["人民路 12号", "", "301", "A"])
    factories.a_dwelling(factories.a_building(), plate="A")

    answer = agree(browser, page)

    assert answer.headers["Location"] == "/plates?given=0&wrong=1"
    assert plates_of(building)["301"] is None


def test_a_house_that_was_declined_is_in_no_table(lead):
    factories.a_building(address="新村 7号", proposal=Proposal.DECLINED)

    [(verdict, _why)] = judged(lead, an_entry(door="", address="新村 7号"))

    assert verdict == Verdict.WRONG
