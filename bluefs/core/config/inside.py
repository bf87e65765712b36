"""Where in the file a character of a scalar stands.

A scalar's text is what YAML made of its source: quotes are gone, escapes are resolved, folded
lines are joined. A query's error and a merge field have an offset in that text; this module
walks the source again to find their line and column. It refuses to judge the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from bluefs.core.config.reader import Reader
from bluefs.core.nodes import Scalar

_HEX_ESCAPES = {"x": 2, "u": 4, "U": 8}


def place_in(reader: Reader, scalar: Scalar, offset: int) -> tuple[int, int]:
    """(line, column), both from 1, of the character at ``offset`` (from 0) of the scalar's
    text. Behind its last character, the place after that; without a position, the start."""
    place = (max(scalar.line, 1), max(scalar.column, 1))
    if not 1 <= scalar.line <= len(reader.lines):
        return place
    last: tuple[int, int] | None = None
    for n, found in enumerate(_places(reader.lines, scalar)):
        if n == offset:
            return found
        last = found
    return (last[0], last[1] + 1) if last is not None else place


def span_in(reader: Reader, scalar: Scalar, start: int, end: int) -> tuple[int, int, int]:
    """(line, column, end) of some characters of the scalar's text, as far as they stand on one
    line."""
    line, column = place_in(reader, scalar, start)
    end_line, last = place_in(reader, scalar, max(end - 1, start))
    return line, column, last + 1 if end_line == line and last >= column else column + 1


def _places(lines: tuple[str, ...], scalar: Scalar) -> Iterator[tuple[int, int]]:
    source = lines[scalar.line - 1][scalar.column - 1 :]
    if not scalar.plain and source[:1] in ("|", ">"):
        yield from _block(lines, scalar)
    elif not scalar.plain and source[:1] in ("'", '"'):
        yield from _flow(lines, scalar, 1, source[0])
    else:
        yield from _flow(lines, scalar, 0, "")


def _flow(
    lines: tuple[str, ...], scalar: Scalar, skip: int, quote: str
) -> Iterator[tuple[int, int]]:
    """Plain and quoted scalars. A line break with the blanks around it is one character; of
    several breaks, all but the first."""
    line, column = scalar.line, scalar.column - 1 + skip
    while line <= len(lines) and (line, column) < (scalar.end_line, scalar.end_column - 1):
        source = lines[line - 1]
        if not source[column:].strip():
            place = (line, column + 1)
            breaks = 0
            while line < len(lines) and not source[column:].strip():
                line, column, breaks = line + 1, 0, breaks + 1
                source = lines[line - 1]
            column = len(source) - len(source.lstrip())
            for _ in range(max(breaks - 1, 1)):
                yield place
            if not breaks:
                return
            continue
        if quote and source[column] == quote and not _doubled(source, column, quote):
            return
        yield line, column + 1
        column += _width(source, column, quote)


def _doubled(source: str, column: int, quote: str) -> bool:
    return quote == "'" and source[column : column + 2] == "''"


def _width(source: str, column: int, quote: str) -> int:
    """How many characters of the source are one of the text."""
    if _doubled(source, column, quote):
        return 2
    if quote == '"' and source[column] == "\\":
        return 2 + _HEX_ESCAPES.get(source[column + 1 : column + 2], 0)
    return 1


def _block(lines: tuple[str, ...], scalar: Scalar) -> Iterator[tuple[int, int]]:
    """Literal and folded scalars: every line break counts as one character, which is exact
    for literal ones and for folded ones without blank lines."""
    first = scalar.line
    body = lines[first : max(scalar.end_line, first)]
    # The indentation may be said in the header, relative to the parent's: what is left of it
    # in the text tells it without knowing the parent.
    left = next((_lead(one) for one in scalar.text.split("\n") if one.strip()), 0)
    indent = next((_lead(one) for one in body if one.strip()), left) - left
    for n, one in enumerate(body, start=first + 1):
        for column in range(indent, len(one)):
            yield n, column + 1
        yield n, len(one) + 1


def _lead(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
