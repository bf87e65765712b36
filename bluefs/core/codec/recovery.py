"""A text that does not parse: what is wrong with it, entry by entry, and what the rest says.

Each entry that parses by itself is judged by itself. A broken one is taken apart as far as it is
made of entries again; what is left is a leaf, which is explained by itself (`codec.leaf`). An entry
that no trap explains has the parser's complaint at its place.

The parser goes through the text once, whatever is wrong: behind each broken entry it is set on
again. After a hundred Problems nothing is examined any more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from bluefs.core.codec import events, pieces
from bluefs.core.codec.complaints import meaning
from bluefs.core.codec.events import Broken, Tree, Trials
from bluefs.core.codec.leaf import LOOKS, ONE_ENTRY, Leaf
from bluefs.core.codec.pieces import Piece
from bluefs.core.codec.text import DEPTH_LIMIT, PROBLEM_LIMIT
from bluefs.core.codes import format as codes
from bluefs.core.frozen import dataclass
from bluefs.core.nodes import Map, Scalar, Seq
from bluefs.core.problems import Code, Problem
from bluefs.core.words import say

#: What ends the reading on purpose.
_CUT = (codes.SECOND_DOCUMENT, codes.TOO_MANY, codes.TOO_DEEP)
#: Characters that are handed to the parser in all, when it is set on again behind a fault.
_READABLE = 6_000_000
#: How far an entry is taken apart.
_DEEPEST = 6
#: How many entries the parser is given at once: what one of them swallows costs no more.
_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Recovered:
    """``lines`` are the text with everything broken made harmless, ``hurt`` the numbers (from
    0) of the lines where something was; ``tree`` is what they compose to, None where even they
    do not."""

    lines: list[str]
    problems: tuple[Problem, ...]
    hurt: frozenset[int]
    tree: Tree | None


def recover(
    source: list[str], first_line: int, nodes: int, broken: Broken | None = None
) -> Recovered:
    """What can be said of a text that does not parse; ``broken`` is where the parser gave up on
    it. Of more lines than it may have values, it gets no further look."""
    look = _Recovery(source, first_line, nodes)
    if broken is not None:
        look.trials.known["\n".join(source)] = broken.moved(1 - first_line)
    if len(source) <= 2 * nodes:
        look.region(0, len(source))
    tree = look.whole()
    return Recovered(look.lines, tuple(look.problems), frozenset(look.hurt), tree)


def syntax(broken: Broken, line: int, source: str) -> Problem:
    """The parser's complaint, at a line of the file whose text is ``source``."""
    column = min(broken.column, len(source) + 1)
    message = say(meaning(broken.what))
    hint = say("problems.syntax.hint")
    return Problem(codes.YAML_SYNTAX, "", line, column, column + 1, message, hint)


@dataclass(frozen=True, slots=True)
class _Fault:
    """The line where the parser gave up, and those of the entries that it saw before; ``lost``
    are lines that it took, though something of theirs is lost."""

    line: int
    begun: Sequence[int]
    lost: tuple[int, ...] = ()


def _suspects(fault: _Fault, parts: list[Piece], at: int) -> list[int]:
    """The entries, from number ``at`` on, that may be to blame. One that is not among those
    that the parser saw was swallowed by the one before it; else it is the one in which the
    parser gave up, or the one before that, whose end it missed."""
    if fault.lost:
        return sorted({_part_of(line, parts) for line in fault.lost})
    last = _part_of(fault.line, parts)
    seen = {_part_of(line, parts) for line in fault.begun}
    swallowed = next((n for n in range(at + 1, last + 1) if n not in seen), None)
    if swallowed is not None and swallowed < last:
        return [swallowed - 1]
    return [n for n in (last - 1, last) if n >= at]


def _part_of(line: int, parts: list[Piece]) -> int:
    return bisect_right(parts, (line, parts[-1][1] + 1)) - 1


