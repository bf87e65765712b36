"""Files too large to hold in memory: hashed and copied piece by piece.

Owns the reading of a file from anywhere on this machine (an attachment that somebody names) and
its SHA-256. Refuses what is no regular file; writes only into a handle that ``adapters.files``
opened.
"""

from __future__ import annotations

import errno
import os
import stat as modes
from collections.abc import Iterator

from bluefs.core.errors import Changed, Unreadable
from bluefs.core.hints import BinaryIO

#: Bytes held at once.
PIECE = 1 << 20


def pieces(full: str, shown: str) -> Iterator[bytes]:
    """The file's bytes. Raises Unreadable (also for what is no file)."""
    try:
        handle = os.open(full, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise _unreadable(shown, error) from error
    if not modes.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Unreadable("errors.unreadable", path=shown, reason=os.strerror(errno.EISDIR))
    with os.fdopen(handle, "rb", buffering=0) as file:
        try:
            while piece := file.read(PIECE):
                yield piece
        except OSError as error:
            raise _unreadable(shown, error) from error


def digest(full: str, shown: str) -> tuple[int, str]:
    """(bytes, SHA-256 hex). Raises Unreadable."""
    from hashlib import sha256

    size, sha = 0, sha256()
    for piece in pieces(full, shown):
        size += len(piece)
        sha.update(piece)
    return size, sha.hexdigest()


def copy(full: str, shown: str, into: BinaryIO, sha: str) -> None:
    """Copy what has this hash. Raises Unreadable, Changed where it has another by now, OSError
    for what the target refuses."""
    from hashlib import sha256

    found = sha256()
    for piece in pieces(full, shown):
        found.update(piece)
        into.write(piece)
    if found.hexdigest() != sha:
        raise Changed("errors.changed.bytes", path=shown)


def _unreadable(shown: str, error: OSError) -> Unreadable:
    return Unreadable("errors.unreadable", path=shown, reason=error.strerror or str(error))
