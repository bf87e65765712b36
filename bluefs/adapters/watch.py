"""The watch: says which paths may have changed, and throws the kind of change away.

Owns the queue of notices and the choice between the two sources: inotify (``watch_inotify``)
as long as a probe file proves it alive, else a comparison of all files each second
(``watch_poll``); ``reason`` says why it polls. Refuses to interpret: what a notice means is
found by looking at the file.

Names are left out as ``Files.scan`` leaves them out: whatever lies below a folder whose name
begins with a dot, and files whose names do, but for ``.gitkeep``.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bluefs.adapters import local
from bluefs.core.frozen import dataclass
from bluefs.core.ports import Notice

if TYPE_CHECKING:
    from bluefs.adapters.watch_inotify import Inotify
    from bluefs.adapters.watch_poll import Poll

#: Why the watch polls: too few inotify watches or instances; no event of the probe file came;
#: no inotify here; the workspace's folder went away; it was asked to; the probe could not be
#: written.
Reason = Literal["limit", "silent", "unsupported", "gone", "asked", "unwritable"]

#: Seconds for the probe's event to come.
PROBE_TIMEOUT = 2.0
#: Seconds to go on listening after the first notice, so that the creation and the closing of
#: one file are one notice.
_GATHER = 0.01
#: What in a Git directory may move a branch or begin or end an operation.
GIT_NAMES = frozenset(
    (
        *("HEAD", "index", "packed-refs", "config", "MERGE_HEAD", "CHERRY_PICK_HEAD"),
        *("REVERT_HEAD", "BISECT_START", "rebase-merge", "rebase-apply"),
    )
)


@dataclass(frozen=True, slots=True)
class Places:
    """Absolute real paths. ``common_dir`` is ``git_dir`` but in a linked worktree."""

    root: str
    git_dir: str
    common_dir: str

    @property
    def ask(self) -> str:
        return f"{self.git_dir}/bluefs/ask"

    @property
    def probe(self) -> str:
        return f"{self.root}/.bluefs/probe"

    def relative(self, path: str) -> str | None:
        """The workspace path, None for what is no data: outside, hidden, the root itself."""
        prefix = self.root.rstrip("/") + "/"
        if not path.startswith(prefix):
            return None
        name = path[len(prefix) :]
        return None if is_hidden(name) else name


def is_hidden(path: str) -> bool:
    """Whether a workspace path is no data by its name. (A folder ``.gitkeep`` is nobody's.)"""
    folders, _, name = path.rpartition("/")
    hidden = name.startswith(".") and name != ".gitkeep"
    return hidden or any(part.startswith(".") for part in folders.split("/"))


def merge(notices: Iterable[Notice]) -> list[Notice]:
    """One notice for each path, in order of their last. The last word counts: *closed* after
    *created* is closed, *created* after *closed* is open again."""
    found: dict[tuple[str, bool, bool, bool], Notice] = {}
    for notice in notices:
        key = (notice.path, notice.overflow, notice.git, notice.ask)
        found.pop(key, None)
        found[key] = notice
    return list(found.values())


class Inbox:
    """Where the sources' threads put notices and ``wait`` takes them."""

    def __init__(self) -> None:
        self._arrival = threading.Condition()
        self._notices: list[Notice] = []
        self._woken = False

    def put(self, *notices: Notice) -> None:
        with self._arrival:
            self._notices.extend(notices)
            self._arrival.notify_all()

    def wake(self) -> None:
        """End a wait although nothing came."""
        with self._arrival:
            self._woken = True
            self._arrival.notify_all()

    def take(self, timeout: float) -> tuple[list[Notice], bool]:
        """What came, and whether ``wake`` ended the wait."""
        with self._arrival:
            self._arrival.wait_for(lambda: self._notices or self._woken, timeout)
            if self._notices and timeout > 0 and not self._woken:
                self._arrival.wait_for(lambda: self._woken, _GATHER)
            woken, self._woken = self._woken, False
            notices, self._notices = self._notices, []
            return notices, woken


class FolderWatch:
    """Watch over a workspace and its Git directory. ``interval`` in seconds between two
    comparisons while it polls; ``poll=True`` polls from the start."""

    def __init__(
        self,
        root: str,
        git_dir: str,
        common_dir: str | None = None,
        *,
        poll: bool = False,
        interval: float = 1.0,
    ) -> None:
        real = os.path.realpath
        self.places = Places(real(root), real(git_dir), real(common_dir or git_dir))
        self.reason: Reason | None = "asked" if poll else None
        self._interval = interval
        self._inbox = Inbox()
        self._inotify: Inotify | None = None
        self._poll: Poll | None = None
        self._failed: Reason | None = None  # set by inotify's thread
        self._stopped = False

    def start(self) -> bool:
        """True if a probe file proved inotify alive; else it polls, and ``reason`` says why.
        What changes after this call is noticed either way: start first, then scan."""
        self._stopped = False
        with suppress(OSError):
            Path(self.places.ask).mkdir(parents=True, exist_ok=True)
        reason = self.reason or self._start_inotify() or self._probe()
        if reason is None:
            return True
        self._start_polling(reason)
        return False

    def wait(self, timeout: float) -> Sequence[Notice]:
        """The notices so far, waiting at most ``timeout`` seconds for the first. [] if none
        came or ``wake`` or ``stop`` was called."""
        deadline = time.monotonic() + timeout
        if self._failed is not None and self._poll is None:
            self._start_polling(self._failed)
            self._inbox.put(Notice(overflow=True))
        if self._poll is None:
            return self._settled(self._inbox.take(timeout)[0], deadline)
        return self._wait_polling(self._poll, deadline)

    def wake(self) -> None:
        """End a ``wait`` of another thread or of the code a signal interrupted."""
        self._inbox.wake()

    def stop(self) -> None:
        self._stopped = True
        self._stop_inotify()
        self._poll = None
        self._inbox.wake()

    def _settled(self, notices: list[Notice], deadline: float) -> Sequence[Notice]:
        """The notices; if the source failed during the wait, it is replaced first, so that
        the scan they ask for misses nothing."""
        if self._failed is not None and not self._stopped:
            self._inbox.put(*notices)
            return self.wait(max(0.0, deadline - time.monotonic()))
        return merge(notices)

    def _wait_polling(self, poll: Poll, deadline: float) -> Sequence[Notice]:
        while True:
            until = min(deadline, poll.due)
            notices, woken = self._inbox.take(max(0.0, until - time.monotonic()))
            if time.monotonic() >= poll.due and not self._stopped:
                notices += poll.look()
            if notices or woken or self._stopped or time.monotonic() >= deadline:
                return merge(notices)

    def _start_inotify(self) -> Reason | None:
        try:
            from bluefs.adapters.watch_inotify import Inotify
        except Exception:  # noqa: BLE001 - no inotify in this libc, another watchdog
            return "unsupported"
        try:
            self._inotify = Inotify(self.places, self._inbox.put, self._fail)
            self._inotify.start()
        except TypeError:  # a watchdog that is made otherwise
            return "unsupported"
        except OSError:
            return "limit"
        return self._failed

    def _fail(self, reason: Reason) -> None:
        self._failed = reason
        self._inbox.wake()

    def _probe(self) -> Reason | None:
        """Write a file whose event must come."""
        assert self._inotify is not None
        try:
            local.make_folder(os.path.dirname(self.places.probe))  # noqa: PTH120
            local.replace(self.places.probe, b"")
        except OSError:
            return "unwritable"
        seen = self._inotify.probed.wait(PROBE_TIMEOUT)
        with suppress(OSError):
            os.unlink(self.places.probe)  # noqa: PTH108
        return self._failed or (None if seen else "silent")

    def _start_polling(self, reason: Reason) -> None:
        from bluefs.adapters.watch_poll import Poll

        self.reason = reason
        self._failed = None
        self._stop_inotify()
        self._poll = Poll(self.places, self._interval)

    def _stop_inotify(self) -> None:
        inotify, self._inotify = self._inotify, None
        if inotify is not None:
            inotify.stop()
