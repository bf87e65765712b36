"""YAML text to nodes with positions, and every reason why not.

Owns `compose` (nodes or Malformed) and `examine` (nodes as far as they go, with all
Problems). What the parser refuses is explained by the table of traps; each trap is proved:
with its characters made harmless, and everybody else's too, the text parses, and with them in
place it does not. A mending is offered only where the mended text parses.
"""

from __future__ import annotations

import re

from bluefs.core.codec import events
from bluefs.core.codec.complaints import meaning
from bluefs.core.codec.events import Broken, Tree
from bluefs.core.codec.swallowed import find_swallowed
from bluefs.core.codec.text import FRONT_LIMIT, YAML_LIMIT, YAML_NODES, Lines
from bluefs.core.codec.trap_lines import find_traps
from bluefs.core.codec.traps import Trap
from bluefs.core.codes import format as codes
from bluefs.core.errors import BluefsError
from bluefs.core.frozen import dataclass
from bluefs.core.nodes import Node
from bluefs.core.problems import Code, Fix, Problem
from bluefs.core.words import grouped, say

#: What no YAML may hold (YAML 1.2.2, production c-printable), besides lone surrogates.
CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CONFLICT = re.compile(r"(?:<{7}|>{7})(?= |\Z)")
#: Each proof parses the text again, up to so many characters in all; then the table is
#: believed.
_PROVABLE = 40_000


class Malformed(BluefsError):
    """A text that is not the YAML we read. Place and words are the first Problem's;
    ``problems`` are all of them, without a path."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__("problems.malformed", message=first.message, line=first.line)
        self.problems = problems
        self.line = first.line
        self.column = first.column
        self.end = first.end
        self.code: Code = first.code
        self.message = first.message
        self.hint = first.hint
        self.fix = first.fix


@dataclass(frozen=True, slots=True)
class Examined:
    """``node`` is what the text composes to, None for nothing; where ``broken``, it is what
    the sound lines compose to, and ``lines`` are those (of the file) that are not sound."""

    node: Node | None
    problems: tuple[Problem, ...] = ()
    broken: bool = False
    lines: frozenset[int] = frozenset()


def compose(text: str, *, first_line: int = 1) -> Node | None:
    """The nodes of a text whose first line is line ``first_line`` of its file; None for a
    text without content. Raises Malformed. What a comment swallowed is not looked for."""
    if not (_check_size(text, first_line, YAML_LIMIT) or _check_characters(text, first_line)):
        try:
            tree = events.build(text, first_line)
        except Broken:
            pass
        else:
            if not tree.problems:
                return tree.node
    found = examine(text, first_line=first_line)
    if found.broken:
        raise Malformed(found.problems)
    return found.node


def examine(
    text: str, *, first_line: int = 1, limit: int = YAML_LIMIT, nodes: int = YAML_NODES
) -> Examined:
    """The nodes of a text as far as it can be read, and everything that is wrong with it:
    also comments that swallowed text, in YAML that parses."""
    refused = _check_size(text, first_line, limit) or _check_characters(text, first_line)
    if refused:
        return Examined(None, refused, broken=True)
    try:
        tree = events.build(text, first_line, nodes)
    except Broken as broken:
        return _explain(text, first_line, nodes, broken)
    if any(p.code is codes.TAG_OR_ANCHOR for p in tree.problems):
        return _explain(text, first_line, nodes)
    return _finish(tree, text, first_line)


def check_front_limit(text: str) -> tuple[Problem, ...]:
    """The Problem of a front matter over 64 KiB."""
    return _check_size(text, 2, FRONT_LIMIT)


def _check_size(text: str, line: int, limit: int) -> tuple[Problem, ...]:
    if len(text) * 4 <= limit:
        return ()
    size = len(text.encode("utf-8", "surrogatepass"))
    if size <= limit:
        return ()
    front = limit == FRONT_LIMIT
    words = "problems.front_too_large" if front else "problems.yaml_too_large"
    code = codes.FRONT_TOO_LARGE if front else codes.YAML_TOO_LARGE
    return (Problem(code, "", line, 1, 1, say(words, size=grouped(size)), say(f"{words}.hint")),)


def _check_characters(text: str, first_line: int) -> tuple[Problem, ...]:
    control = CONTROL.search(text)
    if control is None and not _may_conflict(text):
        return ()
    lines = Lines(text)
    found = []
    if control is not None:
        line, column = lines.place(control.start())
        found.append(control_character(control.group(), line + first_line - 1, column))
    marked = next((n for n, one in enumerate(lines.all()) if _CONFLICT.match(one)), None)
    if marked is not None:
        found.append(conflict(marked + first_line))
    return _in_order(found)


def _may_conflict(text: str) -> bool:
    return "<<<<<<<" in text or ">>>>>>>" in text


def control_character(char: str, line: int, column: int) -> Problem:
    """The Problem of a character that no text file should hold."""
    message, hint = say("problems.control", point=ord(char)), say("problems.control.hint")
    return Problem(codes.CONTROL_CHARACTER, "", line, column, column + 1, message, hint)


def conflict(line: int) -> Problem:
    """The Problem of a merge conflict whose first marker is this line."""
    message, hint = say("problems.conflict"), say("problems.conflict.hint")
    return Problem(codes.CONFLICT_MARKER, "", line, 1, 8, message, hint)


def _finish(tree: Tree, text: str, first_line: int) -> Examined:
    lost = find_swallowed(tree.node, text, first_line, whole=not tree.problems)
    problems = _in_order([*tree.problems, *lost])
    return Examined(tree.node, problems, broken=bool(tree.problems))


def _explain(text: str, first_line: int, nodes: int, broken: Broken | None = None) -> Examined:
    """All faults of a text that does not parse, and what the rest of it says."""
    lines = Lines(text)
    source = lines.all()
    # Of more lines than it may have values, a text that is broken gets no further look.
    traps = _prove(source, find_traps(source), nodes) if len(source) <= 2 * nodes else []
    problems = [_problem(trap, source, traps, first_line, nodes) for trap in traps]
    calm = _calmed(source, traps)
    hurt = {trap.line for trap in traps}
    tree, further = _parse_rest(calm, hurt, first_line, traps, nodes)
    problems += further
    node = None
    if tree is not None:
        lost = find_swallowed(tree.node, "\n".join(calm), first_line, whole=False)
        known = {p.line for p in problems}
        problems += [p for p in (*tree.problems, *lost) if p.line not in known]
        node = tree.node
    if broken is not None and not problems:
        at = min(broken.line, len(source)) - 1
        problems = [_syntax(broken, at + first_line, source[at])]
    places = frozenset(n + first_line for n in hurt)
    return Examined(node, _in_order(problems), broken=True, lines=places)


def _parse_rest(
    calm: list[str], hurt: set[int], first_line: int, traps: list[Trap], nodes: int
) -> tuple[Tree | None, list[Problem]]:
    """The tree of the calmed lines. A failure that is left is a Problem of its own, unless
    it stands next to a trap: then it is that trap's echo."""
    found: list[Problem] = []
    for _ in range(max(1, _tries(calm, 4))):
        try:
            return events.build("\n".join(calm), first_line, nodes), found
        except Broken as broken:
            at = min(broken.line - 1, len(calm) - 1)
            near = any(abs(at - trap.line) <= 1 for trap in traps)
            if not near and not (found and at - (found[-1].line - first_line) <= 1):
                found.append(_syntax(broken, at + first_line, calm[at]))
            if at in hurt and not calm[at].strip():
                break
            hurt.add(at)
            calm[at] = ""
    return None, found


