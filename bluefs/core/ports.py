"""What the use cases need of the world. Adapters implement these; in-memory twins too.

Paths are workspace-relative, with ``/``, exactly as they stand on disk (not normalised).
Times are aware datetimes or seconds as float; hashes are SHA-256 hex of the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from bluefs.core.errors import Unreadable
from bluefs.core.frozen import dataclass, field
from bluefs.core.seen import Entry as Entry
from bluefs.core.seen import IndexChange as IndexChange
from bluefs.core.seen import Known as Known
from bluefs.core.seen import Listing as Listing
from bluefs.core.seen import Paths as Paths
from bluefs.core.seen import Row as Row
from bluefs.core.seen import Stat as Stat

T = TypeVar("T")
U = TypeVar("U")


class Files(Protocol):
    """The worktree. The only one who writes in it."""

    def survey(self) -> Mapping[str, Listing]:
        """folder -> Listing for the root ("") and every folder of ``folders``, in one walk.
        Raises Unreadable as ``scan`` does."""

    def scan(self, under: str = "") -> Mapping[str, Stat]:
        """Every regular file that may matter, below ``under``: nothing below a folder whose
        name starts with ``.``; names starting with ``.`` only if they are ``.gitkeep``;
        no symbolic links. Folders starting with ``_`` are included (templates, files)."""

    def folders(self) -> frozenset[str]:
        """Every folder of the scan, empty ones too."""

    def links(self) -> frozenset[str]:
        """Every symbolic link that the scan passes over, files' and folders'."""

    def paths(self) -> Paths:
        """The paths of ``scan``, ``folders`` and ``links`` in one walk that looks at no file."""

    def read(self, path: str) -> bytes | None:
        """The bytes, None if there is no such file. Raises Unreadable."""

    def read_many(self, paths: Iterable[str]) -> Iterator[bytes | Unreadable | None]:
        """What ``read`` gives, or would raise, for each path in order. Those of one folder
        should stand together."""

    def stat(self, path: str) -> Stat | None: ...

    def write(self, path: str, data: bytes, expected: bytes | None) -> None:
        """Replace atomically (temporary file beside it, fsync, rename, parent fsync), keeping
        the mode. ``expected`` are the bytes that were read, None for a file that must not
        exist yet (its folders are made). Raises Changed, Unwritable."""

    def move(self, old: str, new: str, expected: bytes) -> None:
        """Rename without ever overwriting. Raises Changed (source or target), Unwritable."""

    def delete(self, path: str, expected: bytes) -> None: ...

    def make_folder(self, path: str) -> None: ...

    def remove_folder(self, path: str) -> bool:
        """Remove an empty folder; False where it holds anything or is not there."""

    def move_folder(self, old: str, new: str) -> None:
        """Rename a folder with all it holds, never onto something that is there. Raises
        Changed, Unwritable."""

    def digest(self, source: str) -> tuple[int, str]:
        """(bytes, SHA-256 hex) of a file, read in pieces. ``source`` is absolute (anywhere on
        this machine) or a path of the workspace. Raises Unreadable."""

    def bring(self, source: str, path: str, sha: str) -> None:
        """Copy ``source`` (as in ``digest``) to ``path``, which must not exist yet (its folders
        are made), in pieces, never seen half. Raises Changed where its hash is not ``sha`` any
        more, Unreadable, Unwritable."""

    def drop(self, path: str, sha: str) -> None:
        """Delete a file that has this hash. Raises Changed, Unwritable."""

    def clean_leftovers(self, now: float) -> tuple[str, ...]:
        """Remove temporary files that a killed process left (an hour old or more); returns
        their paths."""

    def anchor(self) -> str | None:
        """A token of the root's device while ``bluefs.yaml`` and the repository are there,
        else None: the brake (the disk was unmounted, the folder is gone)."""


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as a history shows it. ``trailers`` are the (key, value) lines that end its
    message, in order."""

    hex: str
    author: Author
    at: datetime
    subject: str
    trailers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A commit as what it changed: its author date in seconds since the epoch, and (blob in its
    first parent, blob in it) by path where they differ. ``cut``: a shallow clone ends here, so
    nobody knows its parent."""

    hex: str
    at: int
    changes: Mapping[str, tuple[str | None, str | None]]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of refs/bluefs/mark: how far the shared branch has been carried out."""

    commit: str  # the commit of the shared branch it stands on
    branch: str  # full name of the shared branch: refs/heads/main
    nonce: str
    mover: str
    tree: Mapping[
        str, str
    ]  # settled tree where it differs from commit's: path -> blob, "" = absent
    entry: str = ""  # its own commit id; "" before it is written
    fired: tuple[str, ...] = ()  # clock triggers that have fired (rule, record, moment)
    #: Files that the commit has unreadably: path -> path and blob where they last could be read.
    goods: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Git(Protocol):
    """The repository. Every call may raise Blocked; none prompts, forces or bypasses."""

    def head(self) -> str | None:
        """Commit hex of HEAD; None while the branch is unborn."""

    def branch(self) -> str | None:
        """Full name of the branch checked out (refs/heads/main), None if HEAD is detached."""

    def upstream(self) -> str | None:
        """Full name of its remote-tracking branch, or None."""

    def busy(self) -> str | None:
        """Why Git must be left alone now: merge, rebase, cherry-pick, revert, bisect, lock
        (a message key suffix), or None."""

    def tree(self, commit: str) -> Mapping[str, str]:
        """path -> blob id of every file of a commit."""

    def diff(self, old: str | None, new: str | None) -> Mapping[str, tuple[str | None, str | None]]:
        """path -> (blob in old, blob in new) where they differ, without rename detection.
        None is the empty tree."""

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]: ...

    def hash_blob(self, data: bytes) -> str:
        """The blob id the bytes have or would have (nothing is written)."""

    def parents(self, commit: str) -> Sequence[str]: ...

    def author(self, commit: str) -> Author: ...

    def line(self, mark: str, tip: str) -> Sequence[str] | None:
        """The commits after ``mark`` up to ``tip``, oldest first: back from the tip, at each
        merge to the first parent from which the mark can be reached. [] if they are the
        same; None if the mark is not an ancestor of the tip."""

    def is_ancestor(self, old: str, new: str) -> bool: ...

    def merge_base(self, a: str, b: str) -> str | None: ...

    def added_by(self, path: str, commit: str) -> str | None:
        """The first-parent commit up to ``commit`` that added ``path`` most recently."""

    def staged(self) -> frozenset[str]:
        """Paths whose index entry differs from HEAD (intent-to-add excluded)."""

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of the paths that Git ignores (tracked ones are never ignored)."""

    def ignore_stamp(self) -> str:
        """Changes whenever the answer of ``ignored`` may, but for the worktree's
        ``.gitignore`` files: with the index, exclude files and settings."""

    def commit(
        self,
        changes: Mapping[str, bytes | None],
        message: str,
        author: Author,
        parent: str | None,
    ) -> str:
        """One commit of exactly these paths and bytes (None deletes) on top of ``parent``,
        which must be HEAD; hooks and signing apply; the index entries of these paths follow,
        all others stay as they are. Returns its hex. Raises Blocked."""

    def identity(self) -> Author | None:
        """Who Git says is at work here (``at`` is unset: epoch), None if nobody."""

    def read_mark(self) -> Mark | None: ...

    def write_mark(self, mark: Mark, old: Mark | None) -> Mark | None:
        """Compare-and-swap: add an entry after ``old``. None if another was faster."""

    def has_nonce(self, nonce: str) -> bool:
        """Whether an entry of the mark's chain carries this nonce."""

    def write_blob(self, data: bytes) -> str: ...

    def resolve(self, name: str) -> str | None:
        """The commit of a full ref name (refs/remotes/origin/main) or an id, None if there
        is none. Every ``commit`` argument here takes such a name too."""

    def additions(self, commit: str) -> Mapping[str, str]:
        """path -> ``added_by`` of every path in one pass (of paths that are gone, too), those of
        the newest commit first."""

    def first_parent_log(self, tip: str, limit: int | None = None) -> Iterable[Commit]:
        """From ``tip`` back, always by the first parent; at most ``limit``. Lazy."""

    def first_parent_steps(self, tip: str, since: str | None = None) -> Sequence[Step] | None:
        """The commits from the first parentless one (or after ``since``) to ``tip``, always by the
        first parent, oldest first, each with its changes. [] where there are none; None where
        ``since`` is not on the way."""

    def between(self, old: str, new: str) -> Sequence[Commit]:
        """The commits that ``new`` has and ``old`` lacks, each behind its parents."""

    def ahead_behind(self, upstream: str) -> tuple[int, int] | None:
        """(commits of HEAD that ``upstream`` lacks, the reverse); None while one is unborn."""

    def config_get(self, name: str) -> str | None:
        """A setting of Git (``core.autocrlf``), None if it is not set."""

    @property
    def shallow(self) -> frozenset[str]:
        """The commits at which a shallow clone ends; empty in a full one."""


