"""Items between brackets or braces: one in, one out, the rest as typed.

Owns the text of one flow collection while items come and go: its separators, padding,
trailing comma, and the layout with one item on each line.
"""

from __future__ import annotations

from bluefs.core.frozen import dataclass
from bluefs.core.patterns import pattern

_GAP = pattern(r",[ \t]*")
_TO_COMMA = pattern(r"(?:[ \t\r\n]|#[^\r\n]*)*,")
_REST = pattern(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n])")
_BREAK = pattern(r"\r\n|\n|\r")


@dataclass(slots=True)
class FlowText:
    """``text`` from the opening to the closing bracket; ``spans`` the (start, end) of its
    items in it; ``newline`` for a line that is added."""

    text: str
    spans: list[tuple[int, int]]
    newline: str

    def insert(self, item: str, comment: str = "") -> None:
        """Add an item at the end. The comment (``# ...``) is written only where the items
        stand on lines of their own: behind it nothing else could stand."""
        if not self.spans:
            self._insert_first(item)
        elif (line := self._own_line(len(self.spans) - 1)) is not None:
            self._insert_line(item, comment, line)
        else:
            at = self.spans[-1][1]
            gap = self._separator()
            self._splice(at, at, gap + item)
            self.spans.append((at + len(gap), at + len(gap) + len(item)))

    def remove(self, index: int) -> None:
        """Take out an item with its separator, and its line where it has one to itself."""
        start, end = self.spans[index]
        line = self._own_line(index)
        last = index == len(self.spans) - 1
        if line is not None and len(self.spans) > 1:
            dangling = last and index and self._comma(index) is None
            self._splice(*line, "")
            if dangling:
                comma = self._comma(index - 1)
                if comma is not None:
                    self._splice(comma - 1, comma, "")
        elif len(self.spans) == 1:
            self._splice(start, self._comma(index) or end, "")
        elif index and (last or self._apart(end, self.spans[index + 1][0])):
            self._splice(self.spans[index - 1][1], end, "")
        else:
            self._splice(start, self.spans[index + 1][0], "")
        del self.spans[index]

    def _insert_first(self, item: str) -> None:
        inner = self.text[1:-1]
        if inner.strip():
            self._splice(1, 1, item)
        else:
            self.text = self.text[0] + item + self.text[-1]
        self.spans = [(1, 1 + len(item))]

    def _insert_line(self, item: str, comment: str, line: tuple[int, int]) -> None:
        start, end = self.spans[-1]
        indent = self.text[line[0] : start]
        trailing = self._comma(len(self.spans) - 1) is not None
        written = indent + item + ("," if trailing else "")
        written += f"  {comment}{self.newline}" if comment else self.newline
        self._splice(line[1], line[1], written)
        at = line[1] + len(indent)
        if not trailing:
            self._splice(end, end, ",")
            at += 1
        self.spans.append((at, at + len(item)))

    def _separator(self) -> str:
        """The comma and blanks between the last two items, else ", "."""
        if len(self.spans) > 1:
            between = self.text[self.spans[-2][1] : self.spans[-1][0]]
            if _GAP.fullmatch(between):
                return between
        return ", "

    def _comma(self, index: int) -> int | None:
        """Behind the comma that follows an item."""
        found = _TO_COMMA.match(self.text, self.spans[index][1])
        return found.end() if found is not None else None

    def _own_line(self, index: int) -> tuple[int, int] | None:
        """From where to where the item's lines go, if nothing else stands on them."""
        start, end = self.spans[index]
        begin = max(self.text.rfind("\n", 0, start), self.text.rfind("\r", 0, start)) + 1
        if begin == 0 or self.text[begin:start].strip(" \t"):
            return None
        comma = self._comma(index)
        if comma is not None and not self._apart(end, comma):
            end = comma
        elif index < len(self.spans) - 1:
            return None
        rest = _REST.match(self.text, end)
        stop = _BREAK.match(self.text, rest.end()) if rest is not None else None
        return (begin, stop.end()) if stop is not None else None

    def _apart(self, start: int, end: int) -> bool:
        return _BREAK.search(self.text, start, end) is not None

    def _splice(self, start: int, end: int, text: str) -> None:
        self.text = self.text[:start] + text + self.text[end:]
        shift = len(text) - (end - start)
        self.spans = [(s + shift, e + shift) if s >= end else (s, e) for s, e in self.spans]
