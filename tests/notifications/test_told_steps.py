"""Which steps of a hazard's life webhooks are told: every one that moves it or its deadline, and no chatter."""

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.hazards import life, queries
from field.hazards.machine import MACHINE, Need
from field.hazards.models import Action
from field.hazards.models import FindingStatus as S
from field.notifications import webhooks
from field.notifications.models import Delivery, Webhook
from tests import factories
from tests.clock import today

# Another step, which is told, follows in the same moment; or nothing changes that another program would have to know.
UNTOLD = {Action.FOUND, Action.PROGRESS, Action.ASSIGN, Action.NOTE}


@pytest.fixture
def told(app, office):
    """Let a step stand in a hazard's life; answers the types of what a webhook is told of it."""
    factories.codes()
    finding = factories.a_hazard(item="H03", action="refer")
    hook = factories.a_webhook(url="https://hooks.example.org/in")

    def of(action, status, due_on=None):
        with transaction():
            held = queries.held(finding.id, finding.district)
            life.append(held, action, status, office.id, utcnow(), due_on=due_on)
        with transaction():
            webhooks.enqueue(db.session.get_one(Webhook, hook.id), "", utcnow())
        return [(row.content["type"], row.content["data"]) for row in db.session.query(Delivery)]

    return of


@pytest.mark.parametrize("action", Action)
def test_every_step_that_moves_a_hazard_or_its_deadline_is_told_and_no_other(action, told):
    heard = told(action, S.CLOSED, today())

    expected = [] if action in UNTOLD else [f"hazard.{action}"]
    assert [kind for kind, _data in heard] == expected
    assert all((data["status"], data["due_on"]) == ("closed", today().isoformat()) for _kind, data in heard)


@pytest.mark.parametrize("action", [Action.TAKE_BACK, Action.RECOUNT])
def test_a_correction_that_left_the_hazard_as_it_was_is_not_told(action, told):
    assert told(action, None) == []


def test_nothing_that_the_machine_moves_is_left_untold():
    moving = {
        action for action, line in MACHINE.items() if line.target is not None or Need.DEADLINE in line.needs
    }

    assert moving <= set(webhooks.TOLD)
