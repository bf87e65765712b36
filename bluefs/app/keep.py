"""Keeping: one commit of what is finished, edits and rule writes together.

Exactly the handled bytes of exactly the paths that are due, author the person. Paths the user
has staged are theirs and wait; a file nobody can read is not committed. Under ``sync: manual``
it commits nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bluefs.app.commits import describe, write_commit
from bluefs.app.docs import Doc, is_held, is_record
from bluefs.app.given import Given
from bluefs.app.handle import COMMIT_FACTOR, Handler
from bluefs.app.reports import Committed, Report, Stopped
from bluefs.app.together import Batch, Together
from bluefs.app.world import World
from bluefs.app.write import sha256
from bluefs.core.codec.record import read_record
from bluefs.core.diff import diff
from bluefs.core.errors import Blocked
from bluefs.core.frozen import replace
from bluefs.core.identity import relocated
from bluefs.core.model import Config
from bluefs.core.ports import Author, Handled, StateChange

#: Seconds before a commit that Git or a hook refused is tried again.
RETRY = 5.0


class Keeper:
    def __init__(self, world: World, handler: Handler) -> None:
        self.world = world
        self.handler = handler
        self._given = Given(world)
        self._blocked_until = 0.0
        self._committing = True
        self.theirs: frozenset[str] = frozenset()  # due, but staged by the user

    def resume(self, config: Config) -> None:
        """After a start: what was handled and not committed, and what HEAD has and the
        handled states have not, is due again."""
        wait = COMMIT_FACTOR * config.workspace.quiet
        rows = self.world.state.all()
        for path, row in rows.items():
            if not row.committed:
                self.handler.dirty.setdefault(path, row.handled_at + wait)
        for path in self.handler.head.tree:
            if path not in rows and self.world.files.stat(path) is None and config.project_of(path):
                self.handler.dirty.setdefault(path, self.world.clock.now() + config.workspace.quiet)

    def due(self, theirs: bool = True) -> float | None:
        """When the next commit is due, in seconds; without ``theirs``, of what does not wait
        for the user's own commit."""
        times = [t for p, t in self.handler.dirty.items() if theirs or p not in self.theirs]
        if not self._committing or not times:
            return None
        return max(min(times), self._blocked_until)

    def obstacle(self) -> Stopped | None:
        """What the user has staged is theirs to commit."""
        if not self.theirs:
            return None
        return Stopped("git.staged", {"path": min(self.theirs), "count": len(self.theirs)})

    def commit(self, config: Config, now: float) -> list[Report]:
        """Commit what is due. Raises Blocked, and tries again after a while."""
        self._committing = config.workspace.sync != "manual"
        if not self._committing:
            self._given.uncommitted(config, self.handler.dirty)
            return []
        if now < self._blocked_until:
            return []
        due = {p for p, when in self.handler.dirty.items() if when <= now}
        if not due:
            return []
        self._blocked_until = 0.0
        try:
            return self._commit(config, due, now)
        except Blocked:
            self._blocked_until = now + RETRY
            raise

    def _commit(self, config: Config, due: set[str], now: float) -> list[Report]:
        staged = self.world.git.staged()
        self.theirs = frozenset((due | self.theirs) & staged & self.handler.dirty.keys())
        self._postpone(due & staged, now)
        together = Together(self.world, self.handler.head, self.handler.dirty)
        early = together.early(due, config)
        self._postpone(early, now)
        due -= early
        batch = self._batch(config, due - staged, staged, together)
        reports: list[Report] = []
        if batch.changes:
            reports.append(self._write(config, batch))
        self._done(due - staged, batch)
        return reports

    def _postpone(self, paths: Iterable[str], now: float) -> None:
        for path in paths:
            self.handler.dirty[path] = now + RETRY

    def _batch(
        self, config: Config, due: set[str], staged: frozenset[str], together: Together
    ) -> Batch:
        batch = Batch(whole=together.whole(due, config))
        due |= together.along(batch.whole) - staged
        due |= self._followers(due) - staged
        tree = self.handler.head.tree
        gifts = self._given.before_commit(config, due)
        due -= gifts.late
        due |= gifts.along - staged
        self._postpone(gifts.late, self.world.clock.now())
        origins = {row.origin: row.path for row in self.world.state.all().values() if row.origin}
        for path in sorted(due):
            row = self.world.state.get(path)
            if row is None:
                self._gone(batch, config, path, tree, origins)
                continue
            self._there(batch, config, row, tree, staged)
        return batch

    def _followers(self, due: set[str]) -> set[str]:
        """Where a record has left a path that another has taken since, both go into one
        commit: HEAD must not have the first one twice."""
        rows = self.world.state.all()
        left = {rows[p].origin or p for p in due if p in rows}
        return left & rows.keys()

    def _gone(
        self,
        batch: Batch,
        config: Config,
        path: str,
        tree: Mapping[str, str],
        origins: Mapping[str, str],
    ) -> None:
        if path not in tree or path in origins:
            return  # a move's two ends go into one commit, with its new path
        batch.changes[path] = None
        known = config if config.project_of(path) is not None else self.handler.head.config()
        before = self.handler.head.record(path, known) if is_record(path, known) else None
        if before is not None:
            batch.records.append((before, None, diff(before, None)))
        else:
            batch.others.append(path)

    def _there(
        self,
        batch: Batch,
        config: Config,
        row: Handled,
        tree: Mapping[str, str],
        staged: frozenset[str],
    ) -> None:
        if self._broken_by_hand(config, row, tree):
            return
        data = self._bytes(config, row)
        batch.rows.append(row)
        if data is None:
            return
        batch.saved = max(batch.saved, row.handled_at)
        moved = row.origin is not None and row.origin != row.path and row.origin in tree
        if moved and self.world.state.get(row.origin or "") is None and row.origin not in staged:
            batch.changes[row.origin or ""] = None
        if tree.get(row.path) == self.world.git.hash_blob(data):
            batch.others += [row.origin] if row.origin in batch.changes and row.origin else []
            return
        batch.changes[row.path] = data
        if is_record(row.path, config):
            self._tell(batch, config, row, data)
        else:
            batch.others.append(row.path)

    def _tell(self, batch: Batch, config: Config, row: Handled, data: bytes) -> None:
        """A record that came along with its renamed list has not moved."""
        # Under the settings of its time: after a rename, these know the old name no more.
        known = self.handler.head.config() if batch.whole.names else config
        before = self.handler.head.record(row.origin, known)
        here = relocated(row.origin, batch.whole.lists) if row.origin is not None else None
        if before is not None and here is not None and here != row.origin:
            before = read_record(here, self.handler.head.data(row.origin) or b"", known).record
        after = read_record(row.path, data, config).record
        project = config.projects.get(after.project) if after else None
        events = diff(before, after, project)
        if events or here == row.origin:
            batch.records.append((before, after, events))

    def _broken_by_hand(self, config: Config, row: Handled, tree: Mapping[str, str]) -> bool:
        """Whether a person has committed the file as it is, unreadable: the last good state
        does not go over it. Mended, it is looked at again."""
        if row.path not in tree or not is_record(row.path, config):
            return False
        data = self.handler.head.data(row.path)
        if data is None or data == row.data or self.world.files.read(row.path) == row.data:
            return False
        return self.handler.head.record(row.path, config) is None

    def _bytes(self, config: Config, row: Handled) -> bytes | None:
        """The bytes to commit: the handled ones; for a file with a value nobody can read, or
        one that is no record, those on disk if they are still what was handled."""
        if sha256(row.data) == row.sha:
            return row.data
        disk = self.world.files.read(row.path)
        if disk is None or sha256(disk) != row.sha:
            return None
        if is_record(row.path, config):
            read = Doc(row.path, disk, read_record(row.path, disk, config).record)
            return None if is_held(read, known=True) else disk
        return disk

    def _write(self, config: Config, batch: Batch) -> Report:
        writers, notes = self._writers(batch)
        subject, body = describe(
            batch.records, writers, config, batch.others, batch.whole.steps(batch, config),
            deleted=all(batch.changes.get(path) is None for path in batch.others),
        )  # fmt: skip
        head = self.world.state.note("head")  # if HEAD has moved since, that is adopted first
        commit = write_commit(self.world, batch.changes, subject, body, self._author(batch), head)
        rows = [
            replace(r, committed=True, origin=r.path) for r in batch.rows if r.path in batch.changes
        ]
        self.world.state.apply(StateChange(put=rows, notes={"head": commit, **notes}))
        deleted = sum(after is None for _, after, _ in batch.records)
        return Committed(commit, subject, tuple(batch.changes), deleted)

    def _writers(
        self, batch: Batch
    ) -> tuple[dict[str, list[tuple[str, tuple[str, ...]]]], dict[str, str | None]]:
        writers: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        notes: dict[str, str | None] = {}
        for before, after, _ in batch.records:
            shown = after or before
            names = {r.name for r in (after, before) if r is not None}
            names |= {after.path} if after is not None else set()  # a record new without an id
            for name in names:
                note = self.world.state.note(f"wrote:{name}")
                if note and shown is not None:
                    notes[f"wrote:{name}"] = None
                    writers[shown.name] = [(rule, tuple(keys)) for rule, keys in json.loads(note)]
        return writers, notes

    def _author(self, batch: Batch) -> Author:
        at = datetime.fromtimestamp(int(batch.saved or self.world.clock.now()), UTC)
        identity = self.world.git.identity()
        return replace(identity, at=at) if identity else Author("bluefs", "bluefs@localhost", at)

    def _done(self, due: Iterable[str], batch: Batch) -> None:
        """What was due is either committed or equal to HEAD."""
        now = self.world.clock.now()
        equal = [
            replace(r, committed=True, origin=r.path)
            for r in batch.rows
            if r.path not in batch.changes and r.path in self.handler.head.tree
        ]
        if equal:
            self.world.state.apply(StateChange(put=equal))
        for path in due:
            if self.handler.dirty.get(path, 0.0) <= now:
                self.handler.dirty.pop(path, None)
