"""Pages for people without an account who hold a code or a link: found by no search engine, kept by no cache."""

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response as BaseResponse

from field.core.i18n import COOKIE


def keep_unlisted(bp: Blueprint) -> None:
    """Let all pages of a blueprint be such; the language that somebody chooses there is remembered."""
    bp.after_request(_unlisted)


def _unlisted(response: BaseResponse) -> BaseResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    chosen = request.args.get("lang", "")
    if chosen in current_app.config["LANGUAGES"]:
        response.set_cookie(COOKIE, chosen, samesite="Lax", secure=current_app.config["TLS"])
    return response