class _Recovery:
    """``lines`` become calmer while it goes on; places are numbers of lines, from 0."""

    def __init__(self, source: list[str], first_line: int, nodes: int) -> None:
        self.lines = list(source)
        self.shift = first_line
        self.nodes = nodes
        self.trials = Trials(nodes)
        self.problems: list[Problem] = []
        self.hurt: set[int] = set()
        self.left = _READABLE

    @property
    def full(self) -> bool:
        return len(self.problems) >= PROBLEM_LIMIT or self.left <= 0

    def whole(self) -> Tree | None:
        """The tree of what is left. A complaint about it is one about how entries stand to each
        other, unless it stands beside a fault: then it is that one's echo."""
        for _ in range(LOOKS):
            try:
                return events.build("\n".join(self.lines), self.shift, self.nodes)
            except Broken as broken:
                at = min(broken.line, len(self.lines)) - 1
                if self._is_shifted(at):
                    self.lines[at - 1] = ""
                    continue
                if not any(abs(at - hurt) <= 1 for hurt in self.hurt):
                    self.problems.append(syntax(broken, at + self.shift, self.lines[at]))
                if at in self.hurt and not self.lines[at].strip():
                    break
                self.hurt.add(at)
                self.lines[at] = ""
        return None

    def _is_shifted(self, at: int) -> bool:
        """Whether a line does not fit in because the broken one above it is too far in: a tab
        that became a space."""
        if at in self.hurt or at - 1 not in self.hurt or not self.lines[at - 1].strip():
            return False
        return (pieces.indent_of(self.lines[at - 1]) or 0) > (pieces.indent_of(self.lines[at]) or 0)

    def region(self, start: int, end: int, key: str = "", depth: int = 0) -> None:
        """Lines that hold the entries of one map or list; ``key`` is that of the entry they are
        in, ``depth`` how many they are in."""
        first = pieces.first_content(self.lines[start:end])
        if first is None:
            return
        items = pieces.is_item(self.lines[start + first])
        outer = pieces.indent_of_all(self.lines[start:end])
        parts = [(a + start, b + start) for a, b in pieces.split(self.lines[start:end])]
        at = 0
        while at < len(parts) and not self.full:
            some = parts[at : at + _AT_ONCE]
            fault = self._fault(some[0][0], some[-1][1], items, len(some))
            if fault is None:
                at += len(some)
                continue
            suspects = _suspects(fault, parts, at)
            lost = [] if fault.lost else self._lost_before(parts[at : suspects[0]], items, at)
            for n in [*lost, *suspects]:
                if not self.full and (fault.lost or n in lost or self._hurts(parts[n], items)):
                    self._piece(parts[n], items, key, outer, depth)
            at = suspects[-1] + 1

    def _fault(self, start: int, end: int, items: bool, count: int = 1) -> _Fault | None:
        """Where the parser gives up within the lines of so many entries, or loses something; None
        if nowhere. A lone text is no entry."""
        text = "\n".join(self.lines[start:end])
        self.left -= len(text) + 1
        tree = self.trials.of(text)
        begun = [line + start - 1 for line in tree.begun]
        if isinstance(tree, Broken):
            return _Fault(min(start + tree.line, end) - 1, begun)
        lost = [p.line + start - 1 for p in tree.problems if p.code in ONE_ENTRY]
        if lost:
            return _Fault(max(lost), begun, tuple(lost))
        nothing = tree.node is None or (isinstance(tree.node, Scalar) and tree.node.is_null)
        wrong = not nothing and not isinstance(tree.node, Seq if items else Map)
        cut = any(p.code in _CUT for p in tree.problems)
        if wrong or (not cut and not nothing and len(tree.begun) < count):
            return _Fault(end - 1, begun)
        return None

    def _lost_before(self, parts: list[Piece], items: bool, at: int) -> list[int]:
        """Numbers of the entries, of those from number ``at`` up to where the parser gave up, of
        which something is lost."""
        lines = (line for start, end in parts for line in self.lines[start:end])
        if not any(sign in line for line in lines for sign in "!&*"):
            return []
        fault = self._fault(parts[0][0], parts[-1][1], items, len(parts))
        found = _suspects(fault, parts, 0) if fault is not None and fault.lost else []
        return [n + at for n in found]

    def _hurts(self, piece: Piece, items: bool) -> bool:
        return self._fault(*piece, items) is not None

    def _piece(self, piece: Piece, items: bool, key: str, outer: int, depth: int) -> None:
        """One broken entry: taken apart, or a leaf. ``outer`` is how far its mates are
        indented."""
        start, end = piece
        before = len(self.problems)
        inner = pieces.inside(self.lines[start:end]) if depth < _DEEPEST else None
        if inner is not None:
            offset, lines = inner
            top = self.lines[start + offset]
            self.lines[start + offset] = lines[0] if lines else top
            own = pieces.key_of(self.lines[start]) if not items else None
            inner_key = own.rstrip(" \t:").strip("\"'") if own else key
            self.region(start + offset, end, inner_key, depth + 1)
            if items and lines and lines[0] != top:
                self._put_dash_back(start + offset, top)
        if len(self.problems) == before:
            self._leaf(piece, items, key, outer)
        elif self._hurts(piece, items):
            self._drop(piece)

    def _put_dash_back(self, line: int, top: str) -> None:
        column = len(top) - len(top.lstrip(" \t"))
        rest = self.lines[line].ljust(column + 1)
        self.lines[line] = f"{rest[:column]}-{rest[column + 1 :]}".rstrip()

    def _leaf(self, piece: Piece, items: bool, key: str, outer: int) -> None:
        """An entry that is one piece: its traps, and the parser's complaints about the rest."""
        start, end = piece
        deep = self._lost(start, end, codes.TOO_DEEP) if self._may_be_deep(start, end) else []
        if deep:
            self.problems += deep
            self._drop(piece)
            return
        leaf = Leaf(self.lines[start:end], self.trials, items, key, outer)
        place = start + self.shift
        self.problems += [leaf.problem(trap, place) for trap in leaf.traps]
        self.hurt |= {start + trap.line for trap in leaf.traps}
        calm = leaf.calmed()
        for at, broken in leaf.complaints(calm):
            self.hurt.add(start + at)
            if broken is not None:
                self.problems.append(syntax(broken, at + place, self.lines[start + at]))
        self.lines[start:end] = calm
        if not leaf.sound:
            self.problems += self._lost(start, end, codes.TAG_OR_ANCHOR)
            self._drop(piece)

    def _may_be_deep(self, start: int, end: int) -> bool:
        signs = sum(line.count(c) for line in self.lines[start:end] for c in "[{-?:")
        return signs > DEPTH_LIMIT

    def _lost(self, start: int, end: int, code: Code) -> list[Problem]:
        """What the parser takes in these lines, and we do not."""
        try:
            tree = events.build("\n".join(self.lines[start:end]), start + self.shift, self.nodes)
        except Broken:
            return []
        known = {p.line for p in self.problems}
        return [p for p in tree.problems if p.code is code and p.line not in known]

    def _drop(self, piece: Piece) -> None:
        """Keep the key alone, so that it is known that it stands there."""
        start, end = piece
        first = start + (pieces.first_content(self.lines[start:end]) or 0)
        line = self.lines[first]
        key = pieces.key_of(line)
        self.hurt.update(range(first, end))
        self.lines[start:end] = [""] * (end - start)
        if key is not None:
            self.lines[first] = f"{line[: pieces.indent_of(line)]}{key}"
