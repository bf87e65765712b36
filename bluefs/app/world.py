"""The ports of one workspace, in one value, so that use cases take one argument."""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.frozen import dataclass
from bluefs.core.hints import Protocol
from bluefs.core.ports import Clock, Files, Git, Ids, Index, Mailer, Outbox, State


class Memo(Protocol):
    """A small durable map of text in the common Git directory (trust)."""

    def read(self) -> Mapping[str, object]: ...
    def write(self, values: Mapping[str, object]) -> None: ...


class Commands(Protocol):
    """What commands have written lately: the engine need not wait for those to be finished."""

    def wrote(self, path: str, sha: str) -> bool: ...

    def follow(self, path: str, to: str, before: bytes, after: bytes) -> None:
        """The engine is about to write into a file that a command may have written last; then
        ``undo`` can tell a rule's lines from a person's. Never raises."""


@dataclass(slots=True)
class World:
    files: Files
    git: Git
    state: State
    outbox: Outbox
    mailer: Mailer
    clock: Clock
    ids: Ids
    trust: Memo
    commands: Commands
    mover: str = ""  # who moves the mark: user@host
    index: Index | None = None
