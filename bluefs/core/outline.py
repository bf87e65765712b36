"""The outline of a Markdown body, as much of it as merging needs: headings outside of code.

Owns the reading of lines; what comments and task items are is ``core.codec.body``'s to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from bluefs.core.diff3 import Line, Lines
from bluefs.core.patterns import pattern

_HEADING = pattern(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = pattern(r" {0,3}(`{3,}|~{3,})")


def headings(lines: Lines) -> Iterator[tuple[int, int, str]]:
    """(index, level, text) of the headings outside of fenced code."""
    for n, line in unfenced(lines):
        found = _HEADING.match(line.text)
        if found:
            yield n, len(found[1]), found[2]


def unfenced(lines: Lines) -> Iterator[tuple[int, Line]]:
    """(index, line) of what stands outside of fenced code."""
    fence = ""
    for n, line in enumerate(lines):
        mark = _FENCE.match(line.text)
        rest = line.text[mark.end() :] if mark else ""
        if not fence:
            if mark and not (mark[1][0] == "`" and "`" in rest):
                fence = mark[1]
            else:
                yield n, line
        elif mark and mark[1].startswith(fence) and not rest.strip():
            fence = ""
