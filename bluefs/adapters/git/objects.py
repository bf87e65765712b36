"""Git's objects: reading many through one child, and what their bytes mean.

Owns ``git cat-file --batch-command`` (Git 2.36) and the parsing of commits. A child that died
(killed, memory) is started once more; what is asked of it is always an object, never a path
or anything a person typed. Refuses to hold more than one child.
"""

from __future__ import annotations

import hashlib
import os
import select
import subprocess
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

from bluefs.adapters.git.run import READ_LIMIT, Runner, spawn, stop
from bluefs.core.errors import Blocked
from bluefs.core.frozen import dataclass
from bluefs.core.ports import Author

#: Requests written before answers are read: 256 of them fit into a pipe's 64 KiB, so neither
#: side can wait for the other.
_AHEAD = 256
_MAX_OFFSET = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class RawCommit:
    tree: str
    parents: tuple[str, ...]
    author: Author
    message: str


class Objects:
    """The objects of one repository. ``close`` ends the child."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._child: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self._turn = threading.RLock()

    def get(self, name: str) -> tuple[str, str, bytes] | None:
        """(id, type, bytes) of an object's id or a ref's full name; None if there is none."""
        return next(iter(self.get_many([name])))

    def get_many(self, names: Iterable[str]) -> Iterator[tuple[str, str, bytes] | None]:
        """One answer for each name, in order. Raises Blocked when the child fails twice."""
        waiting = list(names)
        for at in range(0, len(waiting), _AHEAD):
            yield from self._chunk(waiting[at : at + _AHEAD])

    def close(self) -> None:
        with self._turn:
            if self._child is not None:
                stop_reader(self._child)
            self._child = None
            self._buffer.clear()

    def _chunk(self, names: list[str]) -> list[tuple[str, str, bytes] | None]:
        if any("\n" in name or not name for name in names):
            raise ValueError("not the name of an object")
        with self._turn:
            try:
                return self._ask(names)
            except (OSError, EOFError):
                self.close()
            try:
                return self._ask(names)
            except (OSError, EOFError) as error:
                self.close()
                text = str(error) or "cat-file ended"
                raise Blocked(
                    "errors.git.failed", what="cat-file", output=text, status=-1
                ) from error
            except BaseException:
                self.close()
                raise

    def _ask(self, names: list[str]) -> list[tuple[str, str, bytes] | None]:
        child = self._started()
        assert child.stdin is not None
        child.stdin.write("".join(f"contents {name}\n" for name in names).encode())
        child.stdin.flush()
        return [self._answer(child) for _ in names]

    def _answer(self, child: subprocess.Popen[bytes]) -> tuple[str, str, bytes] | None:
        head = self._until(child, b"\n").decode("utf-8", "replace")
        words = head.rsplit(" ", 2)
        if len(words) < 3 or not words[2].isdigit():  # "<name> missing", "<name> ambiguous"
            return None
        data = self._take(child, int(words[2]))
        self._take(child, 1)
        return words[0], words[1], data

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            command = [*self._runner.command, "cat-file", "--batch-command"]
            self._child = spawn(
                command, self._runner.top, self._runner.environment(), stdin=True, stderr=False
            )
        return self._child

    def _until(self, child: subprocess.Popen[bytes], mark: bytes) -> bytes:
        while (at := self._buffer.find(mark)) < 0:
            self._fill(child)
        line = bytes(self._buffer[:at])
        del self._buffer[: at + 1]
        return line

    def _take(self, child: subprocess.Popen[bytes], size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill(child)
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _fill(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        handle = child.stdout.fileno()
        if not select.select([handle], [], [], READ_LIMIT)[0]:
            self.close()
            raise Blocked("errors.git.slow", what="cat-file", seconds=round(READ_LIMIT))
        more = os.read(handle, 1 << 16)
        if not more:
            raise EOFError
        self._buffer += more


def stop_reader(child: subprocess.Popen[bytes]) -> None:
    """It ends by itself when its input closes; one that does not is ended."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    try:
        child.wait(timeout=2)
    except subprocess.TimeoutExpired:
        stop(child)


def object_id(kind: str, data: bytes, algorithm: str) -> str:
    """The id of an object (gitformat-loose: hash of "<kind> <size>" NUL <bytes>).
    ``algorithm`` is sha1 or sha256."""
    digest = hashlib.new(algorithm, f"{kind} {len(data)}\0".encode(), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def parse_commit(data: bytes) -> RawCommit:
    """A commit object's bytes. Text that is not in the encoding it names is read as far as
    possible: somebody's old commit must not stop anything."""
    head, _, body = data.partition(b"\n\n")
    lines = head.split(b"\n")
    field = {k: v for k, _, v in (line.partition(b" ") for line in reversed(lines))}
    encoding = field.get(b"encoding", b"utf-8").decode("ascii", "replace")
    return RawCommit(
        tree=field.get(b"tree", b"").decode(),
        parents=tuple(v[7:].decode() for v in lines if v.startswith(b"parent ")),
        author=parse_ident(_decode(field.get(b"author", b""), encoding)),
        message=_decode(body, encoding),
    )


def parse_ident(text: str) -> Author:
    """``Name <email> seconds +hhmm``, as Git stores it."""
    name, _, rest = text.partition("<")
    email, _, when = rest.rpartition(">")
    return Author(name.strip(), email.strip(), _moment(when))


def render_ident(author: Author) -> str:
    """The same of an author whose ``at`` is aware (a naive one is taken as UTC)."""
    at = author.at if author.at.tzinfo else author.at.replace(tzinfo=UTC)
    minutes = int((at.utcoffset() or timedelta()).total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    offset = f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    return f"{author.name} <{author.email}> {max(0, int(at.timestamp()))} {offset}"


def parse_trailers(message: str) -> tuple[tuple[str, str], ...]:
    """The ``Key: value`` lines of the last paragraph, when all of it is such lines (a line
    that starts with a space goes on with the one before). The subject is never a trailer."""
    paragraphs = message.rstrip().split("\n\n")
    if len(paragraphs) < 2:
        return ()
    found: list[tuple[str, str]] = []
    for line in paragraphs[-1].strip("\n").split("\n"):
        key, colon, value = line.partition(":")
        if line[:1].isspace() and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif colon and key and all(c.isalnum() or c == "-" for c in key) and key.isascii():
            found.append((key, value.strip()))
        else:
            return ()
    return tuple(found)


def _moment(text: str) -> datetime:
    seconds, _, offset = text.strip().partition(" ")
    try:
        hours, minutes = int(offset[1:3] or 0), int(offset[3:5] or 0)
        shift = timedelta(hours=hours, minutes=minutes)
        if shift >= _MAX_OFFSET:
            shift = timedelta()
        zone = timezone(-shift if offset.startswith("-") else shift)
        return datetime.fromtimestamp(int(seconds or 0), zone)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return data.decode("utf-8", "replace")
