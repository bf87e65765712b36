"""A file read for the index: what becomes of its bytes until they are rows.

Owns the marks of a file, and the form in which a reading travels from one process to another:
plain tuples. Nothing here rests on anything but one file and the settings, so that many files
can be read at once. Refuses to know what the index holds besides: that is `app.indexing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bluefs.core.codec.pack import pack
from bluefs.core.errors import Unreadable
from bluefs.core.model import Config, Project, Record
from bluefs.core.seen import Entry, Known, Row, Stat

if TYPE_CHECKING:
    from bluefs.core.codec.record import Reading
    from bluefs.core.ports import Files

#: Marks of a file.
DOUBTFUL = 1  # its Stat may hide a later edit
HIDDEN = 2  # Git ignores it
PROBLEMS = 4  # there is something to say about it
EMPTY = 8  # it has no text
LOST = 16  # it gives no record by itself
BARE = 32  # it holds no id
HELD = 64  # its last good state stands in for it

#: A blob, the marks, then of the record its id, its packed form and its four kinds of rows.
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
        """One for each task that is not hidden, in their order."""
        wanted = [task for task in tasks if not task.hidden]
        found = self._files.read_many(task.path for task in wanted)
        return [self._outcome(task, data) for task, data in zip(wanted, found, strict=True)]

    def _outcome(self, task: Task, data: bytes | Unreadable | None) -> Outcome:
        if data is None:
            return ()
        if isinstance(data, Unreadable):
            return "", LOST | DOUBTFUL
        blob, known = self._hash(data), task.known
        if known is not None and (known.blob, known.scope) == (blob, task.scope):
            return (blob,)
        reading = read_record(task.path, data, self._config)
        marks = marks_of(reading) | (DOUBTFUL if task.doubtful else 0)
        if reading.record is None:
            return blob, marks
        _, row, rows = entry(_NOBODY, reading.record, reading.record.id, self._config)
        assert row is not None
        return blob, marks, row.id, row.packed, None if rows is None else tuple(rows)


_NOBODY = Known("", Stat(0, 0, 0, 0), "", b"", 0)


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
    """`codec.record.read_record`, which costs a seventh of a second to import: most commands
    find nothing that is to be read."""
    from bluefs.core.codec.record import read_record

    return read_record(path, data, config)


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
    from bluefs.core.query.sql.tables import rows_of

    if record is None:
        return Entry(known)
    whole = record if record.id == name else replace(record, id=name)
    row = Row(whole.path, name, pack(whole))
    if whole.list is None:
        return Entry(known, row)
    project = config.projects.get(whole.project) or Project(whole.project, whole.project)
    return Entry(known, row, rows_of(whole, project, config))
