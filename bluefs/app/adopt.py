"""HEAD moved by somebody else's hand: what came through Git is adopted in silence.

A pull, a checkout, a commit by hand, a reset, a rebase: fields that now equal HEAD's, where
HEAD's changed, are no one's edit here. They are never undone and start no rule; what they
mean is found in the shared history (lane two). It works field by field, so a file with
further edits of a person keeps those as theirs. Never by reflogs or names of commands.
"""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.app.docs import is_record
from bluefs.app.world import World
from bluefs.app.write import sha256
from bluefs.core.codec.record import read_record
from bluefs.core.config import is_config
from bluefs.core.frozen import dataclass, replace
from bluefs.core.identity import written_id
from bluefs.core.merge import merge_record
from bluefs.core.model import Config, Record, Value
from bluefs.core.ports import Handled, StateChange
from bluefs.core.rewrite import rewrite


def adopt(world: World, config: Config, old: str | None, new: str) -> int:
    """Bring the handled states in line with HEAD having moved from ``old`` (None: the first
    engine here, everything in HEAD counts as handled) to ``new``, in one transaction. Returns
    how many files came."""
    diff = world.git.diff(old, new)
    data = world.git.blobs({b for pair in diff.values() for b in pair if b is not None})
    work = _Adoption(world, config, old is None, StateChange(), new)
    for path, (before, after) in diff.items():
        work.file(path, data.get(before or ""), data.get(after or ""))
    work.change.notes["head"] = new
    world.state.apply(work.change)
    return work.count


@dataclass(slots=True)
class _Adoption:
    world: World
    config: Config
    first: bool
    change: StateChange
    head: str  # the new one
    count: int = 0

    def file(self, path: str, before: bytes | None, after: bytes | None) -> None:
        if self.first:
            if after is not None:
                self._put(path, after)
            return
        disk = self.world.files.read(path)
        row = self.world.state.get(path)
        if disk == after:
            self.count += 1 if row is None or disk is None or row.sha != sha256(disk) else 0
            if disk is not None:
                self._put(path, disk)
            elif row is not None:
                self.change.drop.append(path)
        elif is_record(path, self.config):
            self._fields(path, before, after)
        elif row is not None:
            self.change.put.append(replace(row, committed=False))

    def _put(self, path: str, data: bytes) -> None:
        """HEAD and the worktree agree on ``data``. Where nobody can read it, or it lost all
        its text, the last good state stays in force."""
        record, row = self._read(path, data), self.world.state.get(path)
        if row is None and not data.strip():
            row = self._emptied(path)
        lost = not data.strip() and row is not None and bool(row.data)
        if (record is None or lost) and is_record(path, self.config):
            row = row or self._gone(written_id(data))
            if row is not None:
                self.change.put.append(
                    replace(row, path=path, sha=sha256(data), stat=None, origin=path)
                )
            return
        if row is not None:
            self._home(row)
        kept = data if record is not None or is_config(path) else b""
        self.change.put.append(
            Handled(path, kept, sha256(data), record.id if record else None, origin=path)
        )

    def _home(self, row: Handled) -> None:
        """A move that a commit took without its other end (``git stash``, then a commit of
        everything) is a copy: in the history the record still stands where it stood."""
        home = row.origin
        if home is None or home == row.path or not row.record or self.world.state.get(home):
            return
        blob = self.world.git.tree(self.head).get(home)
        data = self.world.git.blobs([blob])[blob] if blob is not None else b""
        if written_id(data) == row.record:
            self.change.put.append(Handled(home, data, sha256(data), row.record, origin=home))

    def _emptied(self, path: str) -> Handled | None:
        """The record of this file name whose file is not there any more: moved and emptied."""
        if not is_record(path, self.config):
            return None
        name = path.rpartition("/")[2]
        gone = (
            p for p in sorted(self.world.state.all())
            if p.rpartition("/")[2] == name and self.world.files.stat(p) is None
        )  # fmt: skip
        found = next(gone, None)
        return self.world.state.get(found) if found is not None else None

    def _gone(self, name: str | None) -> Handled | None:
        """The record of this id whose file is not there any more."""
        rows = self.world.state.by_record(name) if name else ()
        return next((r for r in rows if self.world.files.stat(r.path) is None), None)

    def _read(self, path: str, data: bytes | None) -> Record | None:
        if data is None or not is_record(path, self.config):
            return None
        return read_record(path, data, self.config).record

    def _fields(self, path: str, before: bytes | None, after: bytes | None) -> None:
        """The worktree differs from what HEAD holds now: adopt only the fields in which it
        equals HEAD and HEAD changed."""
        was, now = self._read(path, before), self._read(path, after)
        row = self._row(path, now or was)
        if row is None and now is None and after is not None:
            row = self._gone(written_id(after)) or (None if after.strip() else self._emptied(path))
            row = replace(row, path=path, origin=path) if row is not None else None
        if row is None:
            return
        handled = self._read(row.path, row.data)
        disk = self._read(row.path, self.world.files.read(row.path))
        if handled is None or now is None:
            self.change.put.append(replace(row, committed=False))
            return
        wanted = adopted(handled, disk, was, now)
        data = rewrite(row.data, handled, wanted, self.config)
        sha = sha256(data) if row.sha == sha256(row.data) else row.sha
        self.change.put.append(replace(row, data=data, sha=sha, origin=path, committed=False))

    def _row(self, path: str, record: Record | None) -> Handled | None:
        """The handled state of the record HEAD has at ``path``: there, or where the worktree
        has moved it to. (A copy's id is another file's, which stands where it stood.)"""
        row = self.world.state.get(path)
        if row is not None or record is None or record.id is None:
            return row
        if self.world.files.stat(path) is not None:
            return None
        return next(iter(self.world.state.by_record(record.id)), None)


def adopted(handled: Record, disk: Record | None, was: Record | None, now: Record) -> Record:
    """The handled state with what came through Git. With an unreadable worktree file, HEAD's
    changes go into the last good state where that was untouched."""
    if disk is None:
        merged = merge_record(was, handled, now, "ours").record
        return merged or handled
    old: Mapping[str, Value] = was.values if was is not None else {}
    came = {
        key: disk.values.get(key)
        for key in {**old, **now.values}
        if disk.values.get(key) == now.values.get(key) != old.get(key)
    }
    result = handled.with_values(came)
    if disk.body == now.body and (was is None or was.body != now.body):
        result = replace(result, body=disk.body, comments=disk.comments, items=disk.items)
    if disk.title == now.title and (was is None or was.title != now.title):
        result = replace(result, title=disk.title, title_key=disk.title_key)
    return result
