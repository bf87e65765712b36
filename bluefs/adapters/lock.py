"""The engine's lock: one engine for each worktree.

Owns ``bluefs/lock`` in the worktree's Git directory. The kernel holds the lock (flock), not
the file's existence, so it is free again the moment its holder dies, however it dies. The file
is never deleted: two processes could then hold a lock each, on two files of one name.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bluefs.core.errors import Unwritable
from bluefs.core.ports import Clock

#: Between two looks while somebody merely asks who holds the lock (microseconds each time).
_PAUSE = 0.001


class FileLock:
    """Lock on ``file``. Two objects exclude each other even within a process."""

    def __init__(self, file: str, clock: Clock) -> None:
        self.file = file
        self._clock = clock

    def acquire(self) -> AbstractContextManager[None] | None:
        """Hold the engine's lock until the context ends, or None if another process does.
        The lock is held from this call on. Raises Unwritable."""
        try:
            Path(self.file).parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise Unwritable("errors.lock.file", file=self.file, detail=str(error)) from error
        if not _take(descriptor, self.file):
            os.close(descriptor)
            return None
        self._sign(descriptor)
        return _held(descriptor)

    def holder(self) -> Mapping[str, object] | None:
        """{pid, host, since (seconds)} of who holds it, None if nobody does. Empty in the
        instant between taking the lock and signing it."""
        try:
            descriptor = os.open(self.file, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            if _try(descriptor, fcntl.LOCK_SH, self.file):
                return None
            return _parse(os.pread(descriptor, 4096, 0))
        finally:
            os.close(descriptor)

    def _sign(self, descriptor: int) -> None:
        entry = {"pid": os.getpid(), "host": socket.gethostname(), "since": self._clock.now()}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(entry).encode() + b"\n", 0)


def _take(descriptor: int, file: str) -> bool:
    """The exclusive lock, unless an engine has it. ``holder`` takes a shared one for an
    instant, and that must not make an engine believe there is another."""
    while not _try(descriptor, fcntl.LOCK_EX, file):
        if not _try(descriptor, fcntl.LOCK_SH, file):
            return False
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        time.sleep(_PAUSE)
    return True


def _try(descriptor: int, kind: int, file: str) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:  # a file system without locks
        raise Unwritable("errors.lock.file", file=file, detail=str(error)) from error
    return True


@contextmanager
def _held(descriptor: int) -> Iterator[None]:
    try:
        yield
    finally:
        os.ftruncate(descriptor, 0)
        os.close(descriptor)


def _parse(data: bytes) -> Mapping[str, object]:
    try:
        entry = json.loads(data)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}
