"""/healthz: whether what acceptance stands on really works, tried each time anew but at most once a second.

Rooms add what they depend on with `add_check`; the answer says no more than which part fails.
"""

import time
from collections.abc import Callable
from threading import Lock

from flask import Blueprint, Flask, Response, current_app
from sqlalchemy import text

from field.core.db import db
from field.core.logs import log
from field.core.permits import permit_public
from field.core.responses import json_answer

bp = Blueprint("health", __name__)

Check = Callable[[], None]
KEPT_SECONDS = 1.0
_trying = Lock()


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
    with _trying:
        at, parts = current_app.extensions.get("health_answer", (-KEPT_SECONDS, {}))
        if time.monotonic() - at >= KEPT_SECONDS:
            parts = {name: _state(name, check) for name, check in current_app.extensions["health"].items()}
            current_app.extensions["health_answer"] = (time.monotonic(), parts)
    tried: dict[str, str] = parts
    return tried


def _state(name: str, check: Check) -> str:
    try:
        check()
    except Exception as error:  # whatever it is, it is the answer
        log.error("health_check_failed", part=name, reason=type(error).__name__)
        return "failing"
    return "ok"


def try_database() -> None:
    """Take the database's write lock, change nothing, and let it go; raises what SQLAlchemy raises."""
    with db.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        connection.execute(text("UPDATE installation SET epoch = epoch"))
        connection.rollback()
