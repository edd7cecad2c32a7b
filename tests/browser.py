"""A browser for tests: keeps cookies, carries the form token, and never shares its request with the test."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from field.accounts import service as accounts
from field.accounts.models import User
from field.core.db import db, transaction

SAFE = {"GET", "HEAD", "OPTIONS"}


class Browser(FlaskClient):
    """As Flask's client, with two differences.

    Each request has an application context, and so a database session, of its own; the test's
    session then forgets what it read, so that assertions see what was committed. Forms carry their
    token unless `carries_token` is False.
    """

    carries_token = True

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request; see FlaskClient."""
        _insist_on_nothing_pending()
        method = str(kwargs.get("method", "GET")).upper()
        path = str(args[0]) if args and isinstance(args[0], str) else ""
        if self.carries_token and method not in SAFE and path and not path.startswith("/sync"):
            kwargs["headers"] = {"X-CSRFToken": self.token(), **dict(kwargs.get("headers") or {})}
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.rollback()
        db.session.expire_all()
        return answer

    def token(self) -> str:
        """The form token of this browser's session."""
        text: str = self.get("/csrf").get_data(as_text=True)
        return text

    def sign_in(self, user: User) -> "Browser":
        """Sign in without the form, which has tests of its own."""
        with transaction():
            ticket = accounts.open_sign_in(user)
        with self.session_transaction() as session:
            session.clear()
            session["token"] = ticket
        return self

    def cookie(self, name: str, path: str = "/") -> str | None:
        """The value of a cookie that this browser holds."""
        kept = self.get_cookie(name, path=path)
        return kept.value if kept else None


def _insist_on_nothing_pending() -> None:
    session = db.session()
    assert not [*session.new, *session.dirty, *session.deleted], "commit the test's changes first"
    session.rollback()  # an open read must not hold up what the request writes


def browser_of(app: Flask, user: User | None = None) -> Browser:
    """A new browser, signed in when a user is given."""
    app.test_client_class = Browser
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser.sign_in(user) if user is not None else browser
