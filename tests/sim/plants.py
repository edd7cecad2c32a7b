"""Faults built in on purpose, to see that the simulator finds them. Nothing of this is in the program.

SERVER ones are put into a server's process after it was forked, PHONE ones into the simulated phones.
"""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from flask import request
from sqlalchemy import select, update
from sqlalchemy.orm.attributes import set_committed_value

from field.core.clock import instant_text, utcnow
from field.core.db import db
from field.core.installation import installation
from field.core.responses import json_answer
from field.photos import service as photos
from field.photos import tus, uploads
from field.photos.models import Photo, PhotoState
from field.places.models import Dwelling
from field.pwa import routes as pwa_routes
from field.sync import bench, inbox
from tests.phone import digest_of
from tests.sim.handset import Handset, Picture, Record
from tests.sim.line import WireProblem
from tests.sim.sender import Sender


def _no_lock() -> None:
    """Doors are read without being held while a batch is applied to them."""

    def unlocked(self: Any, ids: set[Any]) -> dict[Any, Dwelling]:
        statement = select(Dwelling).where(Dwelling.id.in_(ids), Dwelling.district == self.district)
        return {row.id: row for row in db.session.scalars(statement)}

    bench.Bench._lock_doors = unlocked


def _acknowledge_before_commit() -> None:
    """The answer is on its way while its rows are not committed yet."""
    real = inbox.take

    def take(deliveries: Any, district: int, now: Any, zone: str) -> Any:
        all_results = real(deliveries, district, now, zone)
        results = all_results[0]
        content = json_answer({"epoch": installation().epoch, "now": instant_text(now), "results": results})
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {content.content_length}"
        )
        request.environ["gunicorn.socket"].sendall(f"{head}\r\n\r\n".encode() + content.get_data())
        return all_results

    inbox.take = take


def _checksum_ignored() -> None:
    """Neither a piece nor the whole is compared with what it should be."""
    real = photos.prove

    def piece() -> tus.Piece:
        content = request.get_data(cache=False)
        return tus.Piece(content, digest_of(content))

    def prove(
        photo: Photo, content: bytes, store: Any, most: int, _digest: str | None = None
    ) -> dict[str, Any]:
        as_it_came = SimpleNamespace(id=photo.id, digest=digest_of(content), reason=None)
        return real(as_it_came, content, store, most)

    tus.checked_piece, photos.prove = piece, prove


def _offset_not_guarded() -> None:
    """A piece is taken wherever it says that it belongs, whatever has come meanwhile."""
    real = uploads._upload

    def unguarded(upload_id: Any) -> Photo:
        photo = real(upload_id)
        if request.method == "PATCH":
            set_committed_value(photo, "offset", int(request.headers["Upload-Offset"]))
            set_committed_value(photo, "state", PhotoState.UPLOADING)
        return photo

    def advance(photo: Photo, to: int, outcome: Mapping[str, Any], now: Any) -> None:
        settled = {"stored_at": now} if outcome.get("state") == PhotoState.STORED else {}
        change = (
            update(Photo).where(Photo.id == photo.id).values(offset=to, touched_at=now, **outcome, **settled)
        )
        db.session.connection().execute(change.execution_options(synchronize_session=False))

    uploads._upload, photos.advance = unguarded, advance


SERVER: Mapping[str, Callable[[], None]] = {
    "no lock": _no_lock,
    "acknowledge before commit": _acknowledge_before_commit,
    "checksum ignored": _checksum_ignored,
    "offset not guarded": _offset_not_guarded,
}


def _newer_app() -> None:
    """Another version of the phone's app; only a remark in it differs."""
    page = pwa_routes._shell_page
    pwa_routes._shell_page = lambda made: page(made).replace("</body>", "<!-- newer --></body>")


# No fault, and yet not the program as it is.
RELEASES: Mapping[str, Callable[[], None]] = {"newer app": _newer_app}


def _delete_before_receipt(patch: pytest.MonkeyPatch) -> None:
    """What was sent is forgotten before anything was heard of it."""
    real = Sender._post

    def post(self: Sender, batch: Sequence[Record]) -> Any:
        for record in batch:
            self.phone.clear(record)
        return real(self, batch)

    patch.setattr(Sender, "_post", post)


def _any_200_is_success(patch: pytest.MonkeyPatch) -> None:
    """Whatever answers 200 has taken all that was sent."""
    real = Sender._post

    def post(self: Sender, batch: Sequence[Record]) -> Any:
        try:
            return real(self, batch)
        except WireProblem as problem:
            if problem.status != 200:
                raise
        receipt = {"number": "?", "received_at": instant_text(utcnow()), "durable_through": None}
        results = [{"id": one.id, "result": "accepted", "receipt": receipt} for one in batch]
        return {"epoch": self.phone.epoch, "now": instant_text(utcnow()), "results": results}

    patch.setattr(Sender, "_post", post)


def _numbers_used_again(patch: pytest.MonkeyPatch) -> None:
    """A record's number is its place among those that wait, and not among all that the phone has finished."""
    real = Handset.finish

    def finish(self: Handset, event: dict[str, Any], pictures: list[Picture]) -> Record:
        self.seq = len(self.waiting())
        return real(self, event, pictures)

    patch.setattr(Handset, "finish", finish)


PHONE: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    "delete before receipt": _delete_before_receipt,
    "any 200 is success": _any_200_is_success,
    "numbers used again": _numbers_used_again,
}
