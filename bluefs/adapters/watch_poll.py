"""Watching without notices from the system: compare all files again and again.

Owns the last comparison. Refuses to say *closed*: nobody has told it, so everything settles
by hash.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from bluefs.core.ports import Notice

if TYPE_CHECKING:
    from bluefs.adapters.watch import Places

#: size, mtime, ctime, inode of a file; of a folder its inode alone (its times change with
#: each file in it).
Mark = tuple[int, ...]
#: A comparison may take this share of the time, so that a slow disk is not kept busy.
_SHARE = 0.2


class Poll:
    """``due`` is when to look next, on the monotonic clock."""

    def __init__(self, places: Places, interval: float) -> None:
        self._places = places
        self._interval = interval
        self._tree: dict[str, Mark] = {}
        self._git: dict[str, Mark] = {}
        self._asks: frozenset[str] = frozenset()
        self.due = 0.0
        self.look()

    def look(self) -> list[Notice]:
        """What differs from the last look."""
        begun = time.monotonic()
        tree = dict(_walk(self._places.root, "", self._tree))
        git = dict(_git_marks(self._places))
        asks = frozenset(_asks(self._places.ask))
        notices = [Notice(path) for path in sorted(_differing(self._tree, tree))]
        if git != self._git:
            notices.append(Notice(git=True))
        if asks - self._asks:
            notices.append(Notice(ask=True))
        self._tree, self._git, self._asks = tree, git, asks
        now = time.monotonic()
        self.due = now + max(self._interval, (now - begun) / _SHARE)
        return notices


def _differing(old: Mapping[str, Mark], new: Mapping[str, Mark]) -> set[str]:
    return {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


def _walk(root: str, under: str, known: Mapping[str, Mark]) -> Iterator[tuple[str, Mark]]:
    """Every file and folder that is not hidden. A folder that cannot be listed for the moment
    keeps what is known of it, or its records would look deleted."""
    try:
        with os.scandir(os.path.join(root, under)) as found:  # noqa: PTH118
            entries = list(found)
    except FileNotFoundError:
        return
    except OSError:
        prefix = f"{under}/" if under else ""
        yield from ((path, mark) for path, mark in known.items() if path.startswith(prefix))
        return
    for entry in entries:
        yield from _entry(root, under, entry, known)


def _entry(
    root: str, under: str, entry: os.DirEntry[str], known: Mapping[str, Mark]
) -> Iterator[tuple[str, Mark]]:
    path = f"{under}/{entry.name}" if under else entry.name
    if entry.name.startswith(".") and entry.name != ".gitkeep":
        return
    with suppress(OSError):
        if entry.is_dir(follow_symlinks=False):
            yield path, (entry.inode(),)
            yield from _walk(root, path, known)
        elif entry.is_file(follow_symlinks=False):
            yield path, _mark(entry.stat(follow_symlinks=False))


def _mark(stat: os.stat_result) -> Mark:
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def _git_marks(places: Places) -> Iterator[tuple[str, Mark]]:
    from bluefs.adapters.watch import GIT_NAMES

    for folder in sorted({places.git_dir, places.common_dir}):
        for name in sorted(GIT_NAMES):
            path = f"{folder}/{name}"
            with suppress(OSError):
                yield path, _mark(os.stat(path, follow_symlinks=False))  # noqa: PTH116
    for name in ("refs", "reftable"):
        yield from _refs(f"{places.common_dir}/{name}")


def _refs(folder: str) -> Iterator[tuple[str, Mark]]:
    for path, _, names in os.walk(folder):
        for name in names:
            file = f"{path}/{name}"
            if not name.endswith(".lock"):
                with suppress(OSError):
                    yield file, _mark(os.stat(file, follow_symlinks=False))  # noqa: PTH116


def _asks(folder: str) -> Iterator[str]:
    with suppress(OSError):
        yield from (name for name in os.listdir(folder) if name.endswith(".json"))  # noqa: PTH208
