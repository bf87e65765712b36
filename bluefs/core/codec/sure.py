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
from collections.abc import Callable

from bluefs.core.codec.plan import KeyReader, Plan
from bluefs.core.codec.quick import START, read_entry
from bluefs.core.fields.base import ANY_TEXT, Fault
from bluefs.core.frozen import dataclass, field
from bluefs.core.model import Value
from bluefs.core.nodes import Node, Scalar, Seq

#: Characters of front matter: below any limit on what it may hold.
_LONGEST = 8_000
#: Bytes of a file, far below the limit of a record.
_LARGEST = 500_000
#: Entries remembered; then it begins anew.
_REMEMBERED = 4_096
#: Ten characters as bluefs writes them (`core.identity`).
_ID = "[a-z][0-9a-z]{9}"

Fits = Callable[[str], "re.Match[str] | None"]


@dataclass(frozen=True, slots=True)
class Sure:
    """What is sure in one project: ``fits`` are the patterns of its fields' plain values,
    ``known`` the entries that have been read without a fault, each with its key, ``members``
    what (key, text, plain) is as the only member of a set."""

    plan: Plan
    fits: dict[str, Fits]
    known: dict[str, str] = field(default_factory=dict, compare=False)
    members: dict[tuple[str, str, bool], Value] = field(default_factory=dict, compare=False)


def sure_of(plan: Plan) -> Sure:
    found = {key: kind.sure(definition) for key, (definition, kind) in plan.fields.items()}
    found |= {"id": _ID, "title": ANY_TEXT}
    return Sure(plan, {k: re.compile(f" *(?:{t}) *").fullmatch for k, t in found.items() if t})


def glance(data: bytes, sure: Sure) -> tuple[str, set[str]] | None:
    """(id, the keys that are set) of a file that is surely sound."""
    front = _front(data)
    if front is None:
        return None
    entries = START.split(front)
    known, fits = sure.known, sure.fits
    keys: set[str] = set()
    id = ""
    for entry in entries:
        key = known.get(entry)
        if key is not None:
            keys.add(key)
            continue
        key, _, value = entry.partition(": ")
        fit = fits.get(key)
        if fit is not None and fit(value) is not None:
            keys.add(key)
            if key == "id":
                id = value.strip(" ")
            continue
        read = _read(entry, sure)
        if read is None:
            return None
        keys.add(read[0])
        id = read[1] or id
    return (id, keys) if id and len(keys) == len(entries) else None


def _front(data: bytes) -> str | None:
    if len(data) > _LARGEST or b"\0" in data or b"<<<<<<<" in data:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    end = text.find("\n---\n", 3)
    if not text.startswith("---\n") or not 3 < end < _LONGEST:
        return None
    front = text[4:end]
    return front if front.replace("\n", "").isprintable() else None


def _read(entry: str, sure: Sure) -> tuple[str, str] | None:
    """(the key, an id) of an entry that says something and has nothing wrong with it. It is
    remembered where its kind has few values: tags, people and options come again and again."""
    read = read_entry(entry)
    if read is None or (isinstance(read[1], Scalar) and read[1].is_null):
        return None
    key, node = read
    if key in ("id", "title"):
        text = node.text if isinstance(node, Scalar) else ""
        fits = sure.fits["id"](text) is not None if key == "id" else bool(text.strip())
        return (key, text if key == "id" else "") if fits else None
    reader = sure.plan.readers.get(key)
    if reader is None or not _is_sound(key, node, reader, sure):
        return None
    if key not in sure.fits:
        if len(sure.known) >= _REMEMBERED:
            sure.known.clear()
        sure.known[entry] = key
    return key, ""


def _is_sound(key: str, node: Node, reader: KeyReader, sure: Sure) -> bool:
    if sure.plan.fields[key][1].doubted:
        return isinstance(node, Scalar) and sure.fits[key](node.text) is not None
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
            sure.members[key, item.text, item.plain] = value
        values.add(value)
    return 0 < len(values) == len(node.items)
