"""The named steps of accepting a batch or a photo: where tests let a process die, in this one or in a server's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pkgutil import resolve_name
from typing import Any

import pytest
from sqlalchemy import event as on
from sqlalchemy.engine import Engine

_WRITE = "batch.write"
_COMMIT = "batch.commit"
_CALLS = {
    "batch.savepoint": "field.sync.inbox.wake_waiting",
    "batch.answer": "field.sync.routes.packed_answer",
    "photo.append": "field.photos.store.FolderStore.append",
    "photo.sync": "os.fsync",
    "photo.decode": "field.photos.service.accept",
    "photo.keep": "field.photos.store.FolderStore.put",
    "photo.arrive": "field.photos.service.arrived_with",
    "photo.settle": "field.photos.service.advance",
    "photo.forget": "field.photos.store.FolderStore.discard",
    "photo.answer": "field.photos.tus.answer",
}
STEPS = (_WRITE, _COMMIT, *_CALLS)
BATCH_STEPS = tuple(step for step in STEPS if step.startswith("batch."))


class Died(BaseException):
    """What a test lets happen at a step. Not an Exception: nobody catches it, as nobody catches SIGKILL."""


@contextmanager
def watched(passing: Callable[[str], None]) -> Iterator[None]:
    """Call `passing` with the name of each step just before it is taken; what it raises is raised there."""

    def written(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if text.startswith("INSERT INTO inbox_events"):
            passing(_WRITE)

    def committed(_connection: Any) -> None:
        passing(_COMMIT)

    listeners = (("before_cursor_execute", written), ("commit", committed))
    with pytest.MonkeyPatch.context() as patch:
        for name, call in _CALLS.items():
            patch.setattr(call, _announced(name, resolve_name(call), passing))
        for name, listener in listeners:
            on.listen(Engine, name, listener)
        try:
            yield
        finally:
            for name, listener in listeners:
                on.remove(Engine, name, listener)


def _announced(name: str, real: Callable[..., Any], passing: Callable[[str], None]) -> Callable[..., Any]:
    @wraps(real)
    def step(*args: Any, **options: Any) -> Any:
        passing(name)
        return real(*args, **options)

    return step
