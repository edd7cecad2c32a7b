"""What tests need not do again for each of thousands of applications: hash slowly, compile templates and addresses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from field.accounts import service as accounts
from field.core import db


class _Compiled(BytecodeCache):
    """Templates as code, kept in memory and found by their source."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, Any]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        self._kept[bucket.key] = (bucket.checksum, bucket.code)


def _when_asked(real: Callable[..., Any]) -> Callable[..., Any]:
    """Compile what builds the address of a route when one is built: a test builds a few of hundreds."""

    def compile_builder(_rule: Rule, append_unknown: bool = True) -> Any:
        name = "_build_unknown" if append_unknown else "_build"

        def build(rule: Rule, **values: Any) -> Any:
            made = real(rule, append_unknown).__get__(rule, None)
            setattr(rule, name, made)
            return made(**values)

        return build

    return compile_builder


def _compiled_once(real: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Give all engines one memory of compiled statements."""
    kept: Any = LRUCache(2000)

    def engine_options(url: str, lock_wait_seconds: float) -> dict[str, Any]:
        options = real(url, lock_wait_seconds)
        return options | {
            "execution_options": {"compiled_cache": kept} | options.get("execution_options", {})
        }

    return engine_options


@contextmanager
def quick() -> Iterator[None]:
    """For as long as a run of tests lasts; the program itself is not changed."""
    with pytest.MonkeyPatch.context() as patch:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(accounts, "_hasher", hasher)
        patch.setattr(accounts, "_NOBODY", hasher.hash("nobody"))
        patch.setattr(Flask, "jinja_options", Flask.jinja_options | {"bytecode_cache": _Compiled()})
        patch.setattr(Rule, "_compile_builder", _when_asked(Rule._compile_builder))
        patch.setattr("app.engine_options", _compiled_once(db.engine_options))
        for dialect in (
            SQLiteDialect_pysqlite,
            PGDialect_psycopg,
        ):  # what is compiled is found by its dialect
            patch.setattr(dialect, "__eq__", lambda one, other: type(one) is type(other))
            patch.setattr(dialect, "__hash__", lambda one: hash(type(one)))
        yield
