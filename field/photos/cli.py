"""Commands for photos."""

from flask.cli import AppGroup

from field.core.clock import utcnow
from field.core.db import transaction
from field.core.logs import log
from field.photos import forgetting, service
from field.photos.keeping import photo_store

photos = AppGroup("photos", help="Photos.")


@photos.command("expire")
def expire() -> None:
    """Forget uploads that were never finished and photos whose visit never came, after 30 days, with their bytes."""
    now, store = utcnow(), photo_store()
    while _expired():
        pass
    with transaction():
        forgetting.forget_pieces(forgetting.left_behind(store, now), store)
    done = 1
    while done:
        with transaction():
            done = forgetting.forget_expired_content(store)


def _expired() -> int:
    with transaction():
        gone = service.expire(utcnow())
    for upload_id in gone:
        log.info("photo_expired", upload=str(upload_id))
    return len(gone)
