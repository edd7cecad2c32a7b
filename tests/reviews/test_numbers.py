"""The numbers beside the states of the queue: of what was chosen, and none that would be about another list."""

import pytest

from tests import factories
from tests.tabs import numbers_of


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, {"To review": "4", "Approved": "0", "Returned": "0"}),
        ({"area": factories.SECOND_GRID}, {"To review": "1", "Approved": "0", "Returned": "0"}),
        ({"area": factories.COMMUNITY}, {"To review": "4", "Approved": "0", "Returned": "0"}),
        ({"area": factories.ELSEWHERE}, {"To review": "0", "Approved": "0", "Returned": "0"}),
        ({"outcome": "no_answer"}, {"To review": "1"}),
        ({"outcome": "done"}, {"To review": "2+"}),
        ({"outcome": "no_answer", "state": "approved"}, {"Approved": "0"}),
    ],
)
def test_the_numbers_beside_the_states_are_of_what_was_chosen(
    client_of, lead, worker, monkeypatch, query, numbers
):
    monkeypatch.setattr("field.reviews.queue.PAGE", 2)
    for grid in (factories.GRID, factories.GRID, factories.SECOND_GRID):
        factories.a_visit(worker, factories.a_dwelling(grid=grid))
    factories.a_visit(worker, factories.a_dwelling(), outcome="no_answer", consent=None, unchanged=None)

    page = client_of(lead).get("/reviews/rows", query_string=query | {"lang": "en"}).get_data(as_text=True)

    assert numbers_of(page) == numbers
