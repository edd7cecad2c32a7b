"""/photos: the copies that people see, checked for permission each time."""

from uuid import UUID

from flask import Blueprint, Response

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core.errors import Problem
from field.photos import queries, service
from field.photos.keeping import photo_store, translated
from field.photos.models import Photo

bp = Blueprint("photos", __name__)


@bp.get("/photos/<uuid:photo_id>/<any(thumb, screen):size>")
@permit("photo.read")
def show(photo_id: UUID, size: str) -> Response:
    """A photo of a visit within the reader's area, upright and re-encoded."""
    photo = queries.viewable(photo_id, current_actor().scope)
    if photo is None:
        raise Problem("not-found")
    return copy_answer(photo, size)


def copy_answer(photo: Photo, size: str) -> Response:
    """The copy as an answer; never stored by browsers."""
    with translated():
        content = service.copy_for_people(photo, size, photo_store())
    return Response(content, mimetype="image/jpeg")
