"""The journal: what commands did to files, one JSON line for each operation.

Owns ``bluefs/journal`` in the worktree's Git directory. The engine reads it to see a command's
edit at once; ``undo`` takes the bytes from it that the last command found. It is no history
(Git is) and may be deleted at any time. Refuses to grow: above 4 MiB it keeps the newest half,
and the last command's operations always whole.

Offsets count bytes since the journal began, trimmed ones included: the first line says how
many those are, so a reader's offset stays good across a trim.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bluefs.adapters import local
from bluefs.core.frozen import dataclass

#: Bytes above which the journal is trimmed.
LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation of one command. ``at`` (seconds) and ``command`` are the same for all
    operations of one run. ``to`` is the new path of a move. A ``before_sha`` of None: the
    file did not exist; an ``after_sha`` of None: it was deleted. ``before`` are the bytes
    found, None where there were none or they are too many to keep."""

    at: float
    command: str
    path: str
    to: str | None = None
    before_sha: str | None = None
    after_sha: str | None = None
    before: bytes | None = None

    @property
    def run(self) -> tuple[float, str]:
        """What the operations of one command have in common."""
        return self.at, self.command


class Journal:
    """The journal in ``file``; several processes may append at once."""

    def __init__(self, file: str, *, limit: int = LIMIT) -> None:
        self.file = file
        self._limit = limit

    def append(self, entries: Sequence[Entry]) -> None:
        """Durable when this returns, so that ``undo`` can rely on it: call it before the
        files are touched. Raises OSError."""
        if not entries:
            return
        with self._locked() as descriptor:
            size = os.fstat(descriptor).st_size
            lines = b"".join(map(_render, entries))
            if size == 0:
                lines = _head(0) + lines
            elif os.pread(descriptor, 1, size - 1) != b"\n":
                lines = b"\n" + lines  # after a torn line
            _write_all(descriptor, lines)
            os.fsync(descriptor)
            if size + len(lines) > self._limit:
                self._trim()

    def since(self, offset: int = 0) -> tuple[list[Entry], int]:
        """The entries from ``offset`` on and the offset after them. A line that is still
        being written is left for the next time; lines nobody can read are passed over. An
        offset that has been trimmed away, or is of a journal since deleted, begins at the
        oldest entry."""
        try:
            data = Path(self.file).read_bytes()
        except FileNotFoundError:
            return [], 0
        base, start = _base(data)
        whole = data.rfind(b"\n") + 1
        end = base + whole - start if whole > start else base
        position = start + offset - base if base <= offset <= end else start
        lines = data[position:whole].splitlines() if whole > position else []
        return [entry for entry in map(_parse, lines) if entry is not None], end

    def end(self) -> int:
        """The offset after the last entry."""
        return self.since(0)[1]

    def last_run(self) -> list[Entry]:
        """The operations of the command that ran last, in their order."""
        entries, _ = self.since(0)
        return [entry for entry in entries if entry.run == entries[-1].run]

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The file, locked, and still the one of that name: a trim replaces it."""
        Path(self.file).parent.mkdir(parents=True, exist_ok=True)
        while True:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            descriptor = os.open(self.file, flags, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if self._is_current(descriptor):
                    yield descriptor
                    return
            finally:
                os.close(descriptor)

    def _is_current(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.stat(self.file), os.fstat(descriptor))  # noqa: PTH116
        except FileNotFoundError:
            return False

    def _trim(self) -> None:
        data = Path(self.file).read_bytes()
        base, start = _base(data)
        keep = min(_line_after(data, len(data) - self._limit // 2, start), _last_run(data, start))
        if keep > start:
            local.replace(self.file, _head(base + keep - start) + data[keep:])


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _head(base: int) -> bytes:
    return json.dumps({"base": base}).encode() + b"\n"


def _base(data: bytes) -> tuple[int, int]:
    """How many bytes were trimmed, and where the entries begin."""
    line, newline, _ = data.partition(b"\n")
    try:
        return int(json.loads(line)["base"]), len(line) + len(newline)
    except (ValueError, KeyError, TypeError):
        return 0, 0


def _line_after(data: bytes, position: int, start: int) -> int:
    return data.find(b"\n", max(position, start)) + 1


def _last_run(data: bytes, start: int) -> int:
    """Where the last command's lines begin."""
    end = data.rfind(b"\n") + 1
    position, run = end, None
    while position > start:
        before = data.rfind(b"\n", start, position - 1) + 1 or start
        entry = _parse(data[before:position])
        if entry is not None and run not in (None, entry.run):
            break
        run = entry.run if entry is not None else run
        position = before
    return position


def _render(entry: Entry) -> bytes:
    before = None if entry.before is None else base64.b64encode(entry.before).decode()
    fields = {
        "at": entry.at,
        "command": entry.command,
        "path": entry.path,
        "to": entry.to,
        "before_sha": entry.before_sha,
        "after_sha": entry.after_sha,
        "before": before,
    }
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def _parse(line: bytes) -> Entry | None:
    try:
        fields = json.loads(line)
        before = fields.pop("before")
        data = None if before is None else base64.b64decode(before, validate=True)
        return Entry(**fields, before=data)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
