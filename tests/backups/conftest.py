"""Where backups go, and where they are restored."""

from hashlib import sha256

import pytest


@pytest.fixture
def folder(tmp_path):
    """Where backups go."""
    return tmp_path / "backups"


@pytest.fixture
def empty_database(database_kind, tmp_path, request):
    """The address of a database in which there is nothing at all."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'other' / 'restored.sqlite3'}"
    server = request.getfixturevalue("cluster")
    return server.create(f"restored_{sha256(request.node.nodeid.encode()).hexdigest()[:20]}", "template0")
