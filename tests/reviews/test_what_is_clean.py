"""What may be approved unseen: what was gone through, or claims nothing; not what merely says nothing."""

import pytest

from field.core.db import db
from field.visits.models import Visit
from tests import factories


def _text(browser):
    return browser.get("/reviews/clean").get_data(as_text=True)


def _approve(browser, visit):
    return browser.post("/reviews/clean/approval", data={"visit": [str(visit.id)]})


def _states():
    return sorted(visit.state for visit in db.session.query(Visit))


_CHECKED = {"code": "home-safety", "version": 1, "checked": True}


@pytest.mark.parametrize(
    "said",
    [
        {"consent": False, "unchanged": None},
        {"consent": False, "unchanged": None, "checklist": _CHECKED},
        {"unchanged": None},
        {"unchanged": None, "checklist": {**_CHECKED, "checked": False}},
        {"outcome": "demolished", "consent": None, "unchanged": None},
        {"outcome": "not_found", "consent": None, "unchanged": None},
    ],
)
def test_a_visit_that_confirms_nothing_or_says_that_the_register_is_wrong_is_looked_at(
    client_of, lead, worker, said
):
    factories.a_checklist()
    visit = factories.a_visit(worker, factories.a_dwelling(), **said)

    page = _text(client_of(lead))
    _approve(client_of(lead), visit)

    assert str(visit.id) not in page
    assert _states() == ["waiting"]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"unchanged": None, "checklist": _CHECKED},
        *(
            {"outcome": outcome, "consent": None, "unchanged": None}
            for outcome in ("no_answer", "vacant", "refused")
        ),
    ],
)
def test_what_was_gone_through_or_claims_nothing_is_clean(client_of, lead, worker, said):
    factories.a_checklist()
    visit = factories.a_visit(worker, factories.a_dwelling(), **said)

    page = _text(client_of(lead))
    _approve(client_of(lead), visit)

    assert str(visit.id) in page
    assert _states() == ["approved"]


def test_a_vacant_home_in_which_somebody_is_registered_is_not_clean(client_of, lead, worker):
    door = factories.a_dwelling()
    factories.an_occupancy(door)
    visit = factories.a_visit(worker, door, outcome="vacant", consent=None, unchanged=None)

    assert str(visit.id) not in _text(client_of(lead))


def test_nothing_changed_beside_an_open_hazard_is_not_clean(client_of, lead, worker, second_worker):
    hazard = factories.a_hazard(worker)
    visit = factories.a_visit(second_worker, hazard.dwelling)

    assert str(visit.id) not in _text(client_of(lead))
