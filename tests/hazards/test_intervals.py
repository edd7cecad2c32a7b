"""How often a let dwelling is visited: by its class, in days of the district, as the office has set it."""

from datetime import UTC, date, datetime

import pytest

from field.audit.models import AuditEntry
from field.core.db import db
from field.hazards.intervals import Frequency, VisitClass, VisitInterval
from field.places.models import Dwelling
from tests import factories

ZONE = "Asia/Shanghai"
USUAL = Frequency(ZONE)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def _door(**facts):
    usual = {"use": "let", "rooms": 2, "headcount": 6, "settled_as": "done", "settled_at": NOON}
    return Dwelling(**(usual | facts))


@pytest.mark.parametrize(
    ("severities", "found"),
    [
        ((), VisitClass.CLEAN),
        (("general",), VisitClass.MINOR),
        (("general", "suspected_major"), VisitClass.MAJOR),
    ],
)
def test_the_gravest_open_hazard_makes_the_class(severities, found):
    assert USUAL.class_of(_door(), severities) == found


@pytest.mark.parametrize(
    ("crowded_from", "facts", "found"),
    [
        (None, {"headcount": 20}, VisitClass.CLEAN),
        (3, {"headcount": 6}, VisitClass.MINOR),
        (3, {"headcount": 5}, VisitClass.CLEAN),
        (3, {"headcount": None}, VisitClass.CLEAN),
        (3, {"rooms": None}, VisitClass.CLEAN),
    ],
)
def test_a_crowded_dwelling_counts_as_one_with_a_hazard_where_the_district_has_a_rule(
    crowded_from, facts, found
):
    assert Frequency(ZONE, crowded_from=crowded_from).class_of(_door(**facts), ()) == found


def test_how_crowded_it_is_takes_nothing_from_a_suspected_major_hazard():
    assert Frequency(ZONE, crowded_from=2).class_of(_door(), ["suspected_major"]) == VisitClass.MAJOR


@pytest.mark.parametrize(
    ("severities", "day"),
    [
        ((), date(2026, 12, 11)),
        (("general",), date(2026, 12, 4)),
        (("suspected_major",), date(2026, 11, 27)),
    ],
)
def test_a_let_dwelling_is_due_again_its_interval_after_it_was_settled(severities, day):
    assert USUAL.again_on(_door(), severities) == day


@pytest.mark.parametrize(
    ("settled_at", "day"),
    [
        (datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC), date(2026, 12, 11)),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), date(2026, 12, 12)),
    ],
)
def test_days_are_those_of_the_district_across_midnight(settled_at, day):
    assert USUAL.again_on(_door(settled_at=settled_at), ()) == day


@pytest.mark.parametrize(
    "facts",
    [
        {"use": "owner_occupied"},
        {"use": None},
        {"settled_at": None, "settled_as": None},
        {"settled_as": "demolished"},
        {"settled_as": "not_found"},
    ],
)
def test_no_day_for_what_is_not_let_was_never_settled_or_is_not_there(facts):
    assert USUAL.again_on(_door(**facts), ["suspected_major"]) is None


def test_a_part_that_is_let_and_a_home_that_was_vacant_or_declined_are_called_at_again():
    doors = [_door(use="part_let"), _door(settled_as="vacant"), _door(settled_as="refused")]

    assert {USUAL.again_on(door, ()) for door in doors} == {date(2026, 12, 11)}


def test_without_days_the_program_does_not_judge():
    frequency = Frequency(ZONE, clean_days=None, minor_days=10)

    assert frequency.again_on(_door(), ()) is None
    assert frequency.again_on(_door(), ["general"]) == date(2026, 11, 30)


@pytest.fixture
def desk(client_of, office):
    """The office's browser."""
    return client_of(office)


def _send(desk, **typed):
    return desk.post("/hazards/rules/intervals?lang=en", data=typed)


def _value(page, name):
    return page.split(f'id="intervals-{name}"')[1].split('value="')[1].split('"')[0]


def test_the_office_reads_the_usual_and_sets_its_own(desk):
    before = desk.get("/hazards/rules").get_data(as_text=True)

    answer = _send(desk, clean_days="30", minor_days="", major_days="3", crowded_from="4")

    after = desk.get("/hazards/rules").get_data(as_text=True)
    names = ("clean_days", "minor_days", "major_days", "crowded_from")
    assert [_value(before, name) for name in names] == ["21", "14", "7", ""]
    assert answer.status_code == 303
    assert [_value(after, name) for name in names] == ["30", "", "3", "4"]
    row = db.session.query(VisitInterval).one()
    assert (row.clean_days, row.minor_days, row.major_days, row.crowded_from) == (30, None, 3, 4)


def test_what_was_set_is_in_the_audit_trail_with_its_numbers(desk):
    _send(desk, clean_days="30", major_days="3")

    entry = db.session.query(AuditEntry).filter_by(action="visit_interval.set").one()
    assert (entry.details["clean_days"], entry.details["minor_days"], entry.details["major_days"]) == (
        30,
        None,
        3,
    )


@pytest.mark.parametrize("days", ["0", "366", "many", "-1", "2.5"])
def test_numbers_that_are_none_are_refused_beside_their_field_and_all_stay_as_typed(desk, days):
    answer = _send(desk, clean_days="30", minor_days=days, crowded_from="4")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="intervals-minor_days-error"' in page
    assert [_value(page, name) for name in ("clean_days", "minor_days", "major_days", "crowded_from")] == [
        *("30", days, "", "4")
    ]
    assert db.session.query(VisitInterval).count() == 0


def test_a_district_sets_them_for_itself_alone(desk):
    _send(desk, clean_days="30")

    assert db.session.query(VisitInterval).one().district == factories.DISTRICT
