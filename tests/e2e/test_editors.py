"""Real editors in a real terminal, each saving a record twenty times while ``bluefs watch``
looks on: every save is told once, and no save looks like a deletion or a new record.

The workspace lies outside of /tmp, where vim would skip its backup dance; that it dances, or
not, is asserted by the file's inode, so that the test cannot quietly become easier. An editor
that is missing is a failure in CI and a skip elsewhere.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from tests.e2e.workspaces import PATIENCE, Place, Watching, outside_tmp, remove, wait_for

pytestmark = [pytest.mark.editors, pytest.mark.xdist_group("editors")]

SAVES = 20
SESSIONS = 4
RECORD = "sales/Open deals/Renewal – Acme.md"
ESC = "\x1b"
WORKSPACE = """\
bluefs: 1
name: Acme
timezone: Europe/Paris
people:
  ana: {name: Ana Ruiz, email: ana@acme.example}
sync: auto
quiet: 0.1
"""
PROJECT = "name: Sales\nlists:\n  Open deals:\n  Won: {done: true}\nfields:\n  note: text\n"
TEXT = """\
---
id: r3n3w0c4tz
note: v0
tags: [Urgent]   # mine
---
They asked for net 60.
"""


class Editor:
    """A program in a terminal of 80 × 24. Subclasses know its keys."""

    program = ""
    arguments: tuple[str, ...] = ()
    saved = ""

    def __init__(self, place: Place) -> None:
        self.screen = pexpect.spawn(
            self.program, [*self.arguments, RECORD], cwd=str(place.root), dimensions=(24, 80),
            env=place.env, encoding="utf-8", timeout=PATIENCE,
        )  # fmt: skip
        self.screen.delaybeforesend = None
        self.screen.expect_exact("net 60")

    def save(self, note: str) -> None:
        """Change the note and save."""
        raise NotImplementedError

    def type(self, keys: str, *, until: str = "") -> None:
        self.screen.send(keys)
        if until:
            self.screen.expect(until)

    def leave(self, keys: str) -> None:
        self.screen.send(keys)
        self.screen.expect(pexpect.EOF)
        self.screen.close()
        assert self.screen.exitstatus == 0, (self.screen.exitstatus, self.screen.before)

    def quit(self) -> None:
        raise NotImplementedError

    def kill(self) -> None:
        self.screen.close(force=True)


class Vim(Editor):
    program = "vim"

    def save(self, note: str) -> None:
        self.type(f":3s/.*/note: {note}/\r:w\r", until=r"\d+B written")

    def quit(self) -> None:
        self.leave(":q\r")


class VimRenaming(Vim):
    arguments = ("-c", "set backup writebackup backupcopy=no")


class VimCopying(Vim):
    arguments = ("-c", "set backup writebackup backupcopy=yes")


class Nano(Editor):
    program = "nano"

    def save(self, note: str) -> None:
        self.type("\x1f", until="line number")  # go to line
        self.type("3\r\x0b")  # cut it
        self.type(f"note: {note}\r\x0f", until="Write")  # a new one; write out
        self.type("\r", until=r"Wrote \d+ lines")

    def quit(self) -> None:
        self.leave("\x18")


class Emacs(Editor):
    program = "emacs"
    arguments: tuple[str, ...] = ("-nw",)

    def save(self, note: str) -> None:
        self.type(f"{ESC}gg", until="Goto line")
        self.type(f"3\r\x01\x0bnote: {note}")
        self.type("\x18\x13", until="Wrote ")

    def quit(self) -> None:
        self.leave("\x18\x03")


class EmacsWithBackups(Emacs):
    """By itself it makes none of a file in a repository."""

    arguments = ("-nw", "--eval", "(setq vc-make-backup-files t)")


@dataclass(frozen=True)
class Case:
    """``renames``: how many of the saves make a new file instead of writing the old one."""

    editor: type[Editor]
    renames: int


CASES = {
    "vim": Case(Vim, SAVES),
    "vim-backupcopy-no": Case(VimRenaming, SAVES),
    "vim-backupcopy-yes": Case(VimCopying, 0),
    "nano": Case(Nano, 0),
    "emacs": Case(Emacs, 0),
    "emacs-backups": Case(EmacsWithBackups, SESSIONS),  # with the first save of a session
}


@pytest.fixture
def place() -> Iterator[Place]:
    folder = outside_tmp("editors")
    files = {
        "bluefs.yaml": WORKSPACE, "sales/project.yaml": PROJECT, RECORD: TEXT,
        "sales/Won/.gitkeep": "",
    }  # fmt: skip
    try:
        yield Place(folder / "acme", folder / "home", files)
    finally:
        remove(folder)


@pytest.mark.parametrize("name", CASES)
def test_each_save_is_one_event(place: Place, name: str) -> None:
    case = CASES[name]
    _need(case.editor.program)
    inodes = Counter[bool]()
    with place.watching() as watching:
        for session in range(SESSIONS):
            _edit(place, watching, case, session, inodes)
        last = f"v{SAVES}"
        wait_for(lambda: f"note: {last}" in place.git("show", f"HEAD:{RECORD}"), "the commit")
    _check_lines(watching)
    assert place.path(RECORD).read_text() == TEXT.replace("v0", last)
    assert (inodes[True], inodes[False]) == (case.renames, SAVES - case.renames)


def _edit(
    place: Place, watching: Watching, case: Case, session: int, inodes: Counter[bool]
) -> None:
    """One session of several saves, each awaited before the next."""
    each = SAVES // SESSIONS
    editor = case.editor(place)
    try:
        for number in range(session * each, (session + 1) * each):
            before = _inode(place)
            editor.save(f"v{number + 1}")
            watching.tells("saved", f"v{number} → v{number + 1}")
            inodes[_inode(place) != before] += 1
        editor.quit()
    finally:
        editor.kill()


def _check_lines(watching: Watching) -> None:
    """Nothing but saves and commits: that Emacs runs ``git status`` after each save, which
    locks the index for a moment, is not worth a word."""
    told = Counter(word for word, _ in watching.words())
    assert told["saved"] == SAVES, watching.told()
    assert told.keys() == {"saved", "commit"}, watching.told()


def _inode(place: Place) -> int:
    return place.path(RECORD).stat().st_ino


def _need(program: str) -> None:
    if shutil.which(program) is None:
        missing: Callable[[str], object] = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"{program} is not installed")


def test_the_workspace_lies_where_vim_makes_backups(place: Place) -> None:
    """vim's own word on it, since the other tests rest on that."""
    _need("vim")
    patterns = place.root.parent / "backupskip"
    command = f"redir! > {patterns} | silent echo &backupskip | redir END | q"
    screen = pexpect.spawn("vim", ["-c", command], env=place.env, timeout=PATIENCE)
    screen.expect(pexpect.EOF)
    screen.close()
    folders = [p.removesuffix("*") for p in patterns.read_text().strip().split(",")]
    assert "/tmp/" in folders
    assert not any(str(place.path(RECORD)).startswith(f) for f in folders), folders
    assert Path(place.path(RECORD)).is_file()
