"""The demo: a village that could be real, and people who could not."""

from collections import Counter
from datetime import date, timedelta

import pytest

from field.accounts.models import Role, User
from field.campaigns.models import Round
from field.core.db import db, transaction
from field.core.errors import Problem
from field.demo import numbers, service
from field.demo.buildings import PLANS, doors
from field.demo.cast import CAST, COMMUNITY, PASSWORD
from field.people.documents import check_credit_code, check_document, check_mobile
from field.people.models import Occupancy, Person
from field.places.models import Area, Building, Dwelling, Level, Workplace
from tests.browser import browser_of

TODAY = date(2026, 11, 2)
SAYS_SYNTHETIC = "演示"
# What the village is made of is the same on every database; that it loads is tried on both.
content = pytest.mark.only_on("sqlite")


@pytest.fixture
def village(app):
    """The demo, loaded; says how many doors it has."""
    with transaction():
        return service.load(TODAY)


def test_the_workers_two_grids_have_about_three_hundred_doors(village):
    by_grid = Counter(row.grid_code for row in db.session.query(Dwelling))

    assert set(by_grid) == {f"{COMMUNITY}-01", f"{COMMUNITY}-02"}
    assert village == by_grid.total()
    assert 270 <= village <= 330
    assert min(by_grid.values()) > 100


@content
def test_every_community_has_grids_and_every_building_its_plate_and_storeys(village):
    holders = db.session.query(Area).filter(Area.level.in_((Level.COMMUNITY, Level.VILLAGE)))
    with_grids = {grid.parent_code for grid in db.session.query(Area).filter_by(level=Level.GRID)}
    buildings = db.session.query(Building).all()

    assert {area.code for area in holders} == with_grids
    assert all(
        building.address.startswith("人民路") and building.address.count("号") for building in buildings
    )
    assert {building.storeys for building in buildings} <= set(range(3, 8))


def test_some_buildings_are_odd_as_real_ones_are():
    assert any(plan.missing for plan in PLANS)
    assert any(plan.top for plan in PLANS)
    assert any(plan.units for plan in PLANS)
    assert any(plan.lowest > 1 for plan in PLANS)
    for plan in PLANS:
        assert max(Counter(doors(plan)).values()) == 1, plan.plate


@content
def test_everybody_is_named_as_invented(village):
    names = [person.name for person in db.session.query(Person)]
    names += [
        name for (name,) in db.session.query(Dwelling.lessor_name).filter(Dwelling.lessor_name.isnot(None))
    ]
    names += [user.name for user in db.session.query(User)]
    names += [name for row in db.session.query(Workplace) for name in (row.name, row.contact_name)]

    assert len(names) > 200
    assert all(name.startswith(SAYS_SYNTHETIC) for name in names)


def test_every_number_passes_its_check_and_says_that_it_is_nobodys(village):
    people = [person for person in db.session.query(Person) if person.document_number]
    phones = [person.phone for person in people]
    phones += [row.lessor_phone for row in db.session.query(Dwelling) if row.lessor_phone]
    phones += [row.contact_phone for row in db.session.query(Workplace)]

    assert len(people) > 100
    for person in people:
        assert check_document(person.document_type, person.document_number) == person.document_number
        assert person.document_number.startswith((numbers.NOWHERE, "DEMO"))
    assert {check_mobile(phone)[:3] for phone in phones} == {numbers.UNASSIGNED}


@content
def test_nobody_shares_a_number(village):
    given = [row.document_number_index for row in db.session.query(Person) if row.document_number_index]

    assert len(set(given)) == len(given)


@content
def test_the_county_of_the_numbers_is_in_no_area_and_no_home(village):
    homes = {person.home_county for person in db.session.query(Person)}

    assert numbers.NOWHERE not in homes
    assert not db.session.query(Area).filter(Area.code.startswith(numbers.NOWHERE)).count()


@content
def test_stays_began_in_the_past_and_no_visit_is_made_up(village):
    assert all(row.moved_in_on < TODAY for row in db.session.query(Occupancy))
    assert not db.session.query(Dwelling).filter(Dwelling.visit_id.isnot(None)).count()


def test_every_role_has_an_account_that_signs_in(app, village):
    for member in CAST:
        form = {"username": member.username, "password": PASSWORD}
        assert browser_of(app).post("/sign-in", data=form).status_code == 303, member.username

    assert {user.role for user in db.session.query(User)} == set(Role)


def test_workers_walk_the_open_phase(village):
    rounds = db.session.query(Round).all()

    assert Counter(row.grid_code for row in rounds) == {f"{COMMUNITY}-01": 2, f"{COMMUNITY}-02": 1}
    assert {(row.phase.code, row.phase.ends_on) for row in rounds} == {("survey", None)}
    assert {row.phase.starts_on for row in rounds} == {TODAY - timedelta(days=service.SURVEYED)}


@content
def test_two_demos_are_the_same_but_for_their_ids(village):
    def plain():
        rows = db.session.query(Dwelling).join(Building).order_by(Building.position, Dwelling.id)
        return [(row.address, row.use, row.rooms, row.headcount, row.lessor_name) for row in rows]

    first = plain()
    with transaction() as session:
        for model in (Round, Workplace, Occupancy, Person, Dwelling, Building):
            session.query(model).delete()
    with transaction():
        grids = {row.code: row for row in db.session.query(Area).filter_by(level=Level.GRID)}
        service.Village(TODAY).build({number: grids[f"{COMMUNITY}-{number:02d}"] for number in (1, 2)})

    assert plain() == first


def test_a_database_that_holds_something_is_left_as_it_is(village):
    with pytest.raises(Problem, match="conflict"), transaction():
        service.load(TODAY)

    assert db.session.query(Dwelling).count() == village


@content
def test_both_grids_have_places_of_work_and_some_have_beds(village):
    venues = db.session.query(Workplace).all()

    assert {row.grid_code for row in venues} == {f"{COMMUNITY}-01", f"{COMMUNITY}-02"}
    assert {"eatery", "workshop", "factory", "site"} <= {row.kind for row in venues}
    assert any(row.dormitory_headcount for row in venues)
    assert all(check_credit_code(row.credit_code)[1] for row in venues)
