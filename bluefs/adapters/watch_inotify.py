"""Notices from inotify, through watchdog.

Owns what watchdog (7.1) leaves to its user:

- it is asked only for the events that are needed (``event_filter``): with its default mask, a
  large checkout overflows the kernel's queue;
- an overflow is handled inside and told to nobody: here it becomes a notice, put after
  watchdog has set its watches anew, so that the scan which follows misses nothing;
- a folder below the root that cannot be watched (ENOSPC) is passed over in silence: here the
  whole source is given up, and the watch polls;
- it would watch every folder of ``.git``: here folders whose names begin with a dot are left
  out, and the few places in the Git directory are watched by themselves;
- it holds back the first half of a rename for half a second to find the second: here for
  moments, since nothing depends on the two being one.

A folder made or moved in gives a notice of the folder itself, because files may be in it from
before it was watched: whoever gets it scans below.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyFullEmitter
from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchCallback,
    WatchDescriptor,
)
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

from bluefs.adapters.watch import GIT_NAMES, Places, Reason
from bluefs.core.ports import Notice

_EVENTS: list[type[FileSystemEvent]] = [
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]
_LIMITS = (errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM)

if not hasattr(InotifyEvent, "is_queue_overflow"):  # before 7.1 overflows leave no trace
    raise ImportError("watchdog 7.1 or newer is needed")
InotifyMoveEventGrouper.delay = 0.02
# It warns on stderr where a new folder is met twice, by its event and on the way to it.
warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
# Python would print watchdog's warnings to stderr; what matters of them becomes a notice.
logging.getLogger("watchdog").addHandler(logging.NullHandler())


class Inotify:
    """Puts notices until it is stopped; ``fail`` is called, from its thread, when it can no
    longer promise to see everything. ``probed`` is set when the probe file's event came.
    Raises OSError from the constructor or ``start`` where a limit is reached."""

    def __init__(
        self,
        places: Places,
        put: Callable[[Notice], None],
        fail: Callable[[Reason], None],
    ) -> None:
        self.probed = threading.Event()
        self._places = places
        self._put = put
        self._fail = fail
        self._descriptor = _Descriptor(os.fsencode(places.root), self._overflow, self._limit)
        self._observer = BaseObserver(InotifyFullEmitter, inotify_fd=self._descriptor)
        self._descriptor.start()

    def start(self) -> None:
        try:
            self._schedule()
            self._observer.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        else:
            self._observer.unschedule_all()
        self._descriptor.stop()
        if self._descriptor is not threading.current_thread():
            self._descriptor.join()

    def _schedule(self) -> None:
        places = self._places
        self._add(places.root, self._on_tree, recursive=True)
        for folder in {places.git_dir, places.common_dir}:
            self._add(folder, self._on_git)
        for name in ("refs", "reftable"):
            self._add(f"{places.common_dir}/{name}", self._on_refs, recursive=True)
        self._add(places.ask, self._on_ask)

    def _add(
        self, folder: str, react: Callable[[FileSystemEvent], None], recursive: bool = False
    ) -> None:
        if Path(folder).is_dir():
            self._observer.schedule(
                _Handler(react), folder, recursive=recursive, event_filter=_EVENTS
            )

    def _on_tree(self, event: FileSystemEvent) -> None:
        old, new = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        if self._places.probe in (old, new):
            self.probed.set()
        if old == self._places.root and isinstance(event, DirDeletedEvent):
            self._fail("gone")
        for notice in _notices(event, self._places.relative(old), self._places.relative(new)):
            self._put(notice)

    def _on_git(self, event: FileSystemEvent) -> None:
        if not GIT_NAMES.isdisjoint(map(os.path.basename, _paths(event))):
            self._put(Notice(git=True))

    def _on_refs(self, event: FileSystemEvent) -> None:
        if any(not path.endswith(".lock") for path in _paths(event)):
            self._put(Notice(git=True))

    def _on_ask(self, event: FileSystemEvent) -> None:
        deleted = isinstance(event, FileDeletedEvent)
        if not deleted and any(path.endswith(".json") for path in _paths(event)):
            self._put(Notice(ask=True))

    def _overflow(self) -> None:
        self._put(Notice(overflow=True))

    def _limit(self) -> None:
        self._fail("limit")


def _paths(event: FileSystemEvent) -> Iterator[str]:
    yield from (os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)


def _notices(event: FileSystemEvent, old: str | None, new: str | None) -> Iterator[Notice]:
    """A file is *closed* where its writer closed it or it was moved in, by itself or with its
    folder (then watchdog made the event up: synthetic)."""
    whole = isinstance(event, FileClosedEvent | FileMovedEvent) or event.is_synthetic
    closed = whole and not event.is_directory
    if old is not None:
        yield Notice(old, closed=closed and not isinstance(event, FileMovedEvent))
    if new is not None:
        yield Notice(new, closed=closed)


class _Handler(FileSystemEventHandler):
    def __init__(self, react: Callable[[FileSystemEvent], None]) -> None:
        self._react = react

    def dispatch(self, event: FileSystemEvent) -> None:
        self._react(event)


class _Descriptor(InotifyFD):
    """watchdog's inotify instance, which tells about overflow and limits and leaves out
    hidden folders below ``root``."""

    def __init__(
        self, root: bytes, overflow: Callable[[], None], limit: Callable[[], None]
    ) -> None:
        super().__init__()
        self._root = root
        self._probe_folder = os.path.join(root, b".bluefs")  # noqa: PTH118
        self._overflow = overflow
        self._limit = limit

    def add_callback(
        self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
    ) -> WatchDescriptor:
        """Raises OSError; watchdog passes over that for all but the first folder."""
        below_root = getattr(callback, "path", None) == self._root
        if below_root and not self._is_wanted(path):
            raise OSError(errno.EACCES, "hidden")
        if not os.access(path, os.R_OK):  # watchdog would take the failure for a watch
            raise OSError(errno.EACCES, "unreadable")
        try:
            return super().add_callback(path, mask, callback, id_)
        except OSError as error:
            if error.errno in _LIMITS:
                self._limit()
            raise

    def _is_wanted(self, path: bytes) -> bool:
        below = path[len(self._root) :].split(b"/")
        return path == self._probe_folder or not any(part.startswith(b".") for part in below)

    def handle_event(self, event: InotifyEvent) -> None:
        super().handle_event(event)
        if event.is_queue_overflow:
            self._overflow()
