"""From bytes to text, and from a file's text to front matter and body.

Owns the encoding, the limits on size and the count of lines. Lines end at LF, CRLF or a
lone CR, in any mixture; no other character breaks a line. Refuses what is not UTF-8 or too
large; knows nothing of YAML.
"""

from __future__ import annotations

from bisect import bisect_right

from bluefs.core.codes import format as codes
from bluefs.core.frozen import dataclass
from bluefs.core.patterns import pattern
from bluefs.core.problems import Problem
from bluefs.core.words import grouped, say

KIB = 1024
#: Limits in bytes, and in levels of nesting (docs/format.md, "Limits").
RECORD_LIMIT = 1024 * KIB
FRONT_LIMIT = 64 * KIB
YAML_LIMIT = 4 * 1024 * KIB
DEPTH_LIMIT = 20
#: Characters of one line of a YAML file.
LINE_LIMIT = 64 * KIB
#: Keys, texts, lists and maps of a front matter, and of any other YAML file.
FRONT_NODES = 5_000
YAML_NODES = 100_000
#: Problems of one kind of look at a file: nobody mends more before looking again.
PROBLEM_LIMIT = 100

_BREAK = pattern(r"\r\n|\n|\r")
_OPEN = pattern(r"---[ \t]*(?:\r\n|\n|\r|\Z)")
_CLOSE_LF = pattern(r"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_CLOSE = pattern(r"(?:(?<=\n)|(?<=\r))(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text without its byte order mark. ``newline`` is the line ending of its first
    line, a line feed where there is none."""

    text: str
    bom: bool = False
    newline: str = "\n"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A record's two halves. ``yaml`` is what stands between the markers (``present`` tells
    an empty one from none) and begins at character ``start`` of the text, ``body`` at
    ``body_start``; lines count from 1. ``closed`` is False where the end is missing."""

    yaml: str
    first_line: int
    body: str
    body_line: int
    present: bool = True
    closed: bool = True
    start: int = 0
    body_start: int = 0


class Lines:
    """The lines of a text, for turning offsets into (line, column) and back."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Where each line begins: found when somebody asks for a place."""
        if self._starts is None:
            self._starts = [0, *(m.end() for m in _BREAK.finditer(self.text))]
        return self._starts

    def place(self, offset: int) -> tuple[int, int]:
        """(line, column), both from 1, of the character at ``offset`` (from 0)."""
        starts = self.starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of (line, column); places behind the end are the end."""
        if line > len(self.starts):
            return len(self.text)
        return min(self.starts[line - 1] + column - 1, len(self.text))

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its ending."""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def all(self) -> list[str]:
        return _BREAK.split(self.text)


def count_breaks(text: str) -> int:
    """How many line endings a text has."""
    if "\r" not in text:
        return text.count("\n")
    return sum(1 for _ in _BREAK.finditer(text))


def unify(text: str) -> str:
    """The text with every line ending a line feed."""
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes, limit: int | None = None) -> Decoded | Problem:
    """The text of a file, or the Problem (without a path) that keeps it from being read.
    ``limit`` is `RECORD_LIMIT` or `YAML_LIMIT`, None for any size."""
    if limit is not None and len(data) > limit:
        return _too_large(len(data), limit)
    bom = data.startswith(b"\xef\xbb\xbf")
    if bom:
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error.start)
    first = _BREAK.search(text) if "\r" in text else None
    return Decoded(text, bom, first.group() if first else "\n")


def split(text: str) -> FrontMatter:
    """Front matter and body. It opens with ``---`` on the first line, trailing blanks allowed,
    and ends at the next line that is ``---`` or ``...``."""
    opening = _OPEN.match(text) if text.startswith("---") else None
    if opening is None:
        return FrontMatter("", 1, text, 1, present=False)
    start = opening.end()
    found = _close(text, start)
    if found is None:
        end = len(text)
        return FrontMatter(text[start:], 2, "", 1, closed=False, start=start, body_start=end)
    end, after = found
    yaml = text[start:end]
    body_line = 3 + count_breaks(yaml)
    return FrontMatter(yaml, 2, text[after:], body_line, start=start, body_start=after)


def _close(text: str, start: int) -> tuple[int, int] | None:
    """Where the closing marker begins and where the line after it does. A line feed as the
    pattern's first character makes the search four times as fast."""
    if "\r" in text:
        match = _CLOSE.search(text, start)
        return None if match is None else match.span()
    match = _CLOSE_LF.search(text, start - 1)
    return None if match is None else (match.start() + 1, match.end())


def _too_large(size: int, limit: int) -> Problem:
    record = limit == RECORD_LIMIT
    key = "problems.record_too_large" if record else "problems.yaml_too_large"
    code = codes.RECORD_TOO_LARGE if record else codes.YAML_TOO_LARGE
    return Problem(code, "", 1, 1, 1, say(key, size=grouped(size)), say(f"{key}.hint"))


def _not_utf8(data: bytes, at: int) -> Problem:
    line, column = Lines(data[:at].decode("utf-8")).place(len(data[:at].decode("utf-8")))
    message = say("problems.not_utf8", byte=data[at])
    hint = say("problems.not_utf8.hint")
    return Problem(codes.NOT_UTF8, "", line, column, column + 1, message, hint)
