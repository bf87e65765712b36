"""The bench of ``tests/app/bench.py`` over real files, Git, SQLite, a spool and watchdog.

Only the clock is no real one: it starts at the present and is set ahead, so that a quiet
quarter of a minute costs nothing. What a person writes gets the clock's time as its
modification time, since a file's time and the clock are compared with one another.

Nothing here sleeps: after a person's deeds a request file is written, and its notice, which
comes after theirs, shows that they have all arrived.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

from bluefs.adapters.git import Git
from bluefs.adapters.memory import MemoryClock
from bluefs.adapters.outbox import SqliteOutbox
from bluefs.adapters.watch import FolderWatch
from bluefs.app.engine import Engine
from bluefs.app.reports import Report, Saw
from bluefs.app.trust import Trust, rules_hash, save_trust
from bluefs.app.world import World
from bluefs.bootstrap import Home
from bluefs.core.config import is_config
from bluefs.core.ports import Notice
from tests.app.machine import Historian, Person
from tests.e2e.workspaces import spooled

#: Seconds of silence after which no half of a rename is still held back (watchdog waits 0.02).
SILENCE = 0.04
#: Seconds within which the kernel's notices must have come.
PATIENCE = 20.0
#: Seconds of the clock after which everything must be at rest.
REST = 30.0

_SETTINGS = {
    "user.name": "Ana Ruiz",
    "user.email": "ana@acme.example",
    "commit.gpgsign": "false",
    "gc.auto": "0",
}


class RealBench:
    """A workspace on disk that begins with ``files`` (path -> bytes), a person and an engine."""

    def __init__(self, files: Mapping[str, bytes], *, trust: bool = True) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="bluefs-model-"))
        self._env = patch.dict(os.environ, _environment(self._folder))
        self._env.start()
        self.root = self._folder / "acme"
        self.clock = MemoryClock(time.time())
        self.reports: list[Report] = []
        self.engine: Engine | None = None
        self._saves = 0
        self._asks = 0
        self._open: dict[str, IO[bytes]] = {}
        self._held: AbstractContextManager[None] | None = None
        self._watch: FolderWatch | None = None
        self._world: World | None = None
        for path, data in files.items():
            self._make_parent(path).write_bytes(data)
        self._begin()
        self.git = Git(self.root)
        if trust:
            rules = rules_hash({p: d for p, d in files.items() if is_config(p)})
            save_trust(self._home().trust, Trust(frozenset({rules}), drop_until=None))

    def _begin(self) -> None:
        self._git("init", "-q", "-b", "main")
        for name, value in _SETTINGS.items():
            self._git("config", name, value)
        self._git("add", "-A")
        self._git("commit", "-q", "-m", "start")

    def _home(self) -> Home:
        git_dir = str(self.root / ".git")
        return Home(str(self.root), git_dir, git_dir, fsync=False)

    # -- the engine ------------------------------------------------------------------------

    def start(self) -> Engine:
        """As ``bluefs watch`` does: lock, watch, then the scan."""
        home = self._home()
        self._held = home.lock.acquire()
        assert self._held is not None, home.lock.holder()
        self._held.__enter__()
        outbox = SqliteOutbox(f"{home.common}/outbox.sqlite", self.clock)
        world = home.world({})
        world.outbox, world.clock = outbox, self.clock
        self._world, self._watch = world, home.watch()
        assert self._watch.start(), self._watch.reason
        outbox.recover()
        self.engine = Engine(world)
        self.reports += self.engine.start()
        return self.engine

    def stop(self) -> None:
        """As a kill would: nothing is said to the engine, and the system closes its files."""
        if self.engine is None:
            return
        self.engine = None
        assert self._watch is not None and self._world is not None and self._held is not None
        self._watch.stop()
        _close(self._world)
        self._held.__exit__(None, None, None)
        self._watch = self._world = self._held = None

    def close(self) -> None:
        self.stop()
        for stream in self._open.values():
            stream.close()
        self.git.close()
        self._env.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    # -- a person ----------------------------------------------------------------------------

    def write(self, path: str, text: str) -> None:
        """In each of the ways in which editors save, in turn."""
        stream = self._open.pop(path, None)
        self._saves += 1
        if stream is not None:
            self._write_on(stream, text)
            stream.close()
        elif self._saves % 3 == 0:
            self._make_parent(path).write_text(text)
        elif self._saves % 3 == 1:
            self._replace(path, text)
        else:
            self._write_as_vim(path, text)
        self._date(path)

    def _replace(self, path: str, text: str) -> None:
        target = self._make_parent(path)
        beside = target.with_name(f".{self._saves}.tmp")
        beside.write_text(text)
        beside.replace(target)

    def _write_as_vim(self, path: str, text: str) -> None:
        """The old file becomes a backup, a new one is written, the backup goes."""
        target = self._make_parent(path)
        backup = target.with_name(f"{target.name}~")
        if target.exists():
            target.rename(backup)
        target.write_text(text)
        backup.unlink(missing_ok=True)

    def write_open(self, path: str, text: str) -> None:
        """Written, but not closed yet."""
        stream = self._open.pop(path, None) or self.path(path).open("r+b", buffering=0)
        self._write_on(stream, text)
        self._open[path] = stream
        self._date(path)

    @staticmethod
    def _write_on(stream: IO[bytes], text: str) -> None:
        stream.seek(0)
        stream.truncate()
        stream.write(text.encode())

    def _date(self, path: str) -> None:
        os.utime(self.path(path), (self.clock.now(), self.clock.now()))

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, text
        self.write(path, text.replace(old, new))

    def move(self, old: str, new: str) -> None:
        self.path(old).rename(self._make_parent(new))

    def move_folder(self, old: str, new: str) -> None:
        self.path(old).rename(self.path(new))

    def remove(self, path: str) -> None:
        self.path(path).unlink()

    def read(self, path: str) -> str:
        return self.path(path).read_bytes().decode()

    def contents(self) -> dict[str, bytes]:
        """Every file outside of the hidden folders."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = [f for f in folders if not f.startswith(".")]
            for name in names:
                file = Path(folder, name)
                found[str(file.relative_to(self.root))] = file.read_bytes()
        return found

    def tell(self, *paths: str) -> None:
        """The kernel tells."""

    def path(self, path: str) -> Path:
        return self.root / path

    def _make_parent(self, path: str) -> Path:
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    # -- a person's Git ------------------------------------------------------------------------

    def can_amend(self) -> bool:
        head = self.git.head()
        return head is not None and len(self.git.parents(head)) == 1

    def by_hand(self, what: str, back: int = 1) -> bool:
        """A person's Git command; False where Git refuses it."""
        older = f"HEAD~{back}"
        if self._git("rev-parse", "-q", "--verify", older, check=False) is None:
            return False
        match what:
            case "commit":
                return self._commit("-m", "by hand")
            case "amend":
                return self._commit("--amend", "--no-edit", "--allow-empty")
            case "reset":
                return self._git("reset", "-q", "--hard", older, check=False) is not None
            case "stash":
                return self._stash()
            case "squash":
                self._git("reset", "-q", "--soft", older)
                return self._git("commit", "-q", "-m", "squashed", check=False) is not None
        raise ValueError(what)

    def _commit(self, *options: str) -> bool:
        """``commit -a``, new files too; what Git refuses to commit is not left staged."""
        self._git("add", "-A")
        done = self._git("commit", "-q", *options, check=False) is not None
        if not done:
            self._git("reset", "-q")
        return done

    def _stash(self) -> bool:
        if not self._git("status", "--porcelain", "-uno").strip():
            return True  # nothing to put away, which is no refusal
        done = self._git("stash", "push", "-q", check=False) is not None
        if done:
            self._git("stash", "drop", "-q")
        return done

    def _git(self, *args: str, check: bool = True) -> Any:
        """What Git printed, None where it refused (only without ``check``)."""
        done = subprocess.run(["git", *args], cwd=self.root, capture_output=True, check=False)
        assert done.returncode == 0 or not check, (args, done.stdout, done.stderr)
        return done.stdout.decode() if done.returncode == 0 else None

    def mark_line(self) -> list[str]:
        """The commits the mark has stood on, oldest first."""
        mark = self.git.read_mark()
        assert mark is not None
        entry: str | None = mark.entry
        commits: list[str] = []
        while entry is not None:
            *before, commit = self.git.parents(entry)
            commits.append(commit)
            entry = before[0] if before else None
        return commits[::-1]

    # -- time ----------------------------------------------------------------------------------

    def drain(self) -> bool:
        """Give the engine every notice of what has been done so far. Whether there was any."""
        assert self._watch is not None and self.engine is not None
        self._asks += 1
        ask = Path(self._watch.places.ask, f"bench-{self._asks}.json")
        ask.write_bytes(b"")
        found: list[Notice] = []
        deadline = time.monotonic() + PATIENCE
        while not any(n.ask for n in found):
            assert time.monotonic() < deadline, "the watch has gone silent"
            found += self._watch.wait(1.0)
        while fresh := self._watch.wait(SILENCE):
            found += fresh
        ask.unlink()
        told = [n for n in found if not n.ask]
        if told:
            self.engine.notice(told)
        return bool(told)

    def step(self) -> list[Report]:
        assert self.engine is not None
        fresh = self.engine.step()
        self.reports += fresh
        return fresh

    def pause(self, seconds: float) -> None:
        """Time passes, with or without an engine."""
        if self.engine is None:
            self.clock.advance(seconds)
        else:
            self.wait(seconds)

    def wait(self, seconds: float) -> list[Report]:
        """Let time pass, the engine acting whenever something is due."""
        until = self.clock.now() + seconds
        self.drain()
        fresh = self._act(until)
        if self.drain():  # of the engine's own doing
            fresh += self._act(until)
        self.clock.set(max(until, self.clock.now()))
        return fresh + self.step()

    def _act(self, until: float) -> list[Report]:
        assert self.engine is not None and self._watch is not None
        fresh = self.step()
        while (due := self.engine.due()) is not None and due <= until:
            self.clock.set(max(due, self.clock.now() + 0.01))
            self.engine.notice(self._watch.wait(0))
            fresh += self.step()
        return fresh

    def settle(self) -> list[Report]:
        """Until the engine is at rest and the kernel has nothing more to tell."""
        assert self.engine is not None
        fresh: list[Report] = []
        for _ in range(10):
            fresh += self.wait(REST)
            if not self.drain() and self.engine.idle:
                return fresh
        raise AssertionError(f"no rest: due {self.engine.due()}, {self.engine.obstacles}")

    # -- what came of it -------------------------------------------------------------------------

    def events(self, reports: Iterable[Report] | None = None) -> list[str]:
        return [
            f"{e.kind} {e.key or e.after or e.before}"
            for r in (self.reports if reports is None else reports)
            if isinstance(r, Saw)
            for e in r.events
        ]

    def mails(self) -> list[str]:
        return [str(message["Subject"]) for message in spooled(self.root)]

    def log(self) -> list[str]:
        head = self.git.head()
        assert head is not None
        return [c.subject for c in self.git.first_parent_log(head)]


def _environment(folder: Path) -> dict[str, str]:
    home = folder / "home"
    home.mkdir()
    return {"HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def _close(world: World) -> None:
    """What the system does for a process that is gone."""
    for part in (world.git, world.outbox, world.state):
        store = getattr(part, "_store", part)
        store.close()


def made_real(memory: Any) -> RealBench:
    """A bench on disk with the files of one in memory."""
    return RealBench(memory.contents())


class RealPerson(Person):
    def make(self) -> RealBench:
        return made_real(super().make())


class RealHistorian(Historian):
    def make(self) -> RealBench:
        return made_real(super().make())
