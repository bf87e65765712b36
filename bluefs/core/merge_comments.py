"""Three-way merge of comments: by author, stamp and ordinal.

- What both sides added all stays, in the order of time (newest first where the preferred side
  keeps them so). The same comment added by both counts once.
- A comment that one side took out and the other changed stays, changed.
- One that both changed is merged line by line.

Comments are text here: stamps are compared as they are written, without their zones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bluefs.core.diff3 import Line, Lines, Lost, Side, join, lines_of, merge3, merge_lines
from bluefs.core.frozen import dataclass
from bluefs.core.outline import headings

_STAMPED = re.compile(
    r"(?P<who>\S.*?)[ \t]*(?:[·–—,|-]|(?<=\s))[ \t]*"
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T, \t]+(?:at[ \t]+)?(?P<time>\d{1,2}:\d\d(?::\d\d)?))?"
)


class Chunk(NamedTuple):
    """One comment: its heading and the lines below it."""

    who: str
    stamp: str
    lines: Lines

    @property
    def said(self) -> str:
        return "\n".join(line.text.rstrip() for line in self.lines).strip()


@dataclass(frozen=True, slots=True)
class Section:
    head: Lines = ()  # the heading, and what stands before the first comment
    chunks: tuple[Chunk, ...] = ()


def read_section(lines: Lines, level: int) -> Section:
    starts = [
        (n, found)
        for n, depth, text in headings(lines)
        if depth == level + 1 and (found := _STAMPED.match(text))
    ]
    ends = [n for n, _ in starts[1:]] + [len(lines)]
    chunks = tuple(
        Chunk(_who(found), _stamp(found), lines[n:end]) for (n, found), end in zip(starts, ends)
    )
    return Section(lines[: starts[0][0] if starts else len(lines)], chunks)


def _who(found: re.Match[str]) -> str:
    return found["who"].removeprefix("@").casefold()


def _stamp(found: re.Match[str]) -> str:
    return f"{found['day']} {(found['time'] or '').zfill(5) if found['time'] else ''}".strip()


def written(section: Section) -> list[Line]:
    return [*section.head, *(line for chunk in section.chunks for line in chunk.lines)]


def merge_comments(
    base: Section | None,
    ours: Section | None,
    theirs: Section | None,
    prefer: Side,
    lost: list[Lost],
) -> Section | None:
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    b, o, t = (section or Section() for section in (base, ours, theirs))
    to_ours, new_ours = _pair_up(b.chunks, o.chunks)
    to_theirs, new_theirs = _pair_up(b.chunks, t.chunks)
    survivors = _survivors(b.chunks, to_ours, to_theirs, prefer, lost)
    first, second = (to_ours, to_theirs) if prefer == "ours" else (to_theirs, to_ours)
    mine, other = (new_ours, new_theirs) if prefer == "ours" else (new_theirs, new_ours)
    chosen = o if prefer == "ours" else t
    order = _in_order(chosen.chunks, first, mine, survivors)
    late = [survivors[n] for n in survivors if n not in first and n in second]
    merged = _insert_by_time(order, [*late, *_without_twins(other, mine)])
    head, hunks = merge_lines(b.head, o.head, t.head, prefer)
    lost += hunks
    if merged and not head:  # one side took the section out, the other commented in it
        head = list(chosen.head or (t if prefer == "ours" else o).head)
    if not merged and not head:
        return None
    tail = _blanks((chosen.chunks or (t if prefer == "ours" else o).chunks)[-1:])
    return Section(head, _spaced(merged, tail))


def _pair_up(base: Sequence[Chunk], side: Sequence[Chunk]) -> tuple[dict[int, Chunk], list[Chunk]]:
    """Base index -> the side's chunk, and the side's new chunks. Among comments of one author
    and stamp the same text comes first, then the order."""
    left = list(side)
    found: dict[int, Chunk] = {}
    for exact in (True, False):
        for n, chunk in enumerate(base):
            if n in found:
                continue
            for candidate in left:
                same = candidate.said == chunk.said if exact else True
                if candidate[:2] == chunk[:2] and same:
                    found[n] = candidate
                    _remove(left, candidate)
                    break
    return found, left


def _remove(chunks: list[Chunk], chunk: Chunk) -> None:
    """By identity: equal comments are still two."""
    for n, one in enumerate(chunks):
        if one is chunk:
            del chunks[n]
            return


def _survivors(
    base: Sequence[Chunk],
    ours: Mapping[int, Chunk],
    theirs: Mapping[int, Chunk],
    prefer: Side,
    lost: list[Lost],
) -> dict[int, Chunk]:
    kept: dict[int, Chunk] = {}
    for n, chunk in enumerate(base):
        one, two = ours.get(n), theirs.get(n)
        if one is not None and two is not None:
            kept[n] = _merge_chunk(chunk, one, two, prefer, lost)
        else:
            left = one or two
            if left is not None and left.said != chunk.said:
                kept[n] = left
    return kept


def _merge_chunk(base: Chunk, ours: Chunk, theirs: Chunk, prefer: Side, lost: list[Lost]) -> Chunk:
    texts = [join(list(c.lines), "mixed") for c in (base, ours, theirs)]
    text, gone = merge3(texts[0], texts[1], texts[2], prefer)
    lost += gone
    return ours._replace(lines=lines_of(text))


def _in_order(
    chunks: Sequence[Chunk],
    paired: Mapping[int, Chunk],
    new: Sequence[Chunk],
    survivors: Mapping[int, Chunk],
) -> list[Chunk]:
    """The preferred side's comments in its own order, each as merged."""
    merged = {id(chunk): survivors[n] for n, chunk in paired.items() if n in survivors}
    merged |= {id(chunk): chunk for chunk in new}
    return [merged[id(chunk)] for chunk in chunks if id(chunk) in merged]


