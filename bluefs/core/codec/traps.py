"""What people type that YAML takes for something else, found line by line.

A parser names the place where it gave up, often a line late, and stops at the first fault.
This table of patterns is tried on text that fails to parse and names the true place of each
fault, one a line. It follows just enough of YAML to know what lies inside block scalars,
quoted text of several lines, brackets and comments, where nothing is a trap. Whether a trap
explains the failure, and whether its mending mends, is proved by the caller
(`codec.compose`), which also finds what YAML loses without failing.

Places are (line, column) from 0 here: they are those of the text, not yet of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bluefs.core.codes import format as codes
from bluefs.core.model import SET_KEYS
from bluefs.core.problems import Code
from bluefs.core.words import say

_COLON = re.compile(r":(?=[ \t]|$)")
_COMMENT = re.compile(r"(?:(?<=[ \t])|^)#")
_MARKERS = re.compile(r"(?:[-?](?:[ \t]+|$))*")
_DOUBLE = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_SINGLE = re.compile(r"'(?:[^']|'')*+'")
_BLOCK = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-]?)(?:[ \t]+#.*)?$")
_GLUED = re.compile(r"(?P<key>[^\W\d][\w.-]*):(?!//|\\)[ \t\xa0\u202f]*(?P<value>\S.*)$")

_ESCAPE = re.compile(
    r'\\(?:(?P<good>[0abt\tnvfre "/\\N_LP]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|.?)'
)

#: A text with more faults than this is not examined further (cost, not correctness).
MOST = 40

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trap:
    """One fault. ``column``..``end`` is the character or scalar at fault; ``span`` are the
    columns that ``mends`` (best first; none: only a person can tell) would
    replace; ``neutral`` is what
    takes the span's place, character by character, to see whether the rest is sound."""

    code: Code
    line: int
    column: int
    end: int
    message: str
    hint: str
    span: Span
    mends: tuple[str, ...] = ()
    neutral: str = "x"


def quoted(text: str) -> str:
    """A text in the quotes that YAML 1.1 and YAML 1.2 both read back as that very text."""
    from bluefs.core.edit.quoting import quote

    clean = '"' not in text and "\\" not in text
    return quote(text, '"' if clean else "'")


def find_traps(lines: list[str]) -> list[Trap]:
    """Every fault of a text, given as its lines, that one of the patterns explains."""
    scan = _Scan(lines)
    scan.run()
    return scan.traps


