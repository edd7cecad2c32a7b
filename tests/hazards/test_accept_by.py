"""The day by which a department accepts is never later than the day by which the hazard is to be put right."""

from datetime import date, timedelta

import pytest

from field.accounts.scope import Actor
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.hazards import routing, terms
from field.hazards.models import Action, Finding
from field.hazards.terms import Terms
from tests import factories
from tests.clock import today

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


@pytest.fixture
def holidays(client_of, office):
    """Two weeks of holidays from tomorrow on; says how many hazards that moved."""

    def enter():
        days = [f"{today() + timedelta(days=after)} holiday 放假" for after in range(1, 15)]
        answer = client_of(office).post("/hazards/rules/calendar", data={"days": "\n".join(days)})
        db.session.expire_all()
        return int(answer.location.split("recounted=")[1].split("#")[0])

    return enter


def _working_days(office, days=3):
    with transaction():
        routing.set_term("fire_rescue", days, 3, True, Actor.of(office), utcnow())


def _referred(due_in):
    hazard = factories.a_hazard(item="H03", action="refer")
    with transaction():
        row = db.session.get_one(Finding, hazard.id)
        row.due_on = today() + timedelta(days=due_in)
        row.accept_by = terms.terms_of(row.district).accept_by(row.department, today(), row.due_on)
    return row


def test_a_holiday_moves_the_day_to_accept_and_says_so(holidays, office, client_of, lead):
    _working_days(office)
    hazard = _referred(due_in=60)
    before = hazard.accept_by

    moved = holidays()

    row = db.session.get_one(Finding, hazard.id)
    assert moved == 1
    assert row.accept_by > today() + timedelta(days=14) > before
    assert row.accept_by == terms.terms_of(row.district).accept_by("fire_rescue", today(), row.due_on)
    assert (row.steps[-1].action, row.steps[-1].due_on) == (Action.RECOUNT, None)
    assert row.due_on == today() + timedelta(days=60)
    assert row.steps[-1].accept_by == row.accept_by
    page = client_of(lead).get(f"/hazards/{row.id}?lang=en").text
    assert f"The calendar was changed. To be accepted by {row.accept_by.day}\u00a0{row.accept_by:%b}" in page


def test_a_holiday_moves_the_day_to_accept_no_further_than_the_deadline(holidays, office):
    _working_days(office)
    hazard = _referred(due_in=8)

    holidays()

    row = db.session.get_one(Finding, hazard.id)
    assert row.accept_by == row.due_on == today() + timedelta(days=8)


def test_terms_of_later_days_leave_what_a_department_has_its_day(holidays, office):
    hazard = _referred(due_in=60)
    before = hazard.accept_by
    _working_days(office, days=9)

    assert holidays() == 0
    assert db.session.get_one(Finding, hazard.id).accept_by == before
