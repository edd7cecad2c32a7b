"""A hazard's page says whose turn it is, directly above what the lead can do; lists show what waits for the lead."""

from datetime import timedelta

import pytest

from field.core.db import db, transaction
from field.hazards.models import Finding
from tests import factories
from tests.clock import today


def _page(browser, hazard):
    return browser.get(f"/hazards/{hazard.id}?lang=en").get_data(as_text=True)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (3, "You have nothing to do now."),
        (0, "That is today: look again today or tomorrow."),
        (-2, "Look again, or choose another step."),
    ],
)
def test_it_says_whose_turn_it_is_above_the_steps_and_before_the_life(client_of, lead, worker, days, said):
    hazard = factories.a_hazard(worker)
    with transaction():
        db.session.get_one(Finding, hazard.id).due_on = today() + timedelta(days=days)

    page = _page(client_of(lead), hazard)

    assert said in page
    assert "made at the visit, no paper printed yet" in page
    assert page.index('id="turn"') < page.index('class="next-steps"') < page.index('class="timeline"')


def test_what_a_department_is_late_to_accept_waits_for_it_and_can_be_escalated(client_of, lead, worker):
    hazard = factories.a_hazard(worker, item="H03", action="refer")
    with transaction():
        db.session.get_one(Finding, hazard.id).accept_by = today() - timedelta(days=4)

    page = _page(client_of(lead), hazard)

    assert "is to accept it by" in page
    assert "You can escalate it." in page


def test_what_waits_for_the_lead_is_a_tab_of_its_own(client_of, lead, worker):
    factories.a_hazard(worker)

    page = client_of(lead).get("/hazards/rows?turn=decide&lang=en").get_data(as_text=True)

    assert "Nothing waits for your decision." in page
    assert page.count('aria-current="true"') == 1


def test_a_department_is_not_late_with_what_it_returned(client_of, lead, handler, worker):
    hazard = factories.a_hazard(worker, item="H03", action="refer")
    with transaction():
        row = db.session.get_one(Finding, hazard.id)
        row.department = handler.department
        row.status, row.due_on = "returned", today() - timedelta(days=1)

    page = client_of(handler).get("/hazards/rows?state=overdue&lang=en").get_data(as_text=True)

    assert "Nothing is overdue." in page


def test_a_wrong_code_can_be_typed_again(anonymous):
    page = anonymous.get("/n/AAAABBBBCCCC?lang=en")

    assert page.status_code == 404
    assert 'name="code" class="mono" value="AAAABBBBCCCC"' in page.get_data(as_text=True)
