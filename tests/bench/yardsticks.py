"""Bare loops that do only what cannot be left out, on the same machine in the same minute."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import psycopg
from PIL import Image

from tests.bench.phones import PER_BATCH


def sqlite_rows(bodies: Sequence[bytes], folder: Path) -> float:
    """Rows per second: the same bodies, one durable commit for each twenty."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        connection = sqlite3.connect(Path(inside) / "yardstick.sqlite3", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB)")
        start = time.perf_counter()
        for first in range(0, len(bodies), PER_BATCH):
            connection.execute("BEGIN IMMEDIATE")
            rows = [(body,) for body in bodies[first : first + PER_BATCH]]
            connection.executemany("INSERT INTO rows (body) VALUES (?)", rows)
            connection.execute("COMMIT")
        seconds = time.perf_counter() - start
        connection.close()
    return len(bodies) / seconds


def postgres_rows(bodies: Sequence[bytes], url: str) -> float:
    """Rows per second on PostgreSQL, one commit for each twenty."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS yardstick (id bigserial PRIMARY KEY, body bytea)")
        connection.commit()
        start = time.perf_counter()
        for first in range(0, len(bodies), PER_BATCH):
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO yardstick (body) VALUES (%s)",
                    [(body,) for body in bodies[first : first + PER_BATCH]],
                )
            connection.commit()
        return len(bodies) / (time.perf_counter() - start)


def photos_kept(picture: bytes, number: int, folder: Path) -> float:
    """Photos per second in one process: write, fsync, rename, decode whole."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        start = time.perf_counter()
        for count in range(number):
            path = Path(inside) / f"{count}.part"
            descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
            os.write(descriptor, picture)
            os.fsync(descriptor)
            os.close(descriptor)
            path.rename(path.with_suffix(".jpg"))
            with Image.open(BytesIO(picture)) as image:
                image.load()
        return number / (time.perf_counter() - start)
