"""The phone's side of the wire: every request ends in time, and anything but the expected shape means that nothing
happened. As static/js/offline/wire.js."""

import gzip
import re
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple

import orjson

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORTH_PACKING = 1024


class WireProblem(Exception):
    """The server said no, or was not the server: offline, portal, or the code of the server's problem."""

    def __init__(self, code: str, status: int = 0, reason: str | None = None) -> None:
        super().__init__(code)
        self.code, self.status, self.reason = code, status, reason


class Answer(NamedTuple):
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass
class Line:
    """A phone's way to the server; `patience` is in seconds, `failures` are the server's own."""

    port: int
    name: str
    cookies: dict[str, str]
    failures: list[str]
    patience: float = 30.0

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """A request that ends in time; raises WireProblem `offline` when nothing whole came back."""
        usual = {"User-Agent": self.name, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=self.patience)) as connection:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                connection.request(method, path, body, usual | named)
                answer = connection.getresponse()
                content = answer.read()
                self._keep_cookies(answer.headers.get_all("Set-Cookie") or [])
                if answer.status == 500 and b"urn:doorstep" in content:
                    self.failures.append(f"{method} {path}")
                return Answer(answer.status, answer.headers, content)
        except (OSError, HTTPException) as error:
            raise WireProblem("offline") from error

    def json(self, method: str, path: str, fits: Callable[[Any], bool], content: Any = None) -> Any:
        """JSON of an expected shape; raises WireProblem otherwise."""
        body, headers = None, {"Accept": "application/json"}
        if content is not None:
            body, headers = self._packed(orjson.dumps(content), headers)
        answer = self.request(method, path, body, **headers)
        if answer.status != 200:
            raise problem_of(answer)
        found = _read(answer)
        if not isinstance(found, dict) or not fits(found):
            raise WireProblem("portal", 200)
        return found

    @staticmethod
    def _packed(body: bytes, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        headers = headers | {"Content_Type": "application/json"}
        if len(body) < _WORTH_PACKING:
            return body, headers
        return gzip.compress(body, 1, mtime=0), headers | {"Content_Encoding": "gzip"}

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


def problem_of(answer: Answer) -> WireProblem:
    """What a failed answer means; without the server's own words it was not our server. An answer to HEAD has no body,
    so the word stands in a header too."""
    found = _read(answer)
    body = found if isinstance(found, dict) else {}
    code = body.get("code", answer.headers.get("Doorstep-Problem"))
    if isinstance(code, str):
        return WireProblem(code, answer.status, body.get("reason"))
    busy = answer.status >= 500 or answer.status == 429
    return WireProblem("busy" if busy else "portal", answer.status)


def is_id(value: Any) -> bool:
    """Whether it looks like an id; the epoch is one."""
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _read(answer: Answer) -> Any:
    with suppress(ValueError, OSError):
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return orjson.loads(gzip.decompress(answer.content) if packed else answer.content)
    return None