def _syntax(broken: Broken, line: int, source: str) -> Problem:
    column = min(broken.column, len(source) + 1)
    message = say(meaning(broken.what))
    hint = say("problems.syntax.hint")
    return Problem(codes.YAML_SYNTAX, "", line, column, column + 1, message, hint)


def _prove(source: list[str], traps: list[Trap], nodes: int) -> list[Trap]:
    """The traps without which the text would be sound. What YAML loses in silence needs no
    proof: that it parses is the fault."""
    kept = traps
    for trap in traps[: _tries(source, len(traps))]:
        others = [other for other in kept if other is not trap]
        silent = trap.code in (codes.TAG_OR_ANCHOR, codes.SWALLOWED)
        if not silent and _parses(_calmed(source, others), nodes):
            kept = others
    return kept


def _tries(source: list[str], most: int) -> int:
    """How often a text is parsed again: less often the longer it is."""
    return min(most, _PROVABLE // (1 + sum(map(len, source))))


def _parses(source: list[str], nodes: int) -> bool:
    try:
        return not events.build("\n".join(source), 1, nodes).problems
    except Broken:
        return False


def _calmed(
    source: list[str], traps: list[Trap], mended: Trap | None = None, mend: str = ""
) -> list[str]:
    """The lines with every trap made harmless, and one of them mended."""
    lines = list(source)
    for trap in sorted(traps, key=lambda t: t.span, reverse=True):
        start, end = trap.span
        instead = mend if trap is mended else trap.neutral * (end - start)
        lines[trap.line] = lines[trap.line][:start] + instead + lines[trap.line][end:]
    return lines


def _problem(
    trap: Trap, source: list[str], traps: list[Trap], first_line: int, nodes: int
) -> Problem:
    line, start, end = trap.line + first_line, *trap.span
    mend = _mend(trap, source, traps, nodes)
    fix = None if mend is None else Fix(line, start + 1, line, end + 1, mend)
    hint = trap.hint if fix is None else say("problems.fixable.hint", hint=trap.hint)
    place = line, trap.column + 1, trap.end + 1
    return Problem(trap.code, "", *place, trap.message, hint, fix)


def _mend(trap: Trap, source: list[str], traps: list[Trap], nodes: int) -> str | None:
    """The first mending after which the text is sound, the others calmed. Where it is not
    sound for another reason, the failure must not come nearer."""
    if not trap.mends or traps.index(trap) >= _tries(source, len(traps)):
        return next(iter(trap.mends), None)
    after = {m: _failure(_calmed(source, traps, trap, m), nodes) for m in trap.mends}
    sound = next((mend for mend, failure in after.items() if failure is None), None)
    before = _failure(_calmed(source, traps), nodes)
    if sound is not None or before is None:
        return sound
    later = (m for m, at in after.items() if at is not None and at >= before and at != trap.line)
    return next(later, None)


def _failure(source: list[str], nodes: int) -> int | None:
    """The line (from 0) where the text stops being sound, None if it is."""
    try:
        problems = events.build("\n".join(source), 1, nodes).problems
    except Broken as broken:
        return broken.line - 1
    return min((p.line - 1 for p in problems), default=None)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda p: (p.line, p.column)))
