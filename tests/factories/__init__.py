"""Things that tests need, with sensible facts; each is committed, so requests see it too."""

from tests.factories.accounts import PASSWORD, a_user
from tests.factories.hazards import a_hazard, photos_of
from tests.factories.notifications import a_delivery, a_webhook
from tests.factories.places import (
    ABROAD,
    COMMUNITY,
    DISTRICT,
    ELSEWHERE,
    GRID,
    SECOND_GRID,
    a_building,
    a_dwelling,
    a_grid,
    a_workplace,
)
from tests.factories.reference import a_campaign, a_checklist, a_notice, a_round, codes, guides
from tests.factories.residents import an_occupancy
from tests.factories.visits import a_visit

__all__ = [
    "ABROAD",
    "COMMUNITY",
    "DISTRICT",
    "ELSEWHERE",
    "GRID",
    "PASSWORD",
    "SECOND_GRID",
    "a_building",
    "a_campaign",
    "a_checklist",
    "a_delivery",
    "a_dwelling",
    "a_grid",
    "a_hazard",
    "a_notice",
    "a_round",
    "a_user",
    "a_visit",
    "a_webhook",
    "a_workplace",
    "an_occupancy",
    "codes",
    "guides",
    "photos_of",
]
