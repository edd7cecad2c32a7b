"""/sync: where phones speak. The device's credential may send; only a live session may read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, current_app, request
from flask_smorest import Blueprint
from marshmallow import ValidationError

from field.accounts import service as accounts
from field.accounts.actors import DEVICE_COOKIE, current_actor, current_device, current_user
from field.accounts.models import Device, User
from field.accounts.permissions import DEVICE, PUBLIC, SIGNED_IN, may, permit
from field.accounts.scope import Actor
from field.core.clock import instant_text, utcnow
from field.core.db import stop_reading, transaction
from field.core.errors import Problem
from field.core.i18n import spoken
from field.core.installation import installation
from field.core.responses import json_answer
from field.hazards import lapsing
from field.hazards import queries as hazards
from field.photos.keeping import copy_for_people, photo_store, translated
from field.places.queries import district_name
from field.sync import inbox, resent, service
from field.sync.deliveries import Delivery, Line
from field.sync.envelope import open_events
from field.sync.pack import pack_page
from field.sync.pack_schema import PackSchema
from field.sync.reconciliation import lost_photos, reconcile
from field.sync.schemas import (
    MAX_BATCH_BYTES,
    MAX_EVENTS,
    AccountSchema,
    BatchSchema,
    DocumentedBatchSchema,
    EnrolledSchema,
    EnrolmentSchema,
    ProbeSchema,
    ReconciledSchema,
    ReconciliationSchema,
    ResultsSchema,
)
from field.sync.wire import packed_answer, read_json

bp = Blueprint(
    "sync", __name__, url_prefix="/sync", description="What phones and the server say to each other."
)

MAX_RECONCILIATION_BYTES = 2 * 1024 * 1024
DEVICE_LIFETIME = timedelta(days=400)
_BATCH = BatchSchema()


def _json_body(schema: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@bp.get("/probe")
@permit(PUBLIC)
@bp.response(200, ProbeSchema)
def probe() -> Response:
    """Whether this server is really there; a captive portal cannot give this answer."""
    return json_answer({"doorstep": installation().epoch})


@bp.get("/enrolment")
@permit(SIGNED_IN)
@bp.response(200, AccountSchema)
def account() -> Response:
    """Who is signed in: the phone asks before it becomes that of somebody who came from the desk."""
    user = current_user()
    assert user is not None
    return json_answer({"user": _said_of(user), "allowed": may(user.role, "phone.use")})


@bp.post("/enrolment")
@permit("phone.use")
@bp.arguments(EnrolmentSchema)
@bp.response(200, EnrolledSchema)
@bp.alt_response(422, "Problem")
def enrol(asked: dict[str, Any]) -> Response:
    """Enrol this phone for whoever is signed in; a phone that is known keeps its id."""
    user, known = current_user(), current_device()
    assert user is not None
    with transaction():
        device, token = accounts.enrol(user, known, asked["build"])
        service.notice_lost_storage(device, asked.get("seq"), utcnow())
    answer = json_answer(
        {
            "device": device.id,
            "user": _said_of(user),
            "district": {"code": str(user.district), "name": district_name(user.district)},
            "epoch": installation().epoch,
            "highest_seq": device.highest_seq,
            "now": instant_text(utcnow()),
        }
    )
    if token is not None:
        answer.set_cookie(
            DEVICE_COOKIE,
            token,
            max_age=DEVICE_LIFETIME,
            path="/sync",
            httponly=True,
            secure=current_app.config["TLS"],
            samesite="Strict",
        )
    return answer


def _said_of(user: User) -> dict[str, Any]:
    return {"id": user.id, "name": user.name, "role": user.role, "language": user.language or spoken()}


@bp.post("/batches")
@permit(DEVICE)
@bp.doc(**_json_body(DocumentedBatchSchema))
@bp.response(200, ResultsSchema)
def take_batch() -> Response:
    """Take events; what is answered accepted is committed and durable. An event without a result was not accepted."""
    device = _device()
    batch = _read_batch()
    if batch["device"] != device.id:
        raise Problem("device-unknown")
    now, build = utcnow(), batch["build"].replace("\0", "")
    known = resent.answers_to(batch["events"], device, build, now)
    epoch, answers = known or _in_turn(batch, device, build, now)
    _say_when(answers)
    return packed_answer({"epoch": epoch, "now": instant_text(now), "results": answers})


def _say_when(answers: Sequence[dict[str, Any]]) -> None:
    """By it a phone knows which packs hold the record: it was received before it was committed, and answered after."""
    now = instant_text(utcnow())
    for answer in answers:
        if "receipt" in answer:
            answer["answered_at"] = now


def _in_turn(batch: dict[str, Any], device: Device, build: str, now: datetime) -> Any:
    delivery = Delivery(
        device_id=device.id,
        district=device.district,
        build=build,
        skew=now - batch["sent_at"],
        envelopes=open_events(batch["events"]),
    )
    stop_reading()  # nothing is held while others have their turn
    line: Line = current_app.extensions["sync_line"]
    return line.take(delivery, lambda together: _judge(together, now))


def _judge(together: Sequence[Delivery], now: datetime) -> Any:
    with transaction():
        here = installation()  # held, because the session forgets what nobody holds
        zone = current_app.config["TIMEZONE"]
        answers = inbox.take(together, together[0].district, now, zone)
    return [(here.epoch, results) for results in answers]


@bp.get("/pack")
@permit("phone.use")
@bp.doc(parameters=[{"in": "query", "name": "since", "schema": {"type": "string"}}])
@bp.response(200, PackSchema)
def pack() -> Response:
    """What this worker may hold on the phone, from a cursor on; needs a live session besides the credential."""
    reader = _reader()
    _end_waits(reader.scope.district)
    stop_reading()  # the pack is of a moment, and what was read to get here is older
    return packed_answer(pack_page(reader, request.args.get("since"), current_app.config["TIMEZONE"]))


def _end_waits(district: int) -> None:
    """Rechecks that have waited too long for their photo are due again, and the phone hears it now."""
    now, zone = utcnow(), current_app.config["TIMEZONE"]
    if lapsing.are_due(district, now, zone):
        with transaction():
            lapsing.end_waits(district, now, zone)


@bp.get("/findings/<uuid:finding_id>/photo")
@permit("phone.use")
@bp.response(200, content_type="image/jpeg", description="A small JPEG")
def preview(finding_id: UUID) -> Response:
    """The small picture of an open hazard that a phone keeps, so that a recheck can be framed against it."""
    found = hazards.first_photo(finding_id, _reader().scope)
    answer = Response(copy_for_people(found, "thumb"), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/reconciliation")
@permit(DEVICE)
@bp.doc(**_json_body(ReconciliationSchema))
@bp.response(200, ReconciledSchema)
def reconcile_phone() -> Response:
    """Tell which of the phone's records and photos are not whole here."""
    device = _device()
    try:
        held = ReconciliationSchema().load(read_json(MAX_RECONCILIATION_BYTES))
    except ValidationError as error:
        raise Problem("invalid", errors=error.messages) from error
    assert isinstance(held, dict)
    with translated():
        lost = lost_photos(device, held, photo_store())
    stop_reading()
    with transaction():
        answer = reconcile(device, held, lost, utcnow())
    return packed_answer(answer)


def _read_batch() -> dict[str, Any]:
    content = read_json(MAX_BATCH_BYTES)
    if (
        isinstance(content, dict)
        and isinstance(content.get("events"), list)
        and len(content["events"]) > MAX_EVENTS
    ):
        raise Problem("too-large")
    try:
        batch: dict[str, Any] = _BATCH.load(content)
    except ValidationError as error:
        raise Problem("invalid", errors=error.messages) from error
    return batch


def _reader() -> Actor:
    device, actor = current_device(), current_actor()
    if device is None or actor.id not in {member.user_id for member in device.users}:
        raise Problem("device-unknown")
    return actor


def _device() -> Device:
    device = current_device()
    assert device is not None
    return device
