"""Steps that do not fit: one of many that has gone, a deadline beyond everybody's sight."""

from datetime import timedelta

import pytest

from field.core.db import db, transaction
from field.hazards.models import Finding
from tests import factories
from tests.clock import today
from tests.hazards.looking import ticked


def _now(finding):
    return db.session.get_one(Finding, finding.id, populate_existing=True)


def test_one_of_many_that_was_withdrawn_meanwhile_is_left_alone_and_the_others_are_done(
    client_of, lead, worker
):
    factories.a_grid()
    finding, gone = factories.a_hazard(), factories.a_hazard()
    with transaction():
        _now(gone).withdrawn = True

    facts = {"finding": ticked(finding, gone), "assignee": str(worker.id)}
    answer = client_of(lead).post("/hazards/assignments?lang=en", data=facts)

    assert answer.status_code == 303
    assert (_now(finding).assignee_id, _now(gone).assignee_id) == (worker.id, None)


@pytest.mark.parametrize(
    ("step", "field", "asked"),
    [
        ("assignments", "assignee", "Please choose somebody who works in that grid."),
        ("referrals", "department", "Please choose a department."),
    ],
)
def test_nobody_and_no_department_is_chosen_beforehand_for_many_hazards(
    client_of, lead, worker, step, field, asked
):
    finding = factories.a_hazard()
    browser = client_of(lead)

    page = browser.get("/hazards?lang=en").get_data(as_text=True)
    answer = browser.post(
        f"/hazards/{step}?lang=en", data={"finding": ticked(finding), field: "", "reason": "x"}
    )

    assert page.count('<option value="">Choose …</option>') == 2
    assert answer.status_code == 422
    assert asked in answer.get_data(as_text=True)
    assert _now(finding).assignee_id is None


@pytest.mark.parametrize(("days", "status"), [(365, 303), (366, 422), (2_900_000, 422)])
def test_a_deadline_lies_within_a_year(client_of, lead, days, status):
    finding = factories.a_hazard()
    facts = {"version": finding.version, "due_on": str(today() + timedelta(days=days)), "reason": "改期"}

    answer = client_of(lead).post(f"/hazards/{finding.id}/deadline?lang=en", data=facts)

    assert answer.status_code == status
    assert ("within a year" in answer.get_data(as_text=True)) is (status == 422)
