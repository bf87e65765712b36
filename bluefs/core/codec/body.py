"""A record's body: its comments and its task items.

Owns the reading of ``### who · date time`` below a heading "Comments" (in any language we
know) and of ``- [ ]`` items below the nearest heading, with the people and dates people
write into them. Refuses nothing: what looks like neither is Markdown and stays as it is.
Code between fences is never read.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, tzinfo
from functools import lru_cache

from bluefs.core.codec.text import unify
from bluefs.core.frozen import dataclass
from bluefs.core.matching import loose
from bluefs.core.model import Comment, Item

#: The heading above comments, folded (no case, no accents).
COMMENT_WORDS = frozenset(
    loose(word)
    for word in (
        "Comments", "Comment", "Commentaires", "Commentaire", "Kommentare", "Kommentar",
        "Comentarios", "Comentario", "Comentários", "Comentário", "Commenti", "Commento",
        "Opmerkingen", "Reacties", "Kommentarer", "Kommentit", "Komentarze", "Komentáře",
        "Komentáre", "Komentari", "Komentarji", "Hozzászólások", "Megjegyzések", "Comentarii",
        "Σχόλια", "Коментари", "Комментарии", "Коментарі", "Yorumlar", "Komentar", "Bình luận",
        "评论", "評論", "コメント", "댓글", "تعليقات", "הערות", "Athugasemdir", "Kommentaarid",
        "Komentāri", "Komentarai",
    )
)  # fmt: skip

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\](?:[ \t]+(.*))?$")
_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
_STAMP = re.compile(
    rf"(?P<who>\S.*?)[ \t]*(?:[·–—,|-]|(?<=\s))[ \t]*"
    rf"(?P<day>{_DAY})(?:[T, \t]+(?:at[ \t]+)?(?P<time>{_TIME})(?P<zone>[ ]?(?:Z|[+-]\d\d:?\d\d))?)?"
    rf"(?:[ \t]*[·,(–—-].*)?$"
)
_DUE = re.compile(
    rf"(?:(?<=\s)|^)(?:due:[ \t]?(?P<a>{_DAY}(?:T{_TIME})?)(?![\w-])"
    rf"|📅\ufe0f?[ \t]*(?P<b>{_DAY})(?![\w-])"
    rf"|[\[(]due::[ \t]*(?P<c>{_DAY}(?:[T ]{_TIME})?)[ \t]*[\])])"
)
#: The sign first, then what may not stand before it: a pattern that begins with a character is
#: looked for much faster.
_HANDLE = re.compile(r"@(?<!\S@)(?P<handle>[^\W_][\w-]*)(?![\w@-]|\.\w)")


#: The lines of a body that begin a heading, a fence or an item; of the rest nothing can tell.
#: A line feed as the first character of the pattern makes the search many times as fast.
_TELLING = re.compile(r"\n([ \t]*(?:#|```|~~~|(?:[-*+]|\d{1,9}[.)])[ \t]+\[).*)")


@dataclass(frozen=True, slots=True)
class Body:
    comments: tuple[Comment, ...] = ()
    items: tuple[Item, ...] = ()


EMPTY_BODY = Body()


def parse_body(text: str, zone: tzinfo, first_line: int) -> Body:
    """Comments and items of a body whose first line is ``first_line`` of the file. Times
    without an offset are in ``zone``."""
    if not _may_hold(text):
        return EMPTY_BODY
    text = f"\n{unify(text)}"
    reader = _Reader(text, zone)
    number, at = first_line - 1, 0
    for match in _TELLING.finditer(text):
        start = match.start() + 1
        number += text.count("\n", at, start)
        at = start
        reader.read(number, match[1], start)
    reader.end_comment(len(text))
    return Body(tuple(reader.comments), tuple(reader.items))


def _may_hold(text: str) -> bool:
    """A cheap test: an item has a box, a comment a heading of its own."""
    return "[ ]" in text or "[x]" in text or "[X]" in text or "##" in text


class _Reader:
    """``level`` is that of the heading "Comments" we are below, 0 outside. ``open`` is who
    wrote the comment we are in, when, on which line, and where in ``body`` its text begins."""

    def __init__(self, body: str, zone: tzinfo) -> None:
        self.body = body
        self.zone = zone
        self.comments: list[Comment] = []
        self.items: list[Item] = []
        self.heading = ""
        self.level = 0
        self.fence: str | None = None
        self.open: tuple[str, date | datetime, int, int] | None = None
        self.seen: Counter[tuple[str, date | datetime]] = Counter()

    def read(self, number: int, line: str, start: int) -> None:
        """A line that may tell something, and where in the body it begins."""
        first = line.lstrip(" \t")[:1]
        if (self.fence is not None or first in ("`", "~")) and self._in_fence(line):
            return
        match = _HEADING.match(line) if first == "#" else None
        if match is not None:
            self._read_heading(number, match, start)
        elif not self.level and "[" in line:
            self._read_item(number, line)

    def _in_fence(self, line: str) -> bool:
        match = _FENCE.match(line)
        if self.fence is None:
            if match is None or (match[1][0] == "`" and "`" in line[match.end() :]):
                return False
            self.fence = match[1]
            return True
        if (
            match is not None
            and match[1].startswith(self.fence)
            and not line[match.end() :].strip()
        ):
            self.fence = None
        return True

    def _read_heading(self, number: int, match: re.Match[str], start: int) -> None:
        level, title = len(match[1]), _title(match[2])
        if self.level and level > self.level:
            stamp = self._stamp(title) if level == self.level + 1 else None
            if stamp is not None:
                self.end_comment(start)
                self.open = (*stamp, number, start + len(match.string))
            return
        self.end_comment(start)
        if _is_about(title):
            self.level = level
        else:
            self.level, self.heading = 0, title

    def _stamp(self, title: str) -> tuple[str, date | datetime] | None:
        match = _STAMP.match(title)
        if match is None:
            return None
        at = read_stamp(match["day"], match["time"], match["zone"], self.zone)
        return None if at is None else (match["who"].removeprefix("@"), at)

    def end_comment(self, end: int) -> None:
        """The comment we are in, if any, ends before this place of the body."""
        if self.open is None:
            return
        author, at, line, start = self.open
        text = self.body[start:end].strip("\n").rstrip()
        ordinal = self.seen[author, at]
        self.seen[author, at] += 1
        self.comments.append(Comment(author, at, text, ordinal, line))
        self.open = None

    def _read_item(self, number: int, line: str) -> None:
        match = _ITEM.match(line)
        if match is None:
            return
        text, people, due = read_item(match[2] or "", self.zone)
        self.items.append(Item(self.heading, text, match[1] != " ", people, due, number))


def _title(text: str) -> str:
    """A heading's text without the ``##`` that may close it."""
    text = text.rstrip(" \t")
    bare = text.rstrip("#")
    closed = bare != text and bare.endswith((" ", "\t"))
    return bare.rstrip(" \t") if closed else text


