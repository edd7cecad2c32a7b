"""/occupancies/<id>/disclosure and /dwellings/<id>/disclosure: one number in full, for a reason that is kept."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.accounts.scope import Actor
from field.core.db import transaction
from field.people import disclosure

bp = Blueprint("disclosures", __name__)

Find = Callable[[UUID, Actor], disclosure.Subject]


@bp.get("/occupancies/<uuid:subject_id>/disclosure")
@permit("number.disclose")
def person(subject_id: UUID) -> str:
    """The form: whose number, which one, why."""
    return _form(disclosure.resident(subject_id, current_actor()))


@bp.post("/occupancies/<uuid:subject_id>/disclosure")
@permit("number.disclose")
def show_person(subject_id: UUID) -> BaseResponse:
    """The number, once."""
    return _disclosed(disclosure.resident, subject_id)


@bp.get("/dwellings/<uuid:subject_id>/disclosure")
@permit("number.disclose")
def landlord(subject_id: UUID) -> str:
    """The form for a landlord's phone."""
    return _form(disclosure.lessor(subject_id, current_actor()))


@bp.post("/dwellings/<uuid:subject_id>/disclosure")
@permit("number.disclose")
def show_landlord(subject_id: UUID) -> BaseResponse:
    """The number, once."""
    return _disclosed(disclosure.lessor, subject_id)


def _disclosed(find: Find, subject_id: UUID) -> BaseResponse:
    reason, fact = request.form.get("reason", "").strip(), request.form.get("fact", "")
    subject = find(subject_id, current_actor())
    complaint = _complaint(reason)
    if complaint:
        return make_response(_form(subject, fact, reason, complaint), 422)
    with transaction():
        number = disclosure.disclose(subject, fact, reason, current_actor())
    return make_response(render_template("people/disclosure.html", **_context(subject, fact), number=number))


def _complaint(reason: str) -> str:
    if len(reason) < disclosure.SHORTEST:
        return str(_("Say why you need it; this is kept."))
    if len(reason) > disclosure.REASON_LENGTH:
        return str(_("Please keep it under %(most)s characters.", most=disclosure.REASON_LENGTH))
    if re.search(r"\d{5}", reason):
        return str(_("Please leave numbers out: the reason is kept in the audit trail."))
    return ""


def _form(subject: disclosure.Subject, fact: str = "", reason: str = "", complaint: str = "") -> str:
    context = _context(subject, fact) | {"reason": reason, "complaint": complaint}
    return render_template("people/disclosure.html", **context, number=None)


def _context(subject: disclosure.Subject, fact: str) -> dict[str, Any]:
    names = {
        "document_number": _("Document number"),
        "phone": _("Phone"),
        "lessor_phone": _("Landlord's phone"),
    }
    chosen = fact if fact in subject.masked else next(iter(subject.masked), "")
    back = request.values.get("visit", type=UUID)
    return {
        "subject": subject,
        "names": names,
        "fact": chosen,
        "visit_id": back,
        "reason": "",
        "complaint": "",
    }
