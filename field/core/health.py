"""/healthz: whether what acceptance stands on really works, tried each time anew but at most once a second.

Rooms add what they depend on with `add_check`; the answer says no more than which part fails.
"""

import time
from collections.abc import Callable
from threading import Lock, Thread

from flask import Blueprint, Flask, Response, current_app
from sqlalchemy import text

from field.core.db import db
from field.core.logs import log
from field.core.permits import permit_public
from field.core.responses import json_answer

bp = Blueprint("health", __name__)

Check = Callable[[], None]
KEPT_SECONDS = 1.0
# Longer than a write waits for a lock by default, shorter than most who ask have patience.
LONGEST_SECONDS = 6.0
_asking = Lock()


def add_check(app: Flask, name: str, check: Check) -> None:
    """Let /healthz try something; the check raises whatever shows that it fails."""
    app.extensions.setdefault("health", {})[name] = check


@bp.get("/healthz")
@permit_public
def show() -> Response:
    """200 when everything that a visit needs can be written, else 503; no session, no personal data."""
    parts = _tried()
    well = all(state == "ok" for state in parts.values())
    return json_answer({"status": "ok" if well else "failing"} | parts, 200 if well else 503)


def _tried() -> dict[str, str]:
    # Anybody may ask, so asking often must not mean trying often.
    with _asking:
        at, parts = current_app.extensions.get("health_answer", (-KEPT_SECONDS, {}))
        if time.monotonic() - at >= KEPT_SECONDS:
            parts = {name: _state(name, check) for name, check in current_app.extensions["health"].items()}
            current_app.extensions["health_answer"] = (time.monotonic(), parts)
    tried: dict[str, str] = parts
    return tried


def _state(name: str, check: Check) -> str:
    """Try one part beside the request: a disk or a server that hangs cannot be interrupted, only left alone."""
    hanging: dict[str, Try] = current_app.extensions.setdefault("health_hanging", {})
    trying = hanging.pop(name, None) or Try(current_app._get_current_object(), check)  # type: ignore[attr-defined]
    trying.join(LONGEST_SECONDS)
    if trying.is_alive():
        hanging[name] = trying
    error = TimeoutError() if trying.is_alive() else trying.error
    if error is None:
        return "ok"
    log.error("health_check_failed", part=name, reason=type(error).__name__)
    return "failing"


class Try(Thread):
    """A check on its way; `error` is what it raised."""

    def __init__(self, app: Flask, check: Check) -> None:
        super().__init__(name="health", daemon=True)
        self.error: Exception | None = None
        self._app, self._check = app, check
        self.start()

    def run(self) -> None:
        """See Thread."""
        try:
            with self._app.app_context():
                self._check()
        except Exception as error:  # whatever it is, it is the answer
            self.error = error


def try_database() -> None:
    """Take the database's write lock, change nothing, and let it go; raises what SQLAlchemy raises."""
    with db.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        connection.execute(text("UPDATE installation SET epoch = epoch"))
        connection.rollback()
