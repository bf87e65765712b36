"""Requests from a command to the running engine, as files in a folder.

Owns ``bluefs/ask`` in the worktree's Git directory: ``<token>.json`` is a request, and
``<token>.done`` its answer. Both appear whole. Refuses to wait for the dead: when nobody holds
the engine's lock any more, the one who asks is told.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bluefs.adapters import local
from bluefs.core.errors import Refused
from bluefs.core.ports import Lock

#: Seconds between two looks for an answer.
_PAUSE = 0.02
#: Seconds after which nobody comes for an answer any more.
_STALE = 3600.0


class Asks:
    """Both sides of the folder. ``lock`` is the engine's: it tells whether anyone listens."""

    def __init__(self, folder: str, lock: Lock) -> None:
        self._folder = Path(folder)
        self._lock = lock

    def ask(self, kind: str, timeout: float) -> dict[str, object] | None:
        """The engine's answer; None if no engine runs or it ended before it answered. Raises
        Refused after ``timeout`` seconds. Leaves nothing behind."""
        token = str(uuid.uuid4())
        request, answer = self._file(token, "json"), self._file(token, "done")
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            local.replace(str(request), json.dumps({"kind": kind}).encode())
            return self._await(answer, timeout)
        finally:
            request.unlink(missing_ok=True)
            answer.unlink(missing_ok=True)

    def _await(self, answer: Path, timeout: float) -> dict[str, object] | None:
        deadline = time.monotonic() + timeout
        while True:
            lives = self._lock.holder() is not None  # before the look: it may answer and end
            found = _read(answer)
            if found is not None or not lives:
                return found
            if time.monotonic() >= deadline:
                raise Refused("errors.ask.timeout", seconds=round(timeout))
            time.sleep(_PAUSE)

    def pending(self) -> list[tuple[str, str]]:
        """(token, kind) of every request that waits, oldest first."""
        found = []
        for request in self._folder.glob("*.json"):
            entry, at = _read(request), _modified(request)
            if entry is not None and at is not None:
                found.append((at, request.stem, str(entry.get("kind", ""))))
        return [(token, kind) for _, token, kind in sorted(found)]

    def answer(self, token: str, payload: Mapping[str, object]) -> None:
        """Answer a request; without effect if whoever asked has gone."""
        request, answer = self._file(token, "json"), self._file(token, "done")
        if request.exists():
            local.replace(str(answer), json.dumps(payload).encode())
            request.unlink(missing_ok=True)
        self._sweep()

    def _sweep(self) -> None:
        """Answers whose asker was killed."""
        for answer in self._folder.glob("*.done"):
            at = _modified(answer)
            if at is not None and time.time() - at > _STALE:
                answer.unlink(missing_ok=True)

    def _file(self, token: str, ending: str) -> Path:
        return self._folder / f"{token}.{ending}"


def _read(file: Path) -> dict[str, object] | None:
    with suppress(OSError, ValueError):
        entry = json.loads(file.read_bytes())
        return entry if isinstance(entry, dict) else None
    return None


def _modified(file: Path) -> float | None:
    with suppress(OSError):
        return file.stat().st_mtime
    return None
