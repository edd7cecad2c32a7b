"""/rescue: what a phone could not send, from a file; through the same inbox and photo store, so twice is as once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, BinaryIO
from uuid import UUID

from flask import Blueprint, current_app, render_template, request
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError

from field.accounts.actors import current_actor
from field.accounts.models import Device
from field.accounts.permissions import permit
from field.audit import service as audit
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.errors import Problem
from field.photos import losing
from field.photos import service as photos
from field.photos.keeping import photo_store, translated
from field.photos.models import Photo, PhotoState
from field.photos.schemas import UploadMetadata
from field.photos.store import StoreFailed
from field.sync import inbox
from field.sync.deliveries import Delivery
from field.sync.envelope import open_events
from field.sync.models import visit_named_in
from field.sync.rescue import Unreadable, parts_of
from field.sync.rescue_origin import Origin
from field.sync.schemas import MAX_EVENTS

bp = Blueprint("rescue", __name__)

# So often a piece is tried when the phone itself is faster each time.
_TRIES = 5


@bp.url_value_preprocessor
def _allow_large_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form: photos make a file far larger than any other form."""
    request.max_content_length = current_app.config["RESCUE_MAX_BYTES"]


@bp.get("/rescue")
@permit("record.rescue")
def show() -> str:
    """Where a file is chosen."""
    return render_template("sync/rescue.html", complaint=None, told=None)


