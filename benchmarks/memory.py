"""What the engine holds in memory: at rest after its start, and after many changes."""

from __future__ import annotations

import os
from dataclasses import dataclass

from benchmarks.rows import Absent
from benchmarks.stand import Failed, Stand
from benchmarks.watch import wait_for

#: Seconds for the engine to commit the changes: edits wait five times ``quiet``.
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Memory:
    """``started`` in seconds, from the call to *Watching*; the rest in MB (10⁶ bytes)."""

    started: float
    before: float
    changes: int
    after: float


def memory(stand: Stand, changes: int) -> Memory:
    """Edits up to ``changes`` records as an editor does (a new file renamed over the old one)
    and waits until the engine has committed them. Raises Failed, Absent."""
    watch = stand.watch
    if watch is None:
        raise Failed("the engine does not run")
    watch.rest()
    before = watch.memory()
    if before is None:
        raise Absent("this system does not tell a process's memory")
    paths = stand.made.edited[:changes]
    for number, path in enumerate(paths):
        _edit(stand, path, number)
    wait_for(lambda: _is_committed(stand), _PATIENCE, "the changes were not committed")
    watch.rest()
    return Memory(watch.started, before, len(paths), watch.memory() or 0.0)


def _edit(stand: Stand, path: str, number: int) -> None:
    file = stand.watched / path
    draft = file.with_name(f".{number}.draft")
    draft.write_bytes(file.read_bytes() + f"\nEdited, number {number}.\n".encode())
    os.replace(draft, file)  # noqa: PTH105


def _is_committed(stand: Stand) -> bool:
    """Whether Git sees no change; asked a few times a second, for the answer is not timed."""
    import time

    time.sleep(0.3)
    return not stand.git(stand.watched, "--no-optional-locks", "status", "--porcelain").strip()
