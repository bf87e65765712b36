"""The picture: everything that changed, put in order before anything is handled.

Owns which changed file can be read, which of them is which record, and which list folders have
another name. Refuses to write and to handle; what it cannot yet tell it leaves for the next look.
"""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.app.docs import declared_folders, folders_of, is_record
from bluefs.app.head import Head
from bluefs.app.observe import Observer, Seen, Sight
from bluefs.app.renames import Renames, followed, joined
from bluefs.app.reports import Report
from bluefs.app.world import World
from bluefs.app.write import sha256
from bluefs.core.codec.record import Reading, read_record
from bluefs.core.config import Loaded
from bluefs.core.frozen import dataclass, field
from bluefs.core.identity import Card, Pairing, pair, renamed_lists
from bluefs.core.ports import Handled

_BLANK = sha256(b"")


@dataclass(slots=True)
class Picture:
    """One look at everything that changed, put in order."""

    loaded: Loaded
    now: float
    sight: Sight
    readings: dict[str, Reading]
    pairing: Pairing
    renamed: Mapping[str, str]  # folders, those of files that come late too
    found: Mapping[str, str]  # what of it nobody has been told yet
    reports: list[Report] = field(default_factory=list)


class Painter:
    """Makes one picture after the other."""

    def __init__(self, world: World, observer: Observer, renames: Renames, head: Head) -> None:
        self._world, self._observer = world, observer
        self._renames, self._head = renames, head

    def paint(self, loaded: Loaded, sight: Sight, now: float) -> Picture:
        config, rows = loaded.config, self._world.state.all()
        records = {p: s for p, s in sight.seen.items() if is_record(p, config)}
        records = self._not_ignored(records)
        readings = {p: read_record(p, s.data, config) for p, s in records.items()}
        after = {
            p: Card(p, r.record.id, records[p].sha)
            for p, r in readings.items()
            if self.is_readable(p, r) and r.record is not None
        }
        before = {
            p: Card(p, rows[p].record, rows[p].sha)
            for p in (*sight.gone, *records)
            if p in rows and is_record(p, config)
        }
        unreadable = records.keys() - after.keys()
        held = set(unreadable) | self._elsewhere(after, before, now, sight)
        homes = {o for p in before if (o := rows[p].origin) and o != p and self._at_home(o, after)}
        pairing = pair(before, after, held, homes)
        known, found = self._renames.known(), {}
        if pairing.moved:
            old = folders_of(rows) | declared_folders(self._head.config())
            found = dict(renamed_lists(pairing.through(known), old, self._world.files.folders()))
        news = found.items() - followed(known, found).items()
        renamed = joined(known, found)
        pairing = pairing.following(renamed)
        return Picture(loaded, now, sight, readings, pairing, renamed, dict(news))

    def _at_home(self, path: str, after: Mapping[str, Card]) -> bool:
        """Whether a file is back where HEAD has it, while its move is in no commit yet (``git
        stash`` and ``git reset`` leave both files): the history gives the id to this one."""
        return path in after and path in self._head.tree

    def _not_ignored(self, seen: Mapping[str, Seen]) -> dict[str, Seen]:
        """Without what Git ignores; those paths are forgotten."""
        rows = self._world.state.all()
        new = [p for p in seen if p not in rows]
        ignored = self._world.git.ignored(new) if new else frozenset()
        self._observer.forget(ignored)
        return {p: s for p, s in seen.items() if p not in ignored}

    def _elsewhere(
        self, after: Mapping[str, Card], before: dict[str, Card], now: float, sight: Sight
    ) -> set[str]:
        """Ids of changed files that stand in unchanged files too. Where such a file is gone
        and nobody told us yet, it is taken into the picture instead; so is one whose home
        (``_at_home``) the changed file stands at."""
        ids: set[str] = set()
        for card in after.values():
            if card.id is None:
                continue
            for row in self._world.state.by_record(card.id):
                if row.path in before or row.path in after:
                    continue
                if self._world.files.stat(row.path) is None:
                    self._observer.notice(row.path, now, True)
                    before[row.path] = Card(row.path, row.record, row.sha)
                elif self._is_free(row) or (
                    card.path == row.origin and self._at_home(card.path, after)
                ):
                    before[row.path] = Card(row.path, row.record, row.sha)
                else:
                    ids.add(card.id)
        return ids

    def _is_free(self, row: Handled) -> bool:
        """Whether a record's file was emptied since: another that holds the id is it now."""
        return row.sha == _BLANK and row.data != b""

    def is_readable(self, path: str, reading: Reading) -> bool:
        """An empty file is a record only where it never held anything else."""
        if reading.record is None:
            return False
        if not reading.empty:
            return True
        row = self._world.state.get(path)
        return row.data == b"" if row is not None else not self._has_lost(path)

    def _has_lost(self, path: str) -> bool:
        """Whether a file of this name has gone elsewhere: this one may be it, moved and
        emptied."""
        name = path.rpartition("/")[2]
        alike = (p for p in self._world.state.all() if p.rpartition("/")[2] == name)
        return any(self._world.files.stat(p) is None for p in alike)
