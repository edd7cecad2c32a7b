"""The same phone over several connections at the same time."""

from collections.abc import Callable
from copy import copy
from typing import Any

from flask import Flask

from tests.browser import browser_of
from tests.phone import Phone
from tests.waiting import Side


def second_line(app: Flask, sender: Phone) -> Phone:
    """The same phone over another connection."""
    other = copy(sender)
    other.browser = browser_of(app)
    cookie = sender.browser.cookie("device", "/sync")
    assert cookie
    other.browser.set_cookie("device", cookie, path="/sync")
    return other


def beside(app: Flask, work: Callable[[], Any]) -> Side:
    """Run a request in a thread, which has no context of its own."""

    def run() -> Any:
        with app.app_context():
            return work()

    return Side(run)
