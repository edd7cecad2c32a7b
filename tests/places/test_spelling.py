"""Addresses in Latin letters, for search on a phone."""

import pytest

from field.places.spelling import spelt
from tests.factories import a_building


@pytest.mark.parametrize(
    ("address", "letters"),
    [
        ("人民路 12号", "ren min lu 12 hao"),
        ("长安小区3栋", "zhang/chang an xiao qu 3 dong"),
        ("Block A-5", "block a 5"),
        ("", ""),
    ],
)
def test_an_address_is_spelt_syllable_by_syllable(address, letters):
    assert spelt(address) == letters


@pytest.mark.usefixtures("app")
def test_a_building_knows_how_its_name_and_address_are_spelt():
    building = a_building(address="人民路 12号", name="红星楼")

    building.address = "和平路 1号"

    assert building.spelling == "hong xing lou he ping lu 1 hao"
