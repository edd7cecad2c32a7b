"""Deadlines by the district's terms: calendar or working days, holidays, and never moved without saying so."""

from datetime import date, timedelta

import pytest

from field.core.clock import local_day
from field.core.db import db, transaction
from field.hazards.causes import Cause
from field.hazards.days import days_of
from field.hazards.models import Action, CalendarDay, Finding, ItemRule
from field.hazards.terms import Terms
from tests import factories
from tests.clock import today

FRIDAY = date(2026, 11, 27)
HOLIDAYS = {date(2026, 11, 30): False, date(2026, 12, 5): True}  # a Monday off, a Saturday on


def _terms(days=None, working=True, calendar=None):
    rule = ItemRule(item_code="H04", due_days=days, working_days=working)
    return Terms({"H04": rule}, calendar or {})


@pytest.mark.parametrize(
    ("terms", "due_on"),
    [
        (Terms(), date(2026, 12, 4)),
        (_terms(working=False, days=3), date(2026, 11, 30)),
        (_terms(), date(2026, 12, 8)),
        (_terms(days=1), date(2026, 11, 30)),
        (_terms(days=0), FRIDAY),
        (_terms(days=1, calendar=HOLIDAYS), date(2026, 12, 1)),
        (_terms(days=5, calendar=HOLIDAYS), date(2026, 12, 5)),
    ],
)
def test_days_are_counted_as_the_district_says(terms, due_on):
    assert terms.due_on("H04", 7, FRIDAY) == due_on


@pytest.fixture
def rule(client_of, office):
    """Set the rule of an item as the office does."""

    def change(code="H04", **fields):
        return client_of(office).post(f"/hazards/rules/items/{code}?lang=en", data=fields)

    return change


def _now(finding):
    return db.session.get_one(Finding, finding.id)


def test_a_new_rule_counts_open_hazards_anew_and_says_so(rule, office):
    opened, other = factories.a_hazard(), factories.a_hazard(item="H13")
    settled = factories.a_hazard(action="fixed_on_site")

    answer = rule(due_days="20")

    moved = _now(opened)
    assert (moved.due_on - local_day(moved.found_at, "Asia/Shanghai")).days == 20
    assert moved.steps[-1].action == Action.RECOUNT
    assert (moved.steps[-1].cause, moved.steps[-1].reason) == (Cause.RULE, None)
    assert moved.steps[-1].actor_id == office.id
    assert _now(other).version == other.version
    assert _now(settled).version == settled.version
    assert "recounted=1" in answer.headers["Location"]


def test_why_days_were_counted_anew_is_said_in_the_language_of_whoever_reads_it(rule, client_of, lead):
    finding, browser = factories.a_hazard(), client_of(lead)
    rule(due_days="20")

    english, chinese = (browser.get(f"/hazards/{finding.id}?lang={one}").text for one in ("en", "zh"))

    assert "The rule for this item was changed." in english
    assert "The rule for this item" not in chinese


def test_what_somebody_set_by_hand_stays(rule, client_of, lead):
    finding, later = factories.a_hazard(), today() + timedelta(days=300)
    client_of(lead).post(
        f"/hazards/{finding.id}/deadline", data={"version": "2", "due_on": str(later), "reason": "房东外出"}
    )

    rule(due_days="20")

    assert _now(finding).due_on == later


def test_the_same_rule_again_moves_nothing(rule):
    finding = factories.a_hazard()
    rule(due_days="20")
    before = _now(finding).version

    rule(due_days="20")

    assert _now(finding).version == before


def test_what_is_found_afterwards_follows_the_rule(rule):
    factories.a_checklist()
    rule(due_days="2")

    finding = factories.a_hazard()

    assert (finding.due_on - local_day(finding.found_at, "Asia/Shanghai")).days == 2


def test_holidays_move_deadlines_that_count_working_days(rule, client_of, office):
    finding = factories.a_hazard()
    rule(due_days="1", working_days="true")
    due_on = _now(finding).due_on

    client_of(office).post("/hazards/rules/calendar", data={"days": f"{due_on} holiday 测试节"})

    assert _now(finding).due_on > due_on
    assert [step.action for step in _now(finding).steps][-2:] == [Action.RECOUNT, Action.RECOUNT]


def test_a_day_can_be_as_usual_again(client_of, office):
    browser = client_of(office)
    browser.post("/hazards/rules/calendar", data={"days": "2027-02-17 休 春节\n2027-02-20，班，补班"})
    browser.post("/hazards/rules/calendar", data={"days": "2027-02-17 平"})

    assert [(row.day, row.working) for row in db.session.query(CalendarDay)] == [(date(2027, 2, 20), True)]


def test_lines_that_cannot_be_read_are_pointed_at_and_nothing_is_entered(client_of, office):
    text = "2027-02-17 holiday\n17.02.2027 holiday"
    answer = client_of(office).post("/hazards/rules/calendar?lang=en", data={"days": text})

    assert answer.status_code == 422
    assert "Line 2" in answer.get_data(as_text=True)
    assert "17.02.2027" in answer.get_data(as_text=True)
    assert db.session.query(CalendarDay).count() == 0
    assert days_of("\n\n") == ([], [])


def test_days_out_of_range_are_refused_beside_the_field(rule):
    factories.a_checklist()

    answer = rule(due_days="4000")

    assert answer.status_code == 422
    assert "Between 0 and 365 days." in answer.get_data(as_text=True)


def test_a_relaxed_item_lets_the_same_person_close_it(rule, client_of, lead):
    finding = factories.a_hazard()
    rule(same_person="true")
    with transaction():
        row = db.session.get_one(ItemRule, (finding.district, "H04"))

    assert row.same_person
