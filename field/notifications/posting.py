"""Sending a webhook: which addresses it may reach, how it is signed (Standard Webhooks), and one attempt.

An address is only taken when the operator has named its host, so nobody at the desk can make the server ask
addresses of the inner network; docs/decisions/notifications.md has the reasons.
"""

import base64
import hashlib
import hmac
import http.client
import socket
import threading
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

import orjson
from flask_babel import gettext as _

from field.notifications.models import Delivery, Webhook

SECONDS = 10
# Of a message that was not tried, because the ones before it went wrong at the same place.
AWAY = "away"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def complaint_about(url: str, hosts: Collection[str]) -> str | None:
    """What is wrong with an address: https to a host that the operator named; http to this machine alone."""
    parts = _parts(url)
    if parts is None or parts.scheme not in {"https", "http"} or parts.username or parts.fragment:
        return str(_("Please enter an address such as https://example.org/hook."))
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return str(_("Only https, so that nobody on the way reads or changes it."))
    if parts.hostname not in hosts:
        return str(_("Whoever runs the server has not allowed this host (FIELD_WEBHOOK_HOSTS)."))
    return None


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _checked_port = parts.port
    except ValueError:
        return None
    fine = parts.hostname and url.isascii() and url.isprintable() and " " not in url
    return parts if fine else None


def signature(secret: str, message_id: str, seconds: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA-256 over `id.timestamp.body` in base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{seconds}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def attempt(hook: Webhook, delivery: Delivery, hosts: Collection[str], now: datetime) -> str | None:
    """Send it once; None when the other side took it (2xx), else why not. Redirects are not followed."""
    parts = urlsplit(hook.url)
    if complaint_about(hook.url, hosts):
        return "not allowed"
    body, seconds = orjson.dumps(delivery.content), int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Doorstep",
        "Webhook-Id": str(delivery.id),
        "Webhook-Timestamp": str(seconds),
        "Webhook-Signature": signature(hook.secret or "", str(delivery.id), seconds, body),
    }
    try:
        status = _post(parts, body, headers)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    return None if 200 <= status < 300 else f"HTTP {status}"


def _post(parts: SplitResult, body: bytes, headers: dict[str, str]) -> int:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    late = threading.Event()
    watch = threading.Timer(SECONDS, _hang_up, (connection, late))
    watch.daemon = True
    try:
        connection.connect()
        watch.start()
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        if late.is_set():  # we hung up
            raise TimeoutError from None
        raise
    finally:
        watch.cancel()
        connection.close()
    if late.is_set():  # what came until then is half an answer
        raise TimeoutError
    return status


def _hang_up(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    """The socket's own limit is for each read: whoever answers drop by drop would hold everything up."""
    late.set()
    with suppress(OSError):
        connection.sock.shutdown(socket.SHUT_RDWR)
