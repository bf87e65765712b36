"""What a value may begin with, and what people begin values with all the same.

Owns quotes, brackets, block scalars, tags and stray colons: everything behind a key's colon
or a dash. Looks ahead only as far as its page allows, so that a text of nothing but open
quotes is read in a time that grows with its length.
"""

from __future__ import annotations

import re

from bluefs.core.codec.brackets import Brackets
from bluefs.core.codec.traps import Page, Span, quoted
from bluefs.core.codes import format as codes
from bluefs.core.model import SET_KEYS
from bluefs.core.patterns import pattern

COLON = pattern(r":(?=[ \t]|$)")
COMMENT = pattern(r"(?:(?<=[ \t])|^)#")
DOUBLE = pattern(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
SINGLE = pattern(r"'(?:[^']|'')*+'")
_BLOCK = pattern(r"[|>](?:[+-]?[1-9]?|[1-9][+-]?)(?:[ \t]+#.*)?$")
_ESCAPE = pattern(
    r'\\(?:(?P<good>[0abt\tnvfre "/\\N_LP]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|.?)'
)


def stray(line: str, start: int) -> int | None:
    """The column of a colon that begins a value inside of a value, None if there is none."""
    match = COLON.search(line, start, value_end(line, start))
    return None if match is None else match.start()


def value_end(line: str, start: int) -> int:
    """The end of a value: before a real comment, `` # ``. A ``#`` that is glued to the next
    word is part of what the person meant."""
    for match in COMMENT.finditer(line, start + 1):
        if line[match.end() : match.end() + 1] in ("", " ", "\t"):
            return len(line[: match.start()].rstrip(" \t"))
    return len(line)


class Values:
    """Reads one value after the other. ``block`` is the column of a key or dash whose value,
    a block scalar, goes on in deeper lines (they are let alone), ``plain`` that of one whose
    plain scalar does (they may hold a stray colon)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.block: int | None = None
        self.plain: int | None = None

    def read(self, line: str, start: int, parent: int) -> None:
        """``start`` is where blanks before the value begin, ``parent`` the column that the
        value's further lines must exceed."""
        self.plain = None
        start += len(line) - start - len(line[start:].lstrip(" \t"))
        if start >= len(line) or line[start] == "#":
            return
        first = line[start]
        if first in "\"'":
            self._quotes(line, start, parent)
        elif first in "[{":
            self._brackets(line, start, parent)
        elif first in "|>":
            if _BLOCK.match(line, start):
                self.block = parent
            else:
                self.page.reserved(line, (start, value_end(line, start)))
        elif first in "!&*":
            self._tag(line, start)
        elif first in "@`%,]}" or line[start : start + 2] in ("- ", "? ", "-", "?"):
            self.page.reserved(line, (start, value_end(line, start)))
        else:
            self._plain(line, start, parent)

    def _plain(self, line: str, start: int, parent: int) -> None:
        colon = stray(line, start)
        if colon is None:
            self.plain = parent
            return
        end = value_end(line, start)
        mend = quoted(line[start:end])
        self.page.note(codes.STRAY_COLON, colon, colon + 1, "stray_colon", (start, end), mend)

    def _tag(self, line: str, start: int) -> None:
        span = (start, value_end(line, start))
        if not self._is_property(line, start):
            self.page.reserved(line, span)

    def _is_property(self, line: str, start: int) -> bool:
        """A lone ``!x`` or ``&x`` with its value in the lines below is YAML on purpose: it is
        refused by its event, and quoting it would not mend it."""
        deeper = (
            self.page.lines[self.page.at + 1] if self.page.at + 1 < len(self.page.lines) else ""
        )
        indent = len(line) - len(line.lstrip())
        lone = line[start] in "!&" and " " not in line[start:]
        return lone and len(deeper) - len(deeper.lstrip(" ")) > indent and bool(deeper.strip())

    def _quotes(self, line: str, start: int, parent: int) -> None:
        mark = line[start]
        pattern = DOUBLE if mark == '"' else SINGLE
        match = pattern.match(line, start)
        if match is None:
            self._open_quote(line, start, parent, pattern)
            return
        if self._is_rest(line[match.end() :]):
            self._escapes(line, match)
            return
        end = value_end(line, start)
        mend = quoted(line[start:end])
        self.page.note(codes.TEXT_AFTER_QUOTE, start, end, "text_after_quote", (start, end), mend)

    def _escapes(self, line: str, match: re.Match[str]) -> None:
        """``"C:\\Users"``: in double quotes a backslash begins an escape."""
        if match.group()[0] != '"':
            return
        bad = next((e for e in _ESCAPE.finditer(match.group()) if not e["good"]), None)
        if bad is not None:
            span, text = match.span(), match.group()[1:-1]
            self.page.note(
                codes.BAD_ESCAPE, *span, "bad_escape", span, quoted(text),
                escape=bad.group()[:2],
            )  # fmt: skip

    @staticmethod
    def _is_rest(rest: str) -> bool:
        """Whether what stands behind a value may stand there: nothing, or a comment."""
        return not rest.strip() or (rest[0] in " \t" and rest.lstrip(" \t")[0] == "#")

    def _open_quote(self, line: str, start: int, parent: int, pattern: re.Pattern[str]) -> None:
        """The quote may be closed in a deeper line below."""
        last = self.page.at
        while (
            self.page.ahead > 0
            and last + 1 < len(self.page.lines)
            and self._is_deeper(self.page.lines[last + 1], parent)
        ):
            last += 1
            self.page.ahead -= 1
        text = "\n".join([line[start:], *self.page.lines[self.page.at + 1 : last + 1]])
        match = pattern.match(text)
        if match is not None and self._is_rest(text[match.end() :].split("\n", 1)[0]):
            self.page.at += text.count("\n", 0, match.end())
            return
        self.block = parent  # what lies deeper is its text
        span = (start, value_end(line, start))
        mend = quoted(line[span[0] : span[1]])
        self.page.note(codes.UNCLOSED_QUOTE, *span, "unclosed_quote", span, mend)

    @staticmethod
    def _is_deeper(line: str, parent: int) -> bool:
        bare = line.strip(" \t")
        return not bare or len(line) - len(line.lstrip(" \t")) > parent

    def _brackets(self, line: str, start: int, parent: int) -> None:
        walk = Brackets(self.page.lines, self.page.at, start, parent)
        self.page.ahead -= walk.run(self.page.ahead)
        for span, swallowed in walk.faults:
            self._item(line, span, swallowed)
        if walk.faults:
            return
        close = "]" if line[start] == "[" else "}"
        if walk.closed is None:
            self.block = parent
            self._open_bracket(line, start, close)
            return
        row, column = walk.closed
        if row == self.page.at and not self._is_rest(self.page.lines[row][column:]):
            self._after_bracket(line, start, close)
        self.page.at = row

    def _item(self, line: str, span: Span, swallowed: int | None) -> None:
        text = line[span[0] : span[1]]
        if swallowed is None:
            self.page.reserved(line, span)
            return
        self.page.note(
            codes.SWALLOWED, swallowed, span[1], "swallowed", span, quoted(text),
            text=line[swallowed:].strip(), hint="quote",
        )  # fmt: skip

    def _after_bracket(self, line: str, start: int, close: str) -> None:
        end = value_end(line, start)
        mend = quoted(line[start:end])
        self.page.note(
            codes.TEXT_AFTER_BRACKET, start, end, "text_after_bracket", (start, end), mend,
            close=close,
        )  # fmt: skip

    def _open_bracket(self, line: str, start: int, close: str) -> None:
        span = (start, value_end(line, start))
        text = line[span[0] : span[1]]
        is_set = self.page.key in SET_KEYS and close == "]"
        mend = text.rstrip(", ") + close if is_set else quoted(text)
        hint = "unclosed_bracket_set" if is_set else "unclosed_bracket_text"
        self.page.note(
            codes.UNCLOSED_BRACKET, start, start + 1, "unclosed_bracket", span, mend,
            open=line[start], close=close, hint=hint,
        )  # fmt: skip
