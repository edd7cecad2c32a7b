"""What tests of hazards have: the district's lists, for departments to refer to; a hazard, and who acts on it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from field.accounts.models import User
from field.hazards.models import Finding
from tests import factories
from tests.phone import Phone


@pytest.fixture(autouse=True)
def district_lists(app: Flask) -> None:
    """The answers that come with the program."""
    factories.codes()


@pytest.fixture
def hazard(worker: User) -> Finding:
    """One that a notice was left for."""
    return factories.a_hazard(worker, dwelling=factories.a_dwelling())


@pytest.fixture
def sender(phone: Callable[..., Phone], second_worker: User) -> Phone:
    """The phone of somebody else than who found it."""
    return phone(second_worker)


@pytest.fixture
def send(client_of: Callable[..., Any], lead: User) -> Callable[..., Any]:
    """send(hazard, "recheck", version, photo=…, …): the answer, in English, to what the lead sends."""

    def post(
        finding: Finding,
        name: str,
        version: int = 2,
        *,
        photo: bytes | None = None,
        user: User = lead,
        base: str = "hazards",
        **fields: Any,
    ) -> Any:
        data = {"version": version, **fields}
        if photo is not None:
            data["photos"] = (BytesIO(photo), "photo.jpg")
        return client_of(user).post(f"/{base}/{finding.id}/{name}?lang=en", data=data)

    return post
