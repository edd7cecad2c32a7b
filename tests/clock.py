"""A clock that tests can put forward; column defaults and every room see it."""

from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from field.core import clock


class Clock:
    """Runs from now on; `forward(minutes=5)` lets time pass."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.passed = timedelta()
        patch.setattr(clock, "datetime", _told_by(self))

    def forward(self, **spans: float) -> None:
        """Let time pass; arguments as of timedelta."""
        self.passed += timedelta(**spans)

    def now(self) -> datetime:
        """What the program takes for now."""
        return clock.utcnow()


def _told_by(told: Clock) -> type[datetime]:
    class Told(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz or UTC) + told.passed

        @classmethod
        def fromisoformat(cls, date_string: str) -> datetime:  # type: ignore[override]
            return datetime.fromisoformat(date_string)

    return Told
