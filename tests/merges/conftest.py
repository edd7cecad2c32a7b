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


@pytest.fixture
def three_doors(app):
    """One address three times; answers the doors in the order of their ids."""
    doors = [factories.a_dwelling(factories.a_building(address="测试路 9号"), door="301") for _ in range(3)]
    return sorted(doors, key=lambda row: row.id)


@pytest.fixture
def second_desk(client_of):
    """The browser of another lead of the area."""
    return client_of(factories.a_user("lead2", name="测试·二组长", role="lead", areas=(factories.COMMUNITY,)))
