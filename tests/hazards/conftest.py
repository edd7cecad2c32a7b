"""What every test of hazards has: the district's lists, so a hazard can be referred to its departments."""

import pytest
from flask import Flask

from tests import factories


@pytest.fixture(autouse=True)
def district_lists(app: Flask) -> None:
    """The answers that come with the program."""
    factories.codes()
