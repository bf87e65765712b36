"""The engine of one clone: what people do to files becomes events, effects and commits.

    notices ─▶ Observer ─▶ pairing ─▶ lane one ─▶ handled state + pending writes
                 (readable)  (which     (settle)        │ one transaction, then written
                              record)                   ▼
    HEAD moved ─▶ adopt (silence)                    commit ─▶ lane two ─▶ outbox ─▶ mail

It owns the order of these rooms and the times: readable is not finished, because editors save
by themselves. Content edits wait ``quiet`` seconds, moves, deletions and commands do not;
commits take moves after ``quiet`` and edits after five times that. It is driven from outside:
``notice`` tells it of paths, ``step`` does everything that is due and returns what happened,
``due`` says when to call again. It never sleeps and never reads a clock but its port.

It refuses to act while Git is busy, off the shared branch, while the brake is on, or while
the workspace's format is newer than it knows: then nothing is handled and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bluefs.app.adopt import adopt
from bluefs.app.brake import Brake
from bluefs.app.carry import Later, SharedLane
from bluefs.app.current import IndexKeeper
from bluefs.app.handle import Handler
from bluefs.app.keep import RETRY, Keeper
from bluefs.app.observe import Observer
from bluefs.app.post import next_post, post
from bluefs.app.reports import Pulled, Report, Stopped, Untrusted
from bluefs.app.settings import WorktreeSettings
from bluefs.app.world import World
from bluefs.app.write import apply_pending
from bluefs.core.config import Loaded
from bluefs.core.errors import Blocked
from bluefs.core.ports import Notice, StateChange

#: After something moved in the Git directory the worktree and HEAD may disagree for a moment
#: (checkout writes files, then moves HEAD); wait this long for it to come to rest.
GIT_REST = 0.3
#: A full scan now and then finds what every notice missed (design: hourly).
SCAN_EVERY = 3600.0
#: Where nothing may be handled, look again after so many seconds.
AGAIN = 1.0
#: Every Git command holds the index for a moment (an editor's ``git status`` for some 50 ms):
#: look again soon, and speak of it only when it lasts. Seconds.
LOCK_AGAIN, LOCK_PATIENCE = 0.1, 3.0
LOCKED = "git.busy.lock"


class Engine:
    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = WorktreeSettings(world)
        self.observer = Observer(world)
        self.lane = SharedLane(world)
        self.brake = Brake(world)
        self.handler = Handler(world, self.observer, self.brake)
        self.keeper = Keeper(world, self.handler)
        self.current = IndexKeeper(world)
        self._git_rest: float | None = None
        self._scanned = 0.0
        self._wants_scan = True
        self._fresh = False  # notices came since the last step
        #: what keeps it from doing its work now
        self.obstacles: tuple[Stopped, ...] = ()
        self._carried: tuple[object, ...] = ()
        self._untrusted: list[Untrusted] = []
        self._carry_again: float | None = None
        self._again: float | None = None
        self._locked_since: float | None = None

    # -- what happens outside ------------------------------------------------------------

    def notice(self, notices: Iterable[Notice]) -> None:
        """Paths that may have changed, as the watcher tells them."""
        now = self.world.clock.now()
        for notice in notices:
            self._fresh = True
            self.current.moved()
            if notice.git:
                self._git_rest = now + GIT_REST
            elif notice.overflow:
                self._wants_scan = True
            elif notice.path:
                self.observer.notice(notice.path, now, notice.closed)
                if not notice.closed and not self._wants_scan:
                    self._wants_scan = self._held_files(notice.path)

    def _held_files(self, path: str) -> bool:
        """Whether known files lay in this folder (only a file is closed). Of what had left it before the watch could
        list it, no notice comes: a folder renamed and a file in it deleted at once."""
        rows = self.world.state.all()
        if path in rows or path.endswith(".md"):
            return False
        return any(known.startswith(f"{path}/") for known in rows)

    def rescan(self) -> None:
        """Look at every file again with the next step."""
        self._wants_scan = True

    # -- what the engine does ------------------------------------------------------------

    def start(self) -> list[Report]:
        """Take up where the last engine stopped, or was killed."""
        self.world.outbox.recover()
        self.lane.recover()
        self.world.files.clean_leftovers(self.world.clock.now())
        loaded = self.settings.load(self.world.files.scan())
        self._baseline(loaded)
        for pending in self.world.state.pending():
            apply_pending(self.world, pending, loaded.config)
        self.keeper.resume(loaded.config)
        return self.step()

    def step(self) -> list[Report]:
        """Do everything that is due now."""
        self._fresh = False
        stop = self._stopped()
        if stop is not None:
            return self._hold_still(stop)
        self._again = self._locked_since = None
        reports: list[Report] = []
        stops: list[Stopped] = []
        try:
            for report in self._turn():
                (stops if isinstance(report, Stopped) else reports).append(report)  # type: ignore[arg-type]
        except Blocked as blocked:
            if blocked.key != LOCKED:  # where that lasts, the next step finds it
                stops.append(Stopped(blocked.key, dict(blocked.fields)))
        self.current.step(rests=self.handler.due is None)
        staged = self.keeper.obstacle()
        return self._with_obstacles(reports, [*stops, staged] if staged is not None else stops)

    def _hold_still(self, stop: Stopped) -> list[Report]:
        now = self.world.clock.now()
        if stop.key != LOCKED:
            self._locked_since = None
        elif self._locked_since is None:
            self._locked_since = now
        since = self._locked_since
        if since is not None and now < since + LOCK_PATIENCE:
            self._again = now + LOCK_AGAIN
            return []
        self._again = now + AGAIN
        return self._with_obstacles([], [stop])

    def _with_obstacles(self, reports: list[Report], stops: list[Stopped]) -> list[Report]:
        """A standing obstacle is told when it comes, not with every step."""
        fresh = [stop for stop in stops if stop not in self.obstacles]
        self.obstacles = tuple(stops)
        return [*reports, *fresh]

    def due(self) -> float | None:
        """When something will be due, in seconds of the clock; None if nothing is waited
        for. ``step`` may be called at any time."""
        if self._again is not None:
            return self._again
        times = [
            self._work_due(),
            self.keeper.due(),
            next_post(self.world),
            self.current.due(rests=self.handler.due is None),
        ]
        known = [t for t in times if t is not None]
        return min(known) if known else None

    def _work_due(self) -> float | None:
        times = [self.handler.due, self.keeper.due(theirs=False), self._carry_again, self._git_rest]
        if self._wants_scan:
            times.append(self.world.clock.now())
        known = [t for t in times if t is not None]
        return min(known) if known else None

    @property
    def idle(self) -> bool:
        """Nothing is under way: every file is as it was handled, and committed if that is
        the engine's to do."""
        return self._work_due() is None and not self._fresh

    # -- one turn ------------------------------------------------------------------------

    def _stopped(self) -> Stopped | None:
        """Why nothing may be handled now."""
        if not self.brake.anchored():
            return Stopped("engine.gone")
        git = self.world.git
        busy = git.busy()
        if busy is not None:
            self._git_rest = self.world.clock.now() + GIT_REST
            return Stopped(f"git.busy.{busy}")
        if git.branch() is None:
            return Stopped("engine.detached")
        shared = self.lane.shared_branch()
        if shared is not None and shared != git.branch():
            short = shared.removeprefix("refs/heads/")
            return Stopped("engine.off_branch", {"branch": short, "short": short})
        return None

    def _turn(self) -> Iterator[Report]:
        now = self.world.clock.now()
        loaded = self._settings(now)
        if loaded.too_new is not None:
            yield Stopped("engine.too_new", {"format": loaded.too_new})
            return
        if self._git_rest is not None and now < self._git_rest:
            return
        self._git_rest = None
        yield from self._adopt(loaded)
        self.lane.ensure_mark()
        paused = self.brake.paused()
        if paused is not None:
            self._again = now + AGAIN
            yield paused
            return
        yield from self.handler.handle(loaded, now)
        yield from self.keeper.commit(loaded.config, now)
        yield from self._carry(loaded, now)
        yield from post(self.world, loaded.config)

    def _settings(self, now: float) -> Loaded:
        if self._wants_scan or now - self._scanned >= SCAN_EVERY:
            scan = self.world.files.scan()
            loaded = self.settings.load(scan)
            self.observer.compare(scan, self.world.state.all(), now)
            self._wants_scan, self._scanned = False, now
            return loaded
        for path in list(self.observer.touched):
            self.settings.touch_if_config(path)
        return self.settings.load()

    def _baseline(self, loaded: Loaded) -> None:
        """The first engine of a worktree takes HEAD for what was handled, so that what people
        did before it came is seen as theirs."""
        state, git = self.world.state, self.world.git
        head = git.head()
        if state.note("head") is None and head is not None and not state.all():
            adopt(self.world, loaded.config, None, head)
        elif head is not None and state.note("head") is None:
            state.apply(StateChange(notes={"head": head}))

    def _adopt(self, loaded: Loaded) -> Iterator[Report]:
        head, known = self.world.git.head(), self.world.state.note("head")
        if head is None or head == known:
            return
        count = adopt(self.world, loaded.config, known, head)
        self.keeper.resume(loaded.config)
        self._wants_scan = True
        if count:
            yield Pulled(head, count)

    def _carry(self, loaded: Loaded, now: float) -> Iterator[Report]:
        """Lane two, whenever the shared branch or trust has moved."""
        if self._carry_again is not None and now < self._carry_again:
            return
        stamp = self._stamp()
        if stamp == self._carried:
            return
        self._carry_again = now + RETRY
        try:
            reports = self.lane.carry()
        except Later:
            return
        self.keeper.resume(loaded.config)
        self._carry_again, self._carried = None, self._stamp()
        waiting = [r for r in reports if isinstance(r, Untrusted)]
        for report in reports:
            if not isinstance(report, Untrusted) or waiting != self._untrusted:
                yield report
        self._untrusted = waiting

    def _stamp(self) -> tuple[object, ...]:
        return self.world.git.head(), self.world.state.note("head"), str(self.world.trust.read())
