"""/set-aside/photos: photos that could not be used; judged again with one button."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import may, permit
from field.core.db import transaction
from field.photos import judging
from field.photos.keeping import photo_store, translated
from field.photos.models import PhotoState
from field.sync import aside_photos, conflicts, queries

bp = Blueprint("aside_photos", __name__)

# Why a photo cannot be used, by the code that is kept.
WHY: dict[str | None, Any] = {
    "not_a_picture": _l("What came is no picture."),
    "unsupported": _l("This server does not know this kind of picture yet."),
    "incomplete": _l("A part of the picture is missing."),
    "too_many_pixels": _l("The picture is larger than this server takes."),
    "too_slow": _l("Opening it took too long."),
    "damaged": _l("It was damaged on the phone or on the way."),
}


@bp.get("/set-aside/photos")
@permit("record.rescue")
def index() -> str:
    """Every photo that could not be used, with why and of which visit."""
    scope, after = current_actor().scope, request.args.get("after")
    decides = may(current_actor().role, "conflict.decide")
    page = aside_photos.listed(scope, after)
    if after and not page.rows:  # all of that page is dealt with
        page, after = aside_photos.listed(scope), None
    return render_template(
        "sync/aside_photos.html",
        page=page,
        here=f"?{urlencode({'after': after})}" if after else "",
        waiting=queries.how_many(scope) + (conflicts.how_many(scope) if decides else 0),
        photos=aside_photos.how_many(scope),
        told=request.args.get("told", ""),
        why=WHY,
    )


@bp.post("/set-aside/photos/<uuid:upload_id>/judgement")
@permit("record.rescue")
def judge_again(upload_id: UUID) -> BaseResponse:
    """Judge one again; twice is the same as once."""
    photo, store = aside_photos.one(upload_id, current_actor().scope), photo_store()
    stored = photo.state == PhotoState.STORED
    if not stored:
        with translated():
            outcome = judging.judge(upload_id, store, current_app.config["PHOTO_MAX_PIXELS"])
            with transaction():
                aside_photos.admit(photo, outcome, current_actor(), store)
            if stored := outcome is not None:
                store.discard(upload_id)
    after = request.args.get("after")
    told = {"told": "stored" if stored else "still"} | ({"after": after} if after else {})
    return redirect(f"/set-aside/photos?{urlencode(told)}", 303)
