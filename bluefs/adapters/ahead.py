"""A walk over the worktree in a process of its own, while this one imports what it needs.

Owns that process: it begins as a copy of ours, walks, writes what it saw into a pipe and is gone.
Refuses to matter: where it cannot be had or fails, there is nothing to take, and who wanted it
walks by itself and hears the error.
"""

from __future__ import annotations

import fcntl
import os
from array import array
from contextlib import suppress
from marshal import dumps, loads

from bluefs.adapters.survey import walk
from bluefs.core.seen import Listing

#: Bytes of the pipe, where the system grants so many, and of one read.
_PIECE = 1 << 20


class Ahead:
    """Begins at once. Not for a process with threads."""

    def __init__(self, root: str) -> None:
        self._pid = -1
        try:
            self._pipe, far = os.pipe()
        except OSError:
            return
        with suppress(OSError, AttributeError):  # so that it need not wait for us to read
            fcntl.fcntl(far, fcntl.F_SETPIPE_SZ, _PIECE)
        try:
            self._pid = os.fork()
        except OSError:
            os.close(self._pipe)
        if self._pid == 0:
            _walk(root, far)
        os.close(far)

    def take(self) -> dict[str, Listing] | None:
        """folder -> Listing, once; None where there is none."""
        if self._pid < 0:
            return None
        parts = []
        try:
            while part := os.read(self._pipe, _PIECE):
                parts.append(part)
        finally:
            os.close(self._pipe)
            _, status = os.waitpid(self._pid, 0)
            self._pid = -1
        return _unpacked(b"".join(parts)) if status == 0 else None


def _walk(root: str, far: int) -> None:
    """What the other process does. It never returns."""
    code = 1
    try:
        data = memoryview(_packed(walk(root, alone=True)))
        while data:
            data = data[os.write(far, data) :]
        code = 0
    finally:
        os._exit(code)


def _packed(found: dict[str, Listing]) -> bytes:
    """Names and numbers in one piece each: they are many. Raises OverflowError for an inode of 64
    bits."""
    rows = []
    for path, one in found.items():
        numbers = array("q", one.numbers).tobytes()
        rows.append((path, "\0".join(one.names), numbers, one.signature, one.fresh, one.rules))
    return dumps(rows)


def _unpacked(data: bytes) -> dict[str, Listing]:
    found = {}
    for path, names, numbers, signature, fresh, rules in loads(data):
        some = names.split("\0") if names else []
        found[path] = Listing(some, array("q", numbers), signature, fresh, rules)
    return found
