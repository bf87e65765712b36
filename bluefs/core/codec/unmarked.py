"""Values above which no ``---`` stands: all of them are text then, and the record has none.

Owns the look at a body's first lines. A note may well begin with ``due: Friday``; so it takes a
line ``id:`` with an id, or two keys of the project in a row, and what stands before them may only
be a broken marker (``--``, ``—``, ``***``). Refuses to read the values: a person has to mend it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bluefs.core.identity import is_id
from bluefs.core.patterns import pattern

_KEY = pattern(r"([^\s:#]+)[ \t]*:(?:[ \t]+(.*))?")
_IN_LINE = pattern(r"\{\s*([^\s:{}]+)\s*:")


def values_line(text: str, keys: Collection[str]) -> int | None:
    """The line (from 1) of the first value in a text that has no front matter and begins with one
    that lost its marks."""
    if ":" not in text[:_FAR]:
        return None
    lines = _lines(text)
    at, first = next(lines, (0, ""))
    if not any(c.isalnum() for c in first):
        at, first = next(lines, (0, ""))
    flow = _IN_LINE.match(first)
    if flow is not None:
        return at if flow[1] in keys else None
    one, other = _KEY.fullmatch(first), _KEY.fullmatch(next(lines, (0, ""))[1])
    if one is None or one[1] not in keys:
        return None
    named = one[1] == "id" and is_id((one[2] or "").strip())
    return at if named or (other is not None and other[1] in keys) else None


#: Characters in which values would begin.
_FAR = 2_000


def _lines(text: str) -> Iterator[tuple[int, str]]:
    lines = enumerate(text[:_FAR].splitlines(), 1)
    return ((number, line.strip()) for number, line in lines if line.strip())
