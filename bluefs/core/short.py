"""Ids as people see them: the shortest beginning, of four characters or more, that is unique."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

LEAST = 4


class Short:
    """Shortens the ids of one workspace."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(set(names))

    def of(self, name: str) -> str:
        """The short form of an id; of a path (a record without an id) the path itself."""
        if "/" in name:
            return name
        at = bisect_left(self._names, name)
        near = [n for n in self._names[max(0, at - 1) : at + 2] if n != name]
        length = max([LEAST, *(_common(name, other) + 1 for other in near)])
        return name[:length]


def _common(one: str, two: str) -> int:
    count = 0
    for a, b in zip(one, two):
        if a != b:
            break
        count += 1
    return count
