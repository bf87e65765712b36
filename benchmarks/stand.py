"""The surroundings of a measurement: a folder that goes away, a HOME of its own, two copies of
one workspace, and commands run as processes of their own.

The first copy (`Stand.still`) never sees an engine, in the second (`Stand.watched`) one runs all
the time: so commands with and without one can be measured in turn.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Timer
from types import FrameType
from typing import IO, NamedTuple

from benchmarks.watch import Watch
from benchmarks.workspace import Made, Spec, make

#: Variables that would tie a child to the surroundings of whoever measures.
_LEAKS = re.compile(r"GIT_|BLUEFS_|PYTHON|LC_|LANG|XDG_|EDITOR|EMAIL")
#: ``gc.auto`` off: Git must not begin to pack in the background while something is timed.
_SETTINGS = {
    "user.name": "Ana Reed",
    "user.email": "ana@bench.example",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
#: Seconds after which a command counts as hung.
_LIMIT = 1800.0


class Failed(Exception):
    """A row that could not be measured, and why: the table says so in its place."""


class Taken(NamedTuple):
    """``cpu``: processor time, which others' work on the machine lengthens less; None where it
    is not the command that is timed."""

    seconds: float
    cpu: float | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    taken: Taken
    out: str
    err: str


class Stand:
    """``root`` holds everything; `stand` makes it and takes it away."""

    def __init__(self, root: Path, tell: Callable[[str], None]) -> None:
        self.root, self.tell = root, tell
        self.env = _environment(root / "home")
        self.still = root / "still"
        self.watched = root / "watched"
        self.made: Made
        self.watch: Watch | None = None
        self._behind: set[Path] = set()

    def prepare(self, spec: Spec, *, engine: bool) -> None:
        """Both copies, committed, their index built, and the engine of the second started."""
        (self.root / "home").mkdir(exist_ok=True)
        self.run([sys.executable, "-m", "compileall", "-q", _source("bluefs")], self.root)
        self.tell(f"making {spec.records:,} records")
        self.made = make(self.still, spec)
        self.commit(self.still)
        if engine:
            self.tell("starting the engine")
            shutil.copytree(self.still, self.watched, symlinks=True)
            self.git(self.watched, "status")  # its index knows the inodes of the first copy
            self.watch = Watch(bluefs("watch"), self.watched, self.env, self.root / "watch.out")
            self.watch.start()
            self.bluefs("list", folder=self.watched)
        self.bluefs("list")

    def commit(self, folder: Path) -> None:
        """A folder as a repository of one commit."""
        self.git(folder, "init", "-q", "-b", "main")
        for name, value in _SETTINGS.items():
            self.git(folder, "config", name, value)
        self.git(folder, "add", "-A")
        self.git(folder, "commit", "-q", "-m", "start")
        self.git(folder, "gc", "-q")

    def git(self, folder: Path, *args: str) -> str:
        """Raises Failed."""
        return self.run(["git", *args], folder).out

    def bluefs(
        self, *args: str, folder: Path | None = None, ok: Sequence[int] = (0,), writes: bool = False
    ) -> Ran:
        """One command, as a process. ``writes``: the workspace is another afterwards. Raises
        Failed."""
        folder = folder or self.still
        if writes:
            self._behind.add(folder)
        return self.run(bluefs(*args), folder, ok)

    def catch_up(self, folder: Path) -> None:
        """What is *warm* has seen all changes before: not the first look after one."""
        if folder in self._behind:
            self._behind.discard(folder)
            self.bluefs("list", folder=folder)

    def run(self, command: Sequence[str], folder: Path, ok: Sequence[int] = (0,)) -> Ran:
        """Raises Failed for another exit status than those in ``ok``."""
        with (
            tempfile.TemporaryFile(dir=self.root) as out,
            tempfile.TemporaryFile(dir=self.root) as err,
        ):
            code, taken = self._timed(command, folder, out, err)
            said, complained = _text(out), _text(err)
        if code not in ok:
            last = (complained.strip() or said.strip()).rpartition("\n")[2]
            raise Failed(f"exit {code}: {last[:100]}")
        return Ran(taken, said, complained)

    def _timed(
        self, command: Sequence[str], folder: Path, out: IO[bytes], err: IO[bytes]
    ) -> tuple[int, Taken]:
        """Exit status and times. The system's account of a child ended (``wait4``) holds what
        its own children used too, Git's among them."""
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        limit = Timer(_LIMIT, process.kill)
        limit.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            limit.cancel()
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, Taken(seconds, used.ru_utime + used.ru_stime)

    def close(self) -> None:
        if self.watch is not None:
            self.watch.stop()
            self.watch = None


def bluefs(*args: str) -> list[str]:
    """``bluefs`` of the interpreter that measures."""
    return [sys.executable, "-m", "bluefs", *args]


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _source(package: str) -> str:
    """The folder of a package that can be imported here."""
    return str(Path(import_module(package).__file__ or "").parent)


def _environment(home: Path) -> dict[str, str]:
    # Compiled once, as installed software is, whatever PYTHONDONTWRITEBYTECODE says here; and
    # not into the checkout, which is to stay as it is.
    compiled = str(home.parent / "compiled")
    kept = {k: v for k, v in os.environ.items() if not _LEAKS.match(k)}
    source = str(Path(_source("bluefs")).parent)
    return kept | {
        "HOME": str(home), "LC_ALL": "C.UTF-8", "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": source,
        "PYTHONPYCACHEPREFIX": compiled,
    }  # fmt: skip


@contextmanager
def stand(folder: str | None, tell: Callable[[str], None]) -> Iterator[Stand]:
    """A Stand below ``folder`` (the system's place for temporary files without). Whatever
    happens, its processes end and its files go."""
    old = {name: signal.signal(name, _leave) for name in (signal.SIGTERM, signal.SIGHUP)}
    root = Path(tempfile.mkdtemp(prefix="bluefs-bench-", dir=folder))
    made = Stand(root, tell)
    try:
        yield made
    finally:
        with suppress(OSError):
            made.close()
        shutil.rmtree(root, ignore_errors=True)
        for name, handler in old.items():
            signal.signal(name, handler)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
