"""Turns at the index, for processes that use it at once.

Owns ``index.lock``: shared to open the index, exclusive to change it. The kernel holds it
(flock), so nobody's death leaves it behind. Refuses to wait for long: whoever cannot have it in
time does without the index.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds. A batch is written in a tenth of one.
PATIENCE = 3.0
_PAUSE = 0.004


class Taken(Exception):
    """Somebody else has had the lock for all the time there was."""


class IndexLock:
    """Two objects exclude each other even within a process."""

    def __init__(self, file: str) -> None:
        self._file = file

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Raises Taken, OSError (a file system without locks, or one that is read-only)."""
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """As ``shared``."""
        with self._held(fcntl.LOCK_EX):
            yield

    @contextmanager
    def _held(self, kind: int) -> Iterator[None]:
        try:
            handle = self._open()
        except FileNotFoundError:
            os.makedirs(os.path.dirname(self._file), exist_ok=True)  # noqa: PTH103, PTH120
            handle = self._open()
        try:
            _take(handle, kind)
            yield
        finally:
            os.close(handle)

    def _open(self) -> int:
        return os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _take(handle: int, kind: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Taken from None
            time.sleep(_PAUSE)
        else:
            return
