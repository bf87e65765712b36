"""A record's body: its comments and its task items.

Owns the reading of ``### who · date time`` below a heading "Comments" (in any language we
know) and of ``- [ ]`` items below the nearest heading, with the people and dates people
write into them. Refuses nothing: what looks like neither is Markdown and stays as it is.
Code between fences is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from bluefs.core.codec.text import unify
from bluefs.core.frozen import dataclass
from bluefs.core.hints import NamedTuple
from bluefs.core.matching import loose
from bluefs.core.model import Comment, Item
from bluefs.core.patterns import pattern

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

_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
_STAMP = pattern(
    rf"(?P<who>\S.*?)[ \t]*(?:[·–—,|-]|(?<=\s))[ \t]*"
    rf"(?P<day>{_DAY})(?:[T, \t]+(?:at[ \t]+)?(?P<time>{_TIME})(?P<zone>[ ]?(?:Z|[+-]\d\d:?\d\d))?)?"
    rf"(?:[ \t]*[·,(–—-].*)?$"
)
_DUE = pattern(
    rf"(?:(?<=\s)|^)(?:due:[ \t]?(?P<a>{_DAY}(?:T{_TIME})?)(?![\w-])"
    rf"|📅\ufe0f?[ \t]*(?P<b>{_DAY})(?![\w-])"
    rf"|[\[(]due::[ \t]*(?P<c>{_DAY}(?:[T ]{_TIME})?)[ \t]*[\])])"
)
#: The sign first, then what may not stand before it: a pattern that begins with a character is
#: looked for much faster.
_HANDLE = pattern(r"@(?<!\S@)(?P<handle>[^\W_][\w-]*)(?![\w@-]|\.\w)")


#: The lines of a body that tell something: a heading (its signs, its text), a box (what is in it,
#: what stands behind it), a fence (its signs, the rest). A line feed as the first character of the
#: pattern makes the search many times as fast.
_TELLING = pattern(
    r"\n(?: {0,3}(#{1,6})[ \t]+(.*)"
    r"|[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\](?:[ \t]+(.*)|$)"
    r"| {0,3}(`{3,}|~{3,})(.*))",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Body:
    comments: tuple[Comment, ...] = ()
    items: tuple[Item, ...] = ()


EMPTY_BODY = Body()


#: Who wrote a comment, when, on which line, and where in the text it begins.
_Talk = tuple[str, "date | datetime", int, int]


class Told(NamedTuple):
    """What a body tells, as plain tuples: the parts of each `Comment` and of each `Item`, and
    from where to where in ``text`` (the body with a line feed before it) each section of
    comments and each item outside of them reaches."""

    text: str
    comments: list[tuple[str, date | datetime, str, int, int]]
    items: list[tuple[str, str, bool, tuple[str, ...], date | datetime | None, int]]
    sections: list[tuple[int, int]]
    boxes: list[tuple[int, int]]


def parse_body(text: str, zone: tzinfo, first_line: int) -> Body:
    """Comments and items of a body whose first line is ``first_line`` of the file. Times
    without an offset are in ``zone``."""
    if not may_tell(text):
        return EMPTY_BODY
    found = tell(unify(text), zone, first_line)
    comments = tuple([Comment(*one) for one in found.comments])
    return Body(comments, tuple([Item(*one) for one in found.items]))


def may_tell(text: str) -> bool:
    """A cheap test: an item has a box, a comment a heading of its own."""
    return "[ ]" in text or "[x]" in text or "[X]" in text or "##" in text


def tell(body: str, zone: tzinfo, first_line: int) -> Told:
    """`parse_body` of a text whose lines end with line feeds, without making anything of it."""
    text = f"\n{body}"
    told = Told(text, [], [], [], [])
    heading, fence = "", ""
    level = opened = 0  # of the heading "Comments" we are below, and where that stands
    talk: _Talk | None = None  # the comment we are in
    seen: dict[object, int] = {}  # how many comments of an author and a moment
    number, at = first_line - 1, 0
    for match in _TELLING.finditer(text):
        kind, start = match.lastindex, match.start()
        number += text.count("\n", at, start + 1)
        at = start + 1
        if kind == _FENCED:
            fence = _after_fence(fence, match[5], match[6])
        elif fence:
            continue
        elif kind != _HEADED:
            if not level:
                item, people, due = read_item(match[4] or "", zone)
                told.items.append((heading, item, match[3] != " ", people, due, number))
                told.boxes.append(match.span())
        else:
            signs, title = match.group(1, 2)
            title = _title(title)
            inside = 0 < level < len(signs)
            stamp = _stamp(title, zone) if inside and len(signs) == level + 1 else None
            if inside and stamp is None:
                continue
            if talk is not None:
                _end(told, talk, seen, start)
                talk = None
            if stamp is not None:
                talk = (*stamp, number, match.end())
                continue
            if level:
                told.sections.append((opened, start))
            level = len(signs) if _is_about(title) else 0
            if level:
                opened = start
            else:
                heading = title
    if talk is not None:
        _end(told, talk, seen, len(text))
    if level:
        told.sections.append((opened, len(text)))
    return told


#: The last group of `_TELLING` for a heading and for a fence.
_HEADED, _FENCED = 2, 6


def _after_fence(fence: str, signs: str, rest: str) -> str:
    """The fence we are in behind such a line, "" for none."""
    if fence:
        return "" if signs.startswith(fence) and not rest.strip() else fence
    return "" if signs[0] == "`" and "`" in rest else signs


def _end(told: Told, talk: _Talk, seen: dict[object, int], end: int) -> None:
    """The comment we are in ends before this place of the text."""
    author, at, line, start = talk
    ordinal = 0
    if told.comments:  # a moment's hash costs more than all the rest of this
        if not seen:
            seen[told.comments[0][:2]] = 1
        ordinal = seen.get((author, at), 0)
        seen[author, at] = ordinal + 1
    text = told.text[start:end].strip("\n").rstrip()
    told.comments.append((author, at, text, ordinal, line))


def _stamp(title: str, zone: tzinfo) -> tuple[str, date | datetime] | None:
    match = _STAMP.match(title)
    if match is None:
        return None
    who, day, clock, offset = match.groups()
    at = read_stamp(day, clock, offset, zone)
    return None if at is None else (who.removeprefix("@"), at)


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
    if not may_tell(text):
        return text
    told = tell(unify(text), UTC, 1)
    return _without(told.text, sorted([*told.sections, *told.boxes]))


def uncommented(text: str) -> str:
    """The body without its sections of comments."""
    if not may_tell(text):
        return text
    told = tell(unify(text), UTC, 1)
    return _without(told.text, told.sections)


def _without(text: str, parts: Iterable[tuple[int, int]]) -> str:
    """Of a text that begins with a line feed what is left without these parts, of which none
    touches another's middle, and without that line feed."""
    kept, at = [], 0
    for start, end in parts:
        kept.append(text[at:start])
        at = end
    kept.append(text[at:])
    return "".join(kept)[1:]
