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

from collections.abc import Iterable

from bluefs.app.adopt import adopt
from bluefs.app.brake import Brake
from bluefs.app.carry import SharedLane
from bluefs.app.handle import Handler
from bluefs.app.keep import Keeper
from bluefs.app.observe import Observer
from bluefs.app.post import post
from bluefs.app.reports import Pulled, Report, Stopped
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


class Engine:
    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = WorktreeSettings(world)
        self.observer = Observer(world)
        self.lane = SharedLane(world)
        self.brake = Brake(world)
        self.handler = Handler(world, self.observer, self.brake)
        self.keeper = Keeper(world, self.handler)
        self._git_rest = 0.0
        self._scanned = 0.0
        self._wants_scan = True
        self._wants_carry = True
        self._said: dict[str, Stopped] = {}
        self._carried: tuple[object, ...] = ()

    # -- what happens outside ------------------------------------------------------------

    def notice(self, notices: Iterable[Notice]) -> None:
        """Paths that may have changed, as the watcher tells them."""
        now = self.world.clock.now()
        for notice in notices:
            if notice.git:
                self._git_rest = now + GIT_REST
            elif notice.overflow:
                self._wants_scan = True
            elif notice.path:
                self.observer.notice(notice.path, now, notice.closed)

    def rescan(self) -> None:
        """Look at every file again with the next step."""
        self._wants_scan = True

    # -- what the engine does ------------------------------------------------------------

    def start(self) -> list[Report]:
        """Take up where the last engine stopped, or was killed."""
        self.lane.recover()
        loaded = self.settings.load(self.world.files.scan())
        self._baseline(loaded)
        for pending in self.world.state.pending():
            apply_pending(self.world, pending, loaded.config)
        self.keeper.resume(loaded.config)
        return self.step()

    def step(self) -> list[Report]:
        """Do everything that is due now."""
        stop = self._stopped()
        if stop is not None:
            return self._say_once([stop])
        try:
            reports = self._turn()
        except Blocked as blocked:
            return self._say_once([Stopped(blocked.key, dict(blocked.fields))])
        self._said = ({s.key: s for s in reports if isinstance(s, Stopped)} and self._said) or {}
        return reports

    def due(self) -> float | None:
        """When something will be due, in seconds of the clock; None if nothing is waited
        for. ``step`` may be called at any time."""
        times = [self.handler.due, self.keeper.due()]
        if self._git_rest > self.world.clock.now():
            times.append(self._git_rest)
        known = [t for t in times if t is not None]
        return min(known) if known else None

    @property
    def idle(self) -> bool:
        """Nothing is under way: every file is as it was handled, and committed if that is
        the engine's to do."""
        return not self.observer.touched and self.due() is None and not self._wants_scan

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

    def _turn(self) -> list[Report]:
        now = self.world.clock.now()
        loaded = self._settings(now)
        if loaded.too_new is not None:
            return self._say_once([Stopped("engine.too_new", {"format": loaded.too_new})])
        if now < self._git_rest:
            return []
        reports = self._adopt(loaded)
        self.lane.ensure_mark()
        paused = self.brake.paused()
        if paused is not None:
            return [*reports, *self._say_once([paused])]
        reports += self.handler.handle(loaded, now)
        reports += self.keeper.commit(loaded.config, now)
        reports += self._carry(loaded)
        reports += post(self.world, loaded.config)
        return reports

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

    def _adopt(self, loaded: Loaded) -> list[Report]:
        head, known = self.world.git.head(), self.world.state.note("head")
        if head is None or head == known:
            return []
        count = adopt(self.world, loaded.config, known, head)
        self._wants_scan = True
        self.keeper.head_moved()
        return [Pulled(head, count)] if count else []

    def _carry(self, loaded: Loaded) -> list[Report]:
        """Lane two, whenever the shared branch, the mark or trust has moved."""
        git = self.world.git
        stamp = (git.head(), str(self.world.trust.read()), self.keeper.quiet_since)
        if stamp == self._carried:
            return []
        reports = self.lane.carry()
        self.world.state.apply(StateChange(notes={"head": git.head()}))
        self.keeper.head_moved()
        self._carried = (git.head(), str(self.world.trust.read()), self.keeper.quiet_since)
        return self._say_once(reports)

    def _say_once(self, reports: Iterable[Report]) -> list[Report]:
        """A standing obstacle is told when it comes, not with every step."""
        fresh: list[Report] = []
        for report in reports:
            if isinstance(report, Stopped):
                if self._said.get(report.key) == report:
                    continue
                self._said[report.key] = report
            fresh.append(report)
        return fresh
