"""What people type that YAML takes for something else, found line by line.

A parser names the place where it gave up, often a line late, and stops at the first fault.
This table of patterns is tried on text that fails to parse and names the true place of each
fault, one a line. It follows just enough of YAML to know what lies inside block scalars,
quoted text of several lines, brackets and comments, where nothing is a trap. Whether a trap
explains the failure, and whether its mending mends, is proved by the caller
(`codec.compose`), which also finds what YAML loses without failing.

Owns lines, indentation and keys; what a value may begin with is `codec.trap_values`.
"""

from __future__ import annotations

from bluefs.core.codec.trap_values import COLON, COMMENT, DOUBLE, SINGLE, Values, stray, value_end
from bluefs.core.codec.traps import Page, Trap, quoted
from bluefs.core.codes import format as codes
from bluefs.core.patterns import pattern

_MARKERS = pattern(r"(?:[-?](?:[ \t]+|$))*")
_GLUED = pattern(r"(?P<key>[^\W\d][\w.-]*):(?!//|\\)[ \t\xa0\u202f]*(?P<value>\S.*)$")


def find_traps(lines: list[str], key: str = "", outer: int | None = None) -> list[Trap]:
    """Every fault of a text, given as its lines, that one of the patterns explains. ``key`` is
    that of the entry it stands in, where it is a part of one; ``outer`` is how far the entries
    beside it are indented."""
    scan = _Scan(lines)
    scan.page.key = key
    bare = lines[0].lstrip(" \t") if lines else ""
    if outer is not None and bare and "\t" in lines[0][: -len(bare)]:
        scan.values.plain = outer
    scan.run()
    return scan.page.traps


class _Scan:
    """Goes from line to line; what stands behind a key or dash is `Values`' to judge."""

    def __init__(self, lines: list[str]) -> None:
        self.page = Page(lines)
        self.values = Values(self.page)

    def run(self) -> None:
        while self.page.at < len(self.page.lines) and not self.page.full:
            line = self.page.lines[self.page.at].rstrip(" \t")
            bare = line.lstrip(" \t")
            indent = len(line) - len(bare)
            if bare and not self._in_block(indent) and bare[0] != "#":
                self._line(line, indent)
            self.page.at += 1

    def _in_block(self, indent: int) -> bool:
        if self.values.block is not None and indent > self.values.block:
            return True
        self.values.block = None
        return False

    def _line(self, line: str, indent: int) -> None:
        if "\t" in line[:indent]:
            if self._is_tabbed_key(line, indent):
                return
            column = line.index("\t")
            mends = line[:indent].replace("\t", "  "), line[:indent].replace("\t", "")
            self.page.note(codes.TAB, column, column + 1, "tab", (0, indent), *mends, neutral=" ")
            line = line[:indent].replace("\t", " ") + line[indent:]
        match = _MARKERS.match(line, indent)
        start = match.end() if match else indent
        marked = start > indent
        parent = self._last_marker(line, indent, start) if marked else indent
        if not marked and self.values.plain is not None and indent > self.values.plain:
            self._continuation(line, indent)
            return
        colon = self._key_end(line, start)
        if colon is not None:
            self.page.key = line[start:colon].strip(" \t\"'")
            self.values.read(line, colon + 1, start)
        elif marked:
            self.values.read(line, start, parent)
        else:
            self._no_key(line, indent)

    def _is_tabbed_key(self, line: str, indent: int) -> bool:
        """A key pushed in by a tab below a value that is complete: one fault, the tab. The
        whole line is made harmless, or its colon would be taken for a stray one."""
        outer = self.values.plain
        if outer is None or indent <= outer or self._key_end(line, indent) is None:
            return False
        column, out = line.index("\t"), line[indent:]
        mend = " " * outer + out
        self.page.note(codes.TAB, column, column + 1, "tab", (0, len(line)), mend, neutral="#")
        return True

    @staticmethod
    def _last_marker(line: str, indent: int, start: int) -> int:
        return max(line.rfind("-", indent, start), line.rfind("?", indent, start))

    def _key_end(self, line: str, start: int) -> int | None:
        """The column of the colon that ends the line's key, None if it has no key."""
        first = line[start : start + 1]
        if first in ('"', "'"):
            match = (DOUBLE if first == '"' else SINGLE).match(line, start)
            after = COLON.search(line, match.end()) if match else None
            return (
                after.start()
                if match and after and not line[match.end() : after.start()].strip()
                else None
            )
        if first in ("[", "{", "|", ">"):
            return None
        colon = COLON.search(line, start)
        comment = COMMENT.search(line, start)
        if colon is None or (comment is not None and comment.start() < colon.start()):
            return None
        if first and first in "@`%&*!":
            span = (start, colon.start())
            self.page.reserved(line, span)
        return colon.start()

    def _continuation(self, line: str, indent: int) -> None:
        colon = stray(line, indent)
        if colon is not None:
            end = value_end(line, indent)
            self.page.note(codes.STRAY_COLON, colon, colon + 1, "continued_colon", (indent, end))

    def _no_key(self, line: str, indent: int) -> None:
        self.values.plain = None
        if self._starts_special(line, indent):
            self.values.read(line, indent, -1)
            return
        glued = _GLUED.match(line, indent)
        span = (indent, len(line))
        if glued:
            key, value = glued["key"], glued["value"]
            named = f"{line[indent : glued.end('key')]}: "
            mends = named + value, named + quoted(value)
            fields = {"key": key, "value": value}
            self.page.note(
                codes.NO_SPACE, indent, len(line), "no_space", span, *mends, neutral="#", **fields
            )
        else:
            self.page.note(codes.NOT_A_KEY, indent, len(line), "not_a_key", span, neutral="#")

    @staticmethod
    def _starts_special(line: str, at: int) -> bool:
        return line[at] in "[{\"'|>@`%&*!"
