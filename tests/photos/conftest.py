"""A store in a folder of its own, and an upload for it."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from field.photos.store import FolderStore


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "photos")


@pytest.fixture
def upload() -> UUID:
    return uuid4()
