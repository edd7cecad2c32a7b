"""The numbers beside the states of the list: of what was chosen, and none that would be about another list."""

from datetime import timedelta

import pytest

from field.core.db import db, transaction
from field.hazards.models import Finding
from tests import factories
from tests.clock import today
from tests.tabs import numbers_of

_NONE = {"Open": "0", "You decide": "0", "Overdue": "0", "Due today": "0", "Due within 7 days": "0"}

_ALL = {"Open": "4", "You decide": "1", "Overdue": "1", "Due today": "1", "Due within 7 days": "2"}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, _ALL),
        ({"turn": "decide"}, _ALL),
        ({"area": factories.SECOND_GRID}, _NONE | {"Open": "1"}),
        ({"area": factories.ELSEWHERE}, _NONE),
        ({"severity": "suspected_major"}, {"Open": "0"}),
        ({"status": "notified"}, {"Open": "2+"}),
        ({"status": "notified", "state": "overdue"}, {"Overdue": "1"}),
        ({"status": "notified", "state": "today"}, {"Due today": "1"}),
        ({"turn": "decide", "severity": "general"}, {"You decide": "1"}),
        ({"turn": "decide", "search": "nowhere"}, {"You decide": "0"}),
        ({"search": "nowhere", "state": "settled"}, {"Resolved": "0"}),
    ],
)
def test_the_numbers_beside_the_states_are_of_what_was_chosen(client_of, lead, monkeypatch, query, numbers):
    monkeypatch.setattr("field.hazards.listing.PAGE", 2)
    for days in (-1, 0, 7, 8):
        grid = factories.SECOND_GRID if days == 8 else factories.GRID
        finding = factories.a_hazard(dwelling=factories.a_dwelling(grid=grid))
        with transaction():
            row = db.session.get_one(Finding, finding.id)
            row.due_on = today() + timedelta(days=days)
            row.status = "returned" if days == 7 else row.status

    page = client_of(lead).get("/hazards/rows", query_string=query | {"lang": "en"}).get_data(as_text=True)

    assert numbers_of(page) == numbers
