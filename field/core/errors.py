"""Every answer that is not a success, in one catalogue (RFC 9457); services raise Problem, routes never format one."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

CATALOGUE: Mapping[str, tuple[int, LazyString]] = {
    "bad-request": (400, _l("This request could not be understood.")),
    "sign-in-needed": (401, _l("Please sign in.")),
    "device-unknown": (
        401,
        _l("This phone is not enrolled. Please sign in again on it; nothing on it is lost."),
    ),
    "wrong-credentials": (401, _l("User name or password is wrong.")),
    "not-permitted": (403, _l("Your role may not do this.")),
    "foreign-origin": (403, _l("This request came from another site and was not carried out.")),
    "form-expired": (
        403,
        _l("This form was open too long. Please send it again; what you typed is still here."),
    ),
    "not-found": (404, _l("There is nothing here, or it is outside your area.")),
    "not-allowed-method": (405, _l("This address does not take that kind of request.")),
    "decided-already": (409, _l("Somebody has decided this meanwhile.")),
    "offset-wrong": (409, _l("This piece does not follow what is here already.")),
    "conflict": (409, _l("This contradicts what is stored.")),
    "gone": (410, _l("This is no longer kept.")),
    "too-large": (413, _l("This is too large for one request.")),
    "media-type": (415, _l("This kind of content is not taken here.")),
    "invalid": (422, _l("Please correct the marked fields.")),
    "photo-unusable": (422, _l("This picture cannot be opened. Please take it again.")),
    "too-many-requests": (429, _l("Too many attempts. Please wait a moment.")),
    "checksum-mismatch": (460, _l("The piece was damaged on the way. Please send it again.")),
    "unexpected": (500, _l("Something went wrong here. Nothing you sent was marked as received.")),
    "busy": (503, _l("The server is busy. Please try again in a moment.")),
    "storage-full": (507, _l("The server has no room left. Nothing was marked as received.")),
}


class Problem(Exception):
    """A refusal that names what the person can do; `code` is a key of the catalogue."""

    def __init__(
        self,
        code: str,
        detail: str | LazyString | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status, self.title = CATALOGUE[code]
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def as_dict(self) -> dict[str, Any]:
        """The RFC 9457 members, in the language of the request."""
        body: dict[str, Any] = {
            "type": f"urn:doorstep:problem:{self.code}",
            "code": self.code,
            "title": str(self.title),
            "status": self.status,
        }
        if self.detail is not None:
            body["detail"] = str(self.detail)
        return body | self.members


CODE_BY_STATUS = {
    400: "bad-request",
    401: "sign-in-needed",
    403: "not-permitted",
    404: "not-found",
    405: "not-allowed-method",
    409: "conflict",
    410: "gone",
    413: "too-large",
    415: "media-type",
    422: "invalid",
    429: "too-many-requests",
    503: "busy",
}
