"""YAML as people typed it: source text with positions, before any kind gave it a meaning.

The source text of a scalar is its value (docs/format.md, "Meaning of scalars"); the field's
kind decides the type. Positions count characters from 1 in the decoded file, the end is
exclusive. A node read by the bulk path has line 0: it has no position, and whoever finds a
fault in it asks for the file to be composed again.
"""

from __future__ import annotations

from collections.abc import Iterator

from bluefs.core.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Scalar:
    """``text`` is the scalar's content (quotes and escapes resolved, otherwise untouched).
    ``plain`` is False for quoted and block scalars."""

    text: str
    plain: bool = True
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    @property
    def is_null(self) -> bool:
        """Nothing, ``~`` or ``null`` typed plainly mean *not set*; quoted, they are words."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Seq:
    items: tuple[Node, ...]
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    flow: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    entries: tuple[tuple[Scalar, Node], ...]
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    flow: bool = False

    def get(self, key: str) -> Node | None:
        """The value of ``key``, or None. Keys compare by their NFC text."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None


Node = Scalar | Seq | Map


@dataclass(frozen=True, slots=True)
class Plain:
    """A scalar to be written as it stands (a number, ``true``, a date): never quoted.
    A ``str`` to be written is text: quoted whenever some YAML reader would not read it back
    as that very string."""

    text: str


Writable = Plain | str | tuple["Plain | str", ...]


def scalars(node: Node | None) -> Iterator[Scalar]:
    """The scalars of a value that are not null, in lists and maps too."""
    if isinstance(node, Scalar):
        if not node.is_null:
            yield node
    elif isinstance(node, Seq):
        for item in node.items:
            yield from scalars(item)
    elif isinstance(node, Map):
        for _, value in node.entries:
            yield from scalars(value)
