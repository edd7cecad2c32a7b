"""Checklists, answer lists, the notice, campaigns and rounds."""

from datetime import date

from field.accounts.models import User
from field.campaigns import service as campaigns
from field.campaigns.models import Campaign, Phase, Round
from field.checklists import service as checklists
from field.checklists.models import Checklist, PrivacyNotice
from field.core.db import transaction
from tests.factories.places import DISTRICT, GRID, a_grid


def a_checklist(district: int = DISTRICT) -> Checklist:
    """The checklist that comes with the program, as its next version."""
    with transaction():
        return checklists.publish_home_safety(district)


def codes(district: int = DISTRICT) -> int:
    """The answer lists that come with the program; says how many answers."""
    with transaction():
        return checklists.load_codes(district)


def guides(district: int = DISTRICT) -> int:
    """The guides to requests that come with the program; says how many."""
    with transaction():
        return checklists.load_guides(district)


def a_notice(district: int = DISTRICT) -> PrivacyNotice:
    """The privacy notice that comes with the program, as its next version."""
    with transaction():
        return checklists.publish_shipped_notice(district)


def a_campaign(district: int = DISTRICT) -> Campaign:
    """A campaign with the five phases that come with the program."""
    with transaction():
        return campaigns.add_campaign(district, "测试行动", "Test campaign")


def a_round(worker: User, grid: str = GRID, phase: Phase | None = None) -> Round:
    """A worker's round of a grid, in the open phase of a new campaign when none is given."""
    area = a_grid(grid)
    current = phase or campaigns.phase_on(a_campaign(worker.district), date(2026, 11, 1))
    assert current is not None
    with transaction():
        return campaigns.add_round(current, area, worker)
