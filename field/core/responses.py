"""Answers: pages, partials and problems, each in the form that the asker reads."""

from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from flask_htmx import HTMX
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from field.core.db import db, is_database_trouble
from field.core.errors import CODE_BY_STATUS, Problem
from field.core.logs import log

htmx = HTMX()

# What is shorter was hardly typed: codes, numbers, ids.
_SHORT = 8
_NO_ROOM = {"SQLITE_FULL", "53100"}
# PostgreSQL after a failover, on the server that may not write any more.
_READS_ONLY = "25006"


def json_answer(body: Any, status: int = 200, content_type: str = "application/json") -> Response:
    """A JSON answer made by orjson (dates, UUIDs and dataclasses included; numbers as keys, as of places in lists)."""
    return Response(orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS), status, content_type=content_type)


def page_or_partial(partial: str, fallback_url: str, **context: Any) -> BaseResponse:
    """After a change: the partial for htmx, a redirect for a plain form. Nothing else asks `if htmx`."""
    if htmx:
        return make_response(render_template(partial, **context))
    return redirect(fallback_url, 303)


def wants_json() -> bool:
    """Phones and programs read problem+json; people read pages."""
    if request.path.startswith("/sync") or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"


_KEEP_TYPED = {"sign-in-needed", "form-expired", "decided-already", "conflict", "bad-request"}


def problem_answer(problem: Problem) -> BaseResponse:
    """RFC 9457 JSON, a partial for htmx, or a page."""
    if wants_json():
        answer: BaseResponse = json_answer(problem.as_dict(), problem.status, "application/problem+json")
        answer.headers["Doorstep-Problem"] = problem.code  # an answer to HEAD has no body
    else:
        template = "errors/_problem.html" if htmx else "errors/show.html"
        context = {
            "problem": problem,
            "typed": _typed(problem),
            "back": _page_of_form(),
            "came_from": _came_from(),
        }
        answer = make_response(render_template(template, **context), problem.status)
        if htmx:
            # htmx drops failed answers; the page's message line shows them where the finger is.
            answer.headers["HX-Retarget"] = "#messages"
            answer.headers["HX-Reswap"] = "innerHTML"
    answer.headers.extend(problem.headers)
    return answer


def _typed(problem: Problem) -> list[str]:
    """Longer texts of a form that came when nobody was signed in any more, or after somebody else had decided, or that
    was not understood: shown again, so that nothing is lost."""
    if request.method != "POST" or problem.code not in _KEEP_TYPED:
        return []
    hidden = {"csrf_token", "password"}
    found = (
        text.replace("\0", "").strip() for name, text in request.form.items(multi=True) if name not in hidden
    )
    return [text for text in found if len(text) > _SHORT or (len(text) > 1 and not _is_code(text))]


def _is_code(text: str) -> bool:
    """A choice, a number, a day: nothing that somebody has written. Chinese words count as alphanumeric, too."""
    return text.isascii() and text.isalnum()


def _came_from() -> str | None:
    """The page of ours on which the form stood that is refused."""
    if request.method != "POST" or not request.referrer:
        return None
    try:
        parts = urlsplit(request.referrer)
    except ValueError:
        return None
    ours = parts.netloc == request.host and not parts.path.startswith("//")
    return f"{parts.path}?{parts.query}".rstrip("?") if ours else None


def _page_of_form() -> str:
    """Where a form about one thing stands: its address without the verb."""
    parts = request.path.split("/")
    return "/".join(parts[:3]) if len(parts) > 3 else request.path


def register_problems(app: Flask) -> None:
    """Turn every kind of failure into a Problem."""
    app.register_error_handler(Problem, problem_answer)
    app.register_error_handler(CSRFError, lambda _error: problem_answer(Problem("form-expired")))
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(DBAPIError, _from_database)
    app.register_error_handler(Exception, _unexpected)


def _from_http(error: HTTPException) -> BaseResponse:
    if isinstance(error.code, int) and 300 <= error.code < 400:
        return error.get_response()
    code = CODE_BY_STATUS.get(error.code or 500, "bad-request" if (error.code or 500) < 500 else "unexpected")
    return problem_answer(Problem(code))


def _from_database(error: DBAPIError) -> BaseResponse:
    reads_only = getattr(error.orig, "sqlstate", None) == _READS_ONLY
    if not (is_database_trouble(error) or reads_only):
        return _unexpected(error)
    db.session.rollback()
    if _found_no_room(error):
        log.error("database_full")
        return problem_answer(Problem("storage-full"))
    log.warning("database_busy", reason=type(error.orig).__name__)
    return problem_answer(Problem("busy", headers={"Retry-After": "2"}))


def _found_no_room(error: BaseException | None) -> bool:
    """Whether a full disk is behind this. SQLite ends the whole transaction then, and what the application sees
    last is that its savepoint is gone; PostgreSQL may say it in any language."""
    while error is not None:
        code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
        if code in _NO_ROOM:
            return True
        error = error.__context__
    return False


def _unexpected(error: Exception) -> BaseResponse:
    if current_app.testing:
        raise error
    log.error("unexpected", exc_info=error)
    return problem_answer(Problem("unexpected"))