class _Scan:
    """``inside`` is the column of a key or dash whose value goes on in deeper lines:
    ``block`` while that value is a block scalar (its lines are let alone), else ``plain``
    for a plain scalar (its lines may hold a stray colon)."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.traps: list[Trap] = []
        self.at = 0
        self.block: int | None = None
        self.plain: int | None = None
        self.key = ""

    def run(self) -> None:
        while self.at < len(self.lines) and len(self.traps) < MOST:
            line = self.lines[self.at].rstrip(" \t")
            bare = line.lstrip(" \t")
            indent = len(line) - len(bare)
            if bare and not self._in_block(indent) and bare[0] != "#":
                self._line(line, indent)
            self.at += 1

    def _in_block(self, indent: int) -> bool:
        if self.block is not None and indent > self.block:
            return True
        self.block = None
        return False

    def _line(self, line: str, indent: int) -> None:
        if "\t" in line[:indent]:
            if self._is_tabbed_key(line, indent):
                return
            column = line.index("\t")
            mends = line[:indent].replace("\t", "  "), line[:indent].replace("\t", "")
            self._trap(codes.TAB, column, column + 1, "tab", (0, indent), *mends, neutral=" ")
            line = line[:indent].replace("\t", " ") + line[indent:]
        match = _MARKERS.match(line, indent)
        start = match.end() if match else indent
        marked = start > indent
        parent = self._last_marker(line, indent, start) if marked else indent
        if not marked and self.plain is not None and indent > self.plain:
            self._continuation(line, indent)
            return
        colon = self._key_end(line, start)
        if colon is not None:
            self.key = line[start:colon].strip(" \t\"'")
            self._value(line, colon + 1, start)
        elif marked:
            self._value(line, start, parent)
        else:
            self._no_key(line, indent)

    def _is_tabbed_key(self, line: str, indent: int) -> bool:
        """A key pushed in by a tab below a value that is complete: one fault, the tab. The
        whole line is made harmless, or its colon would be taken for a stray one."""
        if self.plain is None or indent <= self.plain or self._key_end(line, indent) is None:
            return False
        column, out = line.index("\t"), line[indent:]
        mend = " " * self.plain + out
        self._trap(codes.TAB, column, column + 1, "tab", (0, len(line)), mend, neutral="#")
        return True

    @staticmethod
    def _last_marker(line: str, indent: int, start: int) -> int:
        return max(line.rfind("-", indent, start), line.rfind("?", indent, start))

    def _key_end(self, line: str, start: int) -> int | None:
        """The column of the colon that ends the line's key, None if it has no key."""
        first = line[start : start + 1]
        if first in ('"', "'"):
            match = (_DOUBLE if first == '"' else _SINGLE).match(line, start)
            after = _COLON.search(line, match.end()) if match else None
            return (
                after.start()
                if match and after and not line[match.end() : after.start()].strip()
                else None
            )
        if first in ("[", "{", "|", ">"):
            return None
        colon = _COLON.search(line, start)
        comment = _COMMENT.search(line, start)
        if colon is None or (comment is not None and comment.start() < colon.start()):
            return None
        if first and first in "@`%&*!":
            span = (start, colon.start())
            self._reserved(line, span)
        return colon.start()

    def _continuation(self, line: str, indent: int) -> None:
        colon = self._stray(line, indent)
        if colon is not None:
            end = self._value_end(line, indent)
            self._trap(codes.STRAY_COLON, colon, colon + 1, "continued_colon", (indent, end))

    def _no_key(self, line: str, indent: int) -> None:
        self.plain = None
        if self._starts_special(line, indent):
            self._value(line, indent, -1)
            return
        glued = _GLUED.match(line, indent)
        span = (indent, len(line))
        if glued:
            key, value = glued["key"], glued["value"]
            named = f"{line[indent : glued.end('key')]}: "
            mends = named + value, named + quoted(value)
            fields = {"key": key, "value": value}
            self._trap(
                codes.NO_SPACE, indent, len(line), "no_space", span, *mends, neutral="#", **fields
            )
        else:
            self._trap(codes.NOT_A_KEY, indent, len(line), "not_a_key", span, neutral="#")

    @staticmethod
    def _starts_special(line: str, at: int) -> bool:
        return line[at] in "[{\"'|>@`%&*!"

    def _value(self, line: str, start: int, parent: int) -> None:
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
                self._reserved(line, (start, self._value_end(line, start)))
        elif first in "!&*":
            self._tag(line, start)
        elif first in "@`%,]}" or line[start : start + 2] in ("- ", "? ", "-", "?"):
            self._reserved(line, (start, self._value_end(line, start)))
        else:
            self._plain(line, start, parent)

    def _plain(self, line: str, start: int, parent: int) -> None:
        colon = self._stray(line, start)
        if colon is None:
            self.plain = parent
            return
        end = self._value_end(line, start)
        mend = quoted(line[start:end])
        self._trap(codes.STRAY_COLON, colon, colon + 1, "stray_colon", (start, end), mend)

    def _stray(self, line: str, start: int) -> int | None:
        match = _COLON.search(line, start, self._value_end(line, start))
        if match is None:
            return None
        return match.start()

    @staticmethod
    def _value_end(line: str, start: int) -> int:
        """The end of a value: before a real comment, `` # ``. A ``#`` that is glued to the
        next word is part of what the person meant."""
        for match in _COMMENT.finditer(line, start + 1):
            if line[match.end() : match.end() + 1] in ("", " ", "\t"):
                return len(line[: match.start()].rstrip(" \t"))
        return len(line)

    def _reserved(self, line: str, span: Span) -> None:
        text = line[span[0] : span[1]]
        start = text[:2] if text[:2] in ("- ", "? ") else text[:1]
        if start in ("!", "&", "*"):
            self._trap(codes.TAG_OR_ANCHOR, *span, "tag", span, quoted(text), start=start)
        else:
            self._trap(codes.RESERVED_START, *span, "reserved", span, quoted(text), start=start)

    def _tag(self, line: str, start: int) -> None:
        span = (start, self._value_end(line, start))
        if not self._is_property(line, start):
            self._reserved(line, span)

    def _is_property(self, line: str, start: int) -> bool:
        """A lone ``!x`` or ``&x`` with its value in the lines below is YAML on purpose: it is
        refused by its event, and quoting it would not mend it."""
        deeper = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""
        indent = len(line) - len(line.lstrip())
        lone = line[start] in "!&" and " " not in line[start:]
        return lone and len(deeper) - len(deeper.lstrip(" ")) > indent and bool(deeper.strip())

    def _quotes(self, line: str, start: int, parent: int) -> None:
        mark = line[start]
        pattern = _DOUBLE if mark == '"' else _SINGLE
        match = pattern.match(line, start)
        if match is None:
            self._open_quote(line, start, parent, pattern)
            return
        if self._is_rest(line[match.end() :]):
            self._escapes(line, match)
            return
        end = self._value_end(line, start)
        mend = quoted(line[start:end])
        self._trap(codes.TEXT_AFTER_QUOTE, start, end, "text_after_quote", (start, end), mend)

    def _escapes(self, line: str, match: re.Match[str]) -> None:
        """``"C:\\Users"``: in double quotes a backslash begins an escape."""
        if match.group()[0] != '"':
            return
        bad = next((e for e in _ESCAPE.finditer(match.group()) if not e["good"]), None)
        if bad is not None:
            span, text = match.span(), match.group()[1:-1]
            self._trap(
                codes.BAD_ESCAPE, *span, "bad_escape", span, quoted(text),
                escape=bad.group()[:2],
            )  # fmt: skip

    @staticmethod
    def _is_rest(rest: str) -> bool:
        """Whether what stands behind a value may stand there: nothing, or a comment."""
        return not rest.strip() or (rest[0] in " \t" and rest.lstrip(" \t")[0] == "#")

    def _open_quote(self, line: str, start: int, parent: int, pattern: re.Pattern[str]) -> None:
        """The quote may be closed in a deeper line below."""
        last = self.at
        while last + 1 < len(self.lines) and self._is_deeper(self.lines[last + 1], parent):
            last += 1
        text = "\n".join([line[start:], *self.lines[self.at + 1 : last + 1]])
        match = pattern.match(text)
        if match is not None and self._is_rest(text[match.end() :].split("\n", 1)[0]):
            self.at += text.count("\n", 0, match.end())
            return
        span = (start, self._value_end(line, start))
        mend = quoted(line[span[0] : span[1]])
        self._trap(codes.UNCLOSED_QUOTE, *span, "unclosed_quote", span, mend)

    @staticmethod
    def _is_deeper(line: str, parent: int) -> bool:
        bare = line.strip(" \t")
        return not bare or len(line) - len(line.lstrip(" \t")) > parent

    def _brackets(self, line: str, start: int, parent: int) -> None:
        from bluefs.core.codec.brackets import Brackets

        walk = Brackets(self.lines, self.at, start, parent)
        walk.run()
        for span, swallowed in walk.faults:
            self._item(line, span, swallowed)
        if walk.faults:
            return
        close = "]" if line[start] == "[" else "}"
        if walk.closed is None:
            self._open_bracket(line, start, close)
            return
        row, column = walk.closed
        if row == self.at and not self._is_rest(self.lines[row][column:]):
            self._after_bracket(line, start, close)
        self.at = row

    def _item(self, line: str, span: Span, swallowed: int | None) -> None:
        text = line[span[0] : span[1]]
        if swallowed is None:
            self._reserved(line, span)
            return
        self._trap(
            codes.SWALLOWED, swallowed, span[1], "swallowed", span, quoted(text),
            text=line[swallowed:].strip(), hint="quote",
        )  # fmt: skip

    def _after_bracket(self, line: str, start: int, close: str) -> None:
        end = self._value_end(line, start)
        mend = quoted(line[start:end])
        self._trap(
            codes.TEXT_AFTER_BRACKET, start, end, "text_after_bracket", (start, end), mend,
            close=close,
        )  # fmt: skip

    def _open_bracket(self, line: str, start: int, close: str) -> None:
        span = (start, self._value_end(line, start))
        text = line[span[0] : span[1]]
        is_set = self.key in SET_KEYS and close == "]"
        mend = text.rstrip(", ") + close if is_set else quoted(text)
        hint = "unclosed_bracket_set" if is_set else "unclosed_bracket_text"
        self._trap(
            codes.UNCLOSED_BRACKET, start, start + 1, "unclosed_bracket", span, mend,
            open=line[start], close=close, hint=hint,
        )  # fmt: skip

    def _trap(
        self,
        code: Code,
        column: int,
        end: int,
        words: str,
        span: Span,
        *mends: str,
        neutral: str = "x",
        hint: str | None = None,
        **fields: Any,
    ) -> None:
        if hint is None:
            hint = words if _has_own_hint(words) else "quote"
        message = say(f"problems.{words}", **fields)
        remedy = say(f"problems.{hint}.hint", **fields)
        trap = Trap(code, self.at, column, end, message, remedy, span, mends, neutral)
        self.traps.append(trap)


def _has_own_hint(words: str) -> bool:
    from bluefs.core.words import has

    return has(f"problems.{words}.hint")
