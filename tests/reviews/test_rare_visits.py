"""Rare visits, approved long ago among a million, are found through indexes that hold no others."""

from uuid import UUID

import pytest

from tests import factories
from tests.plans import plans_of


@pytest.fixture
def visits(worker):
    """A few, here and elsewhere."""
    for grid in (factories.GRID, factories.SECOND_GRID):
        factories.a_visit(worker, factories.a_dwelling(grid=grid))


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("who", ["wide", "office"])
@pytest.mark.parametrize("after", ["", f"&after=2026-11-02T08:00:00%2B00:00_{UUID(int=0)}"])
@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        ("hazards=1", "ix_visits_with_hazards"),
        ("corrections=1", "ix_visits_with_corrections"),
        ("clashes=1", "ix_visits_with_clashes"),
        ("outcome=demolished", "ix_visits_not_done"),
    ],
)
def test_rare_visits_are_found_among_their_own_in_the_order_of_the_queue(
    visits, client_of, monkeypatch, who, after, chosen, index
):
    """Of a million approved visits, those with a contradiction are a handful."""
    monkeypatch.setattr("field.core.heads.FEW", -1)  # as where they are many
    wide = {"areas": (f"{factories.COMMUNITY[:9]}000",), "role": "lead"}
    browser = client_of(factories.a_user(who, **(wide if who == "wide" else {})))

    plans = plans_of(lambda: browser.get(f"/reviews/rows?state=approved&{chosen}{after}"))

    [queue] = [
        plan
        for statement, plan in plans.items()
        if "visits.received_at" in statement and "LIMIT" in statement
    ]
    assert f"USING INDEX {index} (district=? AND state=?" in queue
    assert "TEMP B-TREE" not in queue
    assert ("received_at>" in queue or "received_at<" in queue) == bool(after)
