"""The quickest way through front matter: a key to a line, and nothing that could be doubted.

Owns the form of an *entry*: ``key: value`` with the value plain, in quotes, or a list in
brackets or of lines with a dash. Every such entry ends where it ends, whatever stands before or
behind it, so a text of nothing else is read entry by entry, and what one means to a project is
remembered by its text: tags, people, days and options come again and again. A key whose values
hardly ever come again (a position, an address) is not worth remembering. Refuses, by
returning None, everything else, and every fault: `codec.bulk` and `codec.compose` then read the
text as a whole. All three read alike; only the time differs.
"""

from __future__ import annotations

from collections.abc import Sequence

from bluefs.core.codec.keys import ID, Meaning, is_unset, plain_of
from bluefs.core.codec.plan import Known, Plan
from bluefs.core.fields.base import Fault
from bluefs.core.model import FOREIGN_KEYS, Value
from bluefs.core.nodes import Node, Scalar, Seq
from bluefs.core.patterns import pattern

#: Characters of a text: below any limit on what it may hold.
_LONGEST = 8_000
#: Meanings that a plan remembers; then it begins anew.
_REMEMBERED = 4_096
#: Entries of a key that have been read before it is asked whether they come again.
_TRIED = 256

#: An entry of one line that leaves nothing to ask: no comment, no quote, no bracket.
PLAIN = pattern(r"([A-Za-z_][A-Za-z_0-9]{0,63}): +([\w(+/.][^\n#:]*(?::[^ \n#:][^\n#:]*)*)\n?")
#: What a plain value may begin with, and what stands between brackets without a doubt.
_BEGIN = pattern(r"[\w(+/.]")
_MEMBER = r"\w(?:[\w .()/+-]*[\w)])?"
_MEMBERS = pattern(rf" *(?:{_MEMBER}(?: *, *{_MEMBER})*)? *")
START = pattern(r"\n(?=[A-Za-z_])")
_LONGEST_KEY = 64


def read_quick(text: str, plan: Plan) -> Meaning | None:
    """What a front matter says, None where that is not sure or not all well."""
    entries = _entries(text)
    if entries is None:
        return None
    known, readers, setting = plan.known, plan.readers, plan.setting
    found: dict[str, Value] = {}  # in the file's order; None: nothing to keep
    meaning = Meaning()
    plan.met[""] = plan.met.get("", 0) + 1
    for entry in entries:
        before = known.get(entry)
        if before is not None:
            found[before[0]] = before[1]
            continue
        read = read_entry(entry)
        if read is None:
            return None
        key, node = read
        reader = readers.get(key)
        if reader is None:
            if not _read_other(key, node, meaning):
                return None
            found[key] = None
            continue
        definition, parse, notes = reader
        value = None if is_unset(node) else parse(definition, node, setting)
        if isinstance(value, Fault) or (notes is not None and notes(definition, node, setting)):
            return None
        found[key] = value = None if value == () else value
        _remember(plan, entry, (key, value))
    if len(found) < len(entries):
        return None  # a key stands twice
    meaning.values = {key: value for key, value in found.items() if value is not None}
    return meaning


def _read_other(key: str, node: Node, meaning: Meaning) -> bool:
    """A key that is no field's; False where there is something to say about it."""
    if key in FOREIGN_KEYS:
        meaning.unknown[key] = plain_of(node)
        return True
    if key not in ("id", "title"):
        return False
    if is_unset(node):
        return True
    if not isinstance(node, Scalar):
        return False
    if key == "title":
        meaning.title = node.text.strip() or None
        return True
    meaning.id = node.text
    return ID.fullmatch(node.text) is not None


def _entries(text: str) -> list[str] | None:
    """The text cut before each line that begins with a letter; None where it holds a control
    character, an odd blank or a line break that only YAML 1.1 knows."""
    if len(text) > _LONGEST:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if not text.replace("\n", "").isprintable():
        return None
    return START.split(text.removesuffix("\n"))


def _remember(plan: Plan, entry: str, found: Known) -> None:
    """Unless every other record has brought a new one for this key."""
    met = plan.met
    count = met[found[0]] = met.get(found[0], 0) + 1
    if count > _TRIED and 2 * count > met[""]:
        return
    if len(plan.known) >= _REMEMBERED:
        plan.known.clear()
        met.clear()
        met[""] = 0
    plan.known[entry] = found


def read_entry(entry: str) -> tuple[str, Node] | None:
    """The key and the value's node of one entry, None where that is not sure."""
    plain = PLAIN.fullmatch(entry)
    if plain is not None:
        return plain[1], Scalar(plain[2].rstrip(" "))
    first, newline, rest = entry.partition("\n")
    name, colon, source = first.partition(":")
    if not (colon and name.isascii() and name.isidentifier() and len(name) <= _LONGEST_KEY):
        return None
    if source and source[0] != " ":
        return None
    source = source.lstrip(" ")
    lines = [x for x in rest.split("\n") if x and x[0] != "#"] if newline else ()
    if not source or source[0] == "#":
        value: Node | None = _items(lines) if lines else Scalar("")
        sure = _is_comment(source)
    else:
        value = _members(source) if source[0] == "[" else _scalar(source)
        sure = not lines
    return (name, value) if sure and value is not None else None


def _is_comment(text: str) -> bool:
    """Nothing, or a comment that nobody could have meant for text."""
    return not text or text == "#" or text.startswith("# ")


def _scalar(source: str) -> Scalar | None:
    """Of a line what stands behind the colon or the dash, blanks before it taken away."""
    quote = source[0]
    if quote in "\"'":
        text, closed, rest = source[1:].partition(quote)
        sure = closed and not (quote == '"' and "\\" in text) and _is_end(rest)
        return Scalar(text, plain=False) if sure else None
    if _BEGIN.match(source) is None:
        return None
    text, comment, rest = source.partition(" #")
    if comment and not _is_comment(f"#{rest}"):
        return None
    text = text.rstrip(" ")
    return None if ": " in text or text[-1] == ":" else Scalar(text)


def _is_end(rest: str) -> bool:
    """Whether behind a value that is closed there is nothing, or a comment with its blank."""
    return not rest or (rest[0] == " " and _is_comment(rest.lstrip(" ")))


def _members(source: str) -> Seq | None:
    inside, closed, rest = source[1:].partition("]")
    if not closed or _MEMBERS.fullmatch(inside) is None or not _is_end(rest):
        return None
    members = inside.split(",") if inside.strip(" ") else ()
    return Seq(tuple(Scalar(member.strip(" ")) for member in members))


def _items(lines: Sequence[str]) -> Seq | None:
    """Lines with a dash, all as far to the right."""
    found: list[Node] = []
    indent = lines[0].find("-")
    dash = f"{' ' * indent}- "
    for line in lines:
        source = line.removeprefix(dash).lstrip(" ")
        item = _scalar(source) if line.startswith(dash) and source else None
        if item is None:
            return None
        found.append(item)
    return Seq(tuple(found))
