"""An area is a prefix of codes: what lies below is in, what only looks alike is out."""

import pytest

from field.accounts.scope import Actor, Scope, area_prefix, scope_of
from field.core.db import db
from field.places.models import Building
from tests import factories
from tests.factories import ABROAD, COMMUNITY, DISTRICT, ELSEWHERE, GRID, SECOND_GRID


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("620402000000", "620402"),
        ("620402001000", "620402001"),
        ("620402001005", "620402001005"),
        ("620402001005-01", "620402001005-01"),
        ("620402001010", "620402001010"),
        ("620402100000", "620402100"),
    ],
)
def test_a_code_without_its_zeros_is_what_all_below_share(code, prefix):
    assert area_prefix(code) == prefix


@pytest.fixture
def buildings(app):
    """One building in each of four grids."""
    return {grid: factories.a_building(grid) for grid in (GRID, SECOND_GRID, ELSEWHERE, ABROAD)}


def _seen(scope):
    return {row.grid_code for row in db.session.query(Building).filter(scope.where(Building))}


@pytest.mark.parametrize(
    ("role", "grids"),
    [
        ("worker", {GRID, SECOND_GRID}),
        ("second_worker", {GRID}),
        ("lead", {GRID, SECOND_GRID}),
        ("office", {GRID, SECOND_GRID, ELSEWHERE}),
        ("handler", {GRID, SECOND_GRID, ELSEWHERE}),
    ],
)
def test_queries_and_checks_see_the_same_grids(buildings, role, grids):
    scope = scope_of(factories.a_user(role))

    assert _seen(scope) == grids
    assert {grid for grid in buildings if scope.covers(grid)} == grids


def test_the_tenth_grid_is_not_the_hundredth(app):
    tenth, hundredth = f"{COMMUNITY}-10", f"{COMMUNITY}-100"
    for grid in (tenth, hundredth):
        factories.a_building(grid)
    scope, both = Scope(DISTRICT, (tenth,)), Scope(DISTRICT, (tenth, hundredth))

    assert _seen(scope) == {tenth}
    assert (scope.covers(tenth), scope.covers(hundredth)) == (True, False)
    assert both.tops == (tenth, hundredth)


def test_a_scope_without_areas_sees_nothing(buildings):
    nothing = Scope(DISTRICT, ())

    assert _seen(nothing) == set()
    assert not nothing.covers(GRID)


def test_a_prefix_of_another_district_sees_nothing_here(buildings):
    assert _seen(Scope(DISTRICT, ("620403",))) == set()


def test_only_a_handler_is_bound_to_a_department(handler):
    office = factories.a_user("seconded", role="office", areas=(COMMUNITY,), department="fire_rescue")

    assert scope_of(handler).department == "fire_rescue"
    assert scope_of(office).department is None


def test_an_actor_carries_who_and_where(lead):
    actor = Actor.of(lead)

    assert (actor.id, actor.role, actor.scope.prefixes) == (lead.id, "lead", (COMMUNITY,))
