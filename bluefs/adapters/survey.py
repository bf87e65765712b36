"""One walk over the worktree that says of every folder whether anything in it may have changed.

Owns the quickest scan this side of C: each folder is opened once, its files are looked at from
there (the kernel then resolves one name and not a whole path), and what was seen becomes one
signature, so that an unchanged folder costs one comparison. Admits what ``Files.scan`` admits.
"""

from __future__ import annotations

import errno
import os
import stat as modes
import time
from array import array

from bluefs.adapters.paths import is_text
from bluefs.core.errors import Unreadable
from bluefs.core.seen import Listing
from bluefs.core.sums import blake2b

#: Nanoseconds. Linux stamps files with a clock that ticks every 1 to 10 ms; a save within one
#: tick of another may leave size and times as they were. Ample, for slow and for other kernels.
TICK = 50_000_000
#: The same for file systems that count whole seconds (or, as FAT does, two).
COARSE_TICK = 2_500_000_000
_SECOND = 1_000_000_000
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_RULES = ".gitignore"
_RULES_LIMIT = 1 << 20


def walk(root: str) -> dict[str, Listing]:
    """folder -> Listing. Raises Unreadable where a folder cannot be listed."""
    found: dict[str, Listing] = {}
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            handle = os.open(f"{root}/{folder}" if folder else root, _OPEN)
        except OSError as error:
            if folder and error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                continue  # it went away meanwhile
            raise _unreadable(folder or root, error) from error
        try:
            found[folder], below = _list(handle)
        except OSError as error:
            raise _unreadable(folder or root, error) from error
        finally:
            os.close(handle)
        prefix = f"{folder}/" if folder else ""
        waiting += [prefix + name for name in below]
    return found


def _list(handle: int) -> tuple[Listing, list[str]]:
    """The Listing of an open folder, and the names of its subfolders."""
    names: list[str] = []
    numbers: list[int] = []
    fresh: list[str] = []
    below: list[str] = []
    rules = False
    now = time.time_ns()
    recent, coarse = now - TICK, now - COARSE_TICK
    with os.scandir(handle) as entries:
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                rules = rules or name == _RULES
                if name != ".gitkeep":
                    continue
            try:
                if entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    ctime = found.st_ctime_ns
                    numbers += (found.st_size, found.st_mtime_ns, ctime, found.st_ino)
                    names.append(name)
                    if ctime > coarse and (ctime > recent or not ctime % _SECOND):
                        fresh.append(name)
                elif name[0] != "." and entry.is_dir(follow_symlinks=False):
                    below.append(name)
            except FileNotFoundError:
                continue
    if not is_text("".join(names)):
        names, numbers = _texts(names, numbers)
        fresh = list(filter(is_text, fresh))
    text = _read_rules(handle) if rules else None
    listing = Listing(tuple(names), tuple(numbers), _sign(names, numbers), frozenset(fresh), text)
    return listing, list(filter(is_text, below))


def _texts(names: list[str], numbers: list[int]) -> tuple[list[str], list[int]]:
    """Those whose names are text. They are asked together first: hardly ever is one not."""
    four = iter(numbers)
    pairs = [p for p in zip(names, zip(four, four, four, four), strict=True) if is_text(p[0])]
    return [name for name, _ in pairs], [number for _, some in pairs for number in some]


def _sign(names: list[str], numbers: list[int]) -> bytes:
    try:
        packed = array("q", numbers).tobytes()
    except OverflowError:  # an inode of 64 bits
        packed = repr(numbers).encode()
    digest = blake2b(packed, digest_size=16)
    digest.update("\0".join(names).encode())
    return digest.digest()


def _read_rules(folder: int) -> bytes | None:
    """The bytes of the folder's .gitignore. A symbolic link is none: Git does not follow it."""
    try:
        handle = os.open(_RULES, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    try:
        if not modes.S_ISREG(os.fstat(handle).st_mode):
            return None
        return os.read(handle, _RULES_LIMIT)
    except OSError:
        return None
    finally:
        os.close(handle)


def _unreadable(path: str, error: OSError) -> Unreadable:
    return Unreadable("errors.unreadable", path=path, reason=error.strerror or str(error))