@lru_cache(maxsize=1024)
def _is_about(title: str) -> bool:
    """Whether a heading says "Comments": the same few again and again."""
    return loose(title.rstrip(" :")) in COMMENT_WORDS


def read_item(text: str, zone: tzinfo) -> tuple[str, tuple[str, ...], date | datetime | None]:
    """An item's text without its people and date, the people, the date (the first one that
    exists in the calendar)."""
    due: date | datetime | None = None
    match = _DUE.search(text) if "due:" in text or "📅" in text else None
    while match is not None:
        day, _, clock = re.sub(r"[T ]", " ", match["a"] or match["b"] or match["c"]).partition(" ")
        due = read_stamp(day, clock or None, None, zone)
        if due is not None:
            text = text[: match.start()] + " " + text[match.end() :]
            break
        match = _DUE.search(text, match.end())
    people: tuple[str, ...] = ()
    if "@" in text:
        people = tuple(dict.fromkeys(_HANDLE.findall(text)))
        text = _HANDLE.sub(" ", text) if people else text
    return " ".join(text.split()), people, due


def read_stamp(
    day: str, clock: str | None, offset: str | None, zone: tzinfo
) -> date | datetime | None:
    """The day, or the moment in ``zone`` or at its own offset; None for one that does not
    exist."""
    try:
        if clock is None:
            return date.fromisoformat(day)
        hour, rest = clock.split(":", 1)
        moment = datetime.fromisoformat(f"{day}T{hour:0>2}:{rest}{(offset or '').strip()}")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def description(text: str) -> str:
    """The body without its comments and task items: what a change of the description is
    judged by."""
    if not _may_hold(text):
        return text
    text = f"\n{unify(text)}"
    reader, kept, at = _Prose(), [], 0
    for match in _TELLING.finditer(text):
        if not reader.level:
            kept.append(text[at : match.start()])
        at = match.end() if not reader.keeps(match[1]) else match.start()
    if not reader.level:
        kept.append(text[at:])
    return "".join(kept)[1:]


class _Prose:
    """Follows a body line by line: ``level`` is that of the heading "Comments" it is below."""

    def __init__(self) -> None:
        self.level = 0
        self.fence = ""

    def keeps(self, line: str) -> bool:
        match = _FENCE.match(line)
        if self.fence:
            if match is not None and match[1].startswith(self.fence):
                self.fence = ""
            return not self.level
        if match is not None:
            self.fence = match[1]
            return not self.level
        heading = _HEADING.match(line)
        if heading is not None and (not self.level or len(heading[1]) <= self.level):
            about = _is_about(_title(heading[2]))
            self.level = len(heading[1]) if about else 0
        return not self.level and _ITEM.match(line) is None
