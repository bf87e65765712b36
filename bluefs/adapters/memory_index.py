"""The in-memory twin of ``adapters.index``, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bluefs.adapters.database import to_key
from bluefs.core.errors import IndexLost
from bluefs.core.frozen import dataclass, field
from bluefs.core.seen import Entry, IndexChange, Known, Row


class MemoryIndex:
    """The port ``Index`` over maps. ``broken`` refuses views, ``locked`` changes. ``shared``:
    another one, whose maps this one uses, as a second process would."""

    def __init__(self, shared: MemoryIndex | None = None) -> None:
        self._store: _Store = shared._store if shared is not None else _Store()
        self._turn = -1
        self.broken = False
        self.locked = False

    def view(self) -> MemoryView | None:
        if self.broken:
            return None
        store = self._store
        self._turn = store.turn
        return MemoryView(dict(store.entries), dict(store.seals), dict(store.notes))

    def apply(self, change: IndexChange) -> bool:
        store = self._store
        if self.locked or self.broken:
            return False
        if store.turn != self._turn:
            raise IndexLost("index.lost", file="memory")
        for path in change.drop:
            store.entries.pop(path, None)
        store.entries.update({entry.known.path: entry for entry in change.put})
        for row, rows in change.renew:
            known_as = store.entries.get(row.path)
            if known_as is not None:
                store.entries[row.path] = known_as._replace(row=row, rows=rows)
        for known in change.touch:
            old = store.entries.get(known.path)
            if old is not None:
                kept = known._replace(blob=old.known.blob, scope=old.known.scope)
                store.entries[known.path] = old._replace(known=kept)
        _update(store.seals, change.seals)
        _update(store.notes, change.notes)
        store.turn = self._turn = store.turn + 1
        return True

    def discard(self) -> None:
        store = self._store
        store.entries, store.seals, store.notes = {}, {}, {}
        store.turn += 1

    def close(self) -> None:
        pass


@dataclass(slots=True)
class _Store:
    entries: dict[str, Entry] = field(default_factory=dict)
    seals: dict[str, bytes] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    turn: int = 0


class MemoryView:
    """The port ``IndexView``."""

    def __init__(
        self, entries: Mapping[str, Entry], seals: Mapping[str, bytes], notes: Mapping[str, str]
    ) -> None:
        self._entries = {path: entries[path] for path in sorted(entries, key=to_key)}
        self._seals = seals
        self._notes = notes

    def seals(self) -> Mapping[str, bytes]:
        return self._seals

    def note(self, key: str) -> str | None:
        return self._notes.get(key)

    def inside(self, folder: str) -> Mapping[str, Known]:
        found = self._entries.items()
        return {p: e.known for p, e in found if p.rpartition("/")[0] == folder}

    def marked(self, mask: int) -> Sequence[Known]:
        return [e.known for e in self._entries.values() if e.known.marks & mask]

    def rows(self, paths: Iterable[str] | None = None) -> Iterator[Row]:
        wanted = None if paths is None else set(paths)
        for path, entry in self._entries.items():
            if entry.row is not None and (wanted is None or path in wanted):
                yield entry.row

    def blobs(self) -> Mapping[str, str]:
        return {p: e.known.blob for p, e in self._entries.items() if e.known.blob}

    def by_id(self, name: str) -> Sequence[Row]:
        return [row for row in self.rows() if row.id == name]

    def blob(self, path: str) -> str | None:
        return self.blobs().get(path)

    def beginning(self, start: str) -> Sequence[str]:
        return [row.path for row in self.rows() if row.id is not None and row.id.startswith(start)]

    def titled(self, word: str) -> Iterable[tuple[str, str]]:
        """It has no titles apart from the records: each may be meant."""
        return [(path, "\0") for path, e in self._entries.items() if e.rows is not None]

    def documents(self) -> Sequence[str]:
        found = self._entries.items()
        return [p for p, e in found if e.row is not None and e.row.id and e.rows is None]

    def waiting(self) -> Sequence[str]:
        return [p for p, e in self._entries.items() if e.rows is not None and e.rows.edges]

    def ids(self) -> Sequence[str]:
        return [row.id for row in self.rows() if row.id is not None]

    def around(self, ids: Iterable[str]) -> Sequence[str]:
        every = sorted({row.id for row in self.rows() if row.id is not None})
        found: set[str] = set()
        for name in ids:
            before = [other for other in every if other < name]
            after = [other for other in every if other > name]
            found |= {*before[-1:], name, *after[:1]}
        return sorted(found)

    def referring(self, texts: Iterable[str]) -> Sequence[str]:
        wanted = set(texts)
        found = ((p, e.rows.refs) for p, e in self._entries.items() if e.rows is not None)
        return [p for p, refs in found if any(wanted & {ref[2], ref[3]} for ref in refs)]

    def search(self, sql: str, parameters: Sequence[object]) -> Sequence[str] | None:
        return None

    def close(self) -> None:
        pass


def _update(kept: dict[str, str] | dict[str, bytes], changed: Mapping[str, object]) -> None:
    for key, value in changed.items():
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = value  # type: ignore[assignment]
