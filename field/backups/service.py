"""Taking a backup, verifying it, telling phones up to when; restoring one under a new epoch.

A backup folder holds photos/ (by content, shared by all backups in it) and one folder for each backup
with the database's copy, photos.txt and, last of all, manifest.json: without it a backup is not whole.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import inspect, select, update

from field.accounts.models import User
from field.audit import service as audit
from field.backups import databases
from field.backups.databases import BackupFailed
from field.core.clock import instant_text, parse_instant
from field.core.db import db
from field.core.ids import new_id
from field.core.installation import installation
from field.photos.models import Photo, PhotoState
from field.photos.store import Store

# A request that began this long before the copy has ended: what it acknowledged is in the copy.
LONGEST_REQUEST = timedelta(minutes=5)
MANIFEST = "manifest.json"


def take(folder: Path, url: str, store: Store, started_at: datetime) -> Path:
    """Copy database and photos and verify the copies; answers the backup's folder. Raises BackupFailed.

    The database comes first: every photo that the copy knows was durable before its row.
    """
    target = folder / started_at.strftime("%Y%m%dT%H%M%SZ")
    target.mkdir(parents=True)
    copied = target / databases.name_for(url)
    keys = _photo_keys()
    databases.copy(url, copied)
    keys |= _photo_keys()
    new = _copy_photos(keys, store, folder / "photos")
    (target / "photos.txt").write_text("".join(f"{key}\n" for key in sorted(keys)))
    _verify(copied, keys, folder / "photos")
    manifest = {
        "epoch": str(installation().epoch),
        "started_at": instant_text(started_at),
        "durable_through": instant_text(started_at - LONGEST_REQUEST),
        "database": copied.name,
        "database_digest": databases.digest(copied),
        "photos": len(keys),
        "photos_new": new,
    }
    _write_last(target / MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return target


def acknowledge(target: Path) -> datetime:
    """Tell phones up to when a verified backup holds what they sent; never goes back. The caller commits."""
    moment = parse_instant(read_manifest(target)["durable_through"])
    row = installation()
    if row.durable_through is None or row.durable_through < moment:
        row.durable_through = moment
    for district in _districts():
        audit.record("backup.verified", district, ("backup", None), None, name=target.name)
    return row.durable_through


def prune(folder: Path, keep: int) -> int:
    """Remove all but the newest backups, and photos that none of those names; says how many backups went."""
    whole = sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))
    gone = whole[:-keep]
    for old in gone:
        shutil.rmtree(old)
    if gone:
        named = {key for kept in whole[-keep:] for key in (kept / "photos.txt").read_text().split()}
        for path in (folder / "photos").glob("*/*"):
            if path.name not in named:
                path.unlink()
    return len(gone)


def read_manifest(target: Path) -> dict[str, Any]:
    """What a backup says of itself; raises BackupFailed when it was never finished."""
    try:
        found: dict[str, Any] = orjson.loads((target / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{target.name} holds no whole backup") from error
    return found


def check_target() -> None:
    """Refuse to restore over anything; raises BackupFailed."""
    if inspect(db.engine).get_table_names():
        raise BackupFailed("the database is not empty; a backup is restored into an empty one only")


def restore(target: Path, url: str, store: Store) -> None:
    """Bring database and photos back from a verified backup; migrations and `renew` follow. Raises BackupFailed."""
    manifest = read_manifest(target)
    copied, photos = target / manifest["database"], target.parent / "photos"
    if databases.digest(copied) != manifest["database_digest"]:
        raise BackupFailed(f"{copied.name} is not what was backed up")
    keys = (target / "photos.txt").read_text().split()
    _verify(copied, keys, photos)
    for key in keys:
        if store.put((photos / key[:2] / key).read_bytes()) != key:
            raise BackupFailed(f"photo {key} changed on its way back")
    db.engine.dispose()
    databases.bring_back(copied, url)


def renew(target: Path) -> None:
    """Begin a new epoch, so that phones offer again what they hold; pieces of photos start anew. The caller commits."""
    row = installation()
    row.epoch = new_id()
    row.durable_through = parse_instant(read_manifest(target)["durable_through"])
    db.session.execute(update(Photo).where(Photo.state == PhotoState.UPLOADING).values(offset=0))
    for district in _districts():
        audit.record("backup.restored", district, ("backup", None), None, name=target.name)


def _photo_keys() -> set[str]:
    db.session.rollback()  # what was committed meanwhile counts too
    statement = select(Photo.stored_digest).where(Photo.state == PhotoState.STORED)
    return {key.removeprefix("sha-256:") for key in db.session.scalars(statement) if key}


def _copy_photos(keys: Iterable[str], store: Store, folder: Path) -> int:
    copied = 0
    for key in keys:
        path = folder / key[:2] / key
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_last(path, store.get(key))
            copied += 1
    return copied


def _verify(copied: Path, keys: Iterable[str], photos: Path) -> None:
    databases.check(copied)
    for key in keys:
        try:
            content = (photos / key[:2] / key).read_bytes()
        except OSError as error:
            raise BackupFailed(f"photo {key} is missing from the backup") from error
        if hashlib.sha256(content).hexdigest() != key:
            raise BackupFailed(f"photo {key} is damaged in the backup")


def _write_last(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _districts() -> list[int]:
    return list(db.session.scalars(select(User.district).distinct().order_by(User.district)))
