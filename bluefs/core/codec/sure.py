"""Records that are surely sound, told at a glance: their keys and their id, and nothing else.

Most files of a workspace have nothing wrong with them, and a check of all of them wants no more
than to know that. Owns the glance: front matter of entries as `codec.quick` has them, of which
each has been read before without a fault, or fits a pattern that its kind vouches for
(``Kind.sure``). Refuses, by returning None, whatever is doubtful; then the file is read.

Law: of a file that passes, `codec.record.read_record` says nothing, and finds this id and
exactly these keys set.
"""

from __future__ import annotations

import re

from bluefs.core.codec.form import GAP, ID, form_of
from bluefs.core.codec.plan import KeyReader, Plan
from bluefs.core.codec.quick import START, read_entry
from bluefs.core.fields.base import Fault
from bluefs.core.frozen import dataclass, field
from bluefs.core.model import Value
from bluefs.core.nodes import Node, Scalar, Seq
from bluefs.core.patterns import pattern
from bluefs.core.plain import ANY_TEXT, PLAIN_TEXT, TAIL, WORDS

#: Characters of front matter: below any limit on what it may hold.
_LONGEST = 8_000
#: Bytes of a file, far below the limit of a record.
_LARGEST = 500_000
#: Entries remembered; then it begins anew.
_REMEMBERED = 4_096
#: Files of a project for which it is worth making a `Form`.
_MANY = 500
_ID_LENGTH = 10
_ANGLE = ord("<")
_MEMBER = r"\w(?:[\w .()/+-]*[\w)])?"
_GAP = pattern(GAP)
_REST = rf"{TAIL}(?:\n(?:#{WORDS})?)*"
#: What is as sure in brackets as behind a dash.
_PLAIN_MEMBER = pattern(_MEMBER)


@dataclass(slots=True)
class Sure:
    """What is sure in one project, and what has been learnt. ``plain`` has the expressions of its
    fields' plain values, ``fits`` looks for one in a text. ``known`` are the entries that have
    been read without a fault, each with its key, ``members`` what (key, text, plain) is as the
    only member of a set, ``shapes`` the sets of keys of files, by what tells them: nothing for
    one that has a key twice. There is a ``form`` where many files will be seen."""

    plan: Plan
    plain: dict[str, str | None]
    fits: dict[str, re.Pattern[str]]
    known: dict[str, str] = field(default_factory=dict)
    members: dict[tuple[str, str, bool], Value] = field(default_factory=dict)
    form: re.Pattern[str] | None = None
    #: What the form finds where a value is plain, with its key, and entries that are known.
    found: dict[str, str] = field(default_factory=dict)


def sure_of(plan: Plan, files: int) -> Sure:
    """``files``: how many are about to be seen."""
    plain: dict[str, str | None] = {"id": ID, "title": ANY_TEXT}
    for key, (definition, kind) in plan.fields.items():
        found = kind.sure(definition)
        plain[key] = ANY_TEXT if found == PLAIN_TEXT else found  # quotes leave a text as it is
    fits = {
        key: pattern(rf" *(?:{text}){_REST}") for key, text in plain.items() if text is not None
    }
    if files < _MANY:
        return Sure(plan, plain, fits)
    return Sure(plan, plain, fits, form=form_of(plain), found=_heads(plain))


def _heads(plain: dict[str, str | None]) -> dict[str, str]:
    return {"": ""} | {f"{key}:": key for key, text in plain.items() if text is not None}


def glance(data: bytes, sure: Sure) -> tuple[str, frozenset[str]] | None:
    """(id, the keys that are set) of a file that is surely sound."""
    if data[:4] != b"---\n":
        data = _usual(data)
    if data[:4] != b"---\n" or len(data) > _LARGEST or 0 in data:
        return None
    if _ANGLE in data and b"<<<<<<<" in data:  # a number is ten times as quick to find
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return _whole(text, sure, sure.form) if sure.form is not None else _each(text, sure)


