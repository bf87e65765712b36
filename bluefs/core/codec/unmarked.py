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


def values_as_text(body: str, keys: Collection[str]) -> bool:
    """Whether this text, which has no front matter, begins with one that lost its marks."""
    lines = _lines(body)
    first = next(lines, "")
    if not any(c.isalnum() for c in first):
        first = next(lines, "")
    flow = _IN_LINE.match(first)
    if flow is not None:
        return flow[1] in keys
    one, other = _KEY.fullmatch(first), _KEY.fullmatch(next(lines, ""))
    if one is None or one[1] not in keys:
        return False
    return (one[1] == "id" and is_id((one[2] or "").strip())) or (
        other is not None and other[1] in keys
    )


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text[:2000].splitlines() if line.strip())
