"""Lane one: a finished edit becomes events, and rules write their repeat-safe results.

Each changed record is compared once, handled → worktree, settled, and stored together with
what is still to be written, in one transaction. Nothing outward leaves from here; and where
writing would hide an event from the shared history, lane one leaves it to lane two
(``settle.tells_the_same``).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bluefs.app.brake import Brake
from bluefs.app.carry import keys_written
from bluefs.app.docs import is_record
from bluefs.app.head import Head
from bluefs.app.lane_one import LaneOne
from bluefs.app.numbers import own_numbers
from bluefs.app.observe import STILL, Observer, Seen
from bluefs.app.people import at_work
from bluefs.app.picture import Painter, Picture
from bluefs.app.renames import Renames
from bluefs.app.reports import Fired, Held, Renamed, Report, Saw, Stopped
from bluefs.app.settings import CommitSettings
from bluefs.app.titles import Titles, in_project
from bluefs.app.tops import first_position
from bluefs.app.world import World
from bluefs.app.write import apply_pending, sha256
from bluefs.core.codec.record import read_record
from bluefs.core.config import Loaded, is_config
from bluefs.core.diff import with_good
from bluefs.core.edit import EditRefused
from bluefs.core.frozen import dataclass, replace
from bluefs.core.identity import is_id, relocated, written_id
from bluefs.core.layout import place
from bluefs.core.linking import is_of, path_named
from bluefs.core.matching import path_meant
from bluefs.core.model import Config, Context, Record
from bluefs.core.ports import Handled, StateChange
from bluefs.core.rewrite import rewrite
from bluefs.core.settle import Settled, same_state, settle

#: Deletions, and the same id at two paths, are judged when all has been quiet for so long
#: (seconds): ``cp`` + ``rm`` is a move.
QUIET_DELETIONS = 2.0
#: Commits take edits after so many times ``quiet``.
COMMIT_FACTOR = 5

#: Files of these places are committed though they are no records.
_KEPT = frozenset(
    {"document", "workspace", "project", "automations", "template", "rates", "attachment", "keep"}
)


@dataclass(frozen=True, slots=True)
class Naming:
    """An id that is not the one in a file's text; None: the record has none."""

    id: str | None


