"""Three-way merge of task items: by text under their heading, without people and dates.

- Whether an item is ticked is a value of its own, so both sides may tick neighbours.
- Items that both sides added at the same place all stay, the preferred side's first.
- An item that one side took out and the other changed stays, changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import NamedTuple

from bluefs.core.codec.body import read_item
from bluefs.core.diff3 import Line, Lines, Lost, Side
from bluefs.core.outline import headings, unfenced
from bluefs.core.patterns import pattern

_ITEM = pattern(
    r"(?P<lead>[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)(?P<mark>.)(?P<rest>\](?:[ \t]+(?P<text>.*))?)$"
)


class _Key(NamedTuple):
    heading: str
    text: str
    ordinal: int


def _item_keys(lines: Lines) -> dict[_Key, int]:
    """The task items of these lines -> their index."""
    titles = {n: " ".join(text.split()) for n, _, text in headings(lines)}
    heading = ""
    seen: Counter[tuple[str, str]] = Counter()
    keys: dict[_Key, int] = {}
    for n, line in unfenced(lines):
        heading = titles.get(n, heading)
        item = _ITEM.match(line.text)
        if item:
            text, _, _ = read_item(item["text"] or "", UTC)  # dates play no part
            keys[_Key(heading, text, seen[heading, text])] = n
            seen[heading, text] += 1
    return keys


def _mark(line: Line) -> str:
    found = _ITEM.match(line.text)
    return found["mark"].lower() if found else ""


def _marked(line: Line, mark: str) -> Line:
    found = _ITEM.match(line.text)
    if found is None or found["mark"].lower() == mark:
        return line
    return line._replace(text=f"{found['lead']}{mark}{found['rest']}")


def merge_marks(
    base: Lines, ours: Lines, theirs: Lines, prefer: Side, lost: list[Lost]
) -> tuple[list[Line], list[Line], list[Line]]:
    """All three with each item that both sides have ticked or not as it will be: then ticks
    make no difference to the merge of the lines."""
    sides = tuple(list(lines) for lines in (base, ours, theirs))
    b, o, t = (_item_keys(lines) for lines in sides)
    for key in [k for k in (o if prefer == "ours" else t) if k in o and k in t]:
        places = [(lines, keys[key]) for lines, keys in zip(sides, (b, o, t)) if key in keys]
        marks = [_mark(lines[n]) for lines, n in places]
        merged = _merge_mark(marks, prefer)
        if merged is None:
            merged = marks[-2] if prefer == "ours" else marks[-1]
            lost.append(_lost_mark(ours[o[key]], theirs[t[key]], prefer))
        for lines, n in places:
            lines[n] = _marked(lines[n], merged)
    return sides[0], sides[1], sides[2]


def _merge_mark(marks: Sequence[str], prefer: Side) -> str | None:
    """``marks`` of (base,) ours and theirs; None where they conflict."""
    ours, theirs = marks[-2:]
    if ours == theirs:
        return ours
    if len(marks) == 2 or (ours != marks[0] and theirs != marks[0]):
        return None
    return theirs if ours == marks[0] else ours


def _lost_mark(ours: Line, theirs: Line, prefer: Side) -> Lost:
    kept, gone = (ours, theirs) if prefer == "ours" else (theirs, ours)
    side: Side = "theirs" if prefer == "ours" else "ours"
    return Lost(side, gone.text + "\n", "", kept.text + "\n")


def merge_items(
    base: Lines, ours: Lines, theirs: Lines, prefer: Side
) -> tuple[list[Line], list[Lost]] | None:
    """A conflict among task items only: a merge of sets, (O∩A∩B)∪(A−O)∪(B−O)."""
    if not all(_pure(lines) for lines in (base, ours, theirs)):
        return None
    b, o, t = ({k: x[n] for k, n in _item_keys(x).items()} for x in (base, ours, theirs))
    gone: list[Lost] = []
    merged: dict[_Key, Line] = {}
    for key in {**b, **o, **t}:
        line = _merge_item(b.get(key), o.get(key), t.get(key), prefer, gone)
        if line is not None:
            merged[key] = line
    first, second = (ours, theirs) if prefer == "ours" else (theirs, ours)
    return _lay_out(first, second, merged), gone


def _pure(lines: Lines) -> bool:
    return all(_ITEM.match(line.text) or not line.text.strip() for line in lines)


def _merge_item(
    base: Line | None, ours: Line | None, theirs: Line | None, prefer: Side, gone: list[Lost]
) -> Line | None:
    if ours is None or theirs is None:
        left = ours or theirs
        return None if base is not None and left is not None and left.text == base.text else left
    was = base.text if base is not None else None
    if ours.text in (theirs.text, was):
        return theirs if ours.text == was else ours
    if theirs.text == was:
        return ours
    kept, other = (ours, theirs) if prefer == "ours" else (theirs, ours)
    side: Side = "theirs" if prefer == "ours" else "ours"
    gone.append(Lost(side, other.text + "\n", f"{was}\n" if was else "", kept.text + "\n"))
    return kept


def _lay_out(first: Lines, second: Lines, merged: Mapping[_Key, Line]) -> list[Line]:
    """The preferred side's lines in its order, then each further item of the other behind the
    item it followed there."""
    by_index = {n: key for key, n in _item_keys(first).items()}
    out: list[tuple[_Key | None, Line]] = []
    for n, line in enumerate(first):
        key = by_index.get(n)
        if key is None:
            out.append((None, line))
        elif key in merged:
            out.append((key, merged[key]))
    here = {key for key, _ in out}
    place = _after_last_item(out)
    for key in _item_keys(second):
        if key in here:
            place = next(n for n, (k, _) in enumerate(out) if k == key) + 1
        elif key in merged:
            out.insert(place, (key, merged[key]))
            place += 1
    return [line for _, line in out]


def _after_last_item(out: Sequence[tuple[_Key | None, Line]]) -> int:
    return max((n + 1 for n, (key, _) in enumerate(out) if key is not None), default=0)
