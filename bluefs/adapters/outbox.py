"""The outbox: every outward effect, durable before it is sent, in one SQLite file.

Owns ``bluefs/outbox.db`` of the common Git directory, which all worktrees share. Refuses
transitions that ``core.effects`` does not allow, and refuses to heal a damaged file: an outbox
made anew could lose mail or send it twice.

Who takes a letter holds a lock file of its own while it lives, so that another worktree's
engine can tell a letter in the middle of sending from one whose sender has died.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bluefs.adapters import database, local
from bluefs.adapters.database import transaction
from bluefs.adapters.renames import rename_new
from bluefs.core.effects import MAY_HAVE_LEFT, check_transition, tries_after
from bluefs.core.errors import BluefsError, OutboxDamaged
from bluefs.core.ports import Clock, Letter, OutboxState

VERSION = 1
_NAMES = ("key", "nonce", "commit", "rule", "record", "title", "effect", "state", "message_id",
          "tries", "at", "error", "place")  # fmt: skip
_COLUMNS = ", ".join(f'"{name}"' for name in _NAMES)
_SCHEMA = """
CREATE TABLE letters (
  number INTEGER PRIMARY KEY, "key" TEXT NOT NULL UNIQUE, nonce TEXT NOT NULL,
  "commit" TEXT NOT NULL, rule TEXT NOT NULL, record TEXT NOT NULL, title TEXT NOT NULL,
  effect TEXT NOT NULL, state TEXT NOT NULL, message_id TEXT NOT NULL, tries INTEGER NOT NULL,
  "at" REAL NOT NULL, error TEXT, place TEXT, owner TEXT
);
CREATE INDEX letters_state ON letters (state, "at");
CREATE INDEX letters_nonce ON letters (nonce)
"""
#: What ``set`` may change besides the state.
SETTABLE = frozenset({"error", "place", "tries", "at"})


def message_id(key: str, domain: str = "bluefs") -> str:
    """The Message-ID (RFC 5322, 3.6.4) that a letter of this key has for ever: every attempt
    bears the same one, so a mail system that has seen it can drop the second."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


