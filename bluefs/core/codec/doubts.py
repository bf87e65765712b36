"""Front matter of which only a few entries are in doubt: those exactly, the others quickly.

A fault is nearly always one entry's. What `codec.quick` is sure of ends where it ends, so only the
others are given to the parser (`codec.compose`), each alone, and so is an entry whose value its
field has something to say about: then its place is needed. Owns the proof that the parser says of
an entry alone what it would say of it in the whole text. Refuses, by returning None, where there is
none; then the text is read as a whole. Both say the same; only the time differs.
"""

from __future__ import annotations

from bisect import bisect_right

from bluefs.core.codec import events
from bluefs.core.codec.compose import CONTROL, Examined, examine
from bluefs.core.codec.events import Broken
from bluefs.core.codec.keys import KeysReader, Meaning
from bluefs.core.codec.lost import settle_swallowed
from bluefs.core.codec.pieces import key_of
from bluefs.core.codec.plan import Known, Plan
from bluefs.core.codec.quick import PLAIN, read_entry
from bluefs.core.codec.text import FRONT_NODES, PROBLEM_LIMIT
from bluefs.core.frozen import dataclass
from bluefs.core.nodes import Map, Node, Scalar
from bluefs.core.patterns import pattern

#: Characters of a text: below any limit on what it may hold.
_LONGEST = 8_000
#: Entries in doubt; of more, the whole is sooner read.
_MOST = 4
#: Where an entry may begin. Whatever else stands at the left goes on with the one above.
_BEGIN = pattern(r"\n(?=[\w\"'])")
#: Line breaks that only YAML 1.1 knows, and those of old Macs.
_BREAKS = pattern("[\r\x85\u2028\u2029\ufeff]")


@dataclass(slots=True)
class _Entry:
    """An entry and the line of the file it begins on. ``before`` is what it is known to say,
    ``node`` a value without places, ``found`` what the parser says of it."""

    text: str
    line: int
    name: str = ""
    before: Known | None = None
    node: Node | None = None
    found: Examined | None = None


def read_doubts(text: str, first_line: int, plan: Plan) -> Meaning | None:
    """What a front matter says, and what is wrong with it; None where that is not sure."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    entries = _entries(text, first_line, plan)
    if entries is None:
        return None
    doubts = [entry for entry in entries if not entry.name]
    if len(doubts) > _MOST or not all(map(_examine, doubts)) or not _are_apart(doubts, entries):
        return None
    names = {entry.name for entry in entries}
    if len(names) < len(entries):
        return None  # a key stands twice
    reader = KeysReader(names, plan)
    for entry in entries:
        if not _read(entry, reader):
            return None
    return _settled(entries, reader.found, plan)


def _entries(text: str, first_line: int, plan: Plan) -> list[_Entry] | None:
    """None where a text may hold what is wrong with it as a whole."""
    if len(text) > _LONGEST or "<<<<<<<" in text or ">>>>>>>" in text:
        return None
    printable = text.replace("\n", "").isprintable()
    if not printable and (CONTROL.search(text) or _BREAKS.search(text)):
        return None
    found = []
    line = first_line
    for part in _BEGIN.split(text.removesuffix("\n")):
        if part[:1] not in ("#", "\n", "") or not _is_remark(part):
            sure = printable or part.replace("\n", "").isprintable()
            found.append(_looked_at(part, line, plan) if sure else _Entry(part, line))
        line += part.count("\n") + 1
    return found


def _is_remark(text: str) -> bool:
    """Whether there is nothing but comments, each with a line to itself."""
    return all(line[:1] in ("#", "") for line in text.split("\n"))


def _looked_at(text: str, line: int, plan: Plan) -> _Entry:
    before = plan.known.get(text)
    if before is not None:
        return _Entry(text, line, before[0], before)
    read = read_entry(text)
    return _Entry(text, line) if read is None else _Entry(text, line, read[0], None, read[1])


def _place(entry: _Entry) -> bool:
    """Whether it is one line that leaves nothing to ask: its places are plain without the
    parser."""
    match = PLAIN.fullmatch(entry.text)
    if match is None:
        return False
    value, at, line = match[2].rstrip(" "), match.start(2) + 1, entry.line
    key = Scalar(match[1], True, line, 1, line, match.end(1) + 1)
    node = Scalar(value, True, line, at, line, at + len(value))
    entry.found = Examined(Map(((key, node),), line, 1, line, at + len(value)))
    return True


def _examine(entry: _Entry) -> bool:
    """Whether the parser sees one entry there, which begins where ours does."""
    if key_of(entry.text.partition("\n")[0]) is None or entry.text[0] in " \t":
        return False
    found = examine(f"{entry.text}\n", first_line=entry.line, nodes=FRONT_NODES)
    if not isinstance(found.node, Map) or len(found.node.entries) != 1:
        return False
    key = found.node.entries[0][0]
    entry.name, entry.found = key.text, found
    return (key.line, key.column) == (entry.line, 1) and bool(key.text)


def _are_apart(doubts: list[_Entry], entries: list[_Entry]) -> bool:
    """Whether the text as a whole would be explained as its entries are: one of them is broken
    at most, and then no other has a fault and it takes nothing of those below."""
    faulty = [one for one in doubts if one.found is not None and one.found.problems]
    broken = [one for one in faulty if one.found is not None and one.found.broken]
    return not broken or (len(faulty) == 1 and _stays(broken[0], entries))


def _stays(entry: _Entry, entries: list[_Entry]) -> bool:
    at = bisect_right(entries, entry.line, key=lambda one: one.line)
    rest = entries[at:]
    if not rest:
        return True
    last = rest[0].line - entry.line
    text = "".join(f"{one.text}\n" for one in (entry, *rest))
    try:
        tree = events.build(text, 1, FRONT_NODES)
    except Broken as broken:
        return broken.line <= last
    return len(tree.begun) == 1 + len(rest)


def _read(entry: _Entry, reader: KeysReader) -> bool:
    """False where the parser does not see what was read quickly."""
    if entry.before is not None:
        if entry.before[1] is not None:
            reader.found.values[entry.name] = entry.before[1]
        return True
    if entry.node is not None:
        if reader.takes(entry.name, entry.node):
            return True
        name = entry.name
        if not (_place(entry) or _examine(entry)) or entry.name != name:
            return False
    found = entry.found
    if found is None or not isinstance(found.node, Map):
        return False
    reader.read_all(found.node, found.lines)
    return True


def _settled(entries: list[_Entry], meaning: Meaning, plan: Plan) -> Meaning | None:
    examined = [entry.found for entry in entries if entry.found is not None]
    problems = [p for found in examined for p in settle_swallowed(found, meaning, plan)]
    problems += meaning.problems
    if len(problems) >= PROBLEM_LIMIT:
        return None
    meaning.problems = sorted(problems, key=lambda p: (p.line, p.column))
    meaning.held |= any(found.broken for found in examined)
    return meaning
