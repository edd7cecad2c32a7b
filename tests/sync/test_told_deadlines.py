"""Phones propose the district's deadlines: its days for an item, and its calendar where working days count."""

from datetime import date

import pytest

from field.core.clock import utcnow
from field.core.db import transaction
from field.hazards.models import CalendarDay, ItemRule
from tests import factories
from tests.factories import DISTRICT


@pytest.fixture
def rule(worker):
    """Let the district rule on H04."""
    factories.a_checklist()

    def make(days, working):
        facts = {"district": DISTRICT, "item_code": "H04", "changed_at": utcnow()}
        with transaction() as session:
            session.merge(ItemRule(due_days=days, working_days=working, **facts))
            holiday = date(2026, 10, 1)
            session.merge(CalendarDay(district=DISTRICT, day=holiday, working=False, name="国庆节"))

    return make


def _told(sender):
    [checklist] = sender.pack()["checklists"]
    [item] = [item for item in checklist["items"] if item["code"] == "H04"]
    return item, checklist.get("calendar")


def test_an_item_has_the_days_of_the_district_and_no_calendar_where_days_are_days(phone, worker, rule):
    rule(3, working=False)

    item, calendar = _told(phone(worker))

    assert (item["due_days"], item.get("working_days"), calendar) == (3, None, None)


def test_working_days_come_with_the_calendar(phone, worker, rule):
    rule(3, working=True)

    item, calendar = _told(phone(worker))

    assert (item["due_days"], item["working_days"], calendar) == (3, True, {"2026-10-01": False})


def test_a_rule_that_says_nothing_of_days_leaves_those_of_the_checklist(phone, worker, rule):
    usual, _calendar = _told(phone(worker))
    rule(None, working=True)

    item, _calendar = _told(phone(worker))

    assert (item["due_days"], item["working_days"]) == (usual["due_days"], True)


def test_a_phone_hears_of_a_new_rule_at_once(phone, worker, rule):
    sender = phone(worker)
    cursor = sender.pack()["cursor"]
    rule(1, working=False)

    page = sender.pack(cursor)

    assert page["reset"]
    assert [item["due_days"] for item in page["checklists"][0]["items"] if item["code"] == "H04"] == [1]
