"""A plan of changes to files, and its carrying out: all of it, or nothing.

Every step names the bytes it was planned on. Before the first file is touched each of them is
compared once more and the journal is told, so that the engine knows a command from an editor.
If a later step fails, those before it are taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from difflib import SequenceMatcher

from bluefs.app.refs import Inside, outside
from bluefs.app.workspace import Snapshot
from bluefs.core.errors import BluefsError, Changed, Refused
from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import Protocol
from bluefs.core.model import Project, Record
from bluefs.core.ports import Files


@dataclass(frozen=True, slots=True)
class Scene:
    """What typed words are read against: the workspace, the moment, who is at work (a
    handle), and how a path as typed becomes one of the workspace."""

    snapshot: Snapshot
    now: datetime
    me: str | None = None
    inside: Inside = field(default=outside)
    also: tuple[Record, ...] = ()  # records of the same plan, which will be there by then

    def project(self, record: Record) -> Project:
        return self.snapshot.project(record)

    def data(self, record: Record) -> bytes:
        """The record's bytes. Raises Refused where they cannot be read: what nobody can
        read, only a person may change."""
        data = self.snapshot.data.get(record.path)
        if data is None or record.path in self.snapshot.held:
            raise Refused("cli.held", path=record.path)
        return data


@dataclass(frozen=True, slots=True)
class Step:
    """One file's change. ``before`` None: the file is made; ``to`` None: it is deleted.
    ``was`` and ``now`` are the record in both states."""

    path: str
    before: bytes | None
    to: str | None
    after: bytes | None
    was: Record | None = None
    now: Record | None = None

    @property
    def changed(self) -> bool:
        return self.before != self.after or self.path != self.to

    @property
    def record(self) -> Record:
        record = self.now or self.was
        assert record is not None
        return record

    def lines(self) -> list[tuple[str, str]]:
        """``("-", line)`` and ``("+", line)`` of what changes in the file's text."""
        if self.before is None or self.after is None:
            return []
        old = self.before.decode("utf-8", "replace").splitlines()
        new = self.after.decode("utf-8", "replace").splitlines()
        found: list[tuple[str, str]] = []
        for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind != "equal":
                found += [("-", line) for line in old[a:b]]
                found += [("+", line) for line in new[c:d]]
        return found

    def check(self, files: Files) -> None:
        if self.before is not None and files.read(self.path) != self.before:
            gone = files.stat(self.path) is None
            raise Changed(f"errors.changed.{'gone' if gone else 'bytes'}", path=self.path)
        makes = self.to is not None and (self.before is None or self.to != self.path)
        there = makes and self.to is not None and files.stat(self.to) is not None
        if there and not _respelled(self):
            raise Changed("errors.changed.exists", path=self.to)

    def touched(self) -> Touched:
        return Touched(self.path, self.to, self.before, self.after)

    def carry_out(self, files: Files, undo: list[Callable[[], None]]) -> None:
        path, before, to, after = self.path, self.before, self.to, self.after
        if before is None:
            assert to is not None and after is not None
            files.write(to, after, None)
            undo.append(lambda: files.delete(to, after))
            return
        if to is None:
            files.delete(path, before)
            undo.append(lambda: files.write(path, before, None))
            return
        assert after is not None
        if after != before:
            files.write(path, after, before)
            undo.append(lambda: files.write(path, before, after))
        if to != path:
            files.move(path, to, after)
            undo.append(lambda: files.move(to, path, after))


@dataclass(frozen=True, slots=True)
class Touched:
    """What the journal is told of one file. ``sha`` is said where nobody read it (an
    attachment, a folder): the hash afterwards, and before it as well where it only moves."""

    path: str
    to: str | None
    before: bytes | None
    after: bytes | None
    sha: str | None = None
    moves: bool = False


class Log(Protocol):
    """The journal of commands."""

    def note(self, at: float, command: str, touched: Sequence[Touched]) -> None:
        """Durable when this returns. Raises Unwritable."""


class Work(Protocol):
    """One thing to be done in the worktree: a Step, or what ``bulky`` moves unread."""

    @property
    def changed(self) -> bool: ...

    def check(self, files: Files) -> None:
        """Raises Changed where the worktree is not what this was planned on."""

    def touched(self) -> Touched:
        """What the journal is told, before."""

    def carry_out(self, files: Files, undo: list[Callable[[], None]]) -> None:
        """Do it, and note how each part of it is taken back. Raises Changed, Unwritable."""


def _on() -> None:
    """Nothing keeps us from going on."""


def apply(
    steps: Sequence[Work], command: str, files: Files, log: Log, at: float,
    go_on: Callable[[], None] = _on,
) -> int:  # fmt: skip
    """Carry the steps out; ``at`` is the clock's second. ``go_on`` is asked before each and may
    raise. Returns how many files changed. Raises Changed, Unwritable and what ``go_on`` raises
    with everything as it was before."""
    wanted = [step for step in steps if step.changed]
    for step in wanted:
        step.check(files)
    if wanted:
        log.note(at, command, [step.touched() for step in wanted])
    undo: list[Callable[[], None]] = []
    try:
        for step in wanted:
            go_on()
            step.carry_out(files, undo)
    except BaseException:
        for back in reversed(undo):
            with suppress(BluefsError):  # a full disk: the first refusal is what is told
                back()
        raise
    return len(wanted)


def _respelled(step: Step) -> bool:
    """Only the case of the name changes: some disks say the new one is there."""
    return step.to is not None and step.to.casefold() == step.path.casefold()