class Handler:
    def __init__(self, world: World, observer: Observer, brake: Brake) -> None:
        self.world = world
        self.observer = observer
        self.brake = brake
        self.renames = Renames(world)
        self.head = Head(world.git, CommitSettings(world))
        self._painter = Painter(world, observer, self.renames, self.head)
        self._titles = Titles()
        self.due: float | None = None
        #: path -> when its commit is due, for paths whose handled state HEAD does not have
        self.dirty: dict[str, float] = {}
        #: path -> hash of what could not be read, so that it is told once
        self._refused: dict[str, str] = {}

    def handle(self, loaded: Loaded, now: float) -> list[Report]:
        """Handle what is finished; ``due`` then says when more will be."""
        self.due = None
        if not self.observer.touched:
            return []
        sight = self.observer.look(self.world.state.all(), now)
        if sight.unsettled:
            self._wait(now + STILL)
        for path in sight.same:  # mended by undoing: HEAD may have what was broken
            if not self.world.state.all()[path].committed:
                self.dirty.setdefault(path, now + loaded.config.workspace.quiet)
        picture = self._painter.paint(loaded, sight, now)
        self._files(picture)
        self._hold(picture)
        self.renames.learn(picture.found)
        picture.reports += [Renamed(old, new) for old, new in sorted(picture.found.items())]
        for old, new in picture.pairing.kept:
            self._kept(picture, old, new)
        for path in picture.pairing.created:
            self._created(picture, path)
        self._deleted(picture)
        return picture.reports

    def _wait(self, when: float) -> None:
        self.due = when if self.due is None else min(self.due, when)

    # -- what is no record ---------------------------------------------------------------

    def _files(self, picture: Picture) -> None:
        """Configuration, attachments, templates, documents: stored, and committed later."""
        config, quiet = picture.loaded.config, picture.loaded.config.workspace.quiet
        change = StateChange()
        for path, seen in picture.sight.seen.items():
            if path in picture.readings or is_record(path, config):
                continue
            self.observer.forget([path])
            if place(path, config).kind not in _KEPT:
                continue
            row = self.world.state.get(path)
            broken = path in picture.loaded.broken
            good = (row.data if row else b"") if broken else seen.data
            self._put(
                change, Handled(path, good if is_config(path) else b"", seen.sha, None, seen.stat,
                                seen.saved, False, row.origin if row else None),
                seen.saved + COMMIT_FACTOR * quiet,
            )  # fmt: skip
            if broken:
                problem = next((p for p in picture.loaded.problems if p.path == path), None)
                picture.reports.append(Held(path, problem))
        for path in picture.sight.gone:
            if not is_record(path, config):
                self.observer.forget([path])
                change.drop.append(path)
                self.dirty[path] = picture.now + COMMIT_FACTOR * quiet
        if change.put or change.drop:
            self.world.state.apply(change)

    def _put(self, change: StateChange, row: Handled, due: float) -> None:
        change.put.append(row)
        self.dirty[row.path] = due

    # -- unreadable ----------------------------------------------------------------------

    def _hold(self, picture: Picture) -> None:
        """A file that turned empty or unreadable is held, not deleted."""
        quiet = max(picture.loaded.config.workspace.quiet, STILL)
        for path, reading in picture.readings.items():
            if self._painter.is_readable(path, reading):
                continue
            seen = picture.sight.seen[path]
            if picture.now < seen.saved + quiet:
                self._wait(seen.saved + quiet)
                continue
            self.observer.forget([path])
            row = self.world.state.get(path)
            if row is not None:
                fresh = replace(row, sha=seen.sha, stat=seen.stat, handled_at=seen.saved)
                self.world.state.apply(StateChange(put=[fresh]))
            if self._refused.get(path) != seen.sha:
                problem = reading.problems[0] if reading.problems else None
                picture.reports.append(Held(path, problem))
            self._refused[path] = seen.sha

    # -- kept, moved ---------------------------------------------------------------------

    def _kept(self, picture: Picture, old: str, new: str) -> None:
        row, seen = self.world.state.get(old), picture.sight.seen[new]
        if row is None:
            return
        if new in picture.pairing.copies:
            self._overwritten(picture, row, seen)
            return
        finished = self._finished(picture, seen)
        if old == new:
            if finished:
                self._change(picture, row, new, seen.data, seen)
            return
        if finished or seen.sha == row.sha:
            self._change(picture, row, new, seen.data, seen)
        else:
            self._change(picture, row, new, row.data, seen)

    def _finished(self, picture: Picture, seen: Seen, quiet: float | None = None) -> bool:
        """Whether the content is finished: no save for ``quiet`` seconds, or a command's."""
        if self.world.commands.wrote(seen.path, seen.sha):
            return True
        until = seen.saved + (picture.loaded.config.workspace.quiet if quiet is None else quiet)
        if picture.now >= until:
            return True
        self._wait(until)
        return False

    def _created(self, picture: Picture, path: str) -> None:
        seen = picture.sight.seen[path]
        copy = path in picture.pairing.copies
        quiet = picture.loaded.config.workspace.quiet
        if not self._finished(picture, seen, max(quiet, QUIET_DELETIONS) if copy else quiet):
            return
        if not copy:
            self._change(picture, None, path, seen.data, seen)
        elif picture.loaded.config.workspace.sync != "manual":
            self._new_identity(picture, seen)
        else:
            self._change(picture, None, path, seen.data, seen, named=Naming(None))

    def _overwritten(self, picture: Picture, row: Handled, seen: Seen) -> None:
        """Another record's file was copied over this one: it stays who it is."""
        if not self._finished(picture, seen, QUIET_DELETIONS):
            return
        name = row.record
        if picture.loaded.config.workspace.sync != "manual":
            name = name or self.world.ids.new()
            seen = self._with_id(picture, seen, name, self._before(picture, row, row.path))
        self._change(picture, row, seen.path, seen.data, seen, named=Naming(name))

    def _with_id(self, picture: Picture, seen: Seen, name: str, own: Record | None = None) -> Seen:
        """The file with this id, and the numbers of ``own``, in place of another's."""
        record, config = picture.readings[seen.path].record, picture.loaded.config
        assert record is not None
        target = record.with_values(own_numbers(record, own, config))
        try:
            data = rewrite(seen.data, record, target, config, {"id": name})
            self.world.files.write(seen.path, data, seen.data)
        except EditRefused:
            data = seen.data
        picture.readings[seen.path] = read_record(seen.path, data, picture.loaded.config)
        return replace(seen, data=data, sha=sha256(data))

    def _new_identity(self, picture: Picture, seen: Seen) -> None:
        """A copied file holds another record's id: it gets its own, then it is new."""
        record = picture.readings[seen.path].record
        assert record is not None
        fresh = self._with_id(picture, seen, self.world.ids.new())
        original = self.world.state.by_record(record.id or "")
        self._change(
            picture,
            None,
            seen.path,
            fresh.data,
            fresh,
            copied=original[0].path if original else None,
        )

    def _change(
        self, picture: Picture, row: Handled | None, path: str, data: bytes, seen: Seen,
        named: Naming | None = None, copied: str | None = None,
    ) -> None:  # fmt: skip
        """One record changed from its handled state ``row`` to ``data`` at ``path``; ``named``
        is its id where that is not the one in the text."""
        config = picture.loaded.config
        before = self._before(picture, row, path)
        edit = read_record(path, data, config).record
        assert edit is not None
        if named is not None:
            edit = replace(edit, id=named.id)
        edit = with_good(before, edit)
        at = datetime.fromtimestamp(int(seen.saved), UTC)
        lane = LaneOne(self.world, config, self.context(config, at))
        settled, wanted = lane.settle(
            before, edit, self.head.record(row.origin if row else None, config)
        )
        pending = lane.pending(path, data, edit, wanted)
        content = data is seen.data
        fresh = Handled(
            path, lane.good(data, edit), seen.sha if content else sha256(data), edit.id,
            seen.stat if content else None, seen.saved, False, row.origin if row else None,
        )  # fmt: skip
        change = StateChange(pend=[pending] if pending else [])
        quiet = config.workspace.quiet
        moved = row is not None and row.path != path
        self._put(change, fresh, seen.saved + (quiet if moved else COMMIT_FACTOR * quiet))
        if row is not None and moved:
            change.drop.append(row.path)
            self.dirty[row.path] = self.dirty[path]
            self.observer.forget([row.path])
            if self.world.files.stat(row.path) is not None:
                self.observer.notice(row.path, picture.now, True)
        if content:
            self.observer.forget([path])
        if pending:
            self._remember_writers(change, edit, settled)
        self.world.state.apply(change)
        written = pending is not None and apply_pending(self.world, pending, config)
        if written and pending is not None and pending.target_path != path:
            self.dirty[pending.target_path] = self.dirty[path]
        waiting = pending is None and not same_state(settled.record, edit)
        if settled.events or copied:
            picture.reports.append(Saw(before, edit, settled.events, waiting, copied))
        if written:
            picture.reports += [Fired(f, edit) for f in settled.writers]

    def _before(self, picture: Picture, row: Handled | None, path: str) -> Record | None:
        if row is None:
            return None
        config = picture.loaded.config
        record = read_record(row.path, row.data, config).record
        here = relocated(row.path, picture.renamed)
        if record is not None and here != row.path:
            record = read_record(here, row.data, config).record
        return record

    def _remember_writers(self, change: StateChange, record: Record, settled: Settled) -> None:
        """For the commit's trailers: which rule wrote which keys."""
        note = f"wrote:{record.name}"
        known = json.loads(self.world.state.note(note) or "[]")
        for firing in settled.writers:
            known.append([firing.rule.identity, list(keys_written(firing.before, firing.after))])
        change.notes[note] = json.dumps(known)

    # -- deletions -----------------------------------------------------------------------

    def _deleted(self, picture: Picture) -> None:
        if not picture.pairing.deleted:
            return
        config = picture.loaded.config
        ready: list[str] = []
        broken = self._unreadable(picture)
        for path in picture.pairing.deleted:
            row = self.world.state.get(path)
            if path.rpartition("/")[2] in broken or (row and row.record in broken):
                continue  # it may be that very file, moved and broken: it is held
            until = picture.sight.gone.get(path, picture.now) + QUIET_DELETIONS
            if picture.now >= until and not picture.sight.unsettled:
                ready.append(path)
            else:
                self._wait(max(until, picture.now + STILL))
        records = [p for p in self.world.state.all() if is_record(p, config)]
        if self.brake.holds(ready, records, config) if ready else False:
            picture.reports.append(self.brake.paused() or Stopped("engine.paused"))
            return
        for path in ready:
            self._delete(picture, path)

    def _unreadable(self, picture: Picture) -> set[str]:
        """Names, and written ids, of files on disk that cannot be read and are no known
        record's."""
        rows = self.world.state.all()
        paths = {p for p, r in picture.readings.items() if not self._painter.is_readable(p, r)}
        paths |= {p for p in self._refused if self.world.files.stat(p) is not None}
        fresh = paths - rows.keys()
        ids = {written_id(self.world.files.read(p) or b"") for p in fresh}
        return {p.rpartition("/")[2] for p in fresh} | {i for i in ids if i}

    def _delete(self, picture: Picture, path: str) -> None:
        row = self.world.state.get(path)
        before = self._before(picture, row, path)
        settled = settle(
            before,
            None,
            (),
            self.context(picture.loaded.config, datetime.fromtimestamp(int(picture.now), UTC)),
        )
        for gone in {path, (row.origin if row else None) or path}:
            self.dirty[gone] = picture.now + picture.loaded.config.workspace.quiet
        self.world.state.apply(StateChange(drop=[path]))
        self.observer.forget([path])
        picture.reports.append(Saw(before, None, settled.events))

    # -- shared with the keeper ----------------------------------------------------------

    def context(self, config: Config, at: datetime) -> Context:
        actor = at_work(self.world, config)
        return Context(
            config, at.astimezone(config.workspace.zone), me=actor, actor=actor,
            creator=actor, find=lambda name: self._find(name, config),
            first_position=lambda one: first_position(
                one, self.world.state.all(), self._data, config
            ),
            refer=lambda text, project: self._refer(text, project, config),
        )  # fmt: skip

    def _refer(self, text: str, project: str, config: Config) -> Record | None:
        """What a reference means, as everything was handled last."""
        known = self.world.state.all()
        rows = [row for row in self.world.state.by_record(text) if is_record(row.path, config)]
        if not rows:
            files = ((p, row.sha) for p, row in known.items() if is_record(p, config))
            titles = self._titles.of(in_project(files, project, config), self._data, config)
            path = path_named(text, titles)
            return self._handled(path, config) if path is not None else None
        found = self._handled(rows[0].path, config)
        return found if found is not None and is_of(found, project) else None

    def _handled(self, path: str, config: Config) -> Record | None:
        return read_record(path, self._data(path), config).record

    def _find(self, name: str, config: Config) -> Record | None:
        rows = self.world.state.by_record(name)
        if not rows and not is_id(name):
            known = self.world.state.all()
            files = ((p, row.sha) for p, row in known.items() if is_record(p, config))
            path = path_meant(name, self._titles.of(files, self._data, config))
            rows = [known[path]] if path is not None else []
        return read_record(rows[0].path, rows[0].data, config).record if rows else None

    def _data(self, path: str) -> bytes:
        row = self.world.state.get(path)
        return row.data if row is not None else b""
