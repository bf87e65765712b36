"""The index: what was read of the files, in one SQLite file that anybody may delete.

Owns ``bluefs/index.sqlite`` of the worktree's Git directory, shared by the engine and every
command. Refuses to be precious, to be trusted blindly, and to be waited for: what is locked for
long, damaged, of another making or not to be written is done without.

- A change rests on the view before it. If anybody has written since, it is refused: it could
  put an older reading under a newer seal.
- Readers have a connection that cannot write, and see one moment.
- Writers take turns by a lock of their own (``index.lock``), so that only they change the main
  file, by a checkpoint. After it they write down its size and times (``index.seal``). A main
  file that is not as sealed was written by something else (SQLite has no checksums: bytes that
  changed inside a title would just be believed) or its writer was killed in a checkpoint: it is
  made anew. The write-ahead log has checksums of its own.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from bluefs.adapters import database
from bluefs.adapters.database import from_key, to_key
from bluefs.adapters.index_lock import IndexLock, Taken
from bluefs.core.errors import IndexLost
from bluefs.core.hints import Any
from bluefs.core.seen import IndexChange, Known, Renewed, Row, Stat

VERSION = 1
#: Bytes of write-ahead log at which it is brought over into the main file.
_LOG_LIMIT = 48 << 20
#: The same when nothing more is to be written for now.
_LOG_KEPT = 2 << 20
#: Seconds to wait for SQLite itself: the turns are taken by our lock.
_PATIENCE = 2.0
#: Bytes. A search goes through whole tables: with SQLite's own 4,096, four times as many reads.
_PAGE = 16_384
_SCHEMA = """
CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE folder (path BLOB PRIMARY KEY, seal BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE file (
  number INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, folder BLOB NOT NULL, stat BLOB NOT NULL, blob TEXT NOT NULL,
  scope BLOB NOT NULL, marks INTEGER NOT NULL, basis TEXT NOT NULL, id TEXT, packed BLOB
);
CREATE INDEX file_folder ON file (folder);
CREATE INDEX file_id ON file (id) WHERE id IS NOT NULL;
CREATE INDEX file_marks ON file (marks) WHERE marks <> 0
"""
_NOTES = "note (key, value)"
#: The note that every change sets anew.
_TURN = "turn"
_KNOWN = "path, stat, blob, scope, marks, basis"
#: size, mtime_ns, ctime_ns, inode: an inode may exceed SQLite's 63 bits.
_STAT = struct.Struct("<qqqQ")
#: Seconds after which a search is given up, to be made in memory: 100,000 records take one.
_LONGEST = 20.0
#: Steps of SQLite's machine between two looks at the clock.
_STEPS = 100_000
#: Parameters of one statement; older SQLites take 999.
_MANY = 900
#: For GLOB: a character that is neither Latin nor of western punctuation or money.
_FOREIGN = "*[^\x01-\u036f\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf]*"
#: Ids, and those before and after each.
_AROUND = """
WITH wanted (id) AS (VALUES {})
SELECT (SELECT max(f.id) FROM file f WHERE f.id < wanted.id),
  (SELECT min(f.id) FROM file f WHERE f.id > wanted.id) FROM wanted
"""

#: Files of the records whose references say something.
_REFERRING = (
    "SELECT f.path FROM file f WHERE f.number IN (SELECT e.rec FROM q_ref e WHERE e.{} IN ({}))"
)


class SqliteIndex:
    """The port ``Index`` over ``file``. ``version`` names who reads the files and how: what
    another version has read is not used. Not for several threads."""

    def __init__(self, file: str, version: str) -> None:
        self.file = file
        self.version = version
        self._lock = IndexLock(f"{file.removesuffix('.sqlite')}.lock")
        self._seal = f"{file.removesuffix('.sqlite')}.seal"
        self._writer: sqlite3.Connection | None = None
        self._inode = 0
        self._turn: str | None = None  # of the last view or change

    def view(self) -> SqliteView | None:
        with suppress(sqlite3.Error, OSError, Taken):
            with self._lock.shared():
                if self._is_sound() and self._log_size() <= _LOG_KEPT:
                    return self._open_view()
            with self._lock.exclusive():
                if not self._is_sound():
                    self._make()
                elif self._writer is None:
                    self._empty_log()
                return self._open_view()
        return None

    def apply(self, change: IndexChange) -> bool:
        with suppress(sqlite3.Error, OSError, Taken), self._lock.exclusive():
            if not self._is_sound():
                raise IndexLost("index.lost", file=self.file)
            self._apply(change)
            return True
        return False

    def discard(self) -> None:
        """Throw it away: what it says is of no use."""
        with suppress(OSError, Taken), self._lock.exclusive():
            self._remove()

    def close(self) -> None:
        if self._writer is None:
            return
        with suppress(sqlite3.Error, OSError, Taken), self._lock.exclusive():
            if self._is_sound():
                with self._sealing():
                    self._trim(_LOG_KEPT)
                    self._let_go()
        self._let_go()

    def __del__(self) -> None:
        self.close()

    def _apply(self, change: IndexChange) -> None:
        turn = os.urandom(8).hex()
        with self._sealing():
            try:
                writer = self._connection()
                with database.transaction(writer):
                    if _turn(writer) != self._turn:
                        raise IndexLost("index.lost", file=self.file)
                    _write(writer, change)
                    _write_map(writer, _NOTES, {_TURN: turn})
                self._turn = turn
                self._trim(_LOG_LIMIT)
            except BaseException:
                self._let_go()
                raise

    # -- soundness: all of these hold the lock ------------------------------------------------

    def _is_sound(self) -> bool:
        """Whether the main file is as its last writer left it."""
        try:
            return self._sealed() == self._found()
        except OSError:
            return False

    def _found(self) -> bytes:
        found = os.lstat(self.file)
        numbers = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        return repr((self.version, VERSION, numbers)).encode()

    def _sealed(self) -> bytes:
        with open(self._seal, "rb") as file:
            return file.read()

    def _put_seal(self) -> None:
        beside = f"{self._seal}.{os.getpid()}"
        with open(beside, "wb") as file:
            file.write(self._found())
        os.replace(beside, self._seal)  # noqa: PTH105

    def _make(self) -> None:
        from bluefs.core.query.sql.tables import SCHEMA

        self._let_go()
        self._remove()
        database.make_parent(self.file)
        connection = database.connect(self.file)
        try:
            connection.execute(f"PRAGMA page_size={_PAGE}")
            connection.execute("PRAGMA journal_mode=WAL")
            database.create(connection, ";".join((_SCHEMA, *SCHEMA)), VERSION)
            _write_map(connection, _NOTES, {_TURN: os.urandom(8).hex()})
        finally:
            connection.close()
        self._put_seal()

    def _remove(self) -> None:
        self._let_go()
        with suppress(FileNotFoundError):
            os.unlink(self._seal)  # noqa: PTH108
        if os.path.isdir(self.file) and not os.path.islink(self.file):  # noqa: PTH112, PTH114
            from shutil import rmtree

            rmtree(self.file)
        database.remove(self.file)

    def _open_view(self) -> SqliteView:
        connection = _reader(self.file)
        try:
            connection.execute("BEGIN")
            # The first read fixes the moment, and opens the log that belongs to this file.
            self._turn = _turn(connection)
        except BaseException:
            connection.close()
            raise
        return SqliteView(connection, self)

    def _connection(self) -> sqlite3.Connection:
        """The writer's. One to a file that somebody has replaced since is given up."""
        inode = os.lstat(self.file).st_ino
        if self._writer is not None and inode != self._inode:
            self._let_go()
        if self._writer is None:
            self._writer = sqlite3.connect(self.file, timeout=_PATIENCE, isolation_level=None)
            self._inode = inode
            self._writer.execute("PRAGMA synchronous=NORMAL")
            self._writer.execute("PRAGMA wal_autocheckpoint=0")
            self._writer.execute("PRAGMA cache_size=-32000")
        return self._writer

    @contextmanager
    def _sealing(self) -> Iterator[None]:
        """Whatever happens inside to the main file is our doing. A connection that closes as
        the last one brings the log over, too."""
        try:
            yield
        finally:
            if self._sealed() != self._found():
                self._put_seal()

    def _trim(self, limit: int) -> None:
        """Bring the log over into the main file if it has more bytes than this."""
        if self._writer is not None and self._log_size() > limit:
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _log_size(self) -> int:
        try:
            return os.stat(f"{self.file}-wal").st_size  # noqa: PTH116
        except FileNotFoundError:
            return 0

    def _empty_log(self) -> None:
        """Bring all of the log over, if nobody looks at it: whoever is the first to open a
        database reads its whole log."""
        with self._sealing():
            writer = self._connection()
            writer.execute("PRAGMA busy_timeout=0")
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._let_go()

    def _let_go(self) -> None:
        if self._writer is not None:
            with suppress(sqlite3.Error):
                self._writer.close()
            self._writer = None


def _turn(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM note WHERE key = ?", (_TURN,)).fetchone()
    return str(row[0]) if row else ""


def _reader(file: str) -> sqlite3.Connection:
    path = file.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    address = f"file:{path}?mode=ro"
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)


class SqliteView:
    """The port ``IndexView``."""

    def __init__(self, connection: sqlite3.Connection, index: SqliteIndex) -> None:
        self._connection = connection
        self._index = index
        self._taught = False

    def seals(self) -> Mapping[str, bytes]:
        with self._trusting():
            rows = self._connection.execute("SELECT path, seal FROM folder").fetchall()
            return {from_key(path): seal for path, seal in rows}

    def note(self, key: str) -> str | None:
        with self._trusting():
            sql = "SELECT value FROM note WHERE key = ?"
            row = self._connection.execute(sql, (key,)).fetchone()
            return None if row is None else str(row[0])

    def inside(self, folder: str) -> Mapping[str, Known]:
        with self._trusting():
            sql = f"SELECT {_KNOWN} FROM file WHERE folder = ?"
            found = map(_known, self._connection.execute(sql, (to_key(folder),)))
            return {known.path: known for known in found}

    def marked(self, mask: int) -> Sequence[Known]:
        with self._trusting():
            # +: else SQLite goes through all files in the order of their paths
            sql = f"SELECT {_KNOWN} FROM file WHERE marks <> 0 AND marks & ? ORDER BY +path"
            return [_known(row) for row in self._connection.execute(sql, (mask,))]

    def rows(self, paths: Iterable[str] | None = None) -> Iterator[Row]:
        with self._trusting():
            if paths is None:
                yield from self._rows("packed IS NOT NULL ORDER BY path")
                return
            wanted = sorted(map(to_key, paths))
            for n in range(0, len(wanted), _MANY):
                some = wanted[n : n + _MANY]
                marks = ",".join("?" * len(some))
                where = f"path IN ({marks}) AND packed IS NOT NULL ORDER BY path"
                yield from self._rows(where, *some)

    def blobs(self) -> Mapping[str, str]:
        with self._trusting():
            sql = "SELECT path, blob FROM file WHERE blob <> ''"
            return {from_key(path): blob for path, blob in self._connection.execute(sql)}

    def by_id(self, name: str) -> Sequence[Row]:
        with self._trusting():
            return list(self._rows("id = ? ORDER BY path", name))

    def blob(self, path: str) -> str | None:
        found = self._texts("SELECT blob FROM file WHERE path = ? AND blob <> ''", to_key(path))
        return found[0] if found else None

    def beginning(self, start: str) -> Sequence[str]:
        return self._texts(
            "SELECT path FROM file WHERE id >= ? AND id < ?", start, f"{start}\U0010ffff"
        )

    def titled(self, word: str) -> Iterable[tuple[str, str]]:
        from bluefs.core.query.sql.cells import RAW

        with self._trusting():
            sql = "SELECT path, title FROM q_record WHERE instr(title, ?) OR title GLOB ?"
            for path, title in self._connection.execute(sql, (word, _FOREIGN)):
                yield from_key(path), title.partition(RAW)[2]

    def documents(self) -> Sequence[str]:
        return self._texts(
            "SELECT path FROM file WHERE id IS NOT NULL AND number NOT IN (SELECT rec FROM q_record)"
        )

    def waiting(self) -> Sequence[str]:
        return self._texts("SELECT path FROM file WHERE number IN (SELECT rec FROM q_edge)")

    def referring(self, texts: Iterable[str]) -> Sequence[str]:
        wanted = list(texts)
        found: set[str] = set()
        for n in range(0, len(wanted), _MANY):
            some = wanted[n : n + _MANY]
            marks = ",".join("?" * len(some))
            for column in ("ref", "name"):
                found.update(self._texts(_REFERRING.format(column, marks), *some))
        return sorted(found, key=to_key)

    def ids(self) -> Sequence[str]:
        with self._trusting():
            sql = "SELECT id FROM file WHERE id IS NOT NULL"  # from the index of ids alone
            return [row[0] for row in self._connection.execute(sql)]

    def around(self, ids: Iterable[str]) -> Sequence[str]:
        wanted = list(ids)
        found: set[str] = set(wanted)
        with self._trusting():
            for n in range(0, len(wanted), _MANY):
                some = wanted[n : n + _MANY]
                sql = _AROUND.format(",".join(["(?)"] * len(some)))
                for row in self._connection.execute(sql, some):
                    found.update(name for name in row if name is not None)
        return sorted(found)

    def search(self, sql: str, parameters: Sequence[object]) -> Sequence[str] | None:
        from bluefs.core.query.sql.tables import FUNCTIONS

        until = time.monotonic() + _LONGEST
        with self._trusting():
            # once: SQLite refuses to do it again in the midst of another SELECT
            for name, function in FUNCTIONS.items() if not self._taught else ():
                self._connection.create_function(name, 1, function, deterministic=True)
            self._taught = True
            self._connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
            try:
                return [from_key(row[1]) for row in self._connection.execute(sql, parameters)]
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    return None
                raise
            finally:
                self._connection.set_progress_handler(None, 0)

    def _texts(self, sql: str, *values: object) -> list[str]:
        """The texts that a SELECT of one column gives."""
        with self._trusting():
            found = (row[0] for row in self._connection.execute(sql, values))
            return [from_key(one) if isinstance(one, bytes) else one for one in found]

    def close(self) -> None:
        self._connection.close()

    def __del__(self) -> None:
        """sqlite3's connections are parts of cycles: left alone, one would stay open, and the
        log with it, until the collector comes by."""
        self.close()

    def _rows(self, where: str, *values: object) -> Iterator[Row]:
        sql = f"SELECT path, id, packed FROM file WHERE {where}"
        for path, name, packed in self._connection.execute(sql, values):
            yield Row(from_key(path), name, packed)

    @contextmanager
    def _trusting(self) -> Iterator[None]:
        """What fails here is of no use to anybody."""
        try:
            yield
        except (sqlite3.Error, struct.error, UnicodeError, ValueError, TypeError) as error:
            self.close()
            if isinstance(error, sqlite3.OperationalError) and not database.is_damage(error):
                raise IndexLost("index.lost", file=self._index.file) from error
            self._index.discard()
            raise IndexLost("index.lost", file=self._index.file) from error


def _known(row: tuple[bytes, bytes, str, bytes, int, str]) -> Known:
    path, stat, blob, scope, marks, basis = row
    return Known(from_key(path), Stat(*_STAT.unpack(stat)), blob, scope, marks, basis)


def _write(writer: sqlite3.Connection, change: IndexChange) -> None:
    from bluefs.core.query.sql.tables import inserts

    _forget(writer, [*change.drop, *(entry.known.path for entry in change.put)])
    first = writer.execute("SELECT ifnull(max(number), 0) + 1 FROM file").fetchone()[0]
    writer.executemany(
        "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                number, to_key(known.path), to_key(known.path.rpartition("/")[0]),
                _STAT.pack(*known.stat), known.blob, known.scope, known.marks, known.basis,
                row.id if row is not None else None, row.packed if row is not None else None,
            )
            for number, (known, row, _) in enumerate(change.put, first)
        ),
    )  # fmt: skip
    numbered = [(n, e.rows) for n, e in enumerate(change.put, first) if e.rows is not None]
    for statement, rows in inserts(numbered):
        writer.executemany(statement, rows)
    if change.renew:
        _renew(writer, change.renew)
    writer.executemany(
        "UPDATE file SET stat = ?, marks = ?, basis = ? WHERE path = ?",
        ((_STAT.pack(*k.stat), k.marks, k.basis, to_key(k.path)) for k in change.touch),
    )
    _write_map(writer, "folder (path, seal)", {to_key(p): s for p, s in change.seals.items()})
    _write_map(writer, _NOTES, change.notes)


