"""Applications that are set up to send, and the command that sends."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

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
