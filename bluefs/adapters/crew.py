"""A long piece of work shared out to all processors.

Owns child processes that are copies of this one (fork): they have all it has read, and send back
what they made of each part. Refuses to be needed: a child that cannot be made or that dies leaves
its parts to the parent, and where other threads run (a copy of a lock that one of them holds stays
locked) or where a copy is not safe to make, the parent does it all.

Children die with ^C, and of a parent that is gone; the parent ends them when it is done with them,
whatever the reason. They touch nothing but their pipe: no open database, no file of ours.
"""

from __future__ import annotations

import fcntl
import gc
import marshal
import os
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

#: Children at most: the parent, which does the rest by itself, could not feed on more.
_MOST = 4
#: Parts below which a child does not pay for being made (some 10 ms).
_FEWEST = 4
#: What a pipe is to hold, in bytes, so that a child need not wait for each part to be taken.
_ROOM = 1 << 20
_SIZE = struct.Struct("<Q")


def share(work: Callable[[T], Any], parts: Sequence[T]) -> Iterator[Any]:
    """``map``, by several processes: what ``work`` makes of each part, in order. It has to
    be what `marshal` takes: numbers, texts, bytes, None, and tuples and lists of them."""
    collecting = gc.isenabled()
    gc.disable()  # millions of small values and no cycles among them
    children: list[_Child] = []
    try:
        count = _count(len(parts))
        for n in range(count):
            child = _Child.make(work, parts[n::count], children)
            if child is None:
                break
            children.append(child)
        for n, part in enumerate(parts):
            at = n % count if count else 0
            found = children[at].take() if at < len(children) else None
            yield work(part) if found is None else marshal.loads(found)
    finally:
        for child in children:
            child.end()
        if collecting:
            gc.enable()


def _count(parts: int) -> int:
    if parts < _FEWEST or threading.active_count() > 1 or sys.platform != "linux":
        return 0
    free = len(os.sched_getaffinity(0))
    return min(free, _MOST, parts // 2) if free > 1 else 0


class _Child:
    """A copy of this process, and the end of the pipe that we read."""

    def __init__(self, pid: int, pipe: int) -> None:
        self._pid, self._pipe = pid, pipe
        self._well = True

    @classmethod
    def make(
        cls, work: Callable[[T], Any], parts: Sequence[T], others: Sequence[_Child]
    ) -> _Child | None:
        """None where the system refuses one."""
        try:
            pipe, end = os.pipe()
        except OSError:
            return None
        with suppress(OSError, AttributeError):
            fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, _ROOM)
        try:
            pid = os.fork()
        except OSError:
            os.close(pipe)
            os.close(end)
            return None
        if not pid:
            _labour(work, parts, end, [pipe, *(other._pipe for other in others)])
        os.close(end)
        return cls(pid, pipe)

    def take(self) -> bytearray | None:
        """What it made of its next part; None once it has died."""
        if self._well:
            head = self._read(_SIZE.size)
            if head is not None:
                found = self._read(_SIZE.unpack(head)[0])
                if found is not None:
                    return found
            self._well = False
        return None

    def _read(self, size: int) -> bytearray | None:
        data = bytearray(size)
        view, at = memoryview(data), 0
        while at < size:
            count = os.readv(self._pipe, [view[at:]])
            if not count:
                return None
            at += count
        return data

    def end(self) -> None:
        os.close(self._pipe)
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)


def _labour(
    work: Callable[[T], Any], parts: Sequence[T], end: int, others: Sequence[int]
) -> NoReturn:
    """All that a child does. It leaves without a word, and without putting anything in order
    that is its parent's."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        for other in others:
            os.close(other)
        for part in parts:
            made = marshal.dumps(work(part))
            _write(end, _SIZE.pack(len(made)))
            _write(end, made)
    except BaseException:  # noqa: BLE001 - the parent will find the same, and say it
        os._exit(1)
    os._exit(0)


def _write(end: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(end, view) :]
