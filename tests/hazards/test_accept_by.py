"""The day by which a department accepts is never later than the day by which the hazard is to be put right."""

from datetime import date, timedelta

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.hazards.models import Finding
from field.hazards.terms import Terms
from tests import factories

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("due_in", "accept_in"), [(10, 3), (3, 3), (1, 1), (0, 0), (-4, 0)], ids=lambda days: f"{days} days"
)
def test_it_is_the_usual_day_or_the_deadline_whichever_is_earlier(due_in, accept_in):
    accept_by = Terms().accept_by("fire_rescue", DAY, DAY + timedelta(days=due_in))

    assert accept_by == DAY + timedelta(days=accept_in)


def test_what_a_worker_refers_is_accepted_before_it_is_due(worker):
    hazard = factories.a_hazard(worker, item="H03", action="refer")

    assert hazard.accept_by <= hazard.due_on


def test_what_a_lead_refers_is_accepted_before_it_is_due(client_of, lead, worker):
    hazard = factories.a_hazard(worker)
    with transaction():
        db.session.get_one(Finding, hazard.id).due_on = (utcnow() + timedelta(days=1, hours=8)).date()

    client_of(lead).post(
        f"/hazards/{hazard.id}/referral", data={"version": hazard.version, "department": "fire_rescue"}
    )

    db.session.expire_all()
    row = db.session.get_one(Finding, hazard.id)
    assert row.accept_by == row.due_on


def test_an_earlier_deadline_brings_the_day_to_accept_with_it(client_of, lead, worker):
    hazard = factories.a_hazard(worker, item="H04")
    browser = client_of(lead)
    browser.post(
        f"/hazards/{hazard.id}/referral", data={"version": hazard.version, "department": "fire_rescue"}
    )
    db.session.expire_all()
    sooner = (utcnow() + timedelta(days=1, hours=8)).date()

    browser.post(
        f"/hazards/{hazard.id}/deadline",
        data={
            "version": db.session.get_one(Finding, hazard.id).version,
            "due_on": sooner.isoformat(),
            "reason": "提前",
        },
    )

    db.session.expire_all()
    row = db.session.get_one(Finding, hazard.id)
    assert (row.due_on, row.accept_by) == (sooner, sooner)