@bp.post("/rescue")
@permit("record.rescue")
def create() -> str | tuple[str, int]:
    """Import a file; what is whole is taken, also of one that ends early."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return render_template("sync/rescue.html", complaint="none", told=None), 422
    rescuing = _Rescuing()
    try:
        rescuing.read(file.stream)  # type: ignore[arg-type]
    except Unreadable as unreadable:
        return render_template("sync/rescue.html", complaint=unreadable.why, told=None), 422
    return render_template("sync/rescue.html", complaint=None, told=rescuing.told, about=rescuing.about)


class _Rescuing:
    """One import: events gathered into batches, one photo at a time, and what became of them."""

    def __init__(self) -> None:
        self.about: dict[str, Any] = {}
        self.told: Counter[str] = Counter()
        self._origin: Origin
        self._events: list[Any] = []
        self._elsewhere: set[UUID | None] = set()
        self._photo: Photo | None = None
        self._came = 0

    def read(self, file: BinaryIO) -> None:
        """Take what is whole; raises Unreadable when nothing can be taken."""
        try:
            for part in parts_of(file):
                self._take(part)
        except Unreadable as unreadable:
            if not self.about or unreadable.why != "damaged":
                raise
            self._finish()
            self.told["damaged"] = 1
        else:
            self._finish()

    def _take(self, part: dict[str, Any] | bytes) -> None:
        if not self.about:
            self._meet(part)
        elif isinstance(part, bytes):
            self._take_piece(part)
        elif part.get("part") == "event":
            self._events.append(part.get("event"))
            # Of a phone that is not the reader's all is read first: it says who used it.
            if self._origin.device is not None and len(self._events) == MAX_EVENTS:
                self._send()
        elif part.get("part") == "photo":
            self._send()
            self._begin_photo(part)

    def _finish(self) -> None:
        """What was gathered and not sent yet; then on record."""
        self._send()
        self._end_photo()
        ours = sum(count for what, count in self.told.items() if not what.endswith("_elsewhere"))
        if self._origin.device is None and not ours:
            raise Unreadable("phone")
        actor = current_actor()
        with transaction():
            phone = ("device", self._origin.id)
            audit.record("rescue.imported", actor.scope.district, phone, actor.id, **self.told)

    def _meet(self, part: dict[str, Any] | bytes) -> None:
        if isinstance(part, bytes) or part.get("part") != "about":
            raise Unreadable("damaged")
        self._origin = Origin(_id(part.get("device")), current_actor())
        self.about = part

    def _send(self) -> None:
        """Offer what was gathered; what the inbox does not take is another district's, and stays in the file."""
        envelopes, self._events = open_events(self._events), []
        with transaction():
            deliveries = self._origin.deliveries(envelopes)
        taken: set[UUID] = set()
        for delivery in deliveries:
            for start in range(0, len(delivery.envelopes), MAX_EVENTS):
                some = replace(delivery, envelopes=delivery.envelopes[start : start + MAX_EVENTS])
                self._send_batch(some)
                taken |= {one.id for one in some.envelopes}
        left = [one for one in envelopes if one.id not in taken]
        self.told["visits_elsewhere"] += len(left)
        self._elsewhere |= {visit_named_in(one.text) for one in left}

    def _send_batch(self, delivery: Delivery) -> None:
        now, device = utcnow(), db.session.get_one(Device, delivery.device_id)
        contact, build = device.contact_at, device.build
        with transaction():
            [answers] = inbox.take([delivery], delivery.district, now, current_app.config["TIMEZONE"])
            device.contact_at, device.build = contact, build  # the phone itself was not heard
        self._count(answers)

    def _count(self, answers: Sequence[dict[str, Any]]) -> None:
        self.told.update(f"visits_{answer['result']}" for answer in answers)

    def _begin_photo(self, part: dict[str, Any]) -> None:
        self._end_photo()
        try:
            facts = UploadMetadata().load(part)
            size = int(part["size"])
        except (ValidationError, KeyError, TypeError, ValueError):
            self.told["photos_unusable"] += 1
            return
        assert isinstance(facts, dict)
        if not 0 < size <= current_app.config["PHOTO_MAX_BYTES"]:
            self.told["photos_unusable"] += 1
            return
        device = None if facts["visit"] in self._elsewhere else self._origin.carrier_of(facts["visit"])
        if device is None:
            self.told["photos_elsewhere"] += 1
            return
        self._photo, self._came = self._announce(device, facts, size), 0
        if self._photo is not None and self._photo.state != PhotoState.UPLOADING:
            self.told["photos_here"] += self._photo.state == PhotoState.STORED
            self.told["photos_unusable"] += self._photo.state == PhotoState.QUARANTINED
            self._photo = None

    def _announce(self, device: Device, facts: dict[str, Any], size: int) -> Photo | None:
        refused = "photos_unusable"
        with translated():
            known = photos.known(facts)
            lost = losing.lost_among([known] if known else [], photo_store())
        for _again in range(2):
            try:
                with transaction():
                    losing.reopen(lost, utcnow())
                    return photos.begin(device, facts, size, utcnow())
            except IntegrityError:
                continue  # the phone has announced it at the same moment
            except Problem as problem:
                # Its visit is in another district, or may come to be.
                refused = "photos_elsewhere" if problem.code == "not-found" else refused
                break
        self.told[refused] += 1
        return None

    def _take_piece(self, piece: bytes) -> None:
        """A piece at its place; what the phone has sent itself meanwhile is not taken again."""
        start = self._came
        self._came += len(piece)
        for _again in range(_TRIES):
            photo = self._photo
            if photo is None or not start <= photo.offset < self._came <= photo.length:
                return
            try:
                self._append(photo, piece[photo.offset - start :])
            except Problem as problem:
                if problem.code != "offset-wrong":
                    raise
                self._look_again(photo, "photos_here")
            else:
                self._look_again(photo, "photos_stored")
                return

    def _append(self, photo: Photo, piece: bytes) -> None:
        """Raises Problem `offset-wrong` when the phone was faster, or the same content has just gone."""
        end, store = photo.offset + len(piece), photo_store()
        db.session.commit()  # no database transaction is held while the disk and the decoder work
        with translated():
            store.append(photo.id, photo.offset, piece)
            outcome = self._proved(photo) if end == photo.length else {}
        if outcome is None:
            return
        with transaction():
            photos.advance(photo, end, outcome, utcnow())
            with translated():
                if "stored_digest" in outcome and not store.holds(outcome["stored_digest"]):
                    raise Problem("offset-wrong")

    def _proved(self, photo: Photo) -> dict[str, Any] | None:
        """What the whole photo is; None when its bytes are not what was announced, then it starts anew."""
        store = photo_store()
        try:
            content, most = store.part(photo.id), current_app.config["PHOTO_MAX_PIXELS"]
            return photos.prove(photo, content, store, most)
        except StoreFailed as error:
            db.session.refresh(photo)
            if photo.state == PhotoState.UPLOADING:
                raise
            raise Problem("offset-wrong") from error  # the phone has ended it, and its pieces went
        except Problem:
            with transaction():
                photos.advance(photo, 0, {"reason": photos.DAMAGED}, utcnow())
            store.discard(photo.id)
            return None

    def _look_again(self, photo: Photo, when_stored: str) -> None:
        """Go on from where the photo is now, whoever brought it there."""
        db.session.refresh(photo)
        if photo.state == PhotoState.STORED:
            with translated():
                photo_store().discard(photo.id)
        if photo.state != PhotoState.UPLOADING:
            self.told[when_stored] += photo.state == PhotoState.STORED
            self.told["photos_unusable"] += photo.state == PhotoState.QUARANTINED
            self._photo = None

    def _end_photo(self) -> None:
        """A photo of which not every byte was in the file."""
        if self._photo is not None:
            self.told["photos_part"] += 1
        self._photo = None


def _id(text: Any) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError):
        return None
