"""What the simulator and the server's processes share: the clock, the step at which to die, and how the disk is."""

import ctypes
import mmap
import os
import signal
from datetime import timedelta
from pathlib import Path

from tests.steps import STEPS

NOWHERE = -1


class _Shared(ctypes.Structure):
    _fields_ = (
        ("seconds", ctypes.c_double),
        ("step", ctypes.c_int),
        ("left", ctypes.c_int),
        ("killed", ctypes.c_int),
        ("full", ctypes.c_int),
    )


class Control:
    """A few numbers in a file that every process maps into its memory."""

    def __init__(self, path: Path) -> None:
        new = not path.exists()
        if new:
            path.write_bytes(bytes(mmap.PAGESIZE))
        with path.open("r+b") as file:
            self._shared = _Shared.from_buffer(mmap.mmap(file.fileno(), mmap.PAGESIZE))
        if new:
            self.reset()

    def reset(self) -> None:
        """Real time, room on the disk, and nobody dies."""
        self._shared.seconds, self._shared.full = 0.0, 0
        self.spare()

    # --- the clock, in the shape that tests.clock expects

    @property
    def passed(self) -> timedelta:
        """By how much the server's clock is ahead."""
        return timedelta(seconds=self._shared.seconds)

    def forward(self, **spans: float) -> None:
        """Let time pass at the server; arguments as of timedelta."""
        self._shared.seconds += timedelta(**spans).total_seconds()

    # --- death

    def kill_at(self, step: str, times: int) -> None:
        """Let the server die when it comes to a step for the so-manyth time from now."""
        self._shared.killed, self._shared.left = 0, times
        self._shared.step = STEPS.index(step)

    def disarm(self) -> None:
        """Nobody dies from now on."""
        self._shared.step = NOWHERE

    def spare(self) -> None:
        """Nobody dies, and nobody has."""
        self._shared.step, self._shared.killed = NOWHERE, 0

    @property
    def killed(self) -> bool:
        """Whether the server came to the step, and died."""
        return bool(self._shared.killed)

    def passing(self, step: str) -> None:
        """In the server: every process of it ends by SIGKILL when this is the step."""
        shared = self._shared
        if shared.step == NOWHERE or STEPS[shared.step] != step:
            return
        shared.left -= 1
        if shared.left <= 0:
            shared.killed = 1
            os.killpg(0, signal.SIGKILL)

    # --- the disk

    @property
    def full(self) -> bool:
        """Whether there is no room."""
        return bool(self._shared.full)

    @full.setter
    def full(self, value: bool) -> None:
        self._shared.full = int(value)
