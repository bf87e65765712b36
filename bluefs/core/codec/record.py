"""A record's file read whole: `read_record`.

Owns the order of the steps (bytes, text, front matter, nodes, keys, body) and the choice between
the quick way (`codec.quick`), the one that gives only entries in doubt to the parser
(`codec.doubts`), the fast one (`codec.bulk`) and the exact one (`codec.compose`). Bad data is never an
exception: it is a Problem, and the record is None where as a whole it cannot be used, which
means that its last good state stays in force.
"""

from __future__ import annotations

from bluefs.core.codec.body import EMPTY_BODY, Body, parse_body
from bluefs.core.codec.bulk import read_bulk
from bluefs.core.codec.compose import (
    Examined,
    check_front_limit,
    conflict,
    control_character,
    examine,
)
from bluefs.core.codec.doubts import read_doubts
from bluefs.core.codec.keys import Meaning, place_of, read_keys
from bluefs.core.codec.lost import settle_swallowed
from bluefs.core.codec.plan import Plan, plan_of
from bluefs.core.codec.quick import read_quick
from bluefs.core.codec.text import (
    FRONT_NODES,
    PROBLEM_LIMIT,
    RECORD_LIMIT,
    FrontMatter,
    Lines,
    decode,
    split,
    unify,
)
from bluefs.core.codec.trap_lines import find_traps
from bluefs.core.codec.traps import Trap
from bluefs.core.codec.unmarked import values_line
from bluefs.core.codes import format as codes
from bluefs.core.frozen import dataclass, replace
from bluefs.core.layout import nfc, place, stem
from bluefs.core.model import Config, Project, Record
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.problems import Fix, Problem
from bluefs.core.words import say
from bluefs.core.worked import whole


@dataclass(frozen=True, slots=True)
class Reading:
    """A record, or None where the file cannot be read and is to be held. ``empty``: the file
    has no text at all; ``record`` is then what a new file of that name would be, and the
    caller decides whether it is new or has lost its text."""

    record: Record | None
    problems: tuple[Problem, ...] = ()
    empty: bool = False


def read_record(path: str, data: bytes, config: Config) -> Reading:
    """The record in a file, as it is written there. ``path`` is relative to the workspace. Never
    raises."""
    decoded = decode(data, RECORD_LIMIT)
    if isinstance(decoded, Problem):
        return Reading(None, (decoded.at(path),))
    text = decoded.text
    if not text.strip():
        return Reading(_record(path, home_of(path, config), Meaning(), ""), empty=True)
    parts = split(text)
    home = home_of(path, config)
    plan = plan_of(config, home[0])
    refused = _refuse(text, parts, plan)
    if refused:
        return Reading(None, tuple(p.at(path) for p in refused))
    meaning = _read_front(parts, plan)
    problems = tuple(p.at(path) for p in meaning.problems)
    if meaning.held:
        return Reading(None, problems)
    body = unify(parts.body)
    lists = parse_body(body, config.workspace.zone, parts.body_line) if body else EMPTY_BODY
    return Reading(_record(path, home, meaning, body, lists), problems)


def read_whole(path: str, data: bytes, config: Config) -> Reading:
    """As `read_record`, with what can be worked out of the record: for whoever shows, asks or
    sorts records."""
    reading = read_record(path, data, config)
    if reading.record is None:
        return reading
    record = whole(reading.record, config)
    return reading if record is reading.record else replace(reading, record=record)


def locate(data: bytes) -> Map | None:
    """The front matter's nodes with positions in the file, for checks that find a fault
    later on; None where there are none."""
    decoded = decode(data, RECORD_LIMIT)
    if isinstance(decoded, Problem):
        return None
    parts = split(decoded.text)
    if not parts.present or not parts.closed or check_front_limit(parts.yaml):
        return None
    node = examine(parts.yaml, first_line=parts.first_line, nodes=FRONT_NODES).node
    return node if isinstance(node, Map) else None


def where(data: bytes, key: str) -> tuple[int, int, int]:
    """Line, column and end of a key's value in a record's file: of the key where it has no
    value, of the file's beginning where it has no such key."""
    node = locate(data)
    for name, value in node.entries if node is not None else ():
        if name.text == key:
            empty = (value.line, value.column) == (value.end_line, value.end_column)
            return place_of(name if empty else value)
    return 1, 1, 1


def where_member(data: bytes, key: str, text: str) -> tuple[int, int, int]:
    """The place of one member of a set, as `where` gives that of a key's value."""
    node = locate(data)
    value = node.get(key) if node is not None else None
    for item in value.items if isinstance(value, Seq) else ():
        if isinstance(item, Scalar) and nfc(item.text.strip()) == text:
            return place_of(item)
    return where(data, key)


def _refuse(text: str, parts: FrontMatter, plan: Plan) -> list[Problem]:
    """What keeps the file from being a record at all, whatever its front matter says."""
    found: list[Problem] = []
    line = None if parts.present else values_line(parts.body, {"id", "title", *plan.fields})
    if line is not None:
        message, hint = say("problems.unmarked"), say("problems.unmarked.hint")
        found.append(Problem(codes.UNMARKED, "", line, 1, 1, message, hint))
    if not parts.closed:
        message, hint = say("problems.unclosed_front"), say("problems.unclosed_front.hint")
        found.append(Problem(codes.UNCLOSED_FRONT, "", 1, 1, 4, message, hint))
    if "\0" in text and "\0" not in parts.yaml:
        found.append(control_character("\0", *Lines(text).place(text.index("\0"))))
    if "<<<<<<<" in parts.body and ">>>>>>>" in parts.body:
        line = _conflict_line(parts.body)
        found += [] if line is None else [conflict(line + parts.body_line)]
    if parts.present and parts.closed and len(parts.yaml) > 16_000:
        found += check_front_limit(parts.yaml)
    return found


