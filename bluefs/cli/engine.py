"""Driving the engine from a command: notices in, lines out, until told to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from types import FrameType
from typing import TYPE_CHECKING

from bluefs.app import brake
from bluefs.app.engine import Engine
from bluefs.app.reports import Report
from bluefs.app.schemas import keep_copies
from bluefs.app.world import World
from bluefs.bootstrap import Home, schemas
from bluefs.core.errors import BluefsError, Refused
from bluefs.core.ports import Notice

if TYPE_CHECKING:
    from bluefs.adapters.watch import FolderWatch

#: Seconds between two looks at an obstacle.
_BEHIND = 0.5
#: Seconds the loop waits at most: the clock may be set, and a notice may be lost.
_LONGEST = 60.0


def hold(home: Home) -> AbstractContextManager[None]:
    """The engine's lock. Raises Refused, naming who holds it."""
    held = home.lock.acquire()
    if held is None:
        raise Refused("cli.engine_held", **holder(home))
    return held


def holder(home: Home) -> dict[str, object]:
    """pid, host and start of the running engine, as words fill them."""
    from datetime import datetime

    found = home.lock.holder() or {}
    since = found.get("since")
    start = datetime.fromtimestamp(since) if isinstance(since, (int, float)) else None
    return {
        "pid": found.get("pid", "?"),
        "host": found.get("host", "?"),
        "since": f"{start:%H:%M}" if start else "?",
    }


class Driver:
    """One engine, its watch and those who ask it to finish. ``tell`` gets every report."""

    def __init__(self, home: Home, world: World, tell: Callable[[Iterable[Report]], None]) -> None:
        self.home = home
        self.world = world
        self.engine = Engine(world)
        self.tell = tell
        self.stopping = False
        self._asked: list[str] = []

    def open(self, greet: Callable[[FolderWatch], None] | None = None) -> FolderWatch:
        """Watch first, then scan: what happens in between is in both. ``greet`` comes before
        what the scan finds; from then on every change is seen."""
        keep_copies(self.home.files, schemas())
        watch = self.home.watch()
        watch.start()
        found = self.engine.start()
        if greet is not None:
            greet(watch)
        self.tell(found)
        return watch

    def run(self, watch: FolderWatch) -> None:
        """Until SIGINT or SIGTERM."""

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.stopping = True
            watch.wake()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        while not self.stopping:
            self.turn(watch.wait(self._timeout()))

    def turn(self, notices: Iterable[Notice]) -> None:
        """One round of the loop."""
        batch = list(notices)
        if not batch and self._overslept():
            self.engine.rescan()
        self.engine.notice(batch)
        self._questions()
        self.tell(self.engine.step())
        self._answers()

    def finish(self, watch: FolderWatch) -> bool:
        """Until everything is handled and committed. False where something is in the way."""
        while not self.engine.idle:
            if self.engine.obstacles and not self._may_pass():
                return False
            self.turn(watch.wait(self._timeout()))
        return not self.engine.obstacles

    def _may_pass(self) -> bool:
        return all(o.key == "git.busy.lock" for o in self.engine.obstacles)

    def _timeout(self) -> float:
        """Seconds to wait at most. What is due although something is in the way (the brake, a
        merge) stays due: without a pause the loop would spin until somebody clears it."""
        due = self.engine.due()
        least = _BEHIND if self.engine.obstacles else 0.0
        return _LONGEST if due is None else min(_LONGEST, max(least, due - self.world.clock.now()))

    def _overslept(self) -> bool:
        """The machine was asleep: the clock is far beyond what was due."""
        due = self.engine.due()
        return due is not None and self.world.clock.now() - due > _LONGEST

    def _questions(self) -> None:
        for token, kind in self.home.asks.pending():
            if kind == "finish" and token not in self._asked:
                self.engine.rescan()
                self._asked.append(token)
            elif kind in ("accept", "restore"):
                self.home.asks.answer(token, self._resume(kind))

    def _resume(self, kind: str) -> dict[str, object]:
        try:
            count = brake.accept(self.world) if kind == "accept" else len(brake.restore(self.world))
        except BluefsError as error:
            return {
                "ok": False,
                "key": error.key,
                "fields": {k: str(v) for k, v in error.fields.items()},
            }
        self.engine.rescan()
        return {"ok": True, "count": count}

    def _answers(self) -> None:
        if self._asked and (self.engine.idle or self.engine.obstacles):
            keys = [o.key for o in self.engine.obstacles]
            for token in self._asked:
                self.home.asks.answer(token, {"ok": not keys, "obstacles": keys})
            self._asked.clear()
