"""Copying a running database, checking the copy, and bringing one back: SQLite and PostgreSQL."""

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import URL, make_url

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_INSTALLED = "/usr/lib/postgresql"
# The line in pg_restore's list for the rows of the table that holds the epoch.
_EPOCH = re.compile(r"^\d+;.* TABLE DATA \S+ installation ")


class BackupFailed(Exception):
    """One line that says what is wrong with a backup or its target."""


def name_for(url: str) -> str:
    """The file that a copy of this database is kept in."""
    return NAMES[make_url(url).get_backend_name()]


def copy(url: str, target: Path) -> None:
    """Copy a consistent state of a running database to a file and sync it; raises BackupFailed."""
    if make_url(url).get_backend_name() == "sqlite":
        _copy_sqlite(_sqlite_path(url), target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}", _libpq(url), secret=_secret(url))
    _sync(target)


def check(copied: Path) -> None:
    """Read a whole copy; raises BackupFailed when it is damaged."""
    if copied.name == NAMES["postgresql"]:
        _run("pg_restore", "--file=/dev/null", str(copied))
        return
    try:
        with closing(sqlite3.connect(f"file:{copied}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupFailed(f"{copied.name} cannot be read: {error}") from error
    if found != "ok" or broken is not None:
        raise BackupFailed(f"{copied.name} is damaged: {found}")


def bring_back(copied: Path, url: str) -> None:
    """Fill an empty database from a copy, all or nothing and without its epoch; raises BackupFailed when the kinds
    differ or it fails.

    Under the old epoch phones would take for received what came after the copy was made. So whoever dies after this
    leaves a database that answers no phone, and never one that answers wrongly.
    """
    if copied.name != name_for(url):
        raise BackupFailed("the backup is of another kind of database than FIELD_DATABASE_URL")
    if make_url(url).get_backend_name() == "sqlite":
        target = _sqlite_path(url)
        for beside in ("-wal", "-shm"):
            target.with_name(target.name + beside).unlink(missing_ok=True)
        partial = target.with_name(target.name + ".partial")
        shutil.copyfile(copied, partial)
        with closing(sqlite3.connect(partial)) as connection, connection:
            connection.execute("DELETE FROM installation")
        _sync(partial)
        partial.replace(target)
        _sync(target)
    else:
        _restore_postgresql(copied, url)


def _restore_postgresql(copied: Path, url: str) -> None:
    with NamedTemporaryFile("w", prefix="doorstep-", suffix=".list") as kept:
        lines = _run("pg_restore", "--list", str(copied)).splitlines()
        wanted = [line for line in lines if not _EPOCH.search(line)]
        if len(wanted) == len(lines):
            raise BackupFailed(f"{copied.name} names no epoch")
        kept.write("\n".join(wanted))
        kept.flush()
        options = ("--no-owner", "--single-transaction", f"--use-list={kept.name}", f"--dbname={_libpq(url)}")
        _run("pg_restore", *options, str(copied), secret=_secret(url))


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_sqlite(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as live,
        closing(sqlite3.connect(target)) as kept,
    ):
        # All pages in one step: between two steps SQLite begins anew whenever another process has written, and while
        # phones send it would never end. The step reads one state from the log, so writers wait for nothing.
        live.backup(kept, pages=-1)
        kept.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def _sqlite_path(url: str) -> Path:
    database = make_url(url).database
    assert database
    return Path(database)


def _libpq(url: str) -> str:
    """The address without its password, which everybody could read in the list of processes."""
    plain = make_url(url)
    return URL.create(
        "postgresql", plain.username, None, plain.host, plain.port, plain.database
    ).render_as_string()


def _secret(url: str) -> dict[str, str]:
    password = make_url(url).password
    return {"PGPASSWORD": password} if password else {}


def _run(program: str, *arguments: str, secret: dict[str, str] | None = None) -> str:
    command = [_program(program), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 our own arguments, and no shell
            command, capture_output=True, text=True, check=False, env=dict(os.environ) | (secret or {})
        )
    except OSError as error:
        raise BackupFailed(f"{program} cannot be run: {error.strerror}") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise BackupFailed(f"{program}: {lines[-1] if lines else done.returncode}")
    return done.stdout


def _program(name: str) -> str:
    found = shutil.which(name)
    newest = sorted(Path(_INSTALLED).glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    return found or (str(newest[-1]) if newest else name)


def _sync(path: Path) -> None:
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
