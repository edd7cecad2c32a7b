"""Phases as plans really are: two may share a day, and the last may have no end."""

from datetime import date

import pytest

from field.campaigns import service
from field.campaigns.models import Round
from field.core.db import db, transaction
from field.core.errors import Problem
from tests import factories


@pytest.fixture
def campaign(app):
    return factories.a_campaign()


def test_the_five_phases_that_come_with_the_program_are_in_both_languages(campaign):
    assert [phase.code for phase in campaign.phases] == [
        "mobilise",
        "survey",
        "rectify",
        "summarise",
        "consolidate",
    ]
    assert all(phase.name_zh and phase.name_en for phase in campaign.phases)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2022, 8, 10), "mobilise"),
        (date(2022, 8, 15), "mobilise"),
        (date(2022, 8, 16), "survey"),
        (date(2022, 10, 19), "summarise"),
        (date(2022, 10, 20), "consolidate"),
        (date(2040, 1, 1), "consolidate"),
    ],
)
def test_a_day_falls_in_one_phase_on_a_shared_day_in_the_one_that_begins(campaign, day, code):
    assert service.phase_on(campaign, day).code == code


def test_before_the_first_phase_there_is_none(campaign):
    assert service.phase_on(campaign, date(2022, 8, 9)) is None


def test_a_round_says_who_walks_which_grid(worker):
    row = factories.a_round(worker)

    assert db.session.query(Round).one() is row
    assert (row.worker_id, row.grid_code, row.phase.ends_on) == (worker.id, factories.GRID, None)


def test_nobody_is_sent_into_another_district(campaign, worker):
    abroad = factories.a_grid(factories.ABROAD)

    with pytest.raises(Problem, match="invalid"), transaction():
        service.add_round(campaign.phases[-1], abroad, worker)
