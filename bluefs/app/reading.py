"""A file read for the index: what becomes of its bytes until they are rows.

Owns the marks of a file, and the form in which a reading travels from one process to another:
plain tuples. Nothing here rests on anything but one file and the settings, so that many files
can be read at once. Refuses to know what the index holds besides: that is `app.indexing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bluefs.core.codec.pack import pack
from bluefs.core.errors import Unreadable
from bluefs.core.frozen import dataclass, replace
from bluefs.core.hints import TYPE_CHECKING, Any
from bluefs.core.model import Config, Project, Record
from bluefs.core.seen import Entry, Known, Row, Stat

if TYPE_CHECKING:
    from bluefs.core.codec.record import Reading
    from bluefs.core.linking import Refer
    from bluefs.core.ports import Files
    from bluefs.core.query.sql.straight import Straight
    from bluefs.core.query.sql.tables import Rows

#: Marks of a file.
DOUBTFUL = 1  # its Stat may hide a later edit
HIDDEN = 2  # Git ignores it
PROBLEMS = 4  # there is something to say about it
EMPTY = 8  # it has no text
LOST = 16  # it gives no record by itself
BARE = 32  # it holds no id
HELD = 64  # its last good state stands in for it

#: A blob, the marks, then of the record its id, its packed form and its kinds of rows.
#: With fewer members: (blob, marks) gives no record, (blob,) is what was known already, and () is
#: a file that has gone.
Outcome = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read (``hidden``: only to be noted), and what was known of it."""

    path: str
    stat: Stat
    scope: bytes
    doubtful: bool
    hidden: bool
    known: Known | None


class Reader:
    """Reads files as the settings say. What it gives holds for this moment's bytes."""

    def __init__(self, files: Files, hash_blob: Callable[[bytes], str], config: Config) -> None:
        self._files, self._hash, self._config = files, hash_blob, config

    def read(self, tasks: Sequence[Task]) -> list[Outcome]:
        """One for each task that is not hidden, in their order. Step by step for all of them:
        a processor that does one thing at a time has it at hand, which spares a fifth."""
        wanted = [task for task in tasks if not task.hidden]
        found = list(self._files.read_many(task.path for task in wanted))
        seen = [self._look(task, data) for task, data in zip(wanted, found, strict=True)]
        unread = [
            (task, data)
            for task, data, look in zip(wanted, found, seen, strict=True)
            if len(look) == 1 and isinstance(data, bytes) and not _is_known(task, look[0])
        ]
        if not unread:
            return seen
        from bluefs.core.query.sql.straight import straight

        sound = straight([(task.path, data) for task, data in unread], self._config)
        read = iter(
            [
                self._read(task, data) if one is None else self._sound(task, one)
                for (task, data), one in zip(unread, sound, strict=True)
            ]
        )
        return [
            (*look, *next(read))
            if len(look) == 1 and isinstance(data, bytes) and not _is_known(task, look[0])
            else look
            for task, data, look in zip(wanted, found, seen, strict=True)
        ]

    def _look(self, task: Task, data: bytes | Unreadable | None) -> Outcome:
        if data is None:
            return ()
        if isinstance(data, Unreadable):
            return "", LOST | DOUBTFUL
        return (self._hash(data),)

    def _sound(self, task: Task, found: Straight) -> Outcome:
        name, _, rows = found
        bare = BARE if name is None and rows is not None else 0
        return bare | (DOUBTFUL if task.doubtful else 0), *found

    def _read(self, task: Task, data: bytes) -> Outcome:
        reading = read_record(task.path, data, self._config)
        marks = marks_of(reading) | (DOUBTFUL if task.doubtful else 0)
        record = reading.record
        if record is None:
            return (marks,)
        rows = rows_in(record, self._config)
        return marks, record.id, pack(record), None if rows is None else tuple(rows)


def _is_known(task: Task, blob: str) -> bool:
    known = task.known
    return known is not None and (known.blob, known.scope) == (blob, task.scope)


def entry_of(task: Task, outcome: Outcome) -> Entry:
    """What is to be remembered of a file that was read anew."""
    from bluefs.core.query.sql.tables import Rows

    blob, marks, *rest = outcome
    known = Known(task.path, task.stat, blob, task.scope, marks)
    if not rest:
        return Entry(known)
    name, packed, rows = rest
    return Entry(known, Row(task.path, name, packed), None if rows is None else Rows(*rows))


def read_record(path: str, data: bytes, config: Config) -> Reading:
    """`codec.record.read_whole`, which costs a seventh of a second to import: most commands
    find nothing that is to be read."""
    from bluefs.core.codec.record import read_whole

    return read_whole(path, data, config)


def marks_of(reading: Reading) -> int:
    if reading.record is None:
        return LOST | PROBLEMS
    marks = PROBLEMS if reading.problems else 0
    marks |= EMPTY if reading.empty else 0
    return marks | (BARE if is_nameless(reading.record) else 0)


def is_nameless(record: Record | None) -> bool:
    """A record (no document) whose file says no id: history may give it one."""
    return record is not None and record.id is None and record.list is not None


def entry(known: Known, record: Record | None, name: str | None, config: Config) -> Entry:
    """A file with the record that counts, under its written or derived name."""
    if record is None:
        return Entry(known)
    whole = record if record.id == name else replace(record, id=name)
    return Entry(known, Row(whole.path, name, pack(whole)), rows_in(whole, config))


def rows_in(record: Record, config: Config, refer: Refer | None = None) -> Rows | None:
    """The rows of a record in a list; ``refer`` finds the records that it refers to."""
    from bluefs.core.query.sql.tables import rows_of

    if record.list is None:
        return None
    project = config.projects.get(record.project) or Project(record.project, record.project)
    return rows_of(record, project, config, refer)
