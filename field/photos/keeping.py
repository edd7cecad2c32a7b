"""The photo store of this process, and its failures as answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, current_app

from field.core.config import SettingsError
from field.core.errors import Problem
from field.core.logs import log
from field.photos import service
from field.photos.models import Photo
from field.photos.objects import ObjectStore
from field.photos.store import FolderStore, Store, StoreFailed, StoreFull

# How often a process looks for pieces that another one left behind.
_SWEEP_EVERY = timedelta(hours=1)


def open_store(app: Flask) -> None:
    """Open the store that the settings name; raises SettingsError when it cannot be used."""
    place = app.config["PHOTO_STORE"]
    app.extensions["photo_store"] = (
        _folder(place)
        if isinstance(place, Path)
        else ObjectStore(
            place,
            endpoint=app.config["S3_ENDPOINT"],
            region=app.config["S3_REGION"],
            access_key=app.config["S3_ACCESS_KEY"],
            secret_key=app.config["S3_SECRET_KEY"],
        )
    )


def _folder(place: Path) -> FolderStore:
    try:
        return FolderStore(place)
    except OSError as error:
        raise SettingsError(f"Settings: FIELD_PHOTO_STORE: cannot use {place}: {error.strerror}") from error


def photo_store() -> Store:
    """Where photo bytes are."""
    store: Store = current_app.extensions["photo_store"]
    return store


def sweep_is_due(now: datetime) -> bool:
    """Whether this process should look for what was left behind: at its first photo, and once an hour."""
    due: datetime | None = current_app.extensions.get("photo_sweep_due")
    if due is not None and now < due:
        return False
    current_app.extensions["photo_sweep_due"] = now + _SWEEP_EVERY
    return True


@contextmanager
def translated() -> Iterator[None]:
    """A full or failing store becomes 507 or 503; nothing is acknowledged then."""
    try:
        yield
    except StoreFull as error:
        log.error("photo_store_full")
        raise Problem("storage-full") from error
    except StoreFailed as error:
        log.error("photo_store_failed", reason=str(error))
        raise Problem("busy", headers={"Retry-After": "30"}) from error


def copy_for_people(photo: Photo, size: str) -> bytes:
    """A photo's JPEG of a size (thumb or screen) as people see it: upright, re-encoded, without metadata."""
    with translated():
        return service.copy_for_people(photo, size, photo_store())
