"""The area tree that comes with the program, and what may stand where in it."""

import pytest

from field.core.db import db, transaction
from field.core.errors import Problem
from field.core.shipped import shipped_rows
from field.places import queries, service
from field.places.models import Area, Level
from tests import factories


@pytest.fixture
def tree(app):
    """The areas of Baiyin district by code."""
    with transaction():
        service.load_areas()
    return {area.code: area for area in db.session.query(Area)}


def test_the_district_has_five_subdistricts_and_five_townships(tree):
    levels = [area.level for area in tree.values()]

    assert levels.count(Level.DISTRICT) == 1
    assert levels.count(Level.SUBDISTRICT) == 5
    assert levels.count(Level.TOWNSHIP) == 5
    assert len(tree) == len(shipped_rows(service.AREAS))


def test_every_area_hangs_on_one_whose_code_it_begins_with(tree):
    for area in tree.values():
        if area.level != Level.DISTRICT:
            parent = tree[area.parent_code]
            assert area.code.startswith(parent.code.rstrip("0")), area.code


def test_loading_again_adds_nothing(tree):
    with transaction():
        assert service.load_areas() == 0


def test_a_name_is_found_by_its_code_and_an_unknown_code_stands_for_itself(tree):
    assert queries.district_name(620402) == "白银区"
    assert queries.area_name("999999000000") == "999999000000"


@pytest.mark.parametrize("code", ["620402000000", "620402001000"])
def test_grids_lie_under_communities_and_villages_only(tree, code):
    with pytest.raises(Problem, match="invalid"), transaction():
        service.add_grid(tree[code], 1, "第一网格")


def test_buildings_stand_in_grids_only(tree):
    with pytest.raises(Problem, match="invalid"), transaction():
        service.add_building(tree[factories.COMMUNITY], "人民路 12号")


def test_a_door_lies_in_the_grid_of_its_building(app):
    door = factories.a_dwelling(factories.a_building(factories.ELSEWHERE), unit="2", door="301")

    assert (door.grid_code, door.district) == (factories.ELSEWHERE, factories.DISTRICT)
    assert door.label == "2-301"
    assert door.address.endswith("号 2-301")


def test_the_lessors_phone_is_kept_sealed(app):
    door = factories.a_dwelling(lessor_name="测试·房东", lessor_phone="15400000009")

    assert b"15400000009" not in door.lessor_phone_sealed
    assert door.lessor_phone == "15400000009"
