"""What stands in for a file that cannot be read, and the names of files that hold none.

Owns the last good state of a path (handled, else HEAD, else there is none) and ids derived from
the commit that added a file. Asks Git only when asked, and each thing once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from bluefs.core.hints import TYPE_CHECKING

if TYPE_CHECKING:
    from bluefs.core.past import Past
    from bluefs.core.ports import Git, State

#: States held in memory at once.
_ASKED = 256


class Goods:
    """At one moment: HEAD is looked up once. ``state`` None: nothing has been handled."""

    def __init__(self, git: Git, state: State | None) -> None:
        self._git, self._state = git, state
        self._past: Past | None = None

    @cached_property
    def head(self) -> str | None:
        return self._git.head()

    @cached_property
    def tree(self) -> Mapping[str, str]:
        """path -> blob of HEAD."""
        return self._git.tree(self.head) if self.head is not None else {}

    @cached_property
    def _added(self) -> Mapping[str, str]:
        return self._git.additions(self.head) if self.head is not None else {}

    def past(self, known: Past | None = None) -> Past:
        """Since when the records of HEAD are there. ``known`` is what was known of another commit;
        who asks first says it."""
        if self._past is None:
            from bluefs.app.dating import past_of

            self._past = past_of(self._git, self.head, known)
        return self._past

    @cached_property
    def ages(self) -> Mapping[str, int]:
        """path -> how old the file is, of those that HEAD has: one that an earlier commit added has
        a smaller number."""
        newest_first = list(dict.fromkeys(self._added.values()))
        order = {commit: -n for n, commit in enumerate(newest_first)}
        return {path: order[commit] for path, commit in self._added.items() if path in self.tree}

    def last_good(self, path: str) -> bytes | None:
        return next(self.last_goods([path]))[1]

    def last_goods(
        self, paths: Iterable[str], now: Mapping[str, bytes] = MappingProxyType({})
    ) -> Iterator[tuple[str, bytes | None]]:
        """(path, the same) of each: Git is asked for many at once. None, and not asked for, where
        HEAD has the very bytes that are there ``now``: what cannot be read is no better there."""
        waiting = iter(paths)
        while some := list(islice(waiting, _ASKED)):
            rows = {p: self._state.get(p) for p in some} if self._state is not None else {}
            handled = {p: row.data for p, row in rows.items() if row is not None and row.data}
            blobs = {p: b for p in some if p not in handled and (b := self.tree.get(p))}
            blobs = {p: b for p, b in blobs.items() if not self._is(b, now.get(p))}
            found = self._git.blobs(blobs.values()) if blobs else {}
            for path in some:
                yield path, handled.get(path) or (found[blobs[path]] if path in blobs else None)

    def _is(self, blob: str, data: bytes | None) -> bool:
        return data is not None and self._git.hash_blob(data) == blob

    def basis(self, path: str) -> str:
        """What ``last_good`` and ``derived`` of this path rest on: while it is the same, so
        are they."""
        row = self._state.get(path) if self._state is not None else None
        return f"{self.head} {row.sha if row is not None and row.data else ''}"

    def derived(self, paths: Iterable[str]) -> dict[str, str]:
        """path -> id of those of these files, which hold no id, that HEAD has."""
        committed = [path for path in paths if path in self.tree]
        if not committed:
            return {}
        from bluefs.core.identity import derived_id

        return {p: derived_id(c, p) for p in committed if (c := self._added.get(p))}

    def names(self, paths: Iterable[str]) -> Mapping[str, str]:
        """As ``derived``, asked for when somebody looks: only records that are referred to, or
        mended, need theirs, and the whole history may have to be walked."""
        return _Names(lambda: self.derived(paths))


class _Names(Mapping[str, str]):
    def __init__(self, make: Callable[[], Mapping[str, str]]) -> None:
        self._make = make

    @cached_property
    def _found(self) -> Mapping[str, str]:
        return self._make()

    def __getitem__(self, path: str) -> str:
        return self._found[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def is_blank(data: bytes) -> bool:
    """Whether a file has no text: it cannot have lost any."""
    return not data.removeprefix(b"\xef\xbb\xbf").strip()
