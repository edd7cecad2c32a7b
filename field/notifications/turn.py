"""One run of the command that sends at a time: cron begins the next while a slow host still holds up the last."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

_NAME = ".sending"


@contextmanager
def taken(folder: Path) -> Iterator[bool]:
    """Whether nobody else sends with this data folder; held until the block ends, however the program ends."""
    with FileIO(os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        yield _free(file)


def _free(file: FileIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk without locks: messages are claimed row by row, so two runs send nothing twice
        return True
    return True