def _without_twins(other: Sequence[Chunk], mine: Sequence[Chunk]) -> list[Chunk]:
    twins = Counter((c.who, c.stamp, c.said) for c in mine)
    fresh: list[Chunk] = []
    for chunk in other:
        key = (chunk.who, chunk.stamp, chunk.said)
        if twins[key]:
            twins[key] -= 1
        else:
            fresh.append(chunk)
    return fresh


def _insert_by_time(order: list[Chunk], late: Sequence[Chunk]) -> list[Chunk]:
    stamps = [chunk.stamp for chunk in order]
    newest_first = len(set(stamps)) > 1 and stamps == sorted(stamps, reverse=True)
    out = list(order)
    for chunk in late:
        if newest_first:
            place = next((n for n, c in enumerate(out) if c.stamp <= chunk.stamp), len(out))
        else:
            earlier = [n for n, c in enumerate(out) if c.stamp <= chunk.stamp]
            place = earlier[-1] + 1 if earlier else 0
        out.insert(place, chunk)
    return out


def _spaced(chunks: Sequence[Chunk], tail: Lines) -> tuple[Chunk, ...]:
    """Each comment followed by a blank line at least, the last by what the preferred side had
    at its end."""
    spaced: list[Chunk] = []
    for n, chunk in enumerate(chunks):
        bare = chunk.lines[: len(chunk.lines) - len(_blanks([chunk]))]
        if n == len(chunks) - 1:
            spaced.append(chunk._replace(lines=[*bare, *tail]))
        elif len(bare) == len(chunk.lines):
            spaced.append(chunk._replace(lines=[*bare, Line("", "\n")]))
        else:
            spaced.append(chunk)
    return tuple(spaced)


def _blanks(chunks: Sequence[Chunk]) -> Lines:
    """The blank lines at the end of the last of these."""
    if not chunks:
        return []
    lines = chunks[-1].lines
    n = len(lines)
    while n and not lines[n - 1].text.strip():
        n -= 1
    return lines[n:]
