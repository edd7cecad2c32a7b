"""Somebody else who is writing: locks as another program on the same database holds them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg.sql import SQL, Identifier


@contextmanager
def held(url: str, table: str) -> Iterator[None]:
    """Another connection writes to a table and does not end; on SQLite it holds the whole database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(url) as other:
            other.execute(SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(Identifier(table)))
            yield
