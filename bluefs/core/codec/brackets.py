"""A walk through a flow list or map, ``[a, b]`` or ``{a: b}``, that may span lines.

Owns finding where it closes, and its items that begin with a character YAML keeps for
itself or are swallowed by a ``#``. Refuses nothing: it only looks.
"""

from __future__ import annotations

from bluefs.core.codec.traps import MOST
from bluefs.core.patterns import pattern

_ITEM_END = pattern(r"[,\[\]{}]|$")
_PLAIN_END = pattern(r"[,\[\]{}]|:(?=[ \t,\[\]{}]|$)|(?<=[ \t])#")
_KEYLIKE = pattern(r"[^\s#:,\[\]{}'\"&*!|>%@`-][^:#]*:(?:[ \t]|$)")
_QUOTED = {"'": pattern(r"'(?:[^']|'')*+'"), '"': pattern(r'"(?:[^"\\]|\\.)*+"')}


class Brackets:
    """``closed`` is the (line, column) behind the closing bracket, None if there is none
    before the next key or item. ``faults`` are the columns of faulty items of the first line, with
    that of the ``#`` where a comment swallowed part of it."""

    def __init__(self, lines: list[str], line: int, column: int, parent: int) -> None:
        self.lines = lines
        self.first = line
        self.line = line
        self.column = column
        self.parent = parent
        self.depth = 0
        self.fresh = True
        self.closed: tuple[int, int] | None = None
        self.faults: list[tuple[tuple[int, int], int | None]] = []

    def run(self, ahead: int) -> int:
        """Walk to the closing bracket, through ``ahead`` further lines at most; how many it
        were."""
        while self.line < len(self.lines) and self.closed is None:
            self._one_line(self.lines[self.line])
            self.line += 1
            self.column = 0
            if self.line - self.first > ahead:
                break
            if self.line < len(self.lines) and self._is_next(self.lines[self.line]):
                break
        return self.line - self.first - 1

    def _is_next(self, line: str) -> bool:
        """Whether a line begins the next key, or the next item of the list around."""
        bare = line.lstrip(" \t")
        if len(line) - len(bare) > max(self.parent, 0):
            return False
        return bare[:2] in ("- ", "-") or bool(_KEYLIKE.match(bare))

    def _one_line(self, line: str) -> None:
        while self.column < len(line) and self.closed is None and len(self.faults) < MOST:
            char = line[self.column]
            if char in " \t":
                self.column += 1
            elif char in "[{":
                self.depth += 1
                self._step(fresh=True)
            elif char in "]}":
                self.depth -= 1
                self._step(fresh=False)
                if self.depth == 0:
                    self.closed = (self.line, self.column)
            elif char in ",:":
                self._step(fresh=True)
            else:
                self._item(line, char)

    def _step(self, *, fresh: bool) -> None:
        self.column += 1
        self.fresh = fresh

    def _item(self, line: str, char: str) -> None:
        start = self.column
        if char == "#":
            self._hash(line, start, start)
        elif self.fresh and char in _QUOTED:
            match = _QUOTED[char].match(line, start)
            self.column = match.end() if match else len(line)
        elif self.fresh and char in "@`%|>!&*":
            self.column = self._end(line, start)
            self._fault(line, start, None)
        else:
            self._plain(line, start)
        self.fresh = False

    def _plain(self, line: str, start: int) -> None:
        match = _PLAIN_END.search(line, start + 1)
        self.column = match.start() if match else len(line)
        if match and match.group() == "#":
            self._hash(line, start, match.start())

    def _hash(self, line: str, start: int, at: int) -> None:
        """A real comment ends the line; a ``#`` glued to a word was meant as text."""
        if line[at + 1 : at + 2] in ("", " ", "\t", "#"):
            self.column = len(line)
            return
        self.column = self._end(line, at)
        self._fault(line, start, at)

    @staticmethod
    def _end(line: str, start: int) -> int:
        match = _ITEM_END.search(line, start)
        return match.start() if match else len(line)

    def _fault(self, line: str, start: int, swallowed: int | None) -> None:
        if self.line == self.first:
            end = len(line[: self.column].rstrip(" \t"))
            self.faults.append(((start, end), swallowed))
