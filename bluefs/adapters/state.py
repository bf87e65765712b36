"""The state store: what was handled, what is to be written, and notes, in one SQLite file.

Owns ``bluefs/state.db`` of the worktree's Git directory. Refuses to be precious: a file that
is damaged or of another version is deleted and made anew, because the engine can rebuild it
from HEAD (``rebuilt`` says that this has happened). Only the engine, which holds the lock,
writes or deletes; a command opens it with ``writer=False`` and sees nothing where there is
nothing sound to see.

Bytes stand in a table of their own, so that reading all rows without them touches few pages.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Callable, Mapping, Sequence

from bluefs.adapters import database
from bluefs.adapters.database import from_key, to_key, transaction
from bluefs.core.errors import Refused, StateLost
from bluefs.core.hints import TYPE_CHECKING, TypeVar

VERSION = 1
_SCHEMA = """
CREATE TABLE handled (
  path BLOB PRIMARY KEY, sha TEXT NOT NULL, record TEXT, stat BLOB, at REAL NOT NULL,
  committed INTEGER NOT NULL, origin BLOB
) WITHOUT ROWID;
CREATE INDEX handled_record ON handled (record) WHERE record IS NOT NULL;
CREATE TABLE content (path BLOB PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE pending (
  number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, path BLOB NOT NULL,
  base BLOB NOT NULL, target_path BLOB NOT NULL, target BLOB NOT NULL, cause TEXT NOT NULL
);
CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID
"""
_COLUMNS = "path, sha, record, stat, at, committed, origin"
#: size, mtime_ns, ctime_ns, inode. Packed, because an inode may exceed SQLite's 63 bits.
_STAT = struct.Struct("<qqqQ")

T = TypeVar("T")

if TYPE_CHECKING:
    from bluefs.core.ports import Handled, Pending, StateChange


class SqliteState:
    """State in ``file``, opened when first used. Not for several threads."""

    def __init__(self, file: str, *, writer: bool = True) -> None:
        self.file = file
        self.writer = writer
        self.rebuilt = False  # an unusable file was thrown away
        self._connection: sqlite3.Connection | None = None

    def all(self) -> Mapping[str, Handled]:
        """path -> Handled with ``data`` left empty, in order of the paths' bytes."""
        sql = f"SELECT {_COLUMNS}, x'' FROM handled ORDER BY path"
        nothing: list[Handled] = []
        rows = self._read(lambda c: [_handled(row) for row in c.execute(sql)], nothing)
        return {handled.path: handled for handled in rows}

    def get(self, path: str) -> Handled | None:
        found = self._handled("WHERE path = ?", to_key(path))
        return found[0] if found else None

    def by_record(self, record: str) -> Sequence[Handled]:
        """Every path that holds this record, with its bytes; several for a copied file."""
        return self._handled("WHERE record = ? ORDER BY path", record)

    def pending(self) -> Sequence[Pending]:
        """In the order in which they were added."""
        sql = "SELECT path, base, target_path, target, cause FROM pending ORDER BY number"
        return self._read(lambda c: [_pending(row) for row in c.execute(sql)], [])

    def note(self, key: str) -> str | None:
        sql = "SELECT value FROM notes WHERE key = ?"
        row = self._read(lambda c: c.execute(sql, (key,)).fetchone(), None)
        return None if row is None else str(row[0])

    def apply(self, change: StateChange) -> None:
        """One durable transaction: drop, put, done, pend, notes, in this order. Raises
        StateLost where the file turned out to be damaged (it is empty then)."""
        if not self.writer:
            raise Refused("errors.state.reader", file=self.file)
        self._read(lambda c: _apply(c, change), None)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _handled(self, where: str, *values: object) -> list[Handled]:
        sql = f"SELECT {_COLUMNS}, data FROM handled JOIN content USING (path) {where}"
        return self._read(lambda c: [_handled(row) for row in c.execute(sql, values)], [])

    def _read(self, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """Do the work on the open file; on damage start anew and say so."""
        fresh = self._connection is None
        try:
            return self._on_connection(work, nothing)
        except sqlite3.Error as error:
            if not _is_lost(error):
                raise database.trouble(self.file, error) from error
            return self._after_damage(work, nothing, fresh, error)
        except OSError as error:
            raise database.trouble(self.file, error) from error

    def _after_damage(
        self, work: Callable[[sqlite3.Connection], T], nothing: T, fresh: bool, error: Exception
    ) -> T:
        if not self.writer:
            return nothing
        self._discard()
        if not fresh:  # what the engine has in mind no longer fits: let it start over
            raise StateLost("errors.state.lost", file=self.file) from error
        return self._on_connection(work, nothing)

    def _on_connection(self, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        if self._connection is None:
            self._connection = self._open()
        return nothing if self._connection is None else work(self._connection)

    def _open(self) -> sqlite3.Connection | None:
        if not self.writer and not os.path.exists(self.file):  # noqa: PTH110
            return None
        database.make_parent(self.file)
        connection = database.connect(self.file)
        try:
            return self._usable(connection)
        except BaseException:
            connection.close()
            raise

    def _usable(self, connection: sqlite3.Connection) -> sqlite3.Connection | None:
        """The connection, or one to a new file where this one is of another making."""
        if database.version_of(connection) == VERSION:
            return database.tune(connection)
        if not self.writer:
            connection.close()
            return None
        if not database.is_empty(connection):
            connection.close()
            self._discard()
            connection = database.connect(self.file)
        database.create(database.tune(connection), _SCHEMA, VERSION)
        return connection

    def _discard(self) -> None:
        self.close()
        database.remove(self.file)
        self.rebuilt = True


def _is_lost(error: sqlite3.Error) -> bool:
    """Damage, or a table that is not as this version made it."""
    plain = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return plain or database.is_damage(error)


def _apply(connection: sqlite3.Connection, change: StateChange) -> None:
    with transaction(connection):
        gone = [(to_key(path),) for path in change.drop]
        connection.executemany("DELETE FROM handled WHERE path = ?", gone)
        connection.executemany("DELETE FROM content WHERE path = ?", gone)
        connection.executemany(
            "INSERT OR REPLACE INTO handled VALUES (?, ?, ?, ?, ?, ?, ?)", map(_row, change.put)
        )
        connection.executemany(
            "INSERT OR REPLACE INTO content VALUES (?, ?)",
            ((to_key(handled.path), handled.data) for handled in change.put),
        )
        _apply_pending(connection, change)
        _apply_notes(connection, change.notes)


def _apply_pending(connection: sqlite3.Connection, change: StateChange) -> None:
    done = ((_digest(pending),) for pending in change.done)
    connection.executemany("DELETE FROM pending WHERE digest = ?", done)
    connection.executemany(
        "INSERT OR IGNORE INTO pending VALUES (NULL, ?, ?, ?, ?, ?, ?)",
        (
            (_digest(p), to_key(p.path), p.base, to_key(p.target_path), p.target, p.cause)
            for p in change.pend
        ),
    )


def _apply_notes(connection: sqlite3.Connection, notes: Mapping[str, str | None]) -> None:
    for key, value in notes.items():
        if value is None:
            connection.execute("DELETE FROM notes WHERE key = ?", (key,))
        else:
            connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (key, value))


def _row(handled: Handled) -> tuple[object, ...]:
    stat = handled.stat
    packed = None if stat is None else _STAT.pack(*stat)
    key = to_key(handled.path)
    at, committed = handled.handled_at, int(handled.committed)
    origin = None if handled.origin is None else to_key(handled.origin)
    return (key, handled.sha, handled.record, packed, at, committed, origin)


_Row = tuple[bytes, str, str | None, bytes | None, float, int, bytes | None, bytes]


def _handled(row: _Row) -> Handled:
    path, sha, record, packed, at, committed, key, data = row
    from bluefs.core.ports import Handled, Stat

    stat = None if packed is None else Stat(*_STAT.unpack(packed))
    origin = None if key is None else from_key(key)
    return Handled(from_key(path), data, sha, record, stat, at, committed == 1, origin)


def _pending(row: tuple[bytes, bytes, bytes, bytes, str]) -> Pending:
    path, base, target_path, target, cause = row
    from bluefs.core.ports import Pending

    return Pending(from_key(path), base, from_key(target_path), target, cause)


def _digest(pending: Pending) -> bytes:
    """Equal writes have equal digests: each part with its length before it."""
    parts = (
        to_key(pending.path),
        pending.base,
        to_key(pending.target_path),
        pending.target,
        to_key(pending.cause),
    )
    from hashlib import sha256

    digest = sha256()
    for part in parts:
        digest.update(struct.pack("<Q", len(part)))
        digest.update(part)
    return digest.digest()
