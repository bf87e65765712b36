"""What was seen of files, and what the index remembers of them: the values its port exchanges.

They stand apart from the ports because every command needs them at once. Tuples rather than
dataclasses where there are many: they are made by the hundred thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bluefs.core.query.sql import Rows


class Stat(NamedTuple):
    """Enough to tell whether a file may have changed: ctime cannot be set back, so an edit
    that keeps size and modification time is seen all the same."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Listing(NamedTuple):
    """The files directly in one folder, as ``scan`` admits them, at one moment.

    ``numbers`` are those of a ``Stat`` for all ``names``: every size, then every mtime, and so on.
    ``signature`` is equal for equal names and numbers. ``fresh`` names the files that changed
    so lately that a further edit may leave their Stat as it is: the clock of a file system
    ticks in steps. ``rules`` are the bytes of the folder's ``.gitignore``."""

    names: Sequence[str]
    numbers: Sequence[int]
    signature: bytes
    fresh: frozenset[str] = frozenset()
    rules: bytes | None = None

    def stats(self) -> Mapping[str, Stat]:
        """name -> Stat."""
        many = len(self.names)
        columns = (self.numbers[n * many : (n + 1) * many] for n in range(4))
        return dict(zip(self.names, map(Stat, *columns), strict=True))


class Paths(NamedTuple):
    """What a worktree holds, as ``scan`` admits it, and the symbolic links that it passes over.
    ``files`` in the order they were come upon."""

    folders: frozenset[str]
    files: Sequence[str]
    links: frozenset[str]


class Known(NamedTuple):
    """What the index knows of one file: its Stat and blob when it was read, the stamp of the
    settings under which (``scope``), what it was (``marks``, see ``app.indexing``), and, for a
    file whose record is not in it alone (an id derived from history, a last good state), what
    that rests on (``basis``, else "")."""

    path: str
    stat: Stat
    blob: str
    scope: bytes
    marks: int
    basis: str = ""


class Row(NamedTuple):
    """A record in force: its id (written or derived) and its packed form (``codec.pack``)."""

    path: str
    id: str | None
    packed: bytes


class Entry(NamedTuple):
    """A file to be remembered; ``row`` None where it gives no record. ``rows`` are those of the
    query tables, for a record in a list."""

    known: Known
    row: Row | None = None
    rows: Rows | None = None


class Renewed(NamedTuple):
    """A record whose file is as it was, and which rests on another that is not."""

    row: Row
    rows: Rows | None


@dataclass(slots=True)
class IndexChange:
    """One transaction of the index. ``seals``: folder -> what stands for all its files being
    known as they are, empty where they are not; None where the folder is gone."""

    put: list[Entry] = field(default_factory=list)
    touch: list[Known] = field(default_factory=list)  # as before but for Stat, marks, basis
    drop: list[str] = field(default_factory=list)
    renew: list[Renewed] = field(default_factory=list)  # of no file of the other lists
    seals: dict[str, bytes | None] = field(default_factory=dict)
    notes: dict[str, str | None] = field(default_factory=dict)
