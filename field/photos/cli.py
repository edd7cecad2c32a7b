"""Commands for photos."""

from flask.cli import AppGroup

from field.core.clock import utcnow
from field.core.db import transaction
from field.core.logs import log
from field.photos import service
from field.photos.keeping import photo_store

photos = AppGroup("photos", help="Photos.")


@photos.command("expire")
def expire() -> None:
    """Forget uploads that were never finished and photos whose visit never came, after 30 days."""
    with transaction():
        gone = service.expire(utcnow())
    for upload_id in gone:
        photo_store().discard(upload_id)
        log.info("photo_expired", upload=str(upload_id))
