"""A phone for tests: enrols, sends what the contract says with right digests, and asks for the pack."""

import base64
import gzip
import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from flask import Flask
from werkzeug.test import TestResponse

from field.accounts.models import User
from field.core.clock import instant_text, utcnow
from field.core.ids import new_id
from field.places.models import Dwelling
from field.visits.upcasts import NEWEST
from tests.browser import Browser, browser_of

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = 1024 * 1024
PIECE_TYPE = "application/offset+octet-stream"


def digest_of(content: bytes) -> str:
    """The digest as the protocol writes it."""
    return f"sha-256:{hashlib.sha256(content).hexdigest()}"


def _checksum(piece: bytes) -> str:
    return f"sha256 {base64.b64encode(hashlib.sha256(piece).digest()).decode()}"


def left_out(body: dict[str, Any]) -> dict[str, Any]:
    """The body without the keys that are None, as phones send it."""
    return {key: value for key, value in body.items() if value is not None}


def content_of(answer: TestResponse) -> dict[str, Any]:
    """The JSON of an answer that must be a success."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert isinstance(answer.json, dict)
    return answer.json


@dataclass
class Phone:
    """One phone; `browser` holds its cookies, `device` and `epoch` come with enrolment, `seq` counts its events."""

    app: Flask
    user: User
    build: str = "test-build"
    browser: Browser = field(init=False)
    device: str = field(init=False, default="")
    epoch: str = field(init=False, default="")
    seq: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.author = str(self.user.id)
        self.browser = browser_of(self.app, self.user)

    def sign_in(self, user: User) -> "Phone":
        """Hand the phone to somebody else, who still has to enrol."""
        self.user, self.author = user, str(user.id)
        self.browser.sign_in(user)
        return self

    def sign_out(self) -> "Phone":
        """End the session; the device's credential stays."""
        answer = self.browser.post("/sign-out")
        assert answer.status_code in {200, 204, 302, 303}, answer.status_code
        return self

    def enrol(self) -> "Phone":
        """Enrol for whoever is signed in; a phone that is known keeps its id."""
        answer = self.browser.post("/sync/enrolment", json={"build": self.build})
        content = content_of(answer)
        self.device, self.epoch = content["device"], content["epoch"]
        return self

    def visit_body(self, dwelling: Dwelling | UUID | str, **overrides: Any) -> dict[str, Any]:
        """The body of a good visit at a door where nothing changed; None leaves a key out."""
        now = utcnow()
        body = {
            "visit": str(new_id()),
            "revision": 1,
            "dwelling": str(dwelling.id if isinstance(dwelling, Dwelling) else dwelling),
            "base_revision": dwelling.revision if isinstance(dwelling, Dwelling) else None,
            "started_at": instant_text(now - timedelta(minutes=6)),
            "finished_at": instant_text(now - timedelta(minutes=1)),
            "outcome": "done",
            "consent": True,
            "notice": {"version": 1, "shown_at": instant_text(now - timedelta(minutes=5))},
            "unchanged": True,
        }
        return left_out(body | overrides)

    def correction_of(self, event: dict[str, Any], **overrides: Any) -> dict[str, Any]:
        """The body of the next revision of what an event said."""
        before = orjson.loads(event["body"])
        step = {"revision": before["revision"] + 1, "previous": event["id"]}
        return left_out(before | step | overrides)

    def event(self, body: dict[str, Any] | str, **overrides: Any) -> dict[str, Any]:
        """A body in its envelope, with the next seq and a right digest; overrides may spoil any of it."""
        self.seq += 1
        text = body if isinstance(body, str) else orjson.dumps(body).decode()
        envelope = {
            "id": str(new_id()),
            "seq": self.seq,
            "author": self.author,
            "type": "visit.recorded",
            "schema": NEWEST,
            "recorded_at": instant_text(utcnow()),
            "digest": digest_of(text.encode()),
            "enc": "none",
            "body": text,
        }
        return left_out(envelope | overrides)

    def batch(self, *events: Any, **overrides: Any) -> dict[str, Any]:
        """The batch that carries these events now."""
        usual = {
            "device": self.device,
            "build": self.build,
            "sent_at": instant_text(utcnow()),
            "epoch": self.epoch,
        }
        return left_out(usual | {"events": list(events)} | overrides)

    def post(self, batch: dict[str, Any], packed: bool = False) -> TestResponse:
        """Send a batch as it is, gzipped when asked; answers the whole response."""
        content = orjson.dumps(batch)
        headers = {"Content-Encoding": "gzip"} if packed else {}
        return self.browser.post(
            "/sync/batches",
            data=gzip.compress(content) if packed else content,
            content_type="application/json",
            headers=headers,
        )

    def send(self, *events: Any, **overrides: Any) -> list[dict[str, Any]]:
        """Send events in one batch; answers the results in the order of the server."""
        answer = self.post(self.batch(*events, **overrides))
        results: list[dict[str, Any]] = content_of(answer)["results"]
        return results

    def record(self, dwelling: Dwelling | UUID | str, **overrides: Any) -> dict[str, Any]:
        """Send one visit that must be accepted; answers its event."""
        event = self.event(self.visit_body(dwelling, **overrides))
        [result] = self.send(event)
        assert result["result"] == "accepted", result
        return event

    def pack_page(self, since: str | None = None) -> dict[str, Any]:
        """One page of the pack."""
        return content_of(self.browser.get("/sync/pack", query_string={"since": since} if since else None))

    def pack(self, since: str | None = None) -> dict[str, Any]:
        """The whole pack since a cursor: lists of all pages together, the rest from the last page."""
        whole: dict[str, Any] = {}
        while True:
            page = self.pack_page(since)
            lists = {key: whole.get(key, []) + rows for key, rows in page.items() if isinstance(rows, list)}
            whole |= page | lists
            if not page["more"]:
                return whole
            since = page["cursor"]

    def reconcile(
        self,
        *events: dict[str, Any],
        photos: list[dict[str, Any]] | None = None,
        state: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Say what the phone holds; `photos` are {id, kind, digest}."""
        held = {
            "visits": [{"id": event["id"], "digest": event["digest"]} for event in events],
            "photos": photos or [],
            "state": state or {},
        }
        return content_of(self.browser.post("/sync/reconciliation", json=held))

    def photo_part(self, content: bytes, **overrides: Any) -> dict[str, Any]:
        """How a visit's body lists a photo of these bytes."""
        part = {
            "id": str(new_id()),
            "digest": digest_of(content),
            "size": len(content),
            "type": "image/jpeg",
            "taken_at": instant_text(utcnow()),
        }
        return left_out(part | overrides)

    def start_photo(
        self, visit: str, photo: dict[str, Any], kind: str = "full", piece: bytes = b"", **headers: str
    ) -> TestResponse:
        """Announce a photo of a visit, with its first piece if there is one; `photo` is its part of the body."""
        facts = {"visit": visit, "photo": photo["id"], "digest": photo["digest"], "type": photo["type"]}
        pairs = [
            f"{key} {base64.b64encode(str(value).encode()).decode()}"
            for key, value in (facts | {"kind": kind}).items()
        ]
        usual = TUS | {"Upload-Length": str(photo["size"]), "Upload-Metadata": ",".join(pairs)}
        if not piece:
            return self.browser.post("/sync/photos", headers=usual | headers)
        usual["Upload-Checksum"] = _checksum(piece)
        return self.browser.post("/sync/photos", data=piece, content_type=PIECE_TYPE, headers=usual | headers)

    def send_piece(self, location: str, offset: int, piece: bytes, **headers: str) -> TestResponse:
        """Send one piece of a photo; `headers` may spoil any of its own."""
        usual = TUS | {"Upload-Offset": str(offset), "Upload-Checksum": _checksum(piece)}
        return self.browser.patch(location, data=piece, content_type=PIECE_TYPE, headers=usual | headers)

    def ask_photo(self, location: str) -> TestResponse:
        """Ask how far an upload is."""
        return self.browser.head(location, headers=TUS)

    def upload_photo(
        self, visit: str, photo: dict[str, Any], content: bytes, kind: str = "full", piece: int = PIECE
    ) -> TestResponse:
        """Announce a photo and send what is missing, piece by piece; answers the last response."""
        answer = self.start_photo(visit, photo, kind)
        location = answer.headers.get("Location", "")
        while answer.status_code in {201, 204} and int(answer.headers["Upload-Offset"]) < len(content):
            offset = int(answer.headers["Upload-Offset"])
            answer = self.send_piece(location, offset, content[offset : offset + piece])
        return answer
