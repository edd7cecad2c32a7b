"""Addresses of the phone's shell, worker, precache list and manifest."""

import re
from pathlib import Path

import orjson
from flask import Blueprint, Response, current_app, render_template, request, send_from_directory
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from field.core.i18n import spoken
from field.core.permits import permit_public
from field.core.responses import json_answer
from field.pwa.precache import (
    SCRIPT,
    SHRINKER,
    STYLE,
    PrecachedFile,
    build_of,
    bundles,
    integrity_of,
    reader_files,
    static_files,
)

bp = Blueprint("pwa", __name__)
_QUOTED_WORD = re.compile(r'(\s[\w-]+)="([\w#./:-]+)"(?=[\s>])')


@bp.get("/phone/")
@bp.get("/phone/<any(round, door, visit, outbox, me, help):screen>")
@permit_public
def shell(screen: str = "round") -> Response:
    """The phone's one document: every screen, no personal data, so it may be kept offline."""
    del screen
    answer = Response(_shell_page())
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/sw.js")
@permit_public
def worker() -> Response:
    """The service worker, served from the root so that its scope may be /phone/."""
    answer = send_from_directory(_static(), "sw.js", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/phone/"
    return answer


@bp.get(SHRINKER)
@permit_public
def shrinker() -> Response:
    """The worker that makes photos small, served within the scope: from elsewhere a phone without a signal
    could not start it."""
    answer = send_from_directory(_static(), "js/phone/shrink-worker.js", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get('/phone/<any("app.js", "app.css"):name>')
@permit_public
def bundle(name: str) -> Response:
    """All modules of the phone's page as one script, or all its sheets as one."""
    answer = Response(
        _bundles()[f"/phone/{name}"], mimetype="text/css" if name.endswith(".css") else "text/javascript"
    )
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@bp.get("/phone/precache.js")
@permit_public
def precache() -> Response:
    """The list that the worker installs from; a new build changes this file and so the worker."""
    files, reader = _files()
    lines = [
        b"export const BUILD = %b;" % orjson.dumps(build_of([*files, *reader])),
        b"export const FILES = %b;" % orjson.dumps(files),
        b"export const READER = %b;" % orjson.dumps(reader),
    ]
    answer = Response(b"\n".join([*lines, b""]), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/manifest.webmanifest")
@permit_public
def manifest() -> Response:
    """What makes the phone's screens an app of their own."""
    icons = [
        {
            "src": f"/static/icons/icon-{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any",
        }
        for size in (192, 512)
    ]
    maskable = {
        "src": "/static/icons/maskable-512.png",
        "sizes": "512x512",
        "type": "image/png",
        "purpose": "maskable",
    }
    body = {
        "id": "/phone/",
        "name": _("Doorstep"),
        "short_name": _("Doorstep"),
        "description": _("Household visits and hazards, recorded without signal."),
        "start_url": "/phone/",
        "scope": "/phone/",
        "display": "standalone",
        "orientation": "any",
        "background_color": "#f5f0e6",
        "theme_color": "#1b5247",
        "icons": [*icons, maskable],
    }
    answer = json_answer(body, content_type="application/manifest+json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _static() -> Path:
    assert current_app.static_folder is not None
    return Path(current_app.static_folder).absolute()


def _bundles() -> dict[str, bytes]:
    kept: dict[str, bytes] | None = current_app.extensions.get("bundles")
    if kept is None or current_app.debug:
        kept = current_app.extensions["bundles"] = bundles(_static(), readable=current_app.debug)
    return kept


def _files() -> tuple[list[PrecachedFile], list[PrecachedFile]]:
    """What every phone keeps, and the reader of plates."""
    kept: tuple[list[PrecachedFile], list[PrecachedFile]] | None = current_app.extensions.get("precache")
    if kept is None or current_app.debug:
        kept = [*_shells(), *static_files(_static(), _bundles())], reader_files(_static())
        current_app.extensions["precache"] = kept
    return kept


def _shell_page() -> str:
    page = render_template("phone/shell.html", script=SCRIPT, style=STYLE, others=_other_languages())
    # Indentation and quotes around one word say nothing to a phone, and every byte is paid for on a thin link.
    return _QUOTED_WORD.sub(r"\1=\2", "\n".join(filter(None, map(str.strip, page.splitlines()))))


def _other_languages() -> Markup:
    """What a household reads, as JSON by language: it may read another one than the worker."""
    texts = []
    for code in current_app.config["LANGUAGES"]:
        if code != spoken():
            with force_locale(code):
                texts.append(f'"{code}":{render_template("phone/_texts_others.html").strip()}')
    return Markup("{" + ",".join(texts) + "}")  # noqa: S704 our own texts, escaped by tojson


def _shells() -> list[PrecachedFile]:
    shells = []
    for code in current_app.config["LANGUAGES"]:
        with force_locale(code):
            page = _shell_page()
        shells.append(PrecachedFile(f"/phone/?lang={code}", integrity_of(page.encode())))
    return shells
