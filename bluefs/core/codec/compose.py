"""YAML text to nodes with positions, and every reason why not.

Owns `compose` (nodes or Malformed) and `examine` (nodes as far as they go, with all
Problems). What the parser refuses is explained, entry by entry, in `codec.recovery`.
"""

from __future__ import annotations

from bluefs.core.codec import events
from bluefs.core.codec.events import Broken, Tree
from bluefs.core.codec.leaf import ONE_ENTRY
from bluefs.core.codec.recovery import recover, syntax
from bluefs.core.codec.swallowed import find_swallowed
from bluefs.core.codec.text import FRONT_LIMIT, LINE_LIMIT, YAML_LIMIT, YAML_NODES, Lines
from bluefs.core.codes import format as codes
from bluefs.core.errors import BluefsError
from bluefs.core.frozen import dataclass
from bluefs.core.nodes import Node
from bluefs.core.patterns import pattern
from bluefs.core.problems import Code, Problem
from bluefs.core.words import grouped, say

#: What no YAML may hold (YAML 1.2.2, production c-printable), besides lone surrogates.
CONTROL = pattern("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LONG = pattern(f"[^\r\n]{{{LINE_LIMIT}}}(?=[^\r\n])")
_CONFLICT = pattern(r"(?:<{7}|>{7})(?= |\Z)")


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
    if not _refuse(text, first_line, YAML_LIMIT):
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
    refused = _refuse(text, first_line, limit)
    if refused:
        return Examined(None, refused, broken=True)
    try:
        tree = events.build(text, first_line, nodes)
    except Broken as broken:
        return _explain(text, first_line, nodes, broken)
    if any(p.code in ONE_ENTRY for p in tree.problems):
        return _explain(text, first_line, nodes)
    return _finish(tree, text, first_line)


def _refuse(text: str, first_line: int, limit: int) -> tuple[Problem, ...]:
    """Why a text is not given to the parser at all."""
    return (
        _check_size(text, first_line, limit)
        or _check_line(text, first_line)
        or _check_characters(text, first_line)
    )


def _check_line(text: str, first_line: int) -> tuple[Problem, ...]:
    """The first line that is too long: what the parser makes of one takes longer than it is."""
    found = _LONG.search(text) if len(text) > LINE_LIMIT else None
    if found is None:
        return ()
    line, column = Lines(text).place(found.end())
    words = say("problems.line_too_long", limit=grouped(LINE_LIMIT))
    place = line + first_line - 1, column, column + 1
    hint = say("problems.line_too_long.hint")
    return (Problem(codes.LINE_TOO_LONG, "", *place, words, hint),)


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
    clean = text.replace("\n", "").isprintable()  # nearly always, and quicker than to compile
    control = None if clean else CONTROL.search(text)
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
    found = recover(Lines(text).all(), first_line, nodes, broken)
    problems, node = list(found.problems), None
    if found.tree is not None:
        lost = find_swallowed(found.tree.node, "\n".join(found.lines), first_line, whole=False)
        known = {p.line for p in problems}
        rest = (*found.tree.problems, *lost)
        problems += [p for p in rest if p.line not in known or p.code is codes.DUPLICATE_KEY]
        node = found.tree.node
    if broken is not None and not problems:
        at = min(broken.line, len(found.lines)) - 1
        problems = [syntax(broken, at + first_line, Lines(text).line(at + 1))]
    places = frozenset(n + first_line for n in found.hurt)
    return Examined(node, _in_order(problems), broken=True, lines=places)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda p: (p.line, p.column)))
