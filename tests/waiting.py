"""Waiting for a state, never for a time."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

_PAUSE = threading.Event()


def until(condition: Callable[[], Any], seconds: float = 10) -> Any:
    """The first true answer of a condition; fails when it stays false for so many seconds."""
    end = monotonic() + seconds
    while monotonic() < end:
        answer = condition()
        if answer:
            return answer
        _PAUSE.wait(0.01)
    raise AssertionError(f"still not so after {seconds} s: {condition}")


class Side(threading.Thread):
    """Work that goes on beside the test; `result()` joins it and raises what it raised."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._answer: Any = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        """See Thread."""
        try:
            self._answer = self._work()
        except BaseException as error:
            self._error = error

    def result(self, seconds: float = 20) -> Any:
        """What the work answered."""
        self.join(seconds)
        assert not self.is_alive(), "the work beside the test does not end"
        if self._error is not None:
            raise self._error
        return self._answer
