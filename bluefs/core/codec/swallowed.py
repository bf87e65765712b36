"""Text that YAML dropped without a word: what stands behind a ``#`` glued to a word.

Owns the difference between a comment and an accident: ``12000 # net`` is a comment,
``Fix #12 login`` is not. It works on nodes, so that nothing inside quotes, block scalars
and real comments is ever touched; a comment with a line to itself is always one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from bluefs.core.codec.text import PROBLEM_LIMIT, Lines
from bluefs.core.codec.traps import quoted
from bluefs.core.codes import format as codes
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern
from bluefs.core.problems import Fix, Problem
from bluefs.core.words import say

_GLUED = pattern(r"#[^ \t\r\n]")
_END = pattern(r"[\r\n]|\Z")
#: What makes such a comment a proper one. Any other Fix quotes a value.
SPACE, SPACES = "# ", " # "


def find_swallowed(
    node: Node | None, text: str, first_line: int, *, whole: bool = True
) -> list[Problem]:
    """A Problem for each comment that nobody meant for one, at the ``#``. Behind a plain
    value its Fix quotes the whole; behind one that is complete (in quotes or brackets) it
    puts the space that a comment wants. Where not ``whole``, the nodes are not all the text
    has, and only plain values are looked behind."""
    if node is None or "#" not in text or _GLUED.search(text) is None:
        return []
    search = _Search(node, Lines(text), first_line)
    found = []
    for at in search.comments():
        problem = search.judge(at, whole)
        if problem is not None:
            found.append(problem)
            if len(found) == PROBLEM_LIMIT:
                break
    return found


class _Search:
    """``spans`` are (start, end, scalar) of all scalars, by place."""

    def __init__(self, node: Node, lines: Lines, first_line: int) -> None:
        self.lines = lines
        self.text = lines.text
        self.shift = first_line - 1
        self.spans = [self._span(scalar) for scalar in _scalars(node)]
        self.starts = [start for start, _, _ in self.spans]

    def _span(self, scalar: Scalar) -> tuple[int, int, Scalar]:
        """A block scalar's begins behind its header: a comment may stand there."""
        start = self.lines.offset(scalar.line - self.shift, scalar.column)
        end = self.lines.offset(scalar.end_line - self.shift, scalar.end_column)
        if start < end and not scalar.plain and self.text[start] in "|>":
            start = self._line_end(start)
        return start, max(start, end), scalar

    def _line_end(self, at: int) -> int:
        match = _END.search(self.text, at)
        return match.start() if match else len(self.text)

    def comments(self) -> Iterator[int]:
        """Where each comment begins that does not have its line to itself."""
        at = self.text.find("#")
        while at >= 0:
            span = self._before(at)
            if span is not None and at < span[1]:
                at = self.text.find("#", span[1])
                continue
            column = self.lines.place(at)[1]
            if self.text[at - column + 1 : at].strip(" \t"):
                yield at
            at = self.text.find("#", self._line_end(at))

    def _before(self, at: int) -> tuple[int, int, Scalar] | None:
        index = bisect_right(self.starts, at)
        return self.spans[index - 1] if index else None

    def judge(self, at: int, whole: bool) -> Problem | None:
        if self.text[at + 1 : at + 2] in ("", " ", "\t", "\r", "\n"):
            return None
        span = self._before(at)
        if span is not None and span[2].plain and not self.text[span[1] : at].strip(" \t"):
            glued = span[1] == at  # ``[a,#b]``: no blank in between
            return None if glued and span[2].text else self._cut(at, span[2])
        return self._complete(at) if whole else None

    def _cut(self, at: int, scalar: Scalar) -> Problem:
        """A plain value that lost its end, or all of itself."""
        line, column = self.lines.place(at)
        rest = self.text[at : self._line_end(at)].rstrip(" \t")
        stop = column + len(rest)
        line += self.shift
        fix = Fix(line, column, line, stop, quoted(rest))
        if scalar.text:
            end = self.lines.offset(scalar.end_line - self.shift, scalar.end_column)
            fix = Fix(scalar.line, scalar.column, line, stop,
                      quoted(scalar.text + self.text[end:at] + rest))  # fmt: skip
        return self._problem(at, rest, fix, "quote")

    def _complete(self, at: int) -> Problem:
        """A comment that took nothing, or, between brackets, nobody can tell what."""
        line, column = self.lines.place(at)
        rest = self.text[at : self._line_end(at)].rstrip(" \t")
        before = self.text[at - column + 1 : at]
        line += self.shift
        space = SPACE if before[-1:] in (" ", "\t") else SPACES
        inside = before.rstrip(" \t")[-1:] in (",", "[", "{")
        fix = None if inside else Fix(line, column, line, column + 1, space)
        return self._problem(at, rest, fix, "swallowed_comment")

    def _problem(self, at: int, rest: str, fix: Fix | None, remedy: str) -> Problem:
        line, column = self.lines.place(at)
        blank = " " if self.text[at - 1] in " \t" and at - column + 1 < at - 1 else ""
        message = say("problems.swallowed", text=blank + rest)
        hint = say(f"problems.{remedy}.hint")
        if fix is not None:
            hint = say("problems.fixable.hint", hint=hint)
        place = line + self.shift, column, column + len(rest)
        return Problem(codes.SWALLOWED, "", *place, message, hint, fix)


def took_nothing(problem: Problem) -> bool:
    """Whether such a Problem is about a comment behind a value that is whole."""
    return problem.fix is not None and problem.fix.text in (SPACE, SPACES)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Seq):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, Map):
        for key, value in node.entries:
            yield key
            yield from _scalars(value)
