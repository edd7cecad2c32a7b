"""Commands: `backup take`, from cron or a timer; `backup restore`, into an empty database."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from field.backups import service
from field.backups.databases import BackupFailed
from field.core.clock import instant_text, utcnow
from field.core.db import transaction
from field.core.serving import SomebodyServes, alone
from field.photos.keeping import photo_store
from field.photos.store import StoreFailed

backup = AppGroup("backup", help="Verified copies of database and photos. keys.json is not in them.")
_SERVED = "服务器还在运行，请先停止。 Nothing restored: a server runs on this data folder; stop it first"
_RESUMED = "an interrupted restore has come to its end"
_LACKING = (
    "这次备份少了照片，手机会继续留着。 {}: kept with everything but these photos, which are nowhere any more as they "
    "were stored. Phones hear of no backup, and no older one is removed:"
)
_DAMAGED = (
    "这些旧备份的照片清单坏了，照片一张也没有删。 Damaged: {}. They no longer say which photos they need, so no "
    "photo was removed. Once you have looked, delete their folders by hand."
)
_WHAT_TO_DO = (
    "What to do: copy a file of that name from an older backup into the photo folder (whole/ and the first two signs). "
    "Or wait: a phone that still has the picture sends it again when it next compares, a damaged one once you have "
    "moved its file away. When nobody has it: flask --app app photos give-up KEY. Then take a backup again."
)
FOLDER = click.Path(file_okay=False, path_type=Path)


@backup.command("take")
@click.argument("folder", type=FOLDER)
@click.option("--keep", type=click.IntRange(1), help="Remove all but so many of the newest backups.")
def take(folder: Path, keep: int | None) -> None:
    """Back up into FOLDER while the program runs; phones hear of it only when it was verified."""
    url = current_app.config["DATABASE_URL"]
    try:
        target = service.take(folder, url, photo_store(), utcnow())
        _insist_on_all(target)
        with transaction():
            moment = service.acknowledge(target)
        gone, damaged = service.prune(folder, keep) if keep else (0, [])
    except (BackupFailed, StoreFailed, OSError) as error:
        raise click.ClickException(f"备份没有成功，手机会继续留着。 No backup: {error}") from error
    facts = service.read_manifest(target)
    click.echo(f"{target}: {facts['photos']} photos, {facts['photos_new']} new; {gone} old backups removed")
    if damaged:
        click.echo(_DAMAGED.format(", ".join(damaged)), err=True)
    click.echo(f"durable through {instant_text(moment)}; keys.json is not in it, keep that elsewhere")


def _insist_on_all(target: Path) -> None:
    lacking = service.read_manifest(target).get("lacking", {})
    if not lacking:
        return
    named = service.whose(lacking)
    lines = [
        f"  {key} ({why}): {whose}" for key, why in lacking.items() for whose in named[key] or ["no photo"]
    ]
    raise click.ClickException("\n".join([_LACKING.format(target), *lines, _WHAT_TO_DO]))


@backup.command("restore")
@click.argument("target", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(target: Path) -> None:
    """Restore the backup TARGET into an empty database; phones then fill the hole by themselves.

    Stop the server first. When this was interrupted, run it again: it ends what it had begun.
    """
    try:
        with alone(current_app.config["DATA"]):
            resumed = _restore(target)
    except SomebodyServes as error:
        raise click.ClickException(_SERVED) from error
    except (BackupFailed, StoreFailed, OSError) as error:
        raise click.ClickException(f"没有恢复。 Nothing restored: {error}") from error
    click.echo(f"{target}: {_RESUMED if resumed else 'restored'} under a new epoch")


@backup.command("new-epoch")
def new_epoch() -> None:
    """Begin a new epoch, after Litestream, WAL archiving or a copy of your own has brought the database back to an
    earlier moment: phones then offer again everything that they still hold.

    Stop the server first. `backup restore` does this by itself.
    """
    try:
        with alone(current_app.config["DATA"]), transaction():
            service.new_epoch(photo_store())
    except SomebodyServes as error:
        raise click.ClickException(_SERVED) from error
    click.echo("a new epoch has begun; phones offer again what they hold")


def _restore(target: Path) -> bool:
    resumed = service.is_unfinished()
    if not resumed:
        service.restore(target, current_app.config["DATABASE_URL"], photo_store())
    upgrade()
    with transaction():
        service.renew(target, photo_store(), resumed=resumed)
    return resumed
