"""/photos: the copies that people see, checked for permission each time."""

from uuid import UUID

from flask import Blueprint, Response

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core.errors import Problem
from field.photos import queries
from field.photos.keeping import copy_for_people

bp = Blueprint("photos", __name__)


@bp.get("/photos/<uuid:photo_id>/<any(thumb, screen):size>")
@permit("photo.read")
def show(photo_id: UUID, size: str) -> Response:
    """A photo of a visit within the reader's area, upright and re-encoded."""
    photo = queries.viewable(photo_id, current_actor().scope)
    if photo is None:
        raise Problem("not-found")
    return Response(copy_for_people(photo, size), mimetype="image/jpeg")