def _renew(writer: sqlite3.Connection, renewed: Iterable[Renewed]) -> None:
    """Other rows for files that are as they were."""
    from bluefs.core.query.sql.tables import DELETES, inserts

    sql = "UPDATE file SET packed = ? WHERE path = ? RETURNING number"
    found = (
        (writer.execute(sql, (row.packed, to_key(row.path))).fetchone(), rows)
        for row, rows in renewed
    )
    numbered = [(key[0], rows) for key, rows in found if key is not None and rows is not None]
    for statement in DELETES:
        writer.executemany(statement, [(number,) for number, _ in numbered])
    for statement, many in inserts(numbered):
        writer.executemany(statement, many)


def _forget(writer: sqlite3.Connection, paths: Iterable[str]) -> None:
    from bluefs.core.query.sql.tables import DELETES

    keys = list(map(to_key, paths))
    numbers: list[tuple[int]] = []
    for n in range(0, len(keys), _MANY):
        some = keys[n : n + _MANY]
        sql = f"SELECT number FROM file WHERE path IN ({','.join('?' * len(some))})"
        numbers += writer.execute(sql, some).fetchall()
    for statement in ("DELETE FROM file WHERE number = ?", *DELETES):
        writer.executemany(statement, numbers)


def _write_map(writer: sqlite3.Connection, table: str, values: Mapping[Any, object]) -> None:
    name, key = table.split(" (")[0], table.split("(")[1].split(",")[0]
    gone = [(k,) for k, value in values.items() if value is None]
    kept = [(k, value) for k, value in values.items() if value is not None]
    writer.executemany(f"DELETE FROM {name} WHERE {key} = ?", gone)
    writer.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", kept)
