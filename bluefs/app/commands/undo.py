"""The plan of ``undo``: the bytes that the last command found, back where they stood.

Law: what is written back is exactly what the journal kept, and only over exactly what the
command left, or over that with what rules have written since: their lines stay. Undone commands
are passed over, so ``undo`` again walks further back. It is an ordinary change of files: rules see
it as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bluefs.app.commands.bulky import FOLDER, Drop, MoveFolder
from bluefs.app.commands.plan import Step, Work
from bluefs.app.workspace import digest
from bluefs.core.codec.record import read_record
from bluefs.core.edit import EditRefused
from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass
from bluefs.core.merge import merge_record
from bluefs.core.model import Config
from bluefs.core.ports import Files
from bluefs.core.rewrite import rewrite

#: ``undo <seconds> <command>`` in the journal: what it undid.
WORD = "undo"
#: What the engine wrote behind a command: a rule's result, an id.
ENGINE = "engine"


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


def plan_undo(entries: Sequence[Entry], files: Files, config: Config) -> Undoing:
    """Undo the newest command that is not undone. Raises Refused where there is none, and where
    a file is not as the command left it."""
    run = last_run(entries)
    if not run:
        raise Refused("writing.undo.none")
    links = [entry for entry in entries if entry.command == ENGINE]
    folders = {e.path: e.to for e in run if e.after_sha == FOLDER and e.to is not None}
    steps = tuple(_back(entry, links, files, config, folders) for entry in reversed(run))
    # Files in a folder that moved are where it is now, so it goes back behind them; what nobody
    # could bring back goes last, when all the rest has been done.
    ordered = sorted(steps, key=lambda step: (isinstance(step, Drop), isinstance(step, MoveFolder)))
    return Undoing(run[0].command, run[0].at, tuple(ordered))


def last_run(entries: Sequence[Entry]) -> list[Entry]:
    """The operations of the newest command that was not undone."""
    undone = {_undone(entry.command) for entry in entries} - {None}
    for entry in reversed(entries):
        if entry.command == ENGINE:
            continue
        if _undone(entry.command) is None and (entry.at, entry.command) not in undone:
            return [e for e in entries if (e.at, e.command) == (entry.at, entry.command)]
    return []


def _undone(command: str) -> tuple[float, str] | None:
    """What an undo of this name undid; None for every other command."""
    word, _, rest = command.partition(" ")
    at, _, name = rest.partition(" ")
    return (float(at), name) if word == WORD and name else None


def _back(
    entry: Entry, links: Sequence[Entry], files: Files, config: Config, folders: Mapping[str, str]
) -> Work:
    here = _here(entry.to or entry.path, {} if entry.after_sha == FOLDER else folders)
    if entry.after_sha == FOLDER:
        return MoveFolder(here, entry.path)
    if entry.after_sha is None:
        if entry.before is None:
            raise Refused("writing.undo.lost", path=entry.path)
        if files.stat(entry.path) is not None:
            raise Refused("writing.undo.taken", path=entry.path)
        return Step(entry.path, None, entry.path, entry.before)
    chain = _since(entry, here, links)
    place = next((p for p, _ in reversed(chain) if files.stat(p) is not None), None)
    if place is None:
        raise Refused("writing.undo.gone", path=here)
    if (place, files.digest(place)[1]) not in chain:
        raise Refused("writing.undo.changed", path=place)
    if entry.before_sha is None:
        return Drop(place, files.digest(place)[1])
    now = files.read(place)
    if entry.before is None or now is None:
        raise Refused("writing.undo.lost", path=entry.path)
    to = _here(entry.path, folders) if place == here else place
    if to != place and files.stat(to) is not None:
        raise Refused("writing.undo.taken", path=to)
    if digest(now) == entry.after_sha:
        return Step(place, now, to, entry.before)
    return Step(place, now, to, _without(entry, here, links, place, now, config))


def _here(path: str, folders: Mapping[str, str]) -> str:
    """Where a file of this path is, now that the same command has moved ``folders``."""
    found = (new + path[len(old) :] for old, new in folders.items() if path.startswith(f"{old}/"))
    return next(found, path)


def _since(entry: Entry, here: str, links: Sequence[Entry]) -> list[tuple[str, str | None]]:
    """Where the file stood, with which hash: as the command left it, then after each write of
    the engine."""
    chain = [(here, entry.after_sha)]
    for link in links:
        if link.at >= entry.at and (link.path, link.before_sha) == chain[-1]:
            chain.append((link.to or link.path, link.after_sha))
    return chain


def _without(
    entry: Entry, here: str, links: Sequence[Entry], place: str, now: bytes, config: Config
) -> bytes:
    """The file without what the command did, and with what rules wrote into it since. Raises
    Refused where the two cannot be told apart."""
    seen = (here, entry.after_sha)
    left = next((k.before for k in links if (k.path, k.before_sha) == seen), None)
    if left is None or entry.before is None:
        raise Refused("writing.undo.changed", path=place)
    base = read_record(here, left, config).record
    disk = read_record(place, now, config).record
    target = read_record(entry.path, entry.before, config).record
    if base is None or disk is None or target is None:
        raise Refused("writing.undo.changed", path=place)
    merged = merge_record(base, disk, target, prefer="ours").record
    try:
        return rewrite(now, disk, merged or disk, config)
    except EditRefused:
        raise Refused("writing.undo.changed", path=place) from None
