"""Taking a backup, verifying it, telling phones up to when; restoring one under a new epoch.

A backup folder holds photos/ (by content, shared by all backups in it) and one folder for each backup
with the database's copy, photos.txt and, last of all, manifest.json: without it a backup is not whole. The manifest
knows the digests of both.
"""

import re
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, inspect, select, table, update

from field.accounts.models import User
from field.audit import service as audit
from field.backups import contents, databases
from field.backups.databases import BackupFailed
from field.core.clock import instant_text, parse_instant, utcnow
from field.core.db import db
from field.core.ids import new_id
from field.core.installation import Installation, installation
from field.photos.models import Photo, PhotoState
from field.photos.store import Store, StoreFailed

# A request that began this long before the copy has ended: what it acknowledged is in the copy.
LONGEST_REQUEST = timedelta(minutes=5)
MANIFEST, PHOTOS = "manifest.json", "photos.txt"
_NAME = "%Y%m%dT%H%M%SZ"
_IS_NAME = re.compile(r"\d{8}T\d{6}Z")


def take(folder: Path, url: str, store: Store, started_at: datetime) -> Path:
    """Copy database and photos and verify the copies; answers the backup's folder. Raises BackupFailed.

    The database comes first: every photo that the copy knows was durable before its row. Nothing is left of a backup
    that fails but photos, which the next one need not copy again. When only some photos cannot be had any more, the
    backup holds all the rest and names them in its manifest; it must not be acknowledged.
    """
    target = folder / started_at.strftime(_NAME)
    target.mkdir(parents=True)
    try:
        _fill(target, url, store, started_at)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return target


def _fill(target: Path, url: str, store: Store, started_at: datetime) -> None:
    copied, photos = target / databases.name_for(url), target.parent / "photos"
    keys, uploads = _photo_keys(), _uploads_aside()
    databases.copy(url, copied)
    databases.check(copied)
    keys, uploads = keys | _photo_keys(), uploads | _uploads_aside()
    new, lacking = _copy_photos(keys, store, photos)
    keys -= set(lacking)
    aside = _copy_aside(uploads, store, photos)
    listed = contents.write_list(target / PHOTOS, keys)
    manifest = {
        "epoch": str(installation().epoch),
        "started_at": instant_text(started_at),
        "durable_through": instant_text(started_at - LONGEST_REQUEST),
        "database": copied.name,
        "database_digest": databases.digest(copied),
        "photos": len(keys),
        "photos_digest": listed,
        "photos_new": new,
        "aside": aside,
        "lacking": lacking,
    }
    contents.write_last(target / MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    _named(target)


def acknowledge(target: Path) -> datetime:
    """Tell phones up to when a verified backup holds what they sent; never goes back. The caller commits. Raises
    BackupFailed when the backup no longer says what is in it."""
    _named(target)
    moment = parse_instant(read_manifest(target)["durable_through"])
    row = installation()
    if row.durable_through is None or row.durable_through < moment:
        row.durable_through = moment
    for district in _districts():
        audit.record("backup.verified", district, ("backup", None), None, name=target.name)
    return row.durable_through


def prune(folder: Path, keep: int) -> tuple[int, list[str]]:
    """Remove all but the newest backups, what killed runs before those have left, and photos that no backup names.
    Says how many backups went, and names those that no longer say what is in them.

    Those do not count among the newest, and as long as one is kept no photo goes: it may be the one that needs it.
    """
    whole = sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))
    damaged = {path for path in whole if not _is_legible(path)}
    newest = [path for path in whole if path not in damaged][-keep:]
    if not newest:
        return 0, sorted(path.name for path in damaged)
    gone = [path for path in whole if path < newest[0]]
    kept = [path for path in whole if path >= newest[0]]
    named = None if damaged & set(kept) else set(chain.from_iterable(map(_named, kept)))
    for old in gone + _left_by_killed_runs(folder, before=newest[-1].name):
        shutil.rmtree(old)
    if gone and named is not None:
        contents.forget_all_but(folder / "photos", named)
    return len(gone), sorted(path.name for path in damaged & set(kept))


def _is_legible(target: Path) -> bool:
    try:
        _named(target)
    except BackupFailed:
        return False
    return True


def _left_by_killed_runs(folder: Path, before: str) -> list[Path]:
    named = [path for path in folder.iterdir() if _IS_NAME.fullmatch(path.name) and path.name < before]
    return [path for path in named if not (path / MANIFEST).exists()]


def _named(target: Path) -> list[str]:
    """The keys of all content that a backup needs; raises BackupFailed when it no longer says so."""
    manifest = read_manifest(target)
    return [*_photos_of(target, manifest), *manifest.get("aside", {}).values()]


def _photos_of(target: Path, manifest: dict[str, Any]) -> list[str]:
    return contents.read_list(target / PHOTOS, manifest.get("photos"), manifest.get("photos_digest"))


