"""How a simulated phone sends photos: small previews first, then the photos in tus 1.0, resumed at their byte.

The rules are those of offline/previews.js, offline/uploads.js and offline/tus.js.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from random import Random
from typing import NamedTuple

from tests.sim.handset import Handset, Picture
from tests.sim.line import Answer, WireProblem, problem_of

_SMALLEST = 512
_LARGEST = 8192
_TRIES_PER_PIECE = 4
_PREVIEW_TRIES = 3
_RECEIPT = 8
_VERSION = {"Tus_Resumable": "1.0.0"}
_NEVER = {"photo-unusable", "too-large", "gone"}
_ITS_OWN = {"bad-request", "not-found", "conflict", "media-type", "invalid", "unexpected", "stuck"}


class Place(NamedTuple):
    """How far an upload is; `at` is the server's clock."""

    location: str
    offset: int
    receipt: str | None
    problem: str | None
    at: datetime


@dataclass
class PhotoLane:
    """One run over the photos that wait; `text` is called before each piece. Some links stay so bad that pieces never
    grow, so that most photos come in several."""

    phone: Handset
    chance: Random
    text: Callable[[], None]
    piece: int = 2048
    largest: int = _LARGEST

    @classmethod
    def over_some_link(cls, phone: Handset, chance: Random, text: Callable[[], None]) -> "PhotoLane":
        """With pieces of a size that is drawn."""
        return cls(phone, chance, text, *chance.choice([(2048, _LARGEST), (_SMALLEST, 2 * _SMALLEST)]))

    def send_previews(self) -> None:
        """Send each preview until one finds no way; whatever goes wrong with one, its photo follows."""
        for picture in sorted(self.phone.pictures_waiting(), key=lambda one: one.tries):
            preview = picture.preview
            if preview is None:
                continue
            self.text()
            try:
                place = self._send_pieces(preview)
            except WireProblem as problem:
                picture.tries += 1
                if problem.code not in _ITS_OWN | _NEVER and picture.tries < _PREVIEW_TRIES:
                    return
            else:
                self.phone.ledger.told_preview(preview, place.receipt)
            picture.preview = None

    def send(self) -> None:
        """Send every photo that waits, each once. Raises WireProblem when nothing can be sent now."""
        for picture in self.phone.pictures_waiting():
            try:
                self._send_one(picture)
            except WireProblem as problem:
                picture.attempts += 1
                if problem.code not in _ITS_OWN:
                    raise

    def _send_one(self, picture: Picture) -> None:
        try:
            place = self._send_pieces(picture)
        except WireProblem as problem:
            if problem.code not in _NEVER:
                raise
            self._set_aside(picture, problem.reason or problem.code)
            return
        if place.problem:
            self._set_aside(picture, place.problem)
        elif not place.receipt:
            raise WireProblem("stuck")
        elif picture.id in self.phone.pictures:
            picture.state, picture.receipt, picture.stored_at = "stored", place.receipt, place.at
            self.phone.ledger.told_photo(picture.id, place.receipt)

    def _set_aside(self, picture: Picture, problem: str) -> None:
        picture.state = "unusable"
        self.phone.ledger.counts["photos set aside"] += 1
        if picture.id not in self.phone.ledger.poison:
            self.phone.ledger.wrong("lost", f"photo {picture.id} was called unusable: {problem}")

    def _send_pieces(self, picture: Picture) -> Place:
        place, tries = self._begin(picture), 0
        while not place.receipt and not place.problem and tries < _TRIES_PER_PIECE:
            picture.location = place.location
            if self.chance.random() < 0.3:
                self.text()
            size, then = self.piece, self._send_piece(picture, place)
            if then.offset > place.offset or then.receipt:
                tries = 0
            elif self.piece == size:
                tries += 1
            place = then
        return place

    def _begin(self, picture: Picture) -> Place:
        if picture.location:
            try:
                return self._ask(picture.location, picture)
            except WireProblem as problem:
                if problem.status not in {404, 410}:
                    raise
        return self._announce(picture) if picture.attempts else self._announce_with(picture)

    def _announce_with(self, picture: Picture) -> Place:
        """With its first piece."""
        content = picture.content[: self.piece]
        if not content:
            return self._announce(picture)
        try:
            answer = self._post(picture, content, **_checked(content))
        except WireProblem:
            self.piece = max(_SMALLEST, self.piece // 2)
            raise
        if answer.status in {409, 413, 460}:
            return self._announce(picture)
        return self._announced(answer, picture)

    def _announce(self, picture: Picture) -> Place:
        return self._announced(self._post(picture, b""), picture)

    def _post(self, picture: Picture, content: bytes, **more: str) -> Answer:
        facts = {
            "visit": picture.visit,
            "photo": picture.id,
            "digest": picture.digest,
            "type": "image/jpeg",
            "kind": picture.kind,
        }
        pairs = [f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in facts.items()]
        told = {"Upload_Length": str(len(picture.content)), "Upload_Metadata": ",".join(pairs)}
        return self.phone.line.request("POST", "/sync/photos", content, **(_VERSION | told | more))

    def _announced(self, answer: Answer, picture: Picture) -> Place:
        if answer.status != 201:
            raise problem_of(answer)
        location = answer.headers.get("Location") or ""
        if not location.startswith("/sync/photos/"):
            raise WireProblem("portal")
        return _place(answer, location, picture)

    def _ask(self, location: str, picture: Picture) -> Place:
        answer = self.phone.line.request("HEAD", location, **_VERSION)
        if answer.status != 200:
            raise problem_of(answer)
        return _place(answer, location, picture)

    def _send_piece(self, picture: Picture, place: Place) -> Place:
        content = picture.content[place.offset : place.offset + self.piece]
        try:
            answer = self._patch(place, content)
        except WireProblem:
            self.piece = max(_SMALLEST, self.piece // 2)
            raise
        if answer.status == 204:
            self.piece = min(self.largest, self.piece * 2)
            then = _place(answer, place.location, picture)
            if then.offset != place.offset + len(content):
                raise WireProblem("portal")
            done = then.offset < len(picture.content) or then.receipt or then.problem
            return then if done else self._ask(place.location, picture)
        if answer.status in {409, 460}:
            return self._ask(place.location, picture)
        if answer.status == 413 and len(content) > _SMALLEST:
            self.piece = max(_SMALLEST, self.piece // 2)
            return place
        raise problem_of(answer)

    def _patch(self, place: Place, content: bytes) -> Answer:
        told = _VERSION | {"Upload_Offset": str(place.offset)} | _checked(content)
        return self.phone.line.request("PATCH", place.location, content, **told)


def _checked(content: bytes) -> dict[str, str]:
    checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return {"Content_Type": "application/offset+octet-stream", "Upload_Checksum": f"sha256 {checksum}"}


def _place(answer: Answer, location: str, picture: Picture) -> Place:
    text = answer.headers.get("Upload-Offset") or ""
    if not text.isdigit() or int(text) > len(picture.content):
        raise WireProblem("portal")
    receipt, problem = answer.headers.get("Photo-Receipt"), answer.headers.get("Photo-Problem")
    if receipt is not None and len(receipt) != _RECEIPT:  # the answer was cut within this line
        raise WireProblem("portal")
    at = parsedate_to_datetime(answer.headers["Date"])
    return Place(location, int(text), receipt, problem, at)
