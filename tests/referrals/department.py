"""Steps of a department, taken past its pages."""

from typing import Any

from field.accounts.models import User
from field.accounts.scope import Actor
from field.core.clock import utcnow
from field.core.db import transaction
from field.hazards import life, queries
from field.hazards.models import Action, Finding


def actor_of(user: User) -> Actor:
    """Who acts."""
    return Actor.of(user)


def moved(finding: Finding, action: Action, user: User, **facts: Any) -> None:
    """Let one step happen in a transaction of its own."""
    with transaction():
        held = queries.for_change(finding.id, Actor.of(user).scope)
        life.step(held, action, Actor.of(user), utcnow(), **facts)
