"""/sync/photos: resumable uploads in tus 1.0, with the checksum required and the offset guarded in the database."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, url_for
from flask_smorest import Blueprint
from sqlalchemy.exc import IntegrityError

from field.accounts.actors import current_device
from field.accounts.models import Device
from field.accounts.permissions import DEVICE, PUBLIC, permit
from field.core.clock import utcnow
from field.core.db import db, stop_reading, transaction
from field.core.errors import Problem
from field.core.logs import log
from field.photos import forgetting, losing, queries, service, tus
from field.photos.keeping import photo_store, sweep_is_due, translated
from field.photos.models import Photo, PhotoState
from field.photos.store import StoreFailed

bp = Blueprint(
    "uploads", __name__, url_prefix="/sync/photos", description="Photos in resumable pieces (tus 1.0)."
)


_PIECE = {tus.PIECE_TYPE: {"schema": {"type": "string", "format": "binary"}}}


def _headers(*required: str) -> dict[str, Any]:
    return {
        "parameters": [
            {"in": "header", "name": name, "required": True, "schema": {"type": "string"}}
            for name in ("Tus-Resumable", *required)
        ]
    }


@bp.route("", methods=["OPTIONS"])
@permit(PUBLIC)
@bp.doc(responses={204: {"description": "Versions, extensions and limits, in headers"}})
def options() -> Response:
    """What this server can do."""
    response = Response(status=204)
    response.headers["Tus-Resumable"] = response.headers["Tus-Version"] = tus.VERSION
    response.headers["Tus-Extension"] = tus.EXTENSIONS
    response.headers["Tus-Checksum-Algorithm"] = "sha256"
    response.headers["Tus-Max-Size"] = str(current_app.config["PHOTO_MAX_BYTES"])
    return response


@bp.post("")
@permit(DEVICE)
@bp.doc(
    **_headers("Upload-Length", "Upload-Metadata"),
    requestBody={"required": False, "content": _PIECE},
    responses={201: {"description": "The upload's address, and where it stands"}},
)
def create() -> Response:
    """Announce a photo, if wanted with its first piece; the same one again answers the same address and where it
    stands, and takes no piece."""
    tus.insist_on_version()
    length, metadata = tus.announced_length(current_app.config["PHOTO_MAX_BYTES"]), tus.metadata()
    piece = tus.piece_of_announcement(length)
    _forget_left_behind()
    known = service.known(metadata)
    _reopen_if_lost(known)
    if known is None and piece and piece.content:
        service.insist_on_district(metadata["visit"], _device().district)
        photo = _begun_with(piece, metadata, length)
    else:
        photo = _begun(metadata, length)
    if length == 0:
        _finish_empty(photo)
    _forget_pieces(photo)
    return tus.answer(201, photo, location=url_for("uploads.status", upload_id=photo.id))


@bp.route("/<uuid:upload_id>", methods=["HEAD"])
@permit(DEVICE)
@bp.doc(**_headers(), responses={200: {"description": "Upload-Offset, and Photo-Receipt once it is stored"}})
def status(upload_id: UUID) -> Response:
    """How far an upload is."""
    tus.insist_on_version()
    photo = _upload(upload_id)
    _reopen_if_lost(photo)
    _forget_pieces(photo)
    return tus.answer(200, photo)


@bp.patch("/<uuid:upload_id>")
@permit(DEVICE)
@bp.doc(
    **_headers("Upload-Offset", "Upload-Checksum"),
    requestBody={"content": _PIECE},
    responses={204: {"description": "The piece is durable; after the last one the photo is"}},
)
def append(upload_id: UUID) -> Response:
    """Take the next piece; the last one is answered after the photo was proved, stripped and stored."""
    tus.insist_on_version()
    photo, offset, piece = _upload(upload_id), tus.claimed_offset(), tus.checked_piece()
    if photo.state != PhotoState.UPLOADING or offset != photo.offset:
        raise _offset_wrong(photo)
    end = offset + len(piece.content)
    if end > photo.length:
        raise tus.more_than_announced()
    db.session.commit()  # no database transaction is held while the disk and the decoder work
    with translated():
        outcome = _kept(photo, offset, piece)
    _advance(photo, end, outcome)
    _insist_on_use(photo)
    return tus.answer(204, photo)


def _reopen_if_lost(photo: Photo | None) -> None:
    """No receipt for what is no longer in the store: the phone that asks still has it."""
    with translated():
        lost = losing.lost_among([photo] if photo else [], photo_store())
    if lost:
        stop_reading()
        with transaction():
            losing.reopen(lost, utcnow())


def _begun(metadata: dict[str, Any], length: int) -> Photo:
    device = _device()
    try:
        with transaction():
            return service.begin(device, metadata, length, utcnow())
    except IntegrityError:  # the same announcement came over another connection at the same moment
        with transaction():
            return service.begin(device, metadata, length, utcnow())


def _begun_with(piece: tus.Piece, metadata: dict[str, Any], length: int) -> Photo:
    """Announced together with its first piece: a small photo is there after one request.

    The piece is not taken when it is not the photo that was announced: that then comes by itself.
    """
    size = len(piece.content)
    if size == length and piece.digest != metadata["digest"]:
        return _begun(metadata, length)
    photo = service.announced(_device(), metadata, length, utcnow())
    db.session.commit()  # as in append()
    with translated():
        outcome = _kept(photo, 0, piece)
    try:
        with transaction():
            service.arrived_with(photo, size, outcome, utcnow())
            _insist_on_content(outcome)
    except (IntegrityError, Problem):  # another connection was faster, or its content has just gone
        _discard(photo)
        return _begun(metadata, length)
    _insist_on_use(photo)
    return photo


def _insist_on_use(photo: Photo) -> None:
    if photo.state == PhotoState.QUARANTINED:
        raise Problem("photo-unusable", reason=photo.reason, headers={"Upload-Offset": str(photo.offset)})


def _finish_empty(photo: Photo) -> None:
    if photo.state == PhotoState.UPLOADING:
        with transaction():
            service.advance(photo, 0, {"state": PhotoState.QUARANTINED, "reason": "empty"}, utcnow())
        db.session.refresh(photo)


def _kept(photo: Photo, offset: int, piece: tus.Piece) -> dict[str, Any]:
    """Make a piece durable, and after the last one the photo. A photo that comes in one piece is kept as that alone,
    unless it cannot be used: then what came is kept."""
    size = len(piece.content)
    whole = size == photo.length
    if not whole:
        photo_store().append(photo.id, offset, piece.content)
    if offset + size < photo.length:
        return {}
    outcome = _proved(photo, piece if whole else _all_pieces(photo))
    if whole and outcome["state"] != PhotoState.STORED:
        photo_store().append(photo.id, offset, piece.content)
    return outcome


def _all_pieces(photo: Photo) -> tus.Piece:
    try:
        content = photo_store().part(photo.id)
    except StoreFailed:
        _look_again(photo)
        if photo.state == PhotoState.UPLOADING:
            raise
        # A faster connection ended the upload, and its pieces went: nothing has failed, so the phone need not wait.
        raise _offset_wrong(photo) from None
    return tus.Piece(content, service.digest_of(content))


def _proved(photo: Photo, whole: tus.Piece) -> dict[str, Any]:
    store = photo_store()
    try:
        most = current_app.config["PHOTO_MAX_PIXELS"]
        return service.prove(photo, whole.content, store, most, whole.digest)
    except Problem:
        _advance(photo, 0, {"reason": service.DAMAGED})
        store.discard(photo.id)
        raise


def _advance(photo: Photo, to: int, outcome: dict[str, Any]) -> None:
    try:
        with transaction():
            service.advance(photo, to, outcome, utcnow())
            _insist_on_content(outcome)
    except Problem as problem:
        _look_again(photo)
        raise _offset_wrong(photo) from problem
    _look_again(photo)


def _insist_on_content(outcome: dict[str, Any]) -> None:
    """While nobody else can write: the same content, found here a moment ago, may just have gone with an expired
    photo. Nothing is acknowledged then, and the last piece comes again."""
    key = outcome.get("stored_digest")
    with translated():
        if key is not None and not photo_store().holds(key):
            raise Problem("offset-wrong")


def _forget_left_behind() -> None:
    """Now and then, and first after each start: a process that was killed may have left pieces of stored photos."""
    now = utcnow()
    if not sweep_is_due(now):
        return
    try:
        forgetting.forget_unwritten(photo_store(), now)
        left = forgetting.left_behind(photo_store(), now)
        if left:
            with transaction():
                forgetting.forget_pieces(left, photo_store())
    except StoreFailed as error:  # no reason to take no photos
        log.error("pieces_not_forgotten", reason=str(error))


def _look_again(photo: Photo) -> None:
    db.session.refresh(photo)
    _forget_pieces(photo)


def _forget_pieces(photo: Photo) -> None:
    """Once a photo is stored its pieces go: they still say where it was taken. Whenever it is asked for, as a slower
    connection may have written its piece once more, or the process was killed before it came to this."""
    if photo.state == PhotoState.STORED:
        _discard(photo)


def _discard(photo: Photo) -> None:
    try:
        photo_store().discard(photo.id)
    except StoreFailed as error:  # what was stored is stored
        log.error("pieces_not_forgotten", upload=str(photo.id), reason=str(error))


def _offset_wrong(photo: Photo) -> Problem:
    return Problem("offset-wrong", headers={"Upload-Offset": str(photo.offset), "Tus-Resumable": tus.VERSION})


def _upload(upload_id: UUID) -> Photo:
    photo = queries.upload(upload_id, _device().id)
    if photo is None:
        raise Problem("not-found")
    if photo.state == PhotoState.EXPIRED:
        raise Problem("gone")
    return photo


def _device() -> Device:
    device = current_device()
    assert device is not None
    return device