@dataclass(frozen=True, slots=True)
class Handled:
    """The last good state of a file that the engine compared and stored.

    ``data`` are the bytes of that state, ``sha`` the hash of what stood on disk then: they
    differ while a file is held (unreadable) or has a value nobody can read. ``record`` is its
    id (None while it has none), ``origin`` its path in HEAD (None: HEAD does not have it),
    ``stat`` the file's when it was last seen with this hash."""

    path: str
    data: bytes
    sha: str
    record: str | None
    stat: Stat | None = None
    handled_at: float = 0.0
    committed: bool = True  # False while a commit of it is due
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A record effect to be written: what the file was when the rule fired and what it is
    to become. Applied field by field where the file has changed meanwhile."""

    path: str
    base: bytes
    target_path: str
    target: bytes
    cause: str  # rule identities, comma separated


@dataclass(slots=True)
class StateChange:
    """One transaction of the state store."""

    put: list[Handled] = field(default_factory=list)
    drop: list[str] = field(default_factory=list)
    pend: list[Pending] = field(default_factory=list)
    done: list[Pending] = field(default_factory=list)
    notes: dict[str, str | None] = field(default_factory=dict)  # None removes


class State(Protocol):
    """Handled states, pending writes and notes, in this worktree's Git directory. One SQLite
    transaction for each ``apply``; rebuilt from HEAD when it is lost."""

    def all(self) -> Mapping[str, Handled]:
        """path -> Handled with ``data`` left empty (read it with ``get``)."""

    def get(self, path: str) -> Handled | None: ...
    def by_record(self, record: str) -> Sequence[Handled]: ...
    def pending(self) -> Sequence[Pending]: ...
    def note(self, key: str) -> str | None: ...
    def apply(self, change: StateChange) -> None: ...


class IndexView(Protocol):
    """The index at one moment, however much others write meanwhile. Every call may raise
    IndexLost: the answer is then to be had from the files."""

    def seals(self) -> Mapping[str, bytes]: ...
    def note(self, key: str) -> str | None: ...
    def inside(self, folder: str) -> Mapping[str, Known]:
        """path -> Known of the files directly in a folder."""

    def marked(self, mask: int) -> Sequence[Known]:
        """Files any of whose marks are in ``mask``, by path."""

    def rows(self, paths: Iterable[str] | None = None) -> Iterator[Row]:
        """Records, by the bytes of their path: all, or those of these paths."""

    def blobs(self) -> Mapping[str, str]:
        """path -> blob of every file that was read."""

    def by_id(self, name: str) -> Sequence[Row]: ...
    def around(self, ids: Iterable[str]) -> Sequence[str]:
        """These ids and, of all in the index, the one before and the one after each, sorted."""

    def ids(self) -> Sequence[str]:
        """The ids of all records."""

    def blob(self, path: str) -> str | None:
        """The blob of a file that was read."""

    def beginning(self, start: str) -> Sequence[str]:
        """Paths of the records whose id begins so."""

    def titled(self, word: str) -> Iterable[tuple[str, str]]:
        """(path, title) of the records in lists that ``core.matching.loose`` may find by
        ``word``, a part of a title of lower-case ASCII letters and digits. What is not printable
        may be told otherwise than it is."""

    def documents(self) -> Sequence[str]:
        """Paths of the records in no list."""

    def waiting(self) -> Sequence[str]:
        """Paths of the records that name what they wait for."""

    def referring(self, texts: Iterable[str]) -> Sequence[str]:
        """Paths of the records with a reference that says one of these texts: an id as it
        stands, or a name folded (``core.query.sql.resting``)."""

    def search(self, sql: str, parameters: Sequence[object]) -> Sequence[str] | None:
        """Paths, in order, by a SELECT of (number, path) over the query tables
        (``core.query.sql``); None where there are no such tables."""

    def close(self) -> None: ...


class Index(Protocol):
    """What was read of the files, to spare reading them again. Losing it loses nothing."""

    def view(self) -> IndexView | None:
        """None where there is none and none can be made: then everything is read."""

    def apply(self, change: IndexChange) -> bool:
        """One transaction, on top of the last view or change of this very object. False where
        it could not be made (locked for too long, a full or read-only disk). Raises IndexLost
        where somebody else has written since, or thrown everything away: look again."""

    def close(self) -> None:
        """After the last ``apply`` for now. Views stay open, and it may be used again."""


class Crew(Protocol):
    """Many like pieces of work. ``map`` is one."""

    def __call__(self, work: Callable[[T], U], parts: Sequence[T], /) -> Iterator[U]:
        """What ``work`` makes of each part, in order. Perhaps in another process: it must rest
        on nothing that changes, change nothing, and give plain values (texts, bytes, numbers,
        None, tuples and lists)."""


OutboxState = Literal["planned", "held", "pending", "sending", "sent", "unknown", "dead", "dropped"]


@dataclass(frozen=True, slots=True)
class Letter:
    """An outward effect in the outbox. ``key`` is commit:rule:record:ordinal, and unique:
    the same effect planned twice is one letter. ``nonce`` ties it to the mark entry that
    releases it. ``message_id`` is fixed by the key."""

    key: str
    nonce: str
    commit: str
    rule: str
    record: str
    title: str
    effect: str  # the Outward as JSON
    state: OutboxState = "planned"
    message_id: str = ""
    tries: int = 0
    at: float = 0.0  # when it entered this state, seconds
    error: str | None = None
    place: str | None = None  # where it went: "smtp://host" or the spool file


class Outbox(Protocol):
    """Durable before sending (SQLite in the common Git directory). Every change of state is
    one committed transaction."""

    def plan(self, letters: Sequence[Letter]) -> None:
        """Insert as ``planned``; a key that is there as planned takes the new nonce, in any
        other state it is left alone."""

    def release(self, nonce: str, state: OutboxState = "pending") -> Sequence[Letter]:
        """planned letters of this nonce become pending (or held); returns them."""

    def planned(self) -> Sequence[Letter]: ...
    def get(self, key: str) -> Letter | None: ...
    def recover(self) -> Sequence[Letter]:
        """After a crash: what was being sent by a process that is gone becomes unknown."""

    def letters(self, *states: OutboxState) -> Sequence[Letter]: ...
    def set(self, key: str, state: OutboxState, **fields: object) -> None: ...
    def claim(self, key: str) -> bool:
        """pending -> sending; False if somebody else took it."""

    def sent_since(self, moment: float) -> int: ...
    def discard_planned(self, nonce: str) -> None: ...


class Mailer(Protocol):
    def send(self, letter: Letter, sender: str | None, at: datetime) -> str:
        """Deliver; returns the place it went to. Raises MailRefused (permanent), MailDelayed
        (nothing was handed over: may be tried again) or MailUnknown (broke off in the
        middle: nobody knows)."""


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""

    def moment(self) -> datetime:
        """The same as an aware UTC datetime."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A path may have changed. ``closed`` where its writer has closed it or it was moved in
    whole. ``overflow`` where notices were lost: scan everything. ``git`` where something in
    the Git directory moved; ``ask`` where a command wants an answer."""

    path: str = ""
    closed: bool = False
    overflow: bool = False
    git: bool = False
    ask: bool = False


class Watch(Protocol):
    def start(self) -> bool:
        """Begin; True if a probe file proved the watch alive, else poll."""

    def wait(self, timeout: float) -> Sequence[Notice]:
        """The notices so far, waiting at most ``timeout`` seconds for the first."""

    def stop(self) -> None: ...


class Lock(Protocol):
    def acquire(self) -> AbstractContextManager[None] | None:
        """Hold the engine's lock, or None if another process does."""

    def holder(self) -> Mapping[str, object] | None:
        """{pid, host, since} of who holds it, None if nobody does."""


class Ids(Protocol):
    def new(self) -> str:
        """A fresh record id: 10 Crockford base-32 characters, the first a letter."""

    def nonce(self) -> str: ...