class SqliteOutbox:
    """Outbox in ``file``, opened when first used. Not for several threads."""

    def __init__(self, file: str, clock: Clock) -> None:
        self.file = file
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._sender = _Sender(f"{file}.senders")

    def plan(self, letters: Sequence[Letter]) -> None:
        """Insert as ``planned``; a key that is there as planned takes the new nonce, in any
        other state it is left alone."""
        sql = (
            f"INSERT INTO letters ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))}) "
            "ON CONFLICT (key) DO UPDATE SET nonce = excluded.nonce WHERE state = 'planned'"
        )
        with self._change() as connection:
            connection.executemany(sql, (self._planned_row(letter) for letter in letters))

    def release(self, nonce: str, state: OutboxState = "pending") -> Sequence[Letter]:
        """Planned letters of this nonce enter ``state`` (pending or held); returns them."""
        check_transition(nonce, "planned", state)
        with self._change() as connection:
            keys = [letter.key for letter in _select(connection, _PLANNED, nonce)]
            for key in keys:
                self._enter(connection, key, state, {})
            return [_select(connection, 'WHERE "key" = ?', key)[0] for key in keys]

    def planned(self) -> Sequence[Letter]:
        return self.letters("planned")

    def letters(self, *states: OutboxState) -> Sequence[Letter]:
        """Those in one of the states (all, if none is named), in the order of planning."""
        marks = ", ".join("?" * len(states))
        where = f"WHERE state IN ({marks}) ORDER BY number" if states else "ORDER BY number"
        with self._use() as connection:
            return _select(connection, where, *states)

    def get(self, key: str) -> Letter | None:
        with self._use() as connection:
            found = _select(connection, 'WHERE "key" = ?', key)
            return found[0] if found else None

    def set(self, key: str, state: OutboxState, **fields: object) -> None:
        """Enter another state; ``fields`` among error, place, tries, at. Raises
        IllegalTransition, BluefsError for a key that is not there."""
        with self._change() as connection:
            self._enter(connection, key, state, fields)

    def claim(self, key: str) -> bool:
        """pending -> sending; False if it is not pending (any more)."""
        owner = self._sender.token()
        sql = (
            "UPDATE letters SET state = 'sending', owner = ?, \"at\" = ? "
            "WHERE \"key\" = ? AND state = 'pending'"
        )
        with self._change() as connection:
            return connection.execute(sql, (owner, self._clock.now(), key)).rowcount == 1

    def recover(self) -> Sequence[Letter]:
        """For the engine's start: checks the whole file, then turns every letter whose sender
        died in the middle into ``unknown``; returns them. It may have arrived, so only a
        person may send it again."""
        with self._change() as connection:
            self._check(connection)
            sql = "SELECT DISTINCT owner FROM letters WHERE state = 'sending'"
            dead = [o for (o,) in connection.execute(sql) if not self._sender.lives(o)]
            where = "WHERE state = 'sending' AND owner IS ? ORDER BY number"
            keys = [letter.key for owner in dead for letter in _select(connection, where, owner)]
            for key in keys:
                self._enter(connection, key, "unknown", {})
            found = [_select(connection, 'WHERE "key" = ?', key)[0] for key in keys]
        self._sender.sweep()
        return found

    def sent_since(self, moment: float) -> int:
        """How many letters have left, may have left or are leaving since ``moment``."""
        marks = ", ".join("?" * len(MAY_HAVE_LEFT))
        sql = f'SELECT count(*) FROM letters WHERE state IN ({marks}) AND "at" >= ?'
        with self._use() as connection:
            count: int = connection.execute(sql, (*MAY_HAVE_LEFT, moment)).fetchone()[0]
            return count

    def discard_planned(self, nonce: str) -> None:
        """Forget planned letters of a nonce that never came to be: deleted, not dropped, so
        that the same effect can be planned again."""
        with self._change() as connection:
            connection.execute(f"DELETE FROM letters {_PLANNED_ONLY}", (nonce,))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._sender.close()

    def _planned_row(self, letter: Letter) -> tuple[object, ...]:
        values = {name: getattr(letter, name) for name in _NAMES}
        values["state"], values["at"] = "planned", self._clock.now()
        values["message_id"] = letter.message_id or message_id(letter.key)
        values["title"] = letter.title.encode("utf-8", "replace").decode()
        return tuple(values.values())

    def _enter(
        self, connection: sqlite3.Connection, key: str, state: OutboxState, given: dict[str, object]
    ) -> None:
        """The only way into another state, but for ``claim``, which does the same in one
        statement."""
        if not given.keys() <= SETTABLE:
            raise TypeError(f"not to be set: {sorted(given.keys() - SETTABLE)}")
        found = _select(connection, 'WHERE "key" = ?', key)
        if not found:
            raise BluefsError("errors.outbox.absent", letter=key)
        check_transition(key, found[0].state, state)
        values: dict[str, object] = {
            "state": state,
            "owner": self._sender.token() if state == "sending" else None,
            "at": self._clock.now(),
            "tries": tries_after(found[0].tries, found[0].state, state),
        }
        if state == "sent":
            values["error"] = None
        values.update(given)
        assignments = ", ".join(f'"{name}" = ?' for name in values)
        sql = f'UPDATE letters SET {assignments} WHERE "key" = ?'
        connection.execute(sql, (*values.values(), key))

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._use() as connection, transaction(connection):
            yield connection

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._connection is None:
                self._connection = self._open()
            yield self._connection
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, sqlite3.Error) and database.is_damage(error):
                raise self._damaged(str(error)) from error
            raise database.trouble(self.file, error) from error

    def _open(self) -> sqlite3.Connection:
        _make(self.file)
        connection = database.connect(self.file)
        try:
            self._check_version(database.version_of(connection))
            return database.tune(connection)
        except BaseException:
            connection.close()
            raise

    def _check_version(self, version: int) -> None:
        if version > VERSION:
            raise OutboxDamaged("errors.outbox.newer", file=self.file, version=version)
        if version != VERSION:
            raise self._damaged("it holds no outbox")

    def _check(self, connection: sqlite3.Connection) -> None:
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise self._damaged(str(verdict))

    def _damaged(self, detail: str) -> OutboxDamaged:
        return OutboxDamaged("errors.outbox.damaged", file=self.file, detail=detail)


_PLANNED_ONLY = "WHERE nonce = ? AND state = 'planned'"
_PLANNED = f"{_PLANNED_ONLY} ORDER BY number"


def _select(connection: sqlite3.Connection, where: str, *values: object) -> list[Letter]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM letters {where}", values)
    return [Letter(*row) for row in rows]


def _make(file: str) -> None:
    """A new outbox comes into being complete, under its name: so an empty or headless file
    of that name is always damage, never one that is just being made."""
    if Path(file).exists():
        return
    database.make_parent(file)
    beside = f"{file}.new-{secrets.token_hex(4)}"
    connection = sqlite3.connect(beside, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        database.create(connection, _SCHEMA, VERSION)
        connection.close()
        rename_new(beside, file)
        local.sync_folder(str(Path(file).parent))
    except FileExistsError:
        pass  # another process was faster
    finally:
        connection.close()
        database.remove(beside)


class _Sender:
    """This process's sign of life: a file in ``folder`` that it keeps locked."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._token: str | None = None
        self._descriptor = -1

    def token(self) -> str:
        if self._token is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            token = self._sign()
            while token is None:
                token = self._sign()
            self._token = token
        return self._token

    def _sign(self) -> str | None:
        """A locked file of a fresh name; None if it was swept away before it was locked."""
        token = secrets.token_hex(8)
        file = self._folder / token
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not file.exists():
            os.close(descriptor)
            return None
        self._descriptor = descriptor
        return token

    def lives(self, token: str | None) -> bool:
        """Whether the process that took a letter under this token is still there."""
        if token is None:
            return False
        if token == self._token:
            return True
        try:
            descriptor = os.open(self._folder / token, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    def sweep(self) -> None:
        """Take away the signs of the dead."""
        for entry in self._folder.glob("*"):
            if not self.lives(entry.name):
                entry.unlink(missing_ok=True)

    def close(self) -> None:
        if self._token is not None:
            (self._folder / self._token).unlink(missing_ok=True)
            os.close(self._descriptor)
            self._token = None
