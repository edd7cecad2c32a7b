"""/phones: what is still on each phone, as it last told; shutting out a lost one."""

from uuid import UUID

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import queries, service
from field.accounts.actors import current_actor, current_user
from field.accounts.models import Device
from field.accounts.permissions import permit
from field.administration.queries import enrolled_anew, last_sent, missing_numbers
from field.core.db import transaction
from field.core.errors import Problem

bp = Blueprint("phones", __name__)


@bp.get("/phones")
@permit("phones.read")
def index() -> str:
    """What is still on each phone, as it last told."""
    scope = current_actor().scope
    devices = queries.devices_of(scope)
    names = queries.names({member.user_id for device in devices for member in device.users})
    ids = [device.id for device in devices]
    return render_template(
        "administration/phones.html",
        devices=devices,
        names=names,
        missing=missing_numbers(scope.district, ids),
        sent=last_sent(scope.district, ids),
        anew=enrolled_anew(devices),
    )


@bp.get("/phones/<uuid:device_id>")
@permit("phone.revoke")
def show(device_id: UUID) -> str:
    """What shutting a phone out means, before it is done."""
    device = _device(device_id)
    names = queries.names({member.user_id for member in device.users})
    return render_template("administration/phone.html", device=device, names=names)


@bp.post("/phones/<uuid:device_id>/revocation")
@permit("phone.revoke")
def revoke(device_id: UUID) -> BaseResponse:
    """Shut a phone out."""
    user = current_user()
    assert user is not None
    with transaction():
        service.revoke_device(_device(device_id), user)
    return redirect("/phones", 303)


def _device(device_id: UUID) -> Device:
    found = next((row for row in queries.devices_of(current_actor().scope) if row.id == device_id), None)
    if found is None:
        raise Problem("not-found")
    return found