def _conflict_line(body: str) -> int | None:
    """The line (from 0) of the first of three markers in their order, outside of code: a
    line of ``=`` alone is a heading."""
    start, seen, fence = None, "<", ""
    for number, line in enumerate(Lines(body).all()):
        if line[:3] in ("```", "~~~"):
            fence = "" if fence == line[:3] else fence or line[:3]
        if fence or not line.startswith(seen * 7) or line[7:8] not in ("", " "):
            continue
        if seen == "<":
            start, seen = number, "="
        elif seen == "=":
            seen = ">"
        else:
            return start
    return None


_NO_PROJECT = Project("", "")


def home_of(path: str, config: Config) -> tuple[Project, str | None]:
    """The project and the list (None outside of lists) of the record at a path."""
    found = place(path, config)
    project = config.projects.get(found.project) if found.project is not None else None
    return project or config.project_of(path) or _NO_PROJECT, found.list


def _read_front(parts: FrontMatter, plan: Plan) -> Meaning:
    if not parts.present or not parts.yaml:
        return Meaning()
    quick = read_quick(parts.yaml, plan)
    if quick is not None:
        return quick
    apart = read_doubts(parts.yaml, parts.first_line, plan)
    if apart is not None:
        return apart
    fast = read_bulk(parts.yaml)
    if fast is not None:
        meaning = read_keys(fast, plan)
        if not meaning.problems:
            return meaning
    return _read_exactly(parts, plan)


def _read_exactly(parts: FrontMatter, plan: Plan) -> Meaning:
    found = examine(parts.yaml, first_line=parts.first_line, nodes=FRONT_NODES)
    if isinstance(found.node, Map):
        meaning = read_keys(found.node, plan, found.lines)
        problems = settle_swallowed(found, meaning, plan)
    else:
        meaning = Meaning()
        problems = list(found.problems)
        if not found.broken and not _is_nothing(found.node):
            problems += _not_a_map(found, parts)
    meaning.problems = _limited([*problems, *meaning.problems])
    lost = sum(p.code is codes.SWALLOWED for p in problems)
    meaning.held |= (
        found.broken
        or lost >= PROBLEM_LIMIT
        or (not isinstance(found.node, Map) and bool(problems))
    )
    return meaning


def _limited(problems: list[Problem]) -> list[Problem]:
    """In order of place, the errors first to stay where there are too many."""
    if len(problems) > PROBLEM_LIMIT:
        problems = sorted(problems, key=lambda p: p.level != "error")[:PROBLEM_LIMIT]
    found = sorted(problems, key=lambda p: (p.line, p.column))
    if len(found) == PROBLEM_LIMIT:
        place = found[-1].line, found[-1].column, found[-1].end
        message, hint = say("problems.more"), say("problems.more.hint")
        found.append(Problem(codes.MORE_PROBLEMS, "", *place, message, hint))
    return found


def _is_nothing(node: Node | None) -> bool:
    return node is None or (isinstance(node, Scalar) and node.is_null)


def _not_a_map(found: Examined, parts: FrontMatter) -> list[Problem]:
    """Front matter that is one text or a list. ``title:x`` is the likeliest reason."""
    traps = find_traps(Lines(parts.yaml).all()) if isinstance(found.node, Scalar) else []
    glued = [_glued(t, parts.first_line) for t in traps if t.code in _GLUED_CODES]
    if glued:
        return glued
    message, hint = say("problems.not_a_map"), say("problems.not_a_map.hint")
    line, column, end = place_of(found.node) if found.node else (parts.first_line, 1, 1)
    return [Problem(codes.NOT_A_MAP, "", line, column, end, message, hint)]


_GLUED_CODES = (codes.NO_SPACE, codes.NOT_A_KEY)


def _glued(trap: Trap, first_line: int) -> Problem:
    line, (start, end) = trap.line + first_line, trap.span
    fix, hint = None, trap.hint
    mend = next((mend for mend in trap.mends if not examine(mend).problems), None)
    if mend is not None:
        fix = Fix(line, start + 1, line, end + 1, mend)
        hint = say("problems.fixable.hint", hint=hint)
    place = line, trap.column + 1, trap.end + 1
    return Problem(trap.code, "", *place, trap.message, hint, fix)


def _record(
    path: str,
    home: tuple[Project, str | None],
    meaning: Meaning,
    body: str,
    lists: Body = EMPTY_BODY,
) -> Record:
    project, list_key = home
    list_done = project.list_of(list_key).done if list_key is not None else False
    return Record(
        path=path,
        project=project.key,
        list=list_key,
        id=meaning.id,
        title=meaning.title or stem(path),
        values=meaning.values,
        body=body,
        bad=frozenset(meaning.bad),
        unknown=meaning.unknown,
        title_key=meaning.title is not None,
        list_done=list_done,
        comments=lists.comments,
        items=lists.items,
    )
