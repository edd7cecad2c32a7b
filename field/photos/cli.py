"""Commands for photos."""

import click
from flask import current_app
from flask.cli import AppGroup

from field.core.clock import utcnow
from field.core.db import transaction
from field.core.logs import log
from field.photos import forgetting, judging, losing, service
from field.photos.keeping import photo_store
from field.photos.store import StoreFailed

photos = AppGroup("photos", help="Photos.")
# While some are deleted no photo can be finished, so few at a time.
AT_ONCE = 100


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


@photos.command("sweep")
def sweep() -> None:
    """Forget content that no photo names, a week after it was written; what a photo names is never touched.

    Temporary files of killed processes go too, a day after they were written.
    """
    now, store = utcnow(), photo_store()
    unwritten = forgetting.forget_unwritten(store, now, everywhere=True)
    left, gone = forgetting.unnamed(store, now), 0
    for start in range(0, len(left), AT_ONCE):
        with transaction():
            gone += forgetting.forget_unnamed(left[start : start + AT_ONCE], store)
    click.echo(f"{gone} pictures that no photo names are forgotten, {unwritten} temporary files are deleted.")


@photos.command("judge-again")
def judge_again() -> None:
    """Judge photos again that were set aside; what is good now is stored, and what waits for it goes on."""
    store, most = photo_store(), current_app.config["PHOTO_MAX_PIXELS"]
    aside = judging.set_aside()
    stored = 0
    for upload_id in aside:
        try:
            outcome = judging.judge(upload_id, store, most)
        except StoreFailed as error:
            raise click.ClickException(f"照片存不进去。 The store cannot keep a photo: {error}") from error
        if outcome is None:
            continue
        with transaction():
            stored += judging.admit(upload_id, outcome, store, utcnow())
        store.discard(upload_id)
    click.echo(f"{stored} photos are stored now, {len(aside) - stored} stay aside.")


@photos.command("give-up")
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
def give_up(keys: tuple[str, ...]) -> None:
    """Let photos go whose content KEY is in the store no more, so that backups of the rest count again."""
    gone = 0
    with transaction():
        for key in keys:
            gone += losing.give_up(key, photo_store(), utcnow())
    click.echo(f"{gone} photos are given up; a phone that has one after all may send it.")


def _expired() -> int:
    with transaction():
        gone = service.expire(utcnow())
    for upload_id in gone:
        log.info("photo_expired", upload=str(upload_id))
    return len(gone)
