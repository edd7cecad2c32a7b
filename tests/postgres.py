"""A PostgreSQL of the tests' own: in a temporary folder, on a free loopback port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from psycopg.sql import SQL, Identifier

_OPTIONS = "-c max_connections=60 -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
# Nothing of a test outlives the run, so nothing needs to reach the disk.
_FORGETFUL = "-F -c full_page_writes=off "
_NOBODY_BUT_ROOT = "postgres"
_TRIES = 5
_LENT = "doorstep_test"
# Only these two tables hold rows after the migrations.
_REMEMBER = "CREATE SCHEMA pristine; CREATE TABLE pristine.installation AS TABLE installation"
# Deleting from a few dozen small tables takes a tenth of the time that copying a database takes.
_EMPTY = """
DO $$
DECLARE name text;
BEGIN
  SET LOCAL session_replication_role = replica;  -- no order among foreign keys
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
  INSERT INTO installation SELECT * FROM pristine.installation;
END $$
"""
_CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"


class Cluster:
    """A running server; `emptied()` lends one database to test after test, `create()` makes another."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._admin = psycopg.connect(f"{address}/postgres", autocommit=True)
        self._sweeper: psycopg.Connection | None = None

    def url(self, name: str) -> str:
        """The address of a database, as FIELD_DATABASE_URL takes it."""
        return f"{self.address}/{name}"

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database by copying another that nobody is connected to; answers its address."""
        statement = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._admin.execute(statement.format(Identifier(name), Identifier(template)))
        return self.url(name)

    @contextmanager
    def emptied(self, template: str) -> Iterator[str]:
        """A database as its migrations left it; afterwards what the test wrote is removed."""
        if self._sweeper is None:
            self._sweeper = psycopg.connect(self.create(_LENT, template), autocommit=True)
            self._sweeper.execute(_REMEMBER)
        yield self.url(_LENT)
        self._admin.execute(_CUT_OFF, (_LENT, self._sweeper.info.backend_pid))
        self._sweeper.execute(_EMPTY)

    def close(self) -> None:
        """Let go of the server before it stops."""
        if self._sweeper is not None:
            self._sweeper.close()
        self._admin.close()


@contextmanager
def running_cluster(durable: bool = False, through: Sequence[str] = ()) -> Iterator[Cluster]:
    """Start a server and stop it whatever happens; raises RuntimeError when PostgreSQL is not installed.

    `durable` writes to the disk as a real one does, for measuring; `through` are words before the command.
    """
    folder = Path(tempfile.mkdtemp(prefix="doorstep-postgresql-"))
    try:
        _give_away(folder)
        _run("initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        port = _start(folder, _OPTIONS if durable else _FORGETFUL + _OPTIONS, through)
        cluster = Cluster(f"postgresql://postgres@127.0.0.1:{port}")
        try:
            yield cluster
        finally:
            cluster.close()
            _run("pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kill(data: Path) -> None:
    """End every process of the server that runs on a folder by SIGKILL, as a power cut would."""
    postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    every = [postmaster, *postmaster.children(recursive=True)]
    for process in every:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(every, timeout=10)


def start_again(data: Path, address: str) -> None:
    """Start a server that was killed, on the port that it had, and wait until it has recovered."""
    options = f"{_OPTIONS} -p {address.rpartition(':')[2]}"
    _run("pg_ctl", "-D", data, "-l", data.parent / "log", "-w", "-o", options, "start")


def _start(folder: Path, settings: str, through: Sequence[str]) -> int:
    for attempt in range(1, _TRIES + 1):
        port = _free_port()
        try:
            options = ["-D", folder / "data", "-l", folder / "log", "-w", "-o", f"{settings} -p {port}"]
            _run("pg_ctl", *options, "start", through=through)
        except subprocess.CalledProcessError:
            if attempt == _TRIES:
                raise
        else:
            return port
    raise AssertionError


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[4]))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: run tests/system.sh, or pytest --database sqlite")
    return found[-1].parent


def _run(program: str, *arguments: str | Path, through: Sequence[str] = ()) -> None:
    command = [*through, str(_programs() / program), *map(str, arguments)]
    if os.geteuid() == 0:  # the server refuses to run as root
        command = ["runuser", "-u", _NOBODY_BUT_ROOT, "--", *command]
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    subprocess.run(
        command,
        check=True,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam(_NOBODY_BUT_ROOT)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
