"""Pages for people without an account who hold a code or a link: found by no search engine, kept by no cache, and
what goes wrong is told without the desk around it."""

from flask import Blueprint, current_app, make_response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.core.errors import Problem
from field.core.i18n import COOKIE
from field.core.responses import problem_answer, wants_json


def keep_unlisted(bp: Blueprint) -> None:
    """Let all pages of a blueprint be such; the language that somebody chooses there is remembered."""
    bp.after_request(_unlisted)
    bp.register_error_handler(Problem, _told)


def _unlisted(response: BaseResponse) -> BaseResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    chosen = request.args.get("lang", "")
    if chosen in current_app.config["LANGUAGES"]:
        response.set_cookie(COOKIE, chosen, samesite="Lax", secure=current_app.config["TLS"])
    return response


def _told(problem: Problem) -> BaseResponse:
    if wants_json():
        return problem_answer(problem)
    page = render_template("errors/unlisted.html", problem=problem, path=request.path)
    answer = make_response(page, problem.status)
    answer.headers.extend(problem.headers)
    return answer
