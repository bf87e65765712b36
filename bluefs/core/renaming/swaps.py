"""Swaps: parts of YAML scalars put in the place of others, and the proof that nothing else
changed.

A scalar on one line is written anew in its own style, so that quotes go where the new text needs
them; in one of several lines only the very characters change. The text is then composed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bluefs.core.codec.compose import Malformed, compose
from bluefs.core.codec.text import Lines
from bluefs.core.config.inside import place_in
from bluefs.core.config.reader import Reader
from bluefs.core.edit.refused import EditRefused
from bluefs.core.edit.splice import Splice, apply_splices
from bluefs.core.frozen import dataclass
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.quoting import quote


@dataclass(frozen=True, slots=True)
class Swap:
    """``text`` for the characters ``start`` to ``end`` of the scalar's text."""

    node: Scalar
    start: int
    end: int
    text: str


def whole(node: Scalar, text: str) -> Swap:
    """Another text for the whole scalar."""
    return Swap(node, 0, len(node.text), text)


def parsed(text: str, first_line: int = 1) -> Node | None:
    """The nodes of a YAML text. Raises EditRefused where it cannot be read."""
    try:
        return compose(text)
    except Malformed as broken:
        raise EditRefused(
            "renaming.broken",
            line=broken.line + first_line - 1, column=broken.column, message=broken.message,
        ) from None  # fmt: skip


def swapped(text: str, swaps: Iterable[Swap], first_line: int = 1) -> str:
    """The text with every swap; the nodes are those of ``parsed(text)``. Raises EditRefused
    where that would change anything else."""
    by_place: dict[tuple[int, int], list[Swap]] = {}
    for swap in dict.fromkeys(swaps):
        by_place.setdefault((swap.node.line, swap.node.column), []).append(swap)
    if not by_place:
        return text
    wanted = {place: _text(found) for place, found in by_place.items()}
    tree = parsed(text)
    lines, inside = Lines(text), frozenset(_in_brackets(tree, False))
    splices = [
        splice
        for place, found in by_place.items()
        for splice in _splices(text, lines, found, place in inside)
    ]
    out = apply_splices(text, splices)
    if not _is_sound(tree, out, wanted):
        place = min(by_place)
        raise EditRefused("renaming.unsafe", line=place[0] + first_line - 1, column=place[1])
    return out


def _in_brackets(node: Node | None, flow: bool) -> Iterator[tuple[int, int]]:
    """Places of the scalars between brackets or braces, where more has to be quoted."""
    if isinstance(node, Scalar):
        if flow:
            yield node.line, node.column
    elif isinstance(node, Seq):
        for item in node.items:
            yield from _in_brackets(item, flow or node.flow)
    elif isinstance(node, Map):
        for pair in node.entries:
            for part in pair:
                yield from _in_brackets(part, flow or node.flow)


def _is_sound(tree: Node | None, out: str, wanted: dict[tuple[int, int], str]) -> bool:
    try:
        return _same(tree, parsed(out), wanted)
    except EditRefused:
        return False


def _text(swaps: list[Swap]) -> str:
    """What the scalar is to say."""
    text = swaps[0].node.text
    return apply_splices(text, [Splice(s.start, s.end, s.text) for s in swaps])


def _splices(text: str, lines: Lines, swaps: list[Swap], flow: bool) -> list[Splice]:
    node = swaps[0].node
    start = lines.offset(node.line, node.column)
    end = lines.offset(node.end_line, node.end_column)
    first = text[start : start + 1]
    if node.line == node.end_line and (node.plain or first in ("'", '"')):
        style = None if node.plain else first
        return [Splice(start, end, quote(_text(swaps), style, flow=flow))]
    reader = Reader("", tuple(lines.all()))
    found = []
    for swap in swaps:
        begin = lines.offset(*place_in(reader, node, swap.start))
        last = lines.offset(*place_in(reader, node, swap.end - 1)) + 1
        found.append(Splice(begin, last, swap.text))
    return found


def _same(a: Node | None, b: Node | None, wanted: dict[tuple[int, int], str]) -> bool:
    """Whether ``b`` says what ``a`` does, but for the scalars of ``wanted`` (by place in a)."""
    if isinstance(a, Scalar):
        if not isinstance(b, Scalar):
            return False
        text = wanted.get((a.line, a.column))
        if text is not None and not a.is_null:
            return b.text == text and not b.is_null
        return a.text == b.text and a.is_null == b.is_null
    if isinstance(a, Seq):
        return (
            isinstance(b, Seq)
            and len(a.items) == len(b.items)
            and all(_same(x, y, wanted) for x, y in zip(a.items, b.items))
        )
    if isinstance(a, Map):
        return (
            isinstance(b, Map)
            and len(a.entries) == len(b.entries)
            and all(
                _same(k, m, wanted) and _same(v, w, wanted)
                for (k, v), (m, w) in zip(a.entries, b.entries)
            )
        )
    return b is None
