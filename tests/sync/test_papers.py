"""The pack tells of a hazard's notice and of whom its household calls: both are asked for at the door, offline."""

import pytest

from field.accounts.scope import Actor
from field.core.clock import instant_text
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards import notices
from field.hazards.models import HazardNotice
from tests import factories

OFFICE = {"name": "测试·社区办公室", "telephone": "0943-0000000"}


@pytest.fixture
def set_contact(office):
    """set_contact(area, **OFFICE): the office says whom households there call."""
    for grid in (factories.GRID, factories.ELSEWHERE):
        factories.a_grid(grid)

    def set_one(area, name="", telephone=""):
        with transaction():
            notices.set_contact(area, name, telephone, Actor.of(office))

    return set_one


def _find(sender, action, **said):
    checklist = {"code": "home-safety", "version": factories.a_checklist().version, "checked": True}
    found = {"id": str(new_id()), "item": "H04", "action": action}
    sender.record(factories.a_dwelling(), findings=[found], checklist=checklist, **said)


def test_a_hazard_comes_with_the_notice_that_its_household_has(phone, worker):
    sender = phone(worker)
    _find(sender, "notice_left", hazard_notice={"code": "ABCDEFGH2345", "response": "left"})

    [row] = sender.pack()["findings"]

    issued = db.session.query(HazardNotice).one().issued_at
    assert row["notice"] == {"code": "ABCDEFGH2345", "at": instant_text(issued)}


def test_a_hazard_without_a_notice_says_nothing_of_one(phone, worker):
    sender = phone(worker)
    _find(sender, "refer")

    assert ["notice" in row for row in sender.pack()["findings"]] == [False]


def test_a_grid_says_whom_to_call_as_its_notices_do(phone, worker, set_contact):
    sender = phone(worker)
    assert "contact" not in sender.pack()["grids"][0]

    set_contact(factories.COMMUNITY, **OFFICE)

    assert sender.pack()["grids"][0]["contact"] == OFFICE


def test_a_contact_that_changes_reaches_phones_that_hold_the_rest(phone, worker, set_contact):
    sender = phone(worker)
    cursor = sender.pack()["cursor"]
    set_contact(factories.COMMUNITY, **OFFICE)

    assert sender.pack(cursor)["grids"][0]["contact"] == OFFICE


def test_the_contact_of_another_area_changes_nothing_here(phone, worker, set_contact):
    sender = phone(worker)
    cursor = sender.pack()["cursor"]
    set_contact(factories.ELSEWHERE.partition("-")[0], **OFFICE)

    assert sender.pack(cursor)["reset"] is False
