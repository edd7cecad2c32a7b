"""Headers, cookies and origin: what keeps pages to themselves. The rules are in trust.md's words in docs/trust.md."""

import re
from typing import Any

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from field.core.errors import Problem

csrf = CSRFProtect()

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def cookie_settings(tls: bool) -> dict[str, Any]:
    """Flask's session cookie; under TLS it carries the __Host- prefix."""
    return {
        "SESSION_COOKIE_NAME": "__Host-session" if tls else "session",
        "SESSION_COOKIE_SECURE": tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # Origin and Sec-Fetch-Site are checked below, for http and https alike
    }


def policy_for(tiles_url: str) -> str:
    """The policy, with the host of the district's own map tiles where there is one."""
    origin = re.match(r"https?://[^/]+", tiles_url)
    return POLICY.replace("img-src 'self'", f"img-src 'self' {origin[0]}") if origin else POLICY


def guard(app: Flask) -> None:
    """Refuse unsafe requests from elsewhere and put the headers on every answer."""
    csrf.init_app(app)
    headers = HEADERS | {"Content-Security-Policy": policy_for(app.config["TILES_URL"])}
    app.before_request(_refuse_zero_bytes)

    @app.before_request
    def refuse_foreign() -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise Problem("foreign-origin")
        origin = request.headers.get("Origin")
        if origin is not None and origin != request.host_url.rstrip("/"):
            raise Problem("foreign-origin")

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        if app.config["TLS"]:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response


def _refuse_zero_bytes() -> None:
    # PostgreSQL fails on a text that holds one, SQLite does not: refused before either sees it.
    given = [*request.args.items(multi=True), *request.form.items(multi=True)]
    if any("\0" in text for pair in given for text in pair):
        raise Problem("bad-request")
