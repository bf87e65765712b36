"""Renaming that never overwrites.

Owns one primitive, ``rename_new``. POSIX ``rename`` replaces its target without a word, so
Linux's ``renameat2(RENAME_NOREPLACE)`` is used (renameat(2), Linux 3.15, glibc 2.28), and where
kernel or file system have no such call, a hard link and an unlink.
"""

# Paths are text here: pathlib would normalise them, and is too slow for a scan.
# ruff: noqa: PTH102, PTH104, PTH108, PTH112, PTH119, PTH120, PTH208

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from functools import cache

_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
#: "This kernel or file system cannot": try the next way.
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
_CANNOT_LINK = _CANNOT | {errno.EPERM, errno.EMLINK}


def rename_new(old: str, new: str) -> None:
    """Rename ``old`` to ``new``. Raises FileExistsError where ``new`` is there, unless it is
    ``old`` itself under another spelling (a file system that folds case)."""
    ways: list[Callable[[str, str], None]] = [_rename_noreplace, _link]
    for way in ways:
        try:
            way(old, new)
            return
        except FileExistsError:
            if not _same_entry(old, new):
                raise
            os.rename(old, new)
            return
        except OSError as error:
            if error.errno not in (_CANNOT if way is _rename_noreplace else _CANNOT_LINK):
                raise
    _reserve(old, new)


def _rename_noreplace(old: str, new: str) -> None:
    call = _renameat2()
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    number = call(os.fsencode(old), os.fsencode(new))
    if number:
        raise OSError(number, os.strerror(number), old, None, new)


@cache
def _renameat2() -> Callable[[bytes, bytes], int] | None:
    """The C library's call, giving an errno or 0; None where there is none."""
    import ctypes  # 3 ms: only where something is created or moved

    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is None:
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_char_p) * 2 + (ctypes.c_uint,)

    def call(old: bytes, new: bytes) -> int:
        ctypes.set_errno(0)
        failed = function(_AT_FDCWD, old, _AT_FDCWD, new, _RENAME_NOREPLACE)
        return ctypes.get_errno() if failed else 0

    return call


def _link(old: str, new: str) -> None:
    """A crash between the two calls leaves both names, never none."""
    if os.path.isdir(old):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))
    os.link(old, new, follow_symlinks=False)
    os.unlink(old)


def _reserve(old: str, new: str) -> None:
    """File systems without hard links (FAT): take the name first, then rename over it."""
    if os.path.isdir(old):
        os.mkdir(new)
    else:
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    try:
        os.rename(old, new)
    except OSError:
        (os.rmdir if os.path.isdir(new) else os.unlink)(new)
        raise


def _same_entry(old: str, new: str) -> bool:
    """Whether both names are one directory entry: the same file, although the folder holds
    no entry of the new name. (Two hard links are the same file too, but two entries, and
    ``rename`` of one onto the other does nothing.)"""
    try:
        same = os.path.samestat(os.lstat(old), os.lstat(new))
        return same and os.path.basename(new) not in os.listdir(os.path.dirname(new) or ".")
    except OSError:
        return False
