"""What the SQLite files have in common: opening, transactions, telling damage from trouble.

Owns the pragmas (WAL so that commands can read while the engine writes; ``synchronous=FULL``
so that a committed transaction survives a power cut) and the spelling of paths. Refuses to
decide what damage means: the state store is made anew, the outbox is left alone.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bluefs.core.errors import BluefsError, Unwritable

#: Seconds to wait for another process's transaction (they take milliseconds).
PATIENCE = 20.0
_SIDE_FILES = ("", "-wal", "-shm", "-journal")


def connect(file: str) -> sqlite3.Connection:
    """A connection in autocommit mode, which has written nothing yet. Raises sqlite3.Error."""
    return sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)


def tune(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Set the pragmas; this may write. Raises sqlite3.Error."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def version_of(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether the file holds no table at all: it has just been made."""
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def create(connection: sqlite3.Connection, schema: str, version: int) -> None:
    """Make the tables, unless another process was faster. All of them or none."""
    with transaction(connection):
        if not is_empty(connection):
            return
        for statement in filter(str.strip, schema.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={version:d}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing. IMMEDIATE, because a reader that turns writer half-way can be
    refused without any wait (SQLITE_BUSY_SNAPSHOT)."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file's content is at fault, not a lock, the disk or a permission."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def trouble(file: str, error: Exception) -> BluefsError:
    """The error to raise for anything but damage."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unwritable("errors.database.busy", file=file)
    return Unwritable("errors.database.failed", file=file, detail=str(error))


def remove(file: str) -> None:
    """Delete a database together with its side files; the main one last, so that a crash in
    between cannot leave an old log to be replayed into a new database."""
    for suffix in reversed(_SIDE_FILES):
        with suppress(FileNotFoundError):
            os.unlink(file + suffix)  # noqa: PTH108


def make_parent(file: str) -> None:
    os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120


def to_key(path: str) -> bytes:
    """A path as stored: its bytes on disk, since SQLite's text cannot hold names that are
    not UTF-8."""
    return path.encode("utf-8", "surrogateescape")


def from_key(key: bytes) -> str:
    return key.decode("utf-8", "surrogateescape")