def _usual(data: bytes) -> bytes:
    """Without a byte order mark, and with the usual line ends where all are CRLF."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    ends = data.count(b"\r\n")
    alike = ends == data.count(b"\n") == data.count(b"\r")
    return data.replace(b"\r\n", b"\n") if ends and alike else data


def _whole(text: str, sure: Sure, form: re.Pattern[str]) -> tuple[str, frozenset[str]] | None:
    """All of it at once."""
    end = text.find("\n---\n", 3, _LONGEST)
    entries = form.findall(text, 4, end + 1)
    keys = [*map(sure.found.get, entries)]
    id = ""
    while None in keys:  # once, for the id
        at = keys.index(None)
        entry = entries[at]
        if entry[:3] == "id:":
            keys[at], id = "id", entry[-_ID_LENGTH:]
        else:
            if len(entry) == 1:
                return _each(text, sure)
            read = _read(entry, sure)
            if read is None:
                return None
            keys[at] = key = read[0]
            if key not in sure.fits:
                if len(sure.found) >= _REMEMBERED:
                    sure.found = _heads(sure.plain)
                sure.found[entry] = key
    found = _once(keys)
    return (id, found) if id and found else None


def _each(text: str, sure: Sure) -> tuple[str, frozenset[str]] | None:
    """Entry by entry, which are learnt."""
    gap = _GAP.match(text, 4)
    begin = gap.end() if gap is not None else 4
    end = text.find("\n---\n", begin, _LONGEST)
    if end < 0:
        return None
    entries = START.split(text[begin:end])
    keys = [sure.known.get(entry) for entry in entries]
    id = ""
    for at, key in enumerate(keys):
        if key is not None:
            continue
        entry = entries[at]
        key, _, value = entry.partition(": ")
        fit = sure.fits.get(key)
        if fit is not None and fit.fullmatch(value) is not None:
            keys[at] = key
            if key == "id":
                id = value.lstrip(" ")[:_ID_LENGTH]
            continue
        read = _read(entry, sure)
        if read is None:
            return None
        keys[at] = read[0]
        id = read[1] or id
    found = _once(keys)
    return (id, found) if id and found else None


def _once(keys: list[str | None]) -> frozenset[str]:
    """They as a set, empty where one stands twice. (A line that says nothing has none.)"""
    there = list(filter(None, keys))
    found = frozenset(there)
    return found if len(found) == len(there) else frozenset()


def _read(entry: str, sure: Sure) -> tuple[str, str] | None:
    """(the key, an id) of an entry that says something and has nothing wrong with it. It is
    remembered where its kind has few values: tags, people and options come again and again."""
    key = entry.partition(":")[0]
    if _is_known_set(key, entry, sure):
        return _remember(entry, key, sure)
    read = read_entry(entry) if entry.replace("\n", "").isprintable() else None
    if read is None or (isinstance(read[1], Scalar) and read[1].is_null):
        return None
    key, node = read
    if key in ("id", "title"):
        text = node.text if isinstance(node, Scalar) else ""
        fits = re.fullmatch(ID, text) is not None if key == "id" else bool(text.strip())
        return (key, text if key == "id" else "") if fits else None
    reader = sure.plan.readers.get(key)
    if reader is None or not _is_sound(key, node, reader, sure):
        return None
    return (key, "") if key in sure.fits else _remember(entry, key, sure)


def _remember(entry: str, key: str, sure: Sure) -> tuple[str, str]:
    if len(sure.known) >= _REMEMBERED:
        sure.known.clear()
    sure.known[entry] = key
    return key, ""


def _is_known_set(key: str, entry: str, sure: Sure) -> bool:
    """Whether it is a list of members that have been read before, no two alike: in brackets, or
    in lines as far to the right."""
    rest = entry[len(key) + 1 :].rstrip("\n")
    first, *lines = rest.split("\n")
    if not first:
        dash = f"{lines[0].partition('-')[0]}- " if lines else "- "
        if dash.strip(" ") != "-" or not all(line.startswith(dash) for line in lines):
            return False
        texts = [line[len(dash) :] for line in lines]
    elif not lines and first[:1] == " " and first.lstrip(" ")[:1] == "[" and first[-1] == "]":
        texts = [text.strip(" ") for text in first.strip(" ")[1:-1].split(",")]
    else:
        return False
    known = sure.members
    values = {known.get((key, text, True)) for text in texts}
    return None not in values and 0 < len(values) == len(texts)


def _is_sound(key: str, node: Node, reader: KeyReader, sure: Sure) -> bool:
    if sure.plan.fields[key][1].doubted:
        plain = sure.plain[key] or ""
        return isinstance(node, Scalar) and re.fullmatch(plain, node.text) is not None
    if isinstance(node, Seq):
        return _is_set(key, node, reader, sure)
    return _value(node, reader, sure) is not None


def _value(node: Node, reader: KeyReader, sure: Sure) -> Value:
    """None where nothing is set, or there is something to say."""
    definition, parse, notes = reader
    value = parse(definition, node, sure.plan.setting)
    if value == () or isinstance(value, Fault):
        return None
    return None if notes is not None and notes(definition, node, sure.plan.setting) else value


def _is_set(key: str, node: Seq, reader: KeyReader, sure: Sure) -> bool:
    """Whether each member would be sound alone, and no two are one: sets have many orders."""
    values = set()
    for item in node.items:
        if not isinstance(item, Scalar):
            return False
        value = sure.members.get((key, item.text, item.plain))
        if value is None:
            value = _value(Seq((item,)), reader, sure)
            if not isinstance(value, tuple) or len(value) != 1:
                return False
            if len(sure.members) >= _REMEMBERED:
                sure.members.clear()
            if not item.plain or _PLAIN_MEMBER.fullmatch(item.text) is not None:
                sure.members[key, item.text, item.plain] = value
        values.add(value)
    return 0 < len(values) == len(node.items)
