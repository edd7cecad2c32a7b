"""The line before the inbox: batches that come while another is being written are then written together.

A commit costs the disk as much for one batch as for ten, and much of what is asked of the database is asked once. So
whoever comes to the head of the line takes what stands in it: one transaction, and each gets its own answer when that
is over. Nothing is answered before it is committed. If the common transaction fails, each is tried alone.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from field.core.errors import Problem
from field.sync.envelope import Envelope

MOST_TOGETHER = 8


@dataclass(eq=False)
class Delivery:
    """One batch, opened. `skew` is by how much the phone's clock is behind ours, None when nobody can say; `answer`
    comes in the line."""

    device_id: UUID
    district: int
    build: str
    skew: timedelta | None
    envelopes: Sequence[Envelope]
    alone: bool = field(default=False, init=False)
    answer: Any = field(default=None, init=False)

    def goes_with(self, other: "Delivery") -> bool:
        """Whether both may be judged in one transaction, and the other still has to be."""
        free = not (self.alone or other.alone) and other.answer is None
        return free and self.district == other.district


Judge = Callable[[Sequence[Delivery]], Sequence[Any]]


class Line:
    """Where the threads of one process wait for their turn, at most `patience` seconds."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._turn = threading.Lock()
        self._waiting: list[Delivery] = []

    def take(self, delivery: Delivery, judge: Judge) -> Any:
        """The answer to a delivery, which `judge` may have given together with those of others.

        `judge` commits before it answers, one answer for each delivery; what it raises is raised here, when the
        delivery was judged alone. Raises Problem `busy` when it does not come to its turn.
        """
        self._waiting.append(delivery)
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise Problem("busy", headers={"Retry-After": "2"})
            try:
                if delivery.answer is None:
                    self._judge_some(delivery, judge)
            finally:
                self._turn.release()
        finally:
            if delivery in self._waiting:
                self._waiting.remove(delivery)
        return delivery.answer

    def _judge_some(self, first: Delivery, judge: Judge) -> None:
        together = self._companions(first)
        if len(together) > 1:
            try:
                self._answer(together, judge)
            except Exception:
                for one in together:
                    one.alone = True
        if first.answer is None:
            self._answer([first], judge)

    def _companions(self, first: Delivery) -> list[Delivery]:
        others = [one for one in list(self._waiting) if one is not first and first.goes_with(one)]
        return [first, *others[: MOST_TOGETHER - 1]]

    def _answer(self, together: Sequence[Delivery], judge: Judge) -> None:
        for one, answer in zip(together, judge(together), strict=True):
            one.answer = answer
