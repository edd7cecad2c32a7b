"""The demo at the size of a district: totals that are exact, and people who could not be real."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field.core.changes import DistrictHead
from field.core.db import db, transaction
from field.demo import numbers, service
from field.demo.cast import COMMUNITY, DISTRICT
from field.demo.district import BAIYIN, LET, Totals, held
from field.demo.shares import shares
from field.people.documents import check_document, check_mobile
from field.people.models import Occupancy, Person
from field.places.models import Area, Building, Dwelling, Level

TODAY = date(2026, 11, 2)
TINY = Totals(dwellings=2500, let=400, residents=4200, floating=1100)
content = pytest.mark.only_on("sqlite")


@pytest.fixture
def district(app):
    """The demo in a district of a hundredth of the size; says how many doors it has."""
    with transaction():
        return service.load(TODAY, TINY)


def test_the_totals_are_those_that_were_asked_for(district):
    assert district == TINY.dwellings
    assert held(DISTRICT) == TINY


def test_the_whole_district_has_the_published_totals():
    assert Totals(194_558, 19_265, 334_222, 78_105) == BAIYIN


@content
def test_who_is_named_lives_behind_a_let_door_and_is_counted_there(district):
    named = Counter(row.dwelling_id for row in db.session.query(Occupancy))
    outside = [row for row in db.session.query(Dwelling) if not row.grid_code.startswith(COMMUNITY)]

    for row in outside:
        assert named[row.id] == (row.headcount or 0 if row.use in LET else 0)
    assert not any(row.headcount for row in outside if row.use in {"vacant", None})


@content
def test_every_community_has_doors_in_grids_of_its_own(district):
    holders = {
        row.code for row in db.session.query(Area).filter(Area.level.in_((Level.COMMUNITY, Level.VILLAGE)))
    }
    with_doors = {row.grid_code.split("-")[0] for row in db.session.query(Dwelling)}

    assert len(holders) == 99
    assert with_doors == holders
    assert max(Counter(row.grid_code for row in db.session.query(Dwelling)).values()) <= 400


@content
def test_no_address_is_there_twice(district):
    doors = db.session.query(Dwelling, Building).join(Building)
    places = Counter((building.grid_code, building.address, door.label) for door, building in doors)

    assert max(places.values()) == 1


@content
def test_all_people_say_that_they_are_nobody(district):
    people = db.session.query(Person).all()
    known = [row for row in people if row.document_number]
    lessors = [row for row in db.session.query(Dwelling) if row.lessor_phone]

    assert all(row.name.startswith("演示") for row in people)
    assert all(row.lessor_name.startswith("演示房东") for row in lessors)
    assert all(
        row.document_number.startswith((numbers.NOWHERE, numbers.NOWHERE_ELSE, "DEMO")) for row in known
    )
    assert all(check_document(row.document_type, row.document_number) == row.document_number for row in known)
    assert {check_mobile(row.phone)[:3] for row in people if row.phone} == {numbers.UNASSIGNED}
    assert len({row.document_number_index for row in known}) == len(known)


def test_phones_are_sent_what_was_written_in_bulk(district):
    newest = db.session.get(DistrictHead, DISTRICT).change_no

    for model in (Building, Dwelling, Occupancy):
        assert not db.session.query(model).filter((model.change_no < 1) | (model.change_no > newest)).count()


@given(st.integers(0, 10_000), st.lists(st.floats(0.01, 100), min_size=1, max_size=40))
def test_shares_add_up_and_stray_less_than_one_from_their_weight(total, weights):
    parts = shares(total, weights)

    assert sum(parts) == total
    assert all(
        abs(part - total * weight / sum(weights)) < 1.001 for part, weight in zip(parts, weights, strict=True)
    )


def test_shares_of_nothing_are_nothing():
    assert shares(0, []) == []
