"""A clock that tests can put forward; column defaults and every room see it."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

import pytest

from field.core import clock


class Passing(Protocol):
    """Something that knows how much time has passed besides the real."""

    @property
    def passed(self) -> timedelta:
        """By how much its clock is ahead."""


class Clock:
    """Runs from now on; `forward(minutes=5)` lets time pass."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.passed = timedelta()
        patch.setattr(clock, "datetime", told_by(self))

    def forward(self, **spans: float) -> None:
        """Let time pass; arguments as of timedelta."""
        self.passed += timedelta(**spans)

    def now(self) -> datetime:
        """What the program takes for now."""
        return clock.utcnow()


def today() -> date:
    """The day that it is in the districts of the tests, as the program takes it: a run may pass midnight."""
    return clock.local_day(clock.utcnow(), "Asia/Shanghai")


def told_by(told: Passing) -> type[datetime]:
    """A datetime whose now() is that of another clock."""

    class Told(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz or UTC) + told.passed

        @classmethod
        def fromisoformat(cls, date_string: str) -> datetime:  # type: ignore[override]
            return datetime.fromisoformat(date_string)

    return Told
