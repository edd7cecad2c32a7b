"""The numbers beside the states of the list: of what was chosen, and none that would be about another list."""

from datetime import timedelta

import pytest

from field.core.db import db, transaction
from field.hazards.models import Finding
from tests import factories
from tests.clock import today
from tests.tabs import numbers_of

_NONE = {"Open": "0", "Overdue": "0", "Due today": "0", "Due within 7 days": "0"}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, {"Open": "4", "Overdue": "1", "Due today": "1", "Due within 7 days": "2"}),
        ({"area": factories.SECOND_GRID}, _NONE | {"Open": "1"}),
        ({"area": factories.ELSEWHERE}, _NONE),
        ({"severity": "suspected_major"}, {"Open": "0"}),
        ({"status": "notified"}, {"Open": "2+"}),
        ({"status": "notified", "state": "overdue"}, {"Overdue": "1"}),
        ({"status": "notified", "state": "today"}, {"Due today": "1"}),
        ({"turn": "decide"}, {"You decide": "0"}),
        ({"search": "nowhere", "state": "settled"}, {"Settled": "0"}),
    ],
)
def test_the_numbers_beside_the_states_are_of_what_was_chosen(client_of, lead, monkeypatch, query, numbers):
    monkeypatch.setattr("field.hazards.listing.PAGE", 2)
    for days in (-1, 0, 7, 8):
        grid = factories.SECOND_GRID if days == 8 else factories.GRID
        finding = factories.a_hazard(dwelling=factories.a_dwelling(grid=grid))
        with transaction():
            db.session.get_one(Finding, finding.id).due_on = today() + timedelta(days=days)

    page = client_of(lead).get("/hazards/rows", query_string=query | {"lang": "en"}).get_data(as_text=True)

    assert numbers_of(page) == numbers