def read_manifest(target: Path) -> dict[str, Any]:
    """What a backup says of itself; raises BackupFailed when it was never finished."""
    try:
        found: dict[str, Any] = orjson.loads((target / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{target.name} holds no whole backup") from error
    return found


def is_unfinished() -> bool:
    """Whether a restore into this database has died before its end; raises BackupFailed over anything else.

    Such a database has everything but an epoch, so no server can have taken anything into it.
    """
    tables = set(inspect(db.engine).get_table_names())
    if not tables:
        return False
    if tables >= {"installation", "alembic_version"} and _count("alembic_version") > _count("installation"):
        return True
    raise BackupFailed("the database is not empty; a backup is restored into an empty one only")


def _count(name: str) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table(name))) or 0


def restore(target: Path, url: str, store: Store) -> None:
    """Bring database and photos back from a verified backup; migrations and `renew` follow. Raises BackupFailed."""
    manifest = read_manifest(target)
    copied, photos = target / manifest["database"], target.parent / "photos"
    if databases.digest(copied) != manifest["database_digest"]:
        raise BackupFailed(f"{copied.name} is not what was backed up")
    listed = _photos_of(target, manifest)
    databases.check(copied)
    for key in listed:
        if store.put(contents.read(photos, key)) != key:
            raise BackupFailed(f"photo {key} changed on its way back")
    for upload, key in manifest.get("aside", {}).items():
        store.append(UUID(upload), 0, contents.read(photos, key))
    db.engine.dispose()
    databases.bring_back(copied, url)


def renew(target: Path, store: Store, *, resumed: bool = False) -> None:
    """Begin a new epoch, so that phones offer again what they hold. The caller commits.

    Pieces of photos start anew, and so does what was kept aside and has not come back with its bytes. A restore that
    is `resumed` does not know which backup it began with: phones keep everything until the next one.
    """
    moment = None if resumed else parse_instant(read_manifest(target)["durable_through"])
    db.session.add(Installation(id=1, epoch=new_id(), durable_through=moment))
    _begin_anew(store, "backup.restored", target.name)


def new_epoch(store: Store) -> None:
    """Begin a new epoch in a database that something else has brought back to an earlier moment, as Litestream or WAL
    archiving can. The caller commits."""
    installation().epoch = new_id()
    _begin_anew(store, "epoch.renewed", "")


def _begin_anew(store: Store, action: str, name: str) -> None:
    here, anew = store.unfinished().keys(), {"state": PhotoState.UPLOADING, "offset": 0, "reason": None}
    aside = select(Photo.id).where(Photo.state == PhotoState.QUARANTINED, Photo.length > 0)
    lost = [upload for upload in db.session.scalars(aside) if upload not in here]
    db.session.execute(update(Photo).where(Photo.state == PhotoState.UPLOADING).values(offset=0))
    for upload in lost:
        db.session.execute(update(Photo).where(Photo.id == upload).values(touched_at=utcnow(), **anew))
    for district in _districts():
        audit.record(action, district, ("backup", None), None, name=name)


def _photo_keys() -> set[str]:
    db.session.rollback()  # what was committed meanwhile counts too
    statement = select(Photo.stored_digest).where(Photo.state == PhotoState.STORED)
    return {key.removeprefix("sha-256:") for key in db.session.scalars(statement) if key}


def _copy_photos(keys: set[str], store: Store, photos: Path) -> tuple[int, dict[str, str]]:
    """How many were new, and which are nowhere any more: by key, `gone` or `damaged`. Raises StoreFailed when it is the
    store that cannot be asked."""
    new, lacking = 0, {}
    for key in sorted(keys):
        try:
            new += contents.hold(photos, key, partial(store.get, key))
        except (BackupFailed, StoreFailed):
            lacking[key] = "damaged" if store.holds(key) else "gone"
    if lacking:
        store.probe()
    return new, lacking


def whose(keys: Iterable[str]) -> dict[str, list[str]]:
    """The photos and visits of content, in words for operators."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    statement = select(Photo).where(Photo.stored_digest.in_(found), Photo.state == PhotoState.STORED)
    for row in db.session.scalars(statement.order_by(Photo.created_at)):
        assert row.stored_digest
        found[row.stored_digest].append(f"{row.kind} photo {row.photo_id} of visit {row.visit_id}")
    return found


def _uploads_aside() -> set[UUID]:
    return set(db.session.scalars(select(Photo.id).where(Photo.state == PhotoState.QUARANTINED)))


def _copy_aside(uploads: set[UUID], store: Store, photos: Path) -> dict[str, str]:
    """Copy what could not be used and was kept aside, as far as there are bytes of it; answers the keys by upload."""
    kept = {}
    for upload in uploads & store.unfinished().keys():
        content = store.part(upload)
        kept[upload.hex] = contents.key_of(content)
        contents.hold(photos, kept[upload.hex], partial(bytes, content))
    return kept


def _districts() -> list[int]:
    return list(db.session.scalars(select(User.district).distinct().order_by(User.district)))
