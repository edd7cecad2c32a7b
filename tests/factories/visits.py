"""Visits, made as phones make them."""

from typing import Any
from uuid import UUID

from flask import current_app

from field.accounts.models import User
from field.core.db import db
from field.places.models import Dwelling
from field.visits.models import Visit
from tests.factories.accounts import a_user
from tests.factories.places import a_dwelling
from tests.phone import Phone


def a_visit(worker: User | None = None, dwelling: Dwelling | None = None, **overrides: Any) -> Visit:
    """A visit that was sent and accepted; `overrides` are keys of the body (None leaves a key out)."""
    phone = Phone(current_app._get_current_object(), worker or a_user("worker")).enrol()  # type: ignore[attr-defined]
    body = phone.visit_body(dwelling or a_dwelling(), **overrides)
    [result] = phone.send(phone.event(body))
    assert result["result"] == "accepted", result
    return db.session.get_one(Visit, UUID(body["visit"]))
