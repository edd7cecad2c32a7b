"""Backups by command, as operators take and restore them, and visits to find in them."""

import shutil
from pathlib import Path

from flask import Flask

from app import create_app
from field.core.db import db
from tests import factories
from tests.photos.pictures import noise, saved


def take(app, folder, *options):
    """`backup take`; answers what the command said."""
    return app.test_cli_runner().invoke(args=["backup", "take", str(folder), *options])


def restore(other, target):
    """`backup restore` in a context of the other application: the test's own would be taken otherwise."""
    with other.app_context():
        done = other.test_cli_runner().invoke(args=["backup", "restore", str(target)])
        db.session.remove()
        db.engine.dispose()
    return done


def only(folder):
    """The one backup in a folder."""
    [manifest] = folder.glob("*/manifest.json")
    return manifest.parent


def other_app(tmp_path, url) -> Flask:
    """Doorstep on another data folder, with the keys of the first."""
    data = Path(tmp_path / "other")
    data.mkdir(exist_ok=True)
    if (tmp_path / "keys.json").exists():
        shutil.copy(tmp_path / "keys.json", data / "keys.json")
    return create_app({"FIELD_ENV": "test", "FIELD_DATA": str(data), "FIELD_DATABASE_URL": url})


def visit_with_photo(phone, seed, door=None):
    """A visit and its photo, both received; answers (event, photo part, bytes)."""
    picture = saved(noise(100 + seed), "JPEG")
    part = phone.photo_part(picture)
    event = phone.record(door or factories.a_dwelling(), photos=[part])
    phone.upload_photo(visit_of(event), part, picture)
    return event, part, picture


def visit_of(event):
    """The visit that an event records."""
    return event["body"].split('"visit":"')[1][:36]
