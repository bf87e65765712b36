"""Three-way merge of text, line by line (diff3).

Rules, after Khanna, Kunal and Pierce, "A Formal Investigation of Diff3" (2007):

- Both sides are aligned with the base. A base line that both kept is *stable*; between two
  stable lines lies a *chunk* of the base and what each side made of it.
- A chunk that one side changed takes that side. Both alike counts once.
- A chunk that both changed differently is a conflict: what they share at its beginning and
  end is kept, of the rest the preferred side stays and the other is a ``Lost`` hunk.

Laws (tested): merge3(b,x,x)=x; merge3(b,b,x)=merge3(b,x,b)=x; swapping sides and preference
changes nothing; each line of each side is in the result, in a lost hunk, or was taken out by
the other side.

A line is what ends in LF; its CR belongs to its ending, and endings are merged apart from what
the line says: a file whose line endings one side converted still merges line by line. This
module knows nothing of Markdown (``core.merge_body`` does), and marks no conflicts in the text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from bluefs.core.frozen import dataclass

Side = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Lost:
    """A hunk that did not get into the result. ``text`` is what ``side`` had ("" if it had
    taken the lines out), ``base`` what stood there before, ``kept`` what stands there now."""

    side: Side
    text: str
    base: str
    kept: str


class Line(NamedTuple):
    text: str
    ending: str  # "\n", "\r\n", or "" for a last line without one


Lines = Sequence[Line]
Resolve = Callable[[Lines, Lines, Lines, Side], "tuple[Lines, list[Lost]] | None"]


def merge3(
    base: str, ours: str, theirs: str, prefer: Side = "ours"
) -> tuple[str, tuple[Lost, ...]]:
    """The merged text, and the hunks of the side that was not preferred where both changed
    the same lines."""
    if ours == theirs or theirs == base:
        return ours, ()
    if ours == base:
        return theirs, ()
    sides = lines_of(base), lines_of(ours), lines_of(theirs)
    merged, lost = merge_lines(*sides, prefer)
    return join(merged, newline3(base, ours, theirs, prefer)), lost


def merge_lines(
    base: Lines, ours: Lines, theirs: Lines, prefer: Side, resolve: Resolve | None = None
) -> tuple[list[Line], tuple[Lost, ...]]:
    """``merge3`` on lines. Endings may be mixed in the result: ``join`` mends that.

    ``resolve`` may know how to reconcile a conflict (base, ours, theirs, prefer), and gives
    None where it does not.
    """
    merged: list[Line] = []
    lost: list[Lost] = []
    for chunk in _chunks(base, ours, theirs):
        kept, gone = _settle(chunk, prefer, resolve)
        merged += kept
        lost += gone
    return merged, tuple(lost)


def lines_of(text: str) -> list[Line]:
    """The lines of a text. Only LF ends a line: str.splitlines would also split at U+2028,
    form feeds and the like, which people do paste."""
    *whole, last = text.split("\n")
    lines = [Line(t[:-1], "\r\n") if t.endswith("\r") else Line(t, "\n") for t in whole]
    return [*lines, Line(last, "")] if last else lines


def join(lines: Lines, newline: str) -> str:
    """The text of these lines. A line without an ending that is no longer the last gets
    one. All endings become ``newline``, unless that is "mixed": then each keeps its own."""
    if newline == "mixed":
        newline = "\n"
    else:
        lines = [Line(t, newline if ending else "") for t, ending in lines]
    texts = [t + (ending or newline) for t, ending in lines[:-1]]
    return "".join(texts) + "".join("".join(line) for line in lines[-1:])


def newline3(base: str, ours: str, theirs: str, prefer: Side) -> str:
    """The line ending of the result: "\\n", "\\r\\n", or "mixed" if a text that decides
    mixes them, so each line keeps its own."""
    kinds = [_newline(text) for text in (base, ours, theirs)]
    if "mixed" in kinds:
        return "mixed"
    b, o, t = kinds
    o, t = o or b or t or "\n", t or b or o or "\n"
    if o == t or t == b:
        return o
    return t if o == b or prefer == "theirs" else o


def _newline(text: str) -> str | None:
    windows = text.count("\r\n")
    if windows in (0, text.count("\n")):
        return "\r\n" if windows else "\n" if "\n" in text else None
    return "mixed"


class _Chunk(NamedTuple):
    base: Lines
    ours: Lines
    theirs: Lines
    stable: bool = False


def _chunks(base: Lines, ours: Lines, theirs: Lines) -> Iterator[_Chunk]:
    """Stable and changed stretches, in order."""
    to_ours = dict(align([x.text for x in base], [x.text for x in ours]))
    to_theirs = dict(align([x.text for x in base], [x.text for x in theirs]))
    b = o = t = 0
    for n in range(len(base)):
        if n not in to_ours or n not in to_theirs:
            continue
        at_ours, at_theirs = to_ours[n], to_theirs[n]
        if (b, o, t) != (n, at_ours, at_theirs):
            yield _Chunk(base[b:n], ours[o:at_ours], theirs[t:at_theirs])
        b, o, t = n + 1, at_ours + 1, at_theirs + 1
        yield _Chunk(base[n:b], ours[at_ours:o], theirs[at_theirs:t], stable=True)
    if b < len(base) or o < len(ours) or t < len(theirs):
        yield _Chunk(base[b:], ours[o:], theirs[t:])


def _settle(chunk: _Chunk, prefer: Side, resolve: Resolve | None) -> tuple[Lines, list[Lost]]:
    if chunk.stable:
        return [_stable(chunk.base[0], chunk.ours[0], chunk.theirs[0], prefer)], []
    head = _shared(chunk.ours, chunk.theirs)
    tail = _shared(chunk.ours[head:][::-1], chunk.theirs[head:][::-1])
    ours = chunk.ours[head : len(chunk.ours) - tail]
    theirs = chunk.theirs[head : len(chunk.theirs) - tail]
    gone: list[Lost] = []
    if (not ours and not theirs) or _same(theirs, chunk.base):
        middle = ours
    elif _same(ours, chunk.base):
        middle = theirs
    else:
        found = resolve(chunk.base, ours, theirs, prefer) if resolve else None
        middle, gone = found or _conflict(chunk.base, ours, theirs, prefer)
    shared = chunk.ours if prefer == "ours" else chunk.theirs
    end = len(shared) - tail
    return [*shared[:head], *middle, *shared[end:]], gone


def _conflict(base: Lines, ours: Lines, theirs: Lines, prefer: Side) -> tuple[Lines, list[Lost]]:
    kept, other = (ours, theirs) if prefer == "ours" else (theirs, ours)
    side: Side = "theirs" if prefer == "ours" else "ours"
    return kept, [Lost(side, _text(other), _text(base), _text(kept))]


def _stable(base: Line, ours: Line, theirs: Line, prefer: Side) -> Line:
    if ours.ending == theirs.ending or theirs.ending == base.ending:
        return ours
    return theirs if ours.ending == base.ending or prefer == "theirs" else ours


def _text(lines: Lines) -> str:
    return "".join("".join(line) for line in lines)


def _same(one: Lines, two: Lines) -> bool:
    return len(one) == len(two) and all(a.text == b.text for a, b in zip(one, two))


def _shared(one: Lines, two: Lines) -> int:
    """How many lines both begin with."""
    n = 0
    while n < min(len(one), len(two)) and one[n].text == two[n].text:
        n += 1
    return n


#: A gap without any unique common line is compared exactly up to this many pairs of lines;
#: beyond, it counts as replaced. A record may hold a megabyte of blank lines, on which exact
#: comparison takes minutes.
EXACT = 250_000


def align(one: Sequence[str], two: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (index in one, index in two) of lines taken for the same, ascending in both:
    common ends, then lines unique in both as anchors (patience diff), then the longest common
    blocks between them."""
    pairs: list[tuple[int, int]] = []
    todo = [(0, len(one), 0, len(two))]
    while todo:
        a, a_end, b, b_end = todo.pop()
        while a < a_end and b < b_end and one[a] == two[b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        while a < a_end and b < b_end and one[a_end - 1] == two[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
            pairs.append((a_end, b_end))
        if a == a_end or b == b_end:
            continue
        anchors = _anchors(one[a:a_end], two[b:b_end])
        if not anchors:
            pairs += [(a + x, b + y) for x, y in _blocks(one[a:a_end], two[b:b_end])]
            continue
        for x, y in anchors:
            pairs.append((a + x, b + y))
        stops = [(-1, -1), *anchors, (a_end - a, b_end - b)]
        for (x, y), (next_x, next_y) in pairwise(stops):
            todo.append((a + x + 1, a + next_x, b + y + 1, b + next_y))
    return sorted(pairs)


def _anchors(one: Sequence[str], two: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that occur once in each, in the longest run that ascends in both."""
    here, there = Counter(one), Counter(two)
    where = {line: n for n, line in enumerate(two) if there[line] == 1}
    common = [(n, where[line]) for n, line in enumerate(one) if here[line] == 1 and line in where]
    return _ascending(common)


def _ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence with ascending second members (patience sorting)."""
    tops: list[int] = []
    heads: list[int] = []
    before: list[int] = []
    for n, (_, value) in enumerate(pairs):
        pile = bisect_left(tops, value)
        before.append(heads[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        heads[pile : pile + 1] = [n]
    chain: list[tuple[int, int]] = []
    n = heads[-1] if heads else -1
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    return chain[::-1]


def _blocks(one: Sequence[str], two: Sequence[str]) -> Iterator[tuple[int, int]]:
    if len(one) * len(two) > EXACT:
        return
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, one, two, autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        yield from ((a + n, b + n) for n in range(size))
