"""Text that YAML dropped without a word: what stands behind a ``#`` glued to a word.

Owns the difference between a comment and an accident: ``12000 # net`` is a comment,
``Fix #12 login`` is not. It works on nodes, so that nothing inside quotes, block scalars
and real comments is ever touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bluefs.core.codec.text import Lines
from bluefs.core.codec.traps import quoted
from bluefs.core.codes import format as codes
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.problems import Fix, Problem
from bluefs.core.words import say

_GLUED = re.compile(r"[ \t]+(?P<hash>#[^ \t\r\n][^\r\n]*)")


def find_swallowed(node: Node | None, lines: Lines, first_line: int) -> list[Problem]:
    """A Problem for each plain value that lost its end to a comment, at the ``#``, with the
    Fix that quotes the whole value."""
    if node is None or "#" not in lines.text:
        return []
    found = (_check(scalar, lines, first_line) for scalar in _plain_values(node))
    return [problem for problem in found if problem is not None]


def _plain_values(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        if node.plain:
            yield node
    elif isinstance(node, Seq):
        for item in node.items:
            yield from _plain_values(item)
    elif isinstance(node, Map):
        for _, value in node.entries:
            yield from _plain_values(value)


def _check(scalar: Scalar, lines: Lines, first_line: int) -> Problem | None:
    end = lines.offset(scalar.end_line - first_line + 1, scalar.end_column)
    match = _GLUED.match(lines.text, end)
    if match is None:
        return None
    line, column = lines.place(match.start("hash"))
    line += first_line - 1
    rest = match["hash"].rstrip()
    stop = column + len(rest)
    message = say("problems.swallowed", text=f" {rest}" if scalar.text else rest)
    text = scalar.text + match.group().rstrip() if scalar.text else rest
    start = (scalar.line, scalar.column) if scalar.text else (line, column)
    fix = Fix(*start, line, stop, quoted(text))
    hint = say("problems.fixable.hint", hint=say("problems.quote.hint"))
    return Problem(codes.SWALLOWED, "", line, column, stop, message, hint, fix)
