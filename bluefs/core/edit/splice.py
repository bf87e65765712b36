"""Splices: the only way this package changes a text.

A plan is a set of splices over one text, none overlapping another; carried out together, so
offsets never go stale.
"""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Splice:
    """Put ``text`` in the place of the characters from ``start`` up to ``end``."""

    start: int
    end: int
    text: str


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """The text with all of them carried out. Insertions at one place keep their order.
    Raises ValueError where two overlap (a bug in a plan, not the user's doing)."""
    parts: list[str] = []
    done = 0
    for splice in sorted(splices, key=lambda s: (s.start, s.end)):
        if splice.start < done:
            raise ValueError(f"splices overlap at {splice.start}")
        parts += (text[done : splice.start], splice.text)
        done = splice.end
    return "".join((*parts, text[done:]))
