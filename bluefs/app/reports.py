"""What the engine did, as values: screens, logs and tests each word them their own way."""

from __future__ import annotations

from bluefs.core.frozen import dataclass, field
from bluefs.core.model import Event, Record
from bluefs.core.ports import Letter
from bluefs.core.problems import Problem
from bluefs.core.settle import Firing


@dataclass(frozen=True, slots=True)
class Saw:
    """A change of one record was handled. ``waiting`` where rules would write, but only once
    the change is shared (lane two)."""

    before: Record | None
    after: Record | None
    events: tuple[Event, ...]
    waiting: bool = False
    #: the file the record came from, where a copy got an identity of its own
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule wrote. ``lane`` 1 in the worktree, 2 over the shared history."""

    firing: Firing
    record: Record
    lane: int = 1


@dataclass(frozen=True, slots=True)
class Renamed:
    """A list's (or a project's) folder got another name: no record moved."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Held:
    """A file cannot be read: its last good state stays in force."""

    path: str
    problem: Problem | None  # None: it is empty


@dataclass(frozen=True, slots=True)
class Committed:
    commit: str
    subject: str
    paths: tuple[str, ...] = ()
    deleted: int = 0  # records


@dataclass(frozen=True, slots=True)
class Mailed:
    """A letter left (state sent), or did not (dead, unknown, held, pending)."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class Pulled:
    """Git brought these files: adopted in silence, their meaning comes from the history."""

    commit: str
    count: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The engine cannot do a thing now. ``key`` names the message, ``fields`` fill it."""

    key: str
    fields: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Untrusted:
    """Mails wait for ``bluefs trust``."""

    count: int


Report = Saw | Fired | Renamed | Held | Committed | Mailed | Pulled | Stopped | Untrusted
