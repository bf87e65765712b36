"""The passages that hold the words of a search, below the rows of a list.

Owns their look: dim, the words in it bold, on a terminal only (a pipe has one line for a record),
and their form in ``--json``. A record whose title alone holds the words needs none on a screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from bluefs.cli.screen import Screen, cut
from bluefs.core.frozen import dataclass
from bluefs.core.model import Record
from bluefs.core.query import Query
from bluefs.core.query.ranking import needles_of
from bluefs.core.query.snippets import Snippet, snippet

_INDENT = "  "
_WIDTH = 100  # columns at most: a passage, not a paragraph


@dataclass(frozen=True, slots=True)
class Passages:
    """What a query looks for; nothing where it has no words."""

    needles: tuple[str, ...]

    @classmethod
    def of(cls, query: Query) -> Passages:
        return cls(needles_of(query.tree))

    def lines(self, records: Sequence[Record], screen: Screen) -> list[str]:
        """A painted line for each record, "" where there is nothing to show; no lines at all in
        a pipe or without words."""
        if not self.needles or screen.width is None:
            return []
        width = min(screen.width, _WIDTH) - len(_INDENT)
        return [_line(snippet(record, self.needles, width), screen, width) for record in records]

    def as_json(self, record: Record) -> dict[str, object]:
        """``snippet``: the passage, the place it is from and the words in it as [start, end) in
        characters. Only for a query with words; null where no text holds them."""
        if not self.needles:
            return {}
        found = snippet(record, self.needles)
        if found is None:
            return {"snippet": None}
        marks = [list(span) for span in found.spans]
        return {"snippet": {"text": found.text, "place": found.place, "marks": marks}}


def _line(found: Snippet | None, screen: Screen, width: int) -> str:
    if found is None or found.place == "title":
        return ""
    text = cut(found.text, width)  # wide characters take two columns
    kept = len(text) - (text != found.text)
    parts, at = [_INDENT], 0
    for start, end in found.spans:
        if start >= kept:
            break
        parts.append(screen.paint(text[at:start], "dim"))
        parts.append(screen.paint(text[start : min(end, kept)], "bold"))
        at = min(end, kept)
    return "".join([*parts, screen.paint(text[at:], "dim")])
