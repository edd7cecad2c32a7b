"""One code at one place, also when two write at the same moment, and what closed entries of doors hold."""

import threading

import pytest

from field.accounts.scope import Actor
from field.core.db import db, transaction
from field.core.errors import Problem
from field.places import plates
from field.places.models import Building, Dwelling, Proposal
from tests import factories
from tests.places.tables import agree, look, plates_of


def test_a_code_given_elsewhere_at_the_same_moment_is_answered_at_the_field(
    building, client_of, lead, monkeypatch
):
    """The other has written it down after this one had looked: the index finds it."""
    factories.a_dwelling(factories.a_building(), plate="A")
    looked = iter([set(), set(), {plates.doors_of(building)[0].id}])
    monkeypatch.setattr(plates, "given_twice", lambda *_about: next(looked))
    first, _second = plates.doors_of(building)

    page = client_of(lead).post(f"/plates/{building.id}", data={f"code-{first.id}": "A"})

    assert page.status_code == 422
    assert page.text.count('aria-invalid="true"') == 1
    assert set(plates_of(building).values()) == {None}


def test_a_table_whose_code_was_given_elsewhere_at_the_same_moment_is_shown_once_more(
    building, client_of, lead, monkeypatch
):
    browser = client_of(lead)
    page = look(browser, ["人民路 12号", "", "301", "A"])
    factories.a_dwelling(factories.a_building(), plate="A")
    real = plates.holders
    looks = iter([dict, real, real])
    monkeypatch.setattr(
        plates, "holders", lambda *about, **but: {} if (one := next(looks)) is dict else one(*about, **but)
    )

    answer = agree(browser, page)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert plates_of(building)["301"] is None


def test_a_house_and_a_door_cannot_have_the_same_code_either(building, lead, monkeypatch):
    """They stand in two tables, of which no index sees both."""
    first, _second = plates.doors_of(building)
    factories.a_building(plate="A")
    monkeypatch.setattr(plates, "given_twice", lambda *_about: set())

    with pytest.raises(Problem), transaction():
        plates.give(building, {first.id: "A"}, Actor.of(lead))


def test_a_closed_entry_gives_its_code_free(building, lead):
    kept, other = sorted(plates.doors_of(building), key=lambda door: door.door)
    declined = factories.a_dwelling(building, door="303", plate="B")
    with transaction():
        db.session.get_one(Dwelling, other.id).plate = "A"
        db.session.get_one(Dwelling, other.id).merged_into = kept.id
        db.session.get_one(Dwelling, declined.id).proposal = Proposal.DECLINED

    with transaction():
        plates.give(building, {kept.id: "A", building.id: "B"}, Actor.of(lead))

    assert plates_of(building) == {"": "B", "301": "A"}


@pytest.mark.only_on("postgresql")
def test_two_who_give_one_code_at_the_same_moment_are_told_one_after_the_other(app, building, lead):
    """Neither sees what the other has not committed yet."""
    other = factories.a_building(address="人民路 13号")
    both = threading.Barrier(2, timeout=20)
    told = []

    def write(house):
        with app.app_context():
            try:
                with transaction():
                    row = db.session.get_one(Building, house)
                    both.wait()
                    plates.give(row, {house: "A"}, Actor.of(lead))
                told.append("kept")
            except Problem as problem:
                told.append(problem.code)
            finally:
                db.session.remove()

    writers = [threading.Thread(target=write, args=(house.id,)) for house in (building, other)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(told) == ["invalid", "kept"]
