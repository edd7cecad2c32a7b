"""What the tests of plates stand on."""

import pytest

from tests import factories


@pytest.fixture
def building(app):
    """A building with two doors, one of them in a unit."""
    one = factories.a_building(address="人民路 12号", name="小红楼")
    factories.a_dwelling(one, door="301")
    factories.a_dwelling(one, door="302", unit="2")
    return one
