"""A store in a folder of its own, and an upload for it; a phone that sends photos, and a picture."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from field.accounts.models import User
from field.core.ids import new_id
from field.photos.store import FolderStore
from tests.phone import Phone
from tests.photos.pictures import noise, saved


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "photos")


@pytest.fixture
def upload() -> UUID:
    return uuid4()


@pytest.fixture
def content() -> bytes:
    """A picture of some thousand bytes."""
    return saved(noise(240, 180), "JPEG")


@pytest.fixture
def sender(phone: Callable[..., Phone], worker: User) -> Phone:
    """The worker's phone."""
    return phone(worker)


@pytest.fixture
def visit() -> str:
    """The id of a visit that has not come yet."""
    return str(new_id())
