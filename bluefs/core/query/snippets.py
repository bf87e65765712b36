"""The place where a record holds the words that were asked for.

Owns ``snippet``: the first passage that holds them, cut to a width, with the words marked in the
text as it was written. Searching folds the text (``ﬁ`` becomes ``fi``, ``é`` ``e``, gaps one
space), so a place in the folded text is mapped back character by character. Law: each marked
piece folds to something that holds a needle. Refuses colours: a screen knows them.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from bluefs.core.frozen import dataclass
from bluefs.core.model import Record
from bluefs.core.query.folding import contains, search_form
from bluefs.core.query.ranking import prose

_BEFORE = 3  # a passage begins a third of its width before the word


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line of text and the pieces of it to be marked: (start, end) in characters, apart and
    in order. ``place`` is ``title``, ``body`` or ``comments``."""

    text: str
    spans: tuple[tuple[int, int], ...]
    place: str = "body"


def snippet(record: Record, needles: Sequence[str], width: int = 80) -> Snippet | None:
    """The best passage of at most ``width`` characters, in one line: where the text holds a
    needle, else a comment (or who wrote it), else the title. None where nothing does."""
    wanted = [one for one in needles if one]
    said = [("comments", text) for text in (*(c.text for c in record.comments), record.body)]
    for place, text in [("body", prose(record)), *said, ("title", record.title)]:
        if any(contains(text, one) for one in wanted):
            return _passage(" ".join(text.split()), wanted, max(width, 8), place)
    return None


def _passage(line: str, needles: Sequence[str], width: int, place: str) -> Snippet:
    spans = found_in(line, needles)
    start, end = spans[0] if spans else (0, 0)
    low, high = 0, len(line)
    if high > width:
        ahead = max(0, width - (end - start)) // _BEFORE
        early = end + ahead <= width  # then the text is shown from its beginning
        low = 0 if early else max(0, min(start - ahead, high - width + 1))
        low = _word_start(line, low, start) if low else 0
        high = min(high, low + width - (low > 0))
    if high < len(line):
        high = _word_end(line, high - 1, min(end, high - 1))
    before, after = ("…" if low else ""), ("…" if high < len(line) else "")
    inner = [(max(a, low), min(b, high)) for a, b in spans if a < high and b > low]
    shift = len(before) - low
    marked = tuple((a + shift, b + shift) for a, b in inner if b > a)
    return Snippet(before + line[low:high] + after, marked, place)


def _word_start(line: str, low: int, start: int) -> int:
    """Not in the middle of a word, if one begins before the place that is shown."""
    gap = line.find(" ", low, start)
    return low if gap < 0 else gap + 1


def _word_end(line: str, high: int, least: int) -> int:
    gap = line.rfind(" ", least, high + 1)
    return high if gap < 0 else gap


def found_in(text: str, needles: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the text holds the needles: pieces that touch or overlap are one."""
    form, ends = _mapped(text)
    pieces: list[tuple[int, int]] = []
    for one in needles:
        at = form.find(one)
        while at >= 0:
            pieces.append(_original(ends, at, at + len(one)))
            at = form.find(one, at + len(one))
    return tuple(_joined(sorted(pieces)))


def _original(ends: Sequence[int], low: int, high: int) -> tuple[int, int]:
    """The characters from which this part of the form came. ``ends[n]`` is where the form of
    the first n + 1 clusters ends."""
    last = bisect_left(ends, high)
    return bisect_right(ends, low), bisect_right(ends, ends[last])  # with the marks behind it


def _joined(pieces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    low, high = -1, -1
    for start, end in pieces:
        if start > high:
            if high > low:
                yield low, high
            low = start
        high = max(high, end)
    if high > low:
        yield low, high


def _mapped(text: str) -> tuple[str, list[int]]:
    """The search form with one space for a gap, and for each character where its form ends."""
    if text.isascii():
        forms = list(search_form(text))
        if len(forms) != len(text):
            forms = [search_form(char) for char in text]
    else:
        forms = _forms(text)
    squeezed: list[str] = []
    gap = True
    for form in forms:
        kept = ""
        for char in form:
            if not char.isspace():
                kept += char
            elif not gap:
                kept += " "
            gap = char.isspace()
        squeezed.append(kept)
    return "".join(squeezed), list(accumulate(map(len, squeezed)))


def _forms(text: str) -> list[str]:
    """The form of each character. A character and the marks behind it are folded together,
    as they may compose: the first has the form of all."""
    found: list[str] = []
    start = 0
    for n in range(1, len(text) + 1):
        if n == len(text) or not _continues(text[n]):
            found.append(search_form(text[start:n]))
            found.extend([""] * (n - start - 1))
            start = n
    return found


def _continues(char: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) != 0
