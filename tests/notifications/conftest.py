"""Applications that are set up to send, and the command that sends."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from field.accounts.models import User
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.notifications.models import MailDigest
from tests.browser import Browser
from tests.notifications.servers import Mails, Receiver, mail_server, receiver

ADDRESS = "https://doorstep.example.org"


@pytest.fixture
def mails() -> Iterator[Mails]:
    """A mail server on loopback."""
    with mail_server() as server:
        yield server


@pytest.fixture
def heard() -> Iterator[Receiver]:
    """A receiver of webhooks on loopback."""
    with receiver() as server:
        yield server


@pytest.fixture
def app(make_app: Callable[..., Flask], request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application, set up to send to whichever of the two the test uses."""
    settings = {
        "FIELD_ADDRESS": ADDRESS,
        "FIELD_SMTP_SECURITY": "none",
        "FIELD_SMTP_FROM": "desk@example.org",
    }
    if "mails" in request.fixturenames:
        server = request.getfixturevalue("mails")
        settings |= {"FIELD_SMTP_HOST": "127.0.0.1", "FIELD_SMTP_PORT": str(server.port)}
    if "heard" in request.fixturenames:
        settings |= {"FIELD_WEBHOOK_HOSTS": "127.0.0.1, hooks.example.org"}
    built = make_app(**settings)
    with built.app_context():
        yield built


@pytest.fixture
def send(app: Flask) -> Callable[[], str]:
    """Run the command that sends; answers the last line that it wrote."""

    def run() -> str:
        result = app.test_cli_runner().invoke(args=["notifications", "send"], catch_exceptions=False)
        return result.output.splitlines()[-1]

    return run


@pytest.fixture
def asked(client_of: Callable[[User], Browser]) -> Callable[..., Any]:
    """Let somebody ask for the daily mail, at an address that they confirm."""

    def ask(user: User, address: str = "person@example.org") -> Any:
        answer = client_of(user).post("/notifications/mail?lang=en", data={"address": address})
        with transaction():
            for row in db.session.query(MailDigest).filter_by(user_id=user.id):
                row.confirmed_at = utcnow()
        return answer

    return ask
