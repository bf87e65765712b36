"""The plan of ``undo``: the bytes that the last command found, back where they stood.

Law: what is written back is exactly what the journal kept, and only over exactly what the
command left. Undone commands are passed over, so ``undo`` again walks further back. It is an
ordinary change of files: rules see it as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bluefs.app.commands.bulky import FOLDER, Drop, MoveFolder
from bluefs.app.commands.plan import Step, Work
from bluefs.app.workspace import digest
from bluefs.core.errors import Refused
from bluefs.core.ports import Files

#: ``undo <seconds> <command>`` in the journal: what it undid.
WORD = "undo"


class Entry(Protocol):
    """One operation as the journal tells it (``adapters.journal.Entry``)."""

    @property
    def at(self) -> float: ...
    @property
    def command(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def to(self) -> str | None: ...
    @property
    def before_sha(self) -> str | None: ...
    @property
    def after_sha(self) -> str | None: ...
    @property
    def before(self) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Undoing:
    """``command`` ran ``at`` that second; ``name`` is what the journal is to call this undo."""

    command: str
    at: float
    steps: tuple[Work, ...]

    @property
    def name(self) -> str:
        return f"{WORD} {self.at!r} {self.command}"


def plan_undo(entries: Sequence[Entry], files: Files) -> Undoing:
    """Undo the newest command that is not undone. Raises Refused where there is none, and where
    a file is not as the command left it."""
    run = last_run(entries)
    if not run:
        raise Refused("writing.undo.none")
    steps = tuple(_back(entry, files) for entry in reversed(run))
    # What nobody could bring back goes last, when all the rest has been done.
    ordered = sorted(steps, key=lambda step: isinstance(step, Drop))
    return Undoing(run[0].command, run[0].at, tuple(ordered))


def last_run(entries: Sequence[Entry]) -> list[Entry]:
    """The operations of the newest command that was not undone."""
    undone = {_undone(entry.command) for entry in entries} - {None}
    for entry in reversed(entries):
        if _undone(entry.command) is None and (entry.at, entry.command) not in undone:
            return [e for e in entries if (e.at, e.command) == (entry.at, entry.command)]
    return []


def _undone(command: str) -> tuple[float, str] | None:
    """What an undo of this name undid; None for every other command."""
    word, _, rest = command.partition(" ")
    at, _, name = rest.partition(" ")
    return (float(at), name) if word == WORD and name else None


def _back(entry: Entry, files: Files) -> Work:
    here = entry.to or entry.path
    if entry.after_sha == FOLDER:
        return MoveFolder(here, entry.path)
    if entry.after_sha is None:
        if entry.before is None:
            raise Refused("writing.undo.lost", path=entry.path)
        if files.stat(entry.path) is not None:
            raise Refused("writing.undo.taken", path=entry.path)
        return Step(entry.path, None, entry.path, entry.before)
    if files.stat(here) is None:
        raise Refused("writing.undo.gone", path=here)
    if entry.before_sha is None and files.digest(here)[1] == entry.after_sha:
        return Drop(here, entry.after_sha)
    now = files.read(here)
    if now is None or digest(now) != entry.after_sha:
        raise Refused("writing.undo.changed", path=here)
    if entry.before is None:
        raise Refused("writing.undo.lost", path=entry.path)
    if entry.path != here and files.stat(entry.path) is not None:
        raise Refused("writing.undo.taken", path=entry.path)
    return Step(here, now, entry.path, entry.before)
