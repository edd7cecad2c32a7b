"""The two databases of the simulator: put back as they were, emptied for a restore, full, or killed."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.sql import SQL, Identifier

from tests.postgres import Cluster, kill, running_cluster, start_again

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_CUT_OFF = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Tables that phones write to; a full disk fails at any of them.
_WRITTEN = ("inbox_events", "visit_revisions", "photos", "audit_entries")
_NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = '无法扩展文件: 设备上没有空间'; END $$
"""
_TRIGGER = "CREATE TRIGGER no_room BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION no_room();"
_ROOM = "DROP FUNCTION IF EXISTS no_room CASCADE"


class Database(Protocol):
    """What the simulator does to a database; the server is dead in `reset` and `wipe`."""

    url: str

    def remember(self) -> None:
        """What is in it now is where each schedule starts."""

    def reset(self) -> None:
        """Put it back to where each schedule starts."""

    def wipe(self) -> None:
        """Leave nothing in it, not even tables."""

    def fill(self, full: bool) -> None:
        """Let it have no room, or room again."""

    def crash(self) -> None:
        """Kill it as a power cut would, and start it again."""


class Sqlite:
    """A file; its room is decided in the server's processes."""

    def __init__(self, folder: Path) -> None:
        self._file, self._kept = folder / "doorstep.sqlite3", folder / "kept.sqlite3"
        self.url = f"sqlite:///{self._file}"

    def remember(self) -> None:
        with closing(sqlite3.connect(self._file)) as live, closing(sqlite3.connect(self._kept)) as kept:
            live.backup(kept)

    def reset(self) -> None:
        self.wipe()
        shutil.copy(self._kept, self._file)

    def wipe(self) -> None:
        for path in self._file.parent.glob(f"{self._file.name}*"):
            path.unlink()

    def fill(self, full: bool) -> None:
        del full

    def crash(self) -> None:
        """It has no process of its own."""


class Postgres:
    """A database in a cluster of its own, which may be killed."""

    def __init__(self, cluster: Cluster) -> None:
        self.url = cluster.create("doorstep_sim")
        self._address = cluster.address
        self._rows: dict[str, bytes] = {}
        with psycopg.connect(self.url) as one:
            [data] = one.execute("SHOW data_directory").fetchone() or [""]
        self._data = Path(data)

    def remember(self) -> None:
        with psycopg.connect(self.url) as one, one.cursor() as cursor:
            for [name] in one.execute(_TABLES).fetchall():
                with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(name))) as rows:
                    self._rows[name] = b"".join(map(bytes, rows))

    def reset(self) -> None:
        with psycopg.connect(self.url) as one, one.cursor() as cursor:
            one.execute(_CUT_OFF)
            one.execute("SET session_replication_role = replica")  # no order among foreign keys
            one.execute("; ".join(f"DELETE FROM {name}" for name in self._rows))
            for name, rows in self._rows.items():
                if rows:
                    with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(name))) as into:
                        into.write(rows)

    def wipe(self) -> None:
        with psycopg.connect(self.url) as one:
            one.execute(_CUT_OFF)
            for [name] in one.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall():
                one.execute(SQL("DROP TABLE {} CASCADE").format(Identifier(name)))
            one.execute(_ROOM)

    def fill(self, full: bool) -> None:
        with psycopg.connect(self.url) as one:
            one.execute(_ROOM)
            if full:
                one.execute(_NO_ROOM)
                one.execute("".join(map(_TRIGGER.format, _WRITTEN)))

    def crash(self) -> None:
        kill(self._data)
        (self._data / "postmaster.pid").unlink(missing_ok=True)  # else its successor says that it takes over
        start_again(self._data, self._address)


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Database]:
    """An empty database: sqlite or postgresql."""
    if kind == "sqlite":
        yield Sqlite(folder)
    else:
        with running_cluster() as cluster:
            yield Postgres(cluster)
