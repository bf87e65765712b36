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
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
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
from tests.app.bench import mark_line, note_carried
from tests.app.machine import Historian, Person
from tests.e2e.real_hands import RealHands
from tests.e2e.workspaces import spooled

#: Seconds of silence after which no half of a rename is still held back (watchdog waits 0.02).
SILENCE = 0.04
#: Seconds within which the kernel's notices must have come.
PATIENCE = 20.0
#: Seconds of the clock after which everything must be at rest.
REST = 30.0


class RealBench(RealHands):
    """A workspace on disk that begins with ``files`` (path -> bytes), a person and an engine."""

    def __init__(self, files: Mapping[str, bytes], *, trust: bool = True) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="bluefs-model-"))
        self._env = patch.dict(os.environ, _environment(self._folder))
        self._env.start()
        super().__init__(self._folder / "acme", MemoryClock(time.time()))
        self.reports: list[Report] = []
        self.engine: Engine | None = None
        self.carried: dict[str, str] = {}
        self._asks = 0
        self._held: AbstractContextManager[None] | None = None
        self._watch: FolderWatch | None = None
        self._world: World | None = None
        for path, data in files.items():
            self._make_parent(path).write_bytes(data)
        self.begin()
        self.git = Git(self.root)
        if trust:
            rules = rules_hash({p: d for p, d in files.items() if is_config(p)})
            save_trust(self._home().trust, Trust(frozenset({rules}), drop_until=None))

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
        note_carried(self.engine, self.carried)
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
        self.let_go()
        self.git.close()
        self._env.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    # -- the history -----------------------------------------------------------------------

    def can_amend(self) -> bool:
        head = self.git.head()
        return head is not None and len(self.git.parents(head)) == 1

    def mark_line(self) -> list[str]:
        """The commits the mark has stood on, oldest first."""
        return mark_line(self.git, self.carried)

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
    parts: tuple[Any, ...] = (world.git, world.outbox, world.state)
    for part in parts:
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
