"""The words of rules: which trigger or action each names, and which are still to come.

A word stands for one class and no other: registering it twice is a bug of ours, found when
the module is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bluefs.core.hints import Generic, TypeVar
from bluefs.core.rules.shape import Part

P = TypeVar("P", bound=Part)


class Registry(Generic[P]):
    """Classes by word. ``later`` are words of the format that this version reads and does not
    carry out."""

    def __init__(self, later: Iterable[str] = ()) -> None:
        self._classes: dict[str, type[P]] = {}
        self.later = frozenset(later)

    def add(self, cls: type[P]) -> type[P]:
        """Register a class, as a decorator. Raises ValueError for a word that is taken."""
        if cls.word in self._classes or cls.word in self.later:
            raise ValueError(f"{cls.__name__}: the word {cls.word} is taken")
        if not (cls.__doc__ or "").strip():
            raise ValueError(f"{cls.__name__} has no docstring, and that is its manual page")
        self._classes[cls.word] = cls
        return cls

    def get(self, word: str) -> type[P] | None:
        return self._classes.get(word)

    def words(self) -> tuple[str, ...]:
        """The words of this version, in the order of the manual."""
        return tuple(self._classes)

    def __iter__(self) -> Iterator[type[P]]:
        return iter(self._classes.values())
