"""The state store with its rows in memory, so that one event costs no walk over all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bluefs.core.frozen import replace
from bluefs.core.ports import Handled, Pending, State, StateChange


class CachedState:
    """A State that mirrors another one's rows (without their data). The engine is the only
    writer while it holds the lock, so the mirror is never stale."""

    def __init__(self, store: State) -> None:
        self._store = store
        self._rows: dict[str, Handled] = dict(store.all())
        self._paths: dict[str, set[str]] = {}
        for row in self._rows.values():
            self._index(row)

    def _index(self, row: Handled) -> None:
        if row.record is not None:
            self._paths.setdefault(row.record, set()).add(row.path)

    def all(self) -> Mapping[str, Handled]:
        return self._rows

    def get(self, path: str) -> Handled | None:
        return self._store.get(path) if path in self._rows else None

    def by_record(self, record: str) -> Sequence[Handled]:
        found = (self._store.get(path) for path in sorted(self._paths.get(record, ())))
        return [row for row in found if row is not None]

    def pending(self) -> Sequence[Pending]:
        return self._store.pending()

    def note(self, key: str) -> str | None:
        return self._store.note(key)

    def apply(self, change: StateChange) -> None:
        self._store.apply(change)
        for path in [*change.drop, *(row.path for row in change.put)]:
            old = self._rows.pop(path, None)
            if old is not None and old.record is not None:
                self._paths[old.record].discard(path)
        for row in change.put:
            self._rows[row.path] = replace(row, data=b"")
            self._index(row)
