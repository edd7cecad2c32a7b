"""People who live somewhere; invented, and named so."""

from datetime import date
from itertools import count
from typing import Any

from field.core.db import transaction
from field.demo.numbers import identity_number
from field.people import service
from field.people.models import Occupancy
from field.places.models import Dwelling
from tests.factories.places import a_dwelling

_orders = count(1)


def an_occupancy(dwelling: Dwelling | None = None, **facts: Any) -> Occupancy:
    """Somebody who moved in last spring, with a number that nobody has and a phone that no carrier gives."""
    order = next(_orders)
    usual: dict[str, Any] = {
        "document_type": "111",
        "document_number": identity_number(date(1985, 2, 3), order % 1000),
        "phone": f"154{order:08d}",
        "home_county": "620421",
        "reason": "204",
        "intended_stay": "4",
        "moved_in_on": date(2026, 4, 1),
    }
    name = facts.pop("name", f"测试·住户{order}")
    home = dwelling or a_dwelling()
    with transaction():
        return service.add_occupancy(home, name, **(usual | facts))
