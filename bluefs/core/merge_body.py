"""Three-way merge of a record's body: Markdown with task items and comments.

The comments are taken out and merged on their own (``core.merge_comments``), the ticks of
items are settled (``core.merge_items``), and the rest is merged line by line (``core.diff3``),
where a conflict among items alone is once more settled as a merge of sets.

This module puts these together. It owns no rule but this: comments stand where the preferred
side has them, else where the other has, else at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

from bluefs.core.codec.body import COMMENT_WORDS, parse_body
from bluefs.core.diff3 import Line, Lines, Lost, Side, join, lines_of, merge_lines, newline3
from bluefs.core.frozen import replace
from bluefs.core.matching import loose
from bluefs.core.merge_comments import Section, merge_comments, read_section, written
from bluefs.core.merge_items import merge_items, merge_marks
from bluefs.core.model import Record
from bluefs.core.outline import headings

#: Stands for the comments in the rest of the body. No file that can be read holds a NUL.
_TOKEN = Line("\0comments", "\n")


class LostPart(NamedTuple):
    """A piece of the body that did not get into the result: ``key`` is ``body``,
    ``checklist`` or ``comments``."""

    key: str
    lost: Lost


def merge_body(base: str, ours: str, theirs: str, prefer: Side) -> tuple[str, list[LostPart]]:
    """The merged body, and what of the other side is not in it."""
    if ours == theirs or theirs == base:
        return ours, []
    if ours == base:
        return theirs, []
    parts = [_split(lines_of(text)) for text in (base, ours, theirs)]
    chosen, other = (parts[1], parts[2]) if prefer == "ours" else (parts[2], parts[1])
    ticks: list[Lost] = []
    b_rest, o_rest, t_rest = _rests(parts)
    sides = merge_marks(b_rest, o_rest, t_rest, prefer, ticks)
    rest, hunks = merge_lines(*sides, prefer, merge_items)
    said: list[Lost] = []
    b, o, t = (part.comments for part in parts)
    comments = merge_comments(b, o, t, prefer, said)
    gap = (chosen if chosen.comments else other).gap
    lost = (("checklist", ticks), ("body", _shown(hunks)), ("comments", said))
    text = join(_unite(rest, comments, gap), newline3(base, ours, theirs, prefer))
    return text, [LostPart(key, hunk) for key, hunks in lost for hunk in hunks]


def _shown(hunks: Iterable[Lost]) -> Iterator[Lost]:
    """Without the token: comments are never in a hunk."""
    token = "".join(_TOKEN)
    for hunk in hunks:
        text, base, kept = (x.replace(token, "") for x in (hunk.text, hunk.base, hunk.kept))
        if text.strip() or base.strip():
            yield replace(hunk, text=text, base=base, kept=kept)


class _Parts(NamedTuple):
    """A body: what stands before the comments, the blank lines between, the comments, and
    what stands below them (under a heading of its own)."""

    above: Lines
    gap: Lines
    comments: Section | None
    below: Lines


def _split(lines: Lines) -> _Parts:
    start, level = 0, 0
    end = len(lines)
    for n, depth, text in headings(lines):
        if not level and _opens_comments(text):
            start, level = n, depth
        elif level and depth <= level:
            end = n
            break
    if not level:
        return _Parts(lines, [], None, [])
    top = start
    while top and not lines[top - 1].text.strip():
        top -= 1
    section = read_section(lines[start:end], level)
    return _Parts(lines[:top], lines[top:start], section, lines[end:])


def _opens_comments(heading: str) -> bool:
    return loose(heading.rstrip(" :")) in COMMENT_WORDS


def _rests(parts: Sequence[_Parts]) -> tuple[list[Line], ...]:
    """What is merged line by line. As long as comments are the last thing in a body they are
    simply set apart, so that a new comment never meets a new last line; where something
    stands below them a token holds their place."""
    if any(part.below for part in parts):
        return tuple(
            [*p.above, *p.gap, _TOKEN, *p.below] if p.comments else [*p.above] for p in parts
        )
    if any(part.comments for part in parts):
        return tuple(_without_end(part.above) for part in parts)
    return tuple(list(part.above) for part in parts)


def _without_end(lines: Lines) -> list[Line]:
    """Without blank lines at the end, which are the gap above the comments."""
    kept = list(lines)
    while kept and not kept[-1].text.strip():
        del kept[-1]
    return kept


def _unite(rest: list[Line], comments: Section | None, gap: Lines) -> list[Line]:
    """The rest with the comments at the token's place, else at the end."""
    if comments is None:
        return [line for line in rest if line != _TOKEN]
    text = written(comments)
    if _TOKEN not in rest:
        return [*rest, *(gap or ([Line("", "\n")] if rest else [])), *text]
    place = rest.index(_TOKEN)
    below = [line for line in rest[place:] if line != _TOKEN]
    return [*rest[:place], *text, *below]


#: Stands for the zone of stamps without an offset; told from a written ``Z`` by identity.
_UNZONED = timezone(timedelta(0), "unzoned")


def reread(record: Record, *sides: Record) -> Record:
    """Comments and items read from the merged text. Every stamp in it came from a side, which
    knows its zone."""
    body = parse_body(record.body, _UNZONED, _first_line(sides[0]))
    known = {_wall(m): m for side in reversed(sides) for m in _moments(side)}
    comments = tuple(replace(c, at=_zoned(c.at, known)) for c in body.comments)
    items = tuple(replace(i, due=_zoned(i.due, known)) for i in body.items)
    return replace(record, comments=comments, items=items)


def _first_line(record: Record) -> int:
    """The line of its file on which the record's body begins, as far as the lines of its
    comments and items tell."""
    here = parse_body(record.body, UTC, 1)
    for known, found in ((record.comments, here.comments), (record.items, here.items)):
        if known and found:
            return known[0].line - found[0].line + 1
    return 1


def _moments(record: Record) -> Iterator[datetime]:
    for moment in (*(c.at for c in record.comments), *(i.due for i in record.items)):
        if isinstance(moment, datetime):
            yield moment


def _wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _zoned(
    at: date | datetime | None, known: Mapping[datetime, datetime]
) -> date | datetime | None:
    if isinstance(at, datetime) and at.tzinfo is _UNZONED:
        return known.get(_wall(at), at.replace(tzinfo=UTC))
    return at
