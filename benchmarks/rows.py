"""What is measured: one small function for each row, over the public commands alone.

A function measures once and returns what it found; how often, and in which order, is the
business of `measuring`. Where bluefs has no such thing yet it raises `Absent`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.stand import Failed, Stand, Taken
from benchmarks.watch import wait_for
from benchmarks.workspace import EFFECT, LISTS

#: Seconds for an effect, or a commit, to be there.
_PATIENCE = 300.0


class Absent(Exception):
    """This version of bluefs has nothing to measure here."""


@dataclass(frozen=True, slots=True)
class Row:
    """``measure`` gets the stand and the number of the round, and returns the time. ``engine``:
    needs the watched copy. ``warm``: the folder must have been looked at since it changed.
    ``bulk``: goes through all records, so that time for one record means something."""

    key: str
    title: str
    measure: Callable[[Stand, int], Taken]
    engine: bool = False
    warm: bool = False
    bulk: bool = False


#: The units: what everything else is a multiple of.
BARE, READ = "bare", "read"
_LOOP = """
import os, sys
waiting = [sys.argv[1]]
while waiting:
    with os.scandir(waiting.pop()) as entries:
        for entry in entries:
            if entry.is_dir():
                if not entry.name.startswith("."):
                    waiting.append(entry.path)
            else:
                with open(entry.path, "rb") as file:
                    file.read()
"""


def _bare(stand: Stand, _: int) -> Taken:
    return stand.run([sys.executable, "-c", "pass"], stand.still).taken


def read_loop(stand: Stand) -> Taken:
    return stand.run([sys.executable, "-c", _LOOP, str(stand.still)], stand.still).taken


def _read(stand: Stand, _: int) -> Taken:
    return read_loop(stand)


def _start(stand: Stand, _: int) -> Taken:
    return stand.bluefs("version").taken


def _cold(stand: Stand, _: int) -> Taken:
    """``list`` where the index has been deleted, as anybody may."""
    files = _index(stand.still)
    if not files:
        raise Absent("there is no index yet")
    for file in files:
        file.unlink()
    taken = stand.bluefs("list", stand.made.query).taken
    if not _index(stand.still):
        raise Failed("the index did not come back")
    return taken


def _index(folder: Path) -> list[Path]:
    return sorted((folder / ".git/bluefs").glob("index*"))


def _list(stand: Stand, _: int) -> Taken:
    return stand.bluefs("list", stand.made.query).taken


def _list_watched(stand: Stand, _: int) -> Taken:
    return stand.bluefs("list", stand.made.query, folder=stand.watched).taken


def _word(stand: Stand, _: int) -> Taken:
    return stand.bluefs("list", stand.made.word).taken


def _word_watched(stand: Stand, _: int) -> Taken:
    return stand.bluefs("list", stand.made.word, folder=stand.watched).taken


def _new(stand: Stand, number: int) -> Taken:
    made = stand.made
    ran = stand.bluefs(
        "new", f"Measured {number}", "-p", made.project, "-l", LISTS[0], "-d", "+3d", "-t", "Urgent",
        writes=True,
    )  # fmt: skip
    (stand.still / ran.out.strip()).unlink()
    return ran.taken


def _set(stand: Stand, number: int) -> Taken:
    _, identity = stand.made.movable[0]
    day = date(2030, 1, 1) + timedelta(days=number)
    return stand.bluefs("set", identity, f"due={day}", writes=True).taken


def _show(stand: Stand, _: int) -> Taken:
    _, identity = stand.made.movable[0]
    return stand.bluefs("show", identity).taken


def _check(stand: Stand, _: int) -> Taken:
    return stand.bluefs("check", ok=(0, 1)).taken


class Moves:
    """``mv`` of one record, timed twice: until the rule's effect stands in the file, and until
    the commit. Both rows ask for the same move of a round; whoever asks first makes it."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], tuple[Taken, Taken]] = {}

    def to_effect(self, stand: Stand, number: int) -> Taken:
        return self._of(stand, number)[0]

    def to_commit(self, stand: Stand, number: int) -> Taken:
        return self._of(stand, number)[1]

    def _of(self, stand: Stand, number: int) -> tuple[Taken, Taken]:
        key = (id(stand.made), number)
        if key not in self._found:
            self._found[key] = self._move(stand, number)
        return self._found[key]

    def _move(self, stand: Stand, number: int) -> tuple[Taken, Taken]:
        root, watch = stand.watched, stand.watch
        movable = stand.made.movable
        if watch is None or len(movable) < 2:
            raise Failed("too few records to move one")
        path, _ = movable[1 + number % (len(movable) - 1)]
        target = f"{path.split('/')[0]}/{LISTS[1]}/{path.rpartition('/')[2]}"
        back = not (root / path).exists()  # more rounds than records: back again, unmeasured
        if back:
            os.rename(root / target, root / path)  # noqa: PTH104
            watch.rest()
        watch.rest()
        before = stand.git(root, "rev-parse", "HEAD")
        moved = root / target
        tip_moved = _tip_moved(root)
        start = time.perf_counter()
        os.rename(root / path, moved)  # noqa: PTH104 - what `mv` does
        effect = (
            wait_for(lambda: _holds(moved, EFFECT), _PATIENCE, "the rule did not write") - start
        )
        commit = wait_for(tip_moved, _PATIENCE, "no commit came") - start
        changed = stand.git(
            root, "-c", "core.quotePath=false", "diff", "--name-only", before.strip(), "HEAD"
        )
        if target not in changed.splitlines():
            raise Failed("the commit was not about the move")
        return Taken(effect), Taken(commit)


def _holds(file: Path, text: str) -> bool:
    try:
        return text in file.read_text(encoding="utf-8")
    except OSError:
        return False


def _tip_moved(root: Path) -> Callable[[], bool]:
    """Whether the branch has moved since this was called: one look at one file."""
    tip = root / ".git/refs/heads/main"
    before = _bytes(tip)
    return lambda: _bytes(tip) != before


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


_moves = Moves()
ROWS: tuple[Row, ...] = (
    Row(BARE, "bare Python: python -c pass", _bare),
    Row(READ, "open and read every file, nothing else", _read, bulk=True),
    Row("start", "bluefs version", _start),
    Row("cold", "list with a filter, index deleted", _cold, bulk=True),
    Row("list", "list with a filter", _list, warm=True, bulk=True),
    Row("list+engine", "list with a filter, engine running", _list_watched, True, True, True),
    Row("word", "list of one word", _word, warm=True, bulk=True),
    Row("word+engine", "list of one word, engine running", _word_watched, True, True, True),
    Row("new", "new", _new, warm=True),
    Row("show", "show", _show, warm=True),
    Row("set", "set", _set, warm=True),
    Row("check", "check", _check, warm=True, bulk=True),
    Row("effect", "mv to a rule's effect on disk", _moves.to_effect, True),
    Row("commit", "mv to the commit", _moves.to_commit, True),
)
#: Measured once, at the end: the engine's start and its memory.
ENGINE = "engine"
KEYS = (*(row.key for row in ROWS), ENGINE)


def chosen(keys: Iterable[str]) -> tuple[Row, ...]:
    """The rows of these keys, the two units always, in their order."""
    wanted = {BARE, READ, *keys}
    return tuple(row for row in ROWS if row.key in wanted)
