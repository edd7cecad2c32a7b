"""Addresses of the phone's shell, worker, precache list and manifest."""

import re
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

import orjson
from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from field.core.i18n import spoken
from field.core.permits import permit_public
from field.core.responses import json_answer
from field.pwa.languages import together
from field.pwa.precache import (
    QUEUE,
    SCRIPT,
    SHELLS,
    STYLE,
    WORKER,
    PrecachedFile,
    build_of,
    bundles,
    reader_files,
    static_files,
)

bp = Blueprint("pwa", __name__)
# A page asks for several of these at once, each in a thread of its own.
_making = Lock()
_QUOTED_WORD = re.compile(r'(\s[\w-]+)="([\w#./:?-]+)"(?=[\s>])')


@bp.get("/phone/")
@bp.get("/phone/<any(round, door, visit, outbox, me, help):screen>")
@permit_public
def shell(screen: str = "round") -> Response:
    """The phone's one document: every screen, no personal data, so it may be kept offline."""
    del screen
    answer = Response(_shell_page(_made()))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/sw.js")
@permit_public
def worker() -> Response:
    """The service worker, served from the root so that its scope may be /phone/."""
    answer = Response(_made()[WORKER], mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/phone/"
    return answer


@bp.get('/phone/<any("app.js", "queue.js", "shrink-worker.js", "app.css"):name>')
@permit_public
def bundle(name: str) -> Response:
    """All modules of the page as one script, those it shares with the service worker as another, all its sheets, and
    what makes photos small: from outside of the scope a phone without a signal could not start that. What another
    release calls so is not here (404)."""
    made = _made()
    url = _address_of(f"/phone/{name}", made)
    if request.query_string not in (b"", url.partition("?")[2].encode()):
        abort(404)
    answer = Response(made[url], mimetype="text/css" if name.endswith(".css") else "text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    # Weak, as it is where the answer is packed.
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


@bp.get(SHELLS)
@permit_public
def shells() -> Response:
    """The shell in every language as one text, of which the worker makes them; see `languages.together`."""
    answer = Response(_made()[SHELLS])
    answer.headers["Cache-Control"] = "no-cache"
    # Weak, as it is where the answer is packed.
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


@bp.get("/phone/precache.js")
@permit_public
def precache() -> Response:
    """The list that the worker installs from; a new build changes this file and so the worker. A list of another kind
    has another name: a worker that does not know it cannot be installed with it, and the build before stays."""
    files, reader = _files()
    lines = [
        b"export const BUILD = %b;" % orjson.dumps(build_of([*files, *reader])),
        b"export const PARTS = %b;" % orjson.dumps(files),
        b"export const READER = %b;" % orjson.dumps(reader),
        b"export const LANGUAGES = %b;" % orjson.dumps(current_app.config["LANGUAGES"]),
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


def _made() -> dict[str, bytes]:
    """What this process makes of templates and files, by address."""
    with _making:
        kept: dict[str, bytes] | None = current_app.extensions.get("made_for_phones")
        if kept is None or current_app.debug:
            readable = current_app.debug
            kept = bundles(_static(), readable=readable)
            languages = current_app.config["LANGUAGES"]
            kept[SHELLS] = together([_shell_in(code, kept) for code in languages]).encode()
            current_app.extensions["made_for_phones"] = kept
    return kept


def _address_of(url: str, made: Mapping[str, bytes]) -> str:
    """`url` as it stands in `made`: with the hash of what is there, where it has one."""
    return next(address for address in made if address.partition("?")[0] == url)


def _files() -> tuple[list[PrecachedFile], list[PrecachedFile]]:
    """What every phone keeps, and the reader of plates."""
    kept: tuple[list[PrecachedFile], list[PrecachedFile]] | None = current_app.extensions.get("precache")
    if kept is None or current_app.debug:
        made = {url: text for url, text in _made().items() if url != WORKER}
        kept = static_files(_static(), made), reader_files(_static())
        current_app.extensions["precache"] = kept
    return kept


def _shell_in(code: str, made: Mapping[str, bytes]) -> str:
    with force_locale(code):
        return _shell_page(made)


def _shell_page(made: Mapping[str, bytes]) -> str:
    script, queue = _address_of(SCRIPT, made), _address_of(QUEUE, made)
    page = render_template(
        "phone/shell.html", script=script, queue=queue, style=STYLE, others=_other_languages()
    )
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
