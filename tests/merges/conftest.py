"""What tests of merges begin with: two answers, two entries of a person, two entries of a door."""

import pytest

from tests import factories
from tests.merges.asking import NUMBER


@pytest.fixture
def desk(client_of, lead):
    """The lead's browser."""
    return client_of(lead)


@pytest.fixture
def two_answers(phone, worker, second_worker):
    """A door of which two workers said different rooms; the register holds the first."""
    door = factories.a_dwelling()
    for user, rooms in ((worker, 3), (second_worker, 4)):
        phone(user).record(door, base_revision=1, unchanged=None, dwelling_changes={"rooms": rooms})
    return door


@pytest.fixture
def two_people(app):
    """One document number at two doors; answers the occupancies in the order of a pair."""
    facts = {"document_type": "111", "document_number": NUMBER}
    rows = [
        factories.an_occupancy(name="测试·王", reason="204", **facts),
        factories.an_occupancy(name="测试·汪", reason="206", **facts),
    ]
    return sorted(rows, key=lambda row: row.id)


@pytest.fixture
def two_doors(app):
    """One address twice, in two buildings; somebody lives at the second."""
    doors = [
        factories.a_dwelling(factories.a_building(address="测试路 9号"), door="301", **facts)
        for facts in ({"rooms": 2, "heating": "coal"}, {"rooms": 5})
    ]
    return sorted(doors, key=lambda row: row.id)
