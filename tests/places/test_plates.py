"""Codes of door plates: written down at the desk, at one place only, in the pack, on a sheet to print."""

import pytest

from field.accounts.scope import Actor
from field.core.db import db, transaction
from field.core.errors import Problem
from field.places import plates
from field.places.models import Building, Dwelling
from tests import factories


@pytest.fixture
def building(app):
    """A building with two doors."""
    one = factories.a_building()
    factories.a_dwelling(one, door="301")
    factories.a_dwelling(one, door="302")
    return one


def _doors(building):
    return plates.doors_of(db.session.get_one(Building, building.id))


def test_a_code_that_was_written_down_is_in_the_next_pack(building, client_of, lead, phone, worker):
    sender = phone(worker)
    since = sender.pack()["cursor"]
    first, _second = _doors(building)

    answer = client_of(lead).post(f"/plates/{building.id}", data={f"code-{first.id}": " 620402-0001 "})

    assert answer.status_code == 303
    [row] = sender.pack(since=since)["doors"]
    assert (row["id"], row["plate"]) == (str(first.id), "620402-0001")


def test_codes_that_did_not_change_are_not_sent_again(building, client_of, lead):
    first, second = _doors(building)
    browser = client_of(lead)
    browser.post(f"/plates/{building.id}", data={f"code-{first.id}": "1", f"code-{second.id}": "2"})
    before = {row.id: row.change_no for row in _doors(building)}

    browser.post(f"/plates/{building.id}", data={f"code-{first.id}": "1", f"code-{second.id}": "3"})

    db.session.expire_all()
    after = {row.id: row.change_no for row in _doors(building)}
    assert after[first.id] == before[first.id]
    assert after[second.id] > before[second.id]


def test_a_code_stands_at_one_place_only(building, client_of, lead):
    other = factories.a_dwelling(factories.a_building(), plate="taken")
    first, second = _doors(building)
    browser = client_of(lead)

    taken = browser.post(f"/plates/{building.id}", data={f"code-{first.id}": "taken"})
    twice = browser.post(f"/plates/{building.id}", data={f"code-{first.id}": "a", f"code-{second.id}": "a"})

    assert (taken.status_code, twice.status_code) == (422, 422)
    assert taken.text.count('aria-invalid="true"') == 1
    assert twice.text.count('aria-invalid="true"') == 2
    assert 'value="taken"' in taken.text
    db.session.expire_all()
    assert [row.plate for row in _doors(building)] == [None, None]
    assert db.session.get_one(Dwelling, other.id).plate == "taken"


def test_the_verb_itself_refuses_a_code_that_another_door_has(building, lead):
    factories.a_dwelling(factories.a_building(), plate="taken")
    first, _second = _doors(building)

    with pytest.raises(Problem), transaction():
        plates.give(building, {first.id: "taken"}, Actor.of(lead))


def test_an_empty_field_takes_a_code_away_and_doors_of_other_buildings_are_passed_over(
    building, client_of, lead
):
    first, _second = _doors(building)
    stranger = factories.a_dwelling(factories.a_building())
    browser = client_of(lead)
    browser.post(f"/plates/{building.id}", data={f"code-{first.id}": "1"})

    browser.post(f"/plates/{building.id}", data={f"code-{first.id}": "", f"code-{stranger.id}": "9"})

    db.session.expire_all()
    assert db.session.get_one(Dwelling, first.id).plate is None
    assert db.session.get_one(Dwelling, stranger.id).plate is None


def test_a_form_that_names_no_door_is_refused(building, client_of, lead):
    assert client_of(lead).post(f"/plates/{building.id}", data={"code-x": "1"}).status_code == 400


def test_the_sheet_has_a_square_for_every_door(building, client_of, lead):
    page = client_of(lead).get(f"/plates/{building.id}/sheet").text

    assert page.count('class="square"') == 2
    assert "301" in page
    assert "302" in page


def test_the_list_counts_codes_and_finds_a_street(building, client_of, lead):
    first, _second = _doors(building)
    browser = client_of(lead)
    browser.post(f"/plates/{building.id}", data={f"code-{first.id}": "1"})

    [row] = plates.plated_buildings(Actor.of(lead).scope, building.address)
    assert (row.doors, row.plated) == (2, 1)
    assert building.address in browser.get(f"/plates?q={building.address}").text
    assert building.address not in browser.get("/plates?q=nowhere").text
