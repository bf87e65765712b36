"""A sound record's packed form and its rows, made straight of its text.

Most files have nothing wrong with them, and of most of their lines another file has had the same:
a tag, a person, a day. So what a line of front matter becomes is remembered as it will stand in the
index, and of a record nothing is made in between. Owns that way, for front matter of entries as
`codec.quick` has them. Refuses, by returning None, whatever is doubtful, and every project whose
records rest on more than their files; such a file is read (`codec.record`), packed and put into rows.

Law: what it gives is what that gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import tzinfo
from json.encoder import encode_basestring as quote

from bluefs.core.codec.body import may_tell, tell, uncommented
from bluefs.core.codec.keys import ID, is_unset
from bluefs.core.codec.pack import packed_told, packed_value
from bluefs.core.codec.plan import Plan, plan_of
from bluefs.core.codec.quick import START, read_entry
from bluefs.core.codec.record import home_of
from bluefs.core.fields.base import ANY_TEXT, Fault
from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import Any
from bluefs.core.layout import stem
from bluefs.core.model import Config, Project, Value
from bluefs.core.nodes import Node, Scalar
from bluefs.core.query.folding import needles
from bluefs.core.query.sql.cells import MEMBER, cell, plain, text_cell, written_cell
from bluefs.core.query.sql.tables import (
    CELLS,
    COLUMNS,
    FIRST_FIELD,
    SLOTS,
    edges_of,
    folded_handles,
    folded_tags,
    name_cell,
    prose_form,
    zone_of,
)
from bluefs.core.worked import is_as_written

#: Characters of front matter and bytes of a file, far below any limit.
_LONGEST, _LARGEST = 8_000, 500_000
#: Entries remembered; then it begins anew.
_REMEMBERED = 8_192
#: Entries of a key that have been read before it is asked whether they come again.
_TRIED = 256
#: Where in a row each column stands that is no field's.
_AT = {name: n for n, name in enumerate(COLUMNS[:FIRST_FIELD])}
_PATH, _ID, _TITLE, _NAME = _AT["path"], _AT["id"], _AT["title"], _AT["name"]
_DONE, _OWN, _WORDS = _AT["done"], _AT["own"], _AT["words"]

#: What one entry becomes: its key, its place in the packed form, and (column, value) of a row.
Piece = tuple[str, str, tuple[tuple[int, Any], ...]]
#: A record's id, its packed form, and its rows where it is in a list.
Straight = tuple["str | None", bytes, "tuple[Any, ...] | None"]


_Quick = tuple[Callable[[str], "re.Match[str] | None"], Callable[[str, str, int], Piece], int]


@dataclass(frozen=True, slots=True)
class _Way:
    """What the records of one project share. ``quick`` has, for keys whose plain values
    need not be read, what such a value looks like, what makes a piece of it, and its column,
    ``slots`` the columns of the fields; behind
    the last stand who the record waits for (``edges``) and its title as it was written."""

    plan: Plan
    zone: tzinfo
    quick: dict[str, _Quick]
    slots: dict[str, int]
    edges: int
    rows: dict[str | None, list[Any]] = field(default_factory=dict)
    known: dict[str, Piece] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)


def straight(path: str, data: bytes, config: Config) -> Straight | None:
    """What the index keeps of a file that is surely sound."""
    home, place = home_of(path, config)
    way = _way(config, home)
    if way is None or len(data) > _LARGEST or b"\0" in data or b"<<<<<<<" in data:
        return None
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    end = data.find(b"\n---\n", 3)
    if not 3 < end < _LONGEST or data[:4] != b"---\n" or b"\r" in data:
        return None
    try:
        front, body = data[4:end].decode(), data[end + 5 :].decode()
    except UnicodeDecodeError:
        return None
    row = _row(way, place)
    values = _read(front, way, row)
    if values is None:
        return None
    name, edges, title = row[_ID], row[-2], row[-1]
    head = f"[{'null' if name is None else quote(name)},"
    last = path.rpartition("/")[2].removesuffix(".md")
    titled = title is not None
    if not titled:
        title = stem(path)
        row[_TITLE] = text_cell(title)
    row[_PATH] = path.encode("utf-8", "surrogateescape")
    row[_NAME] = None if last == title else text_cell(last)
    row[_WORDS] = int(body != "")
    if row[_OWN] is not None:
        row[_DONE] = row[_OWN]
    texts, told = _texts(body, config, 4 + front.count("\n"))
    rest = f",[],{{}},{titled:d},{told or '[],[]'}" if titled or told else ""
    head = f"{head}{quote(title)},{{{values}}}{rest}]\n"
    packed = head.encode() + data[end + 5 :]
    if place is None:
        return name, packed, None
    del row[-2:]
    more = tuple((n, c) for n, c in enumerate(row[_FULL:], SLOTS) if c is not None)
    return name, packed, (tuple(row[:_FULL]), texts, more, edges)


_FULL = FIRST_FIELD + SLOTS


def _row(way: _Way, place: str | None) -> list[Any]:
    """The row of a record of this list, of which nothing is known yet."""
    found = way.rows.get(place)
    if found is None:
        found = way.rows[place] = [None] * (way.edges + 2)
        found[way.edges] = ()
        project = way.plan.project
        found[_AT["project"]] = name_cell(project.key)
        found[_AT["place"]] = None if place is None else name_cell(place)
        found[_DONE] = int(place is not None and project.list_of(place).done)
    return found.copy()


def _read(front: str, way: _Way, row: list[Any]) -> str | None:
    """Fills the row, and gives the values as they stand in the packed form."""
    if not front.replace("\n", "").isprintable():
        return None
    known, keys, values = way.known, set(), []
    entries = START.split(front)
    way.met[""] = way.met.get("", 0) + 1
    for entry in entries:
        piece = known.get(entry)
        if piece is None:
            piece = _piece(entry, way)
            if piece is None:
                return None
        key, written, cells = piece
        keys.add(key)
        if written:
            values.append(written)
        for column, value in cells:
            row[column] = value
    return ",".join(values) if len(keys) == len(entries) else None


def _piece(entry: str, way: _Way) -> Piece | None:
    key, _, value = entry.partition(": ")
    quick = way.quick.get(key)
    if quick is not None and quick[0](value) is not None:
        return quick[1](key, value.strip(" "), quick[2])
    read = read_entry(entry)
    if read is None:
        return None
    key, node = read
    reader = way.plan.readers.get(key)
    if reader is None:
        return _other(key, node)
    definition, parse, notes = reader
    setting = way.plan.setting
    found = None if is_unset(node) else parse(definition, node, setting)
    if isinstance(found, Fault) or (notes is not None and notes(definition, node, setting)):
        return None
    return _remembered(entry, _made(key, found, way), way)


def _id(key: str, text: str, column: int) -> Piece:
    return key, "", ((column, text),)


def _title(key: str, text: str, column: int) -> Piece:
    return key, "", ((column, text_cell(text)), (-1, text))


def _text(key: str, text: str, column: int) -> Piece:
    return key, f'"{key}":{quote(text)}', ((column, text_cell(text)),)


def _position(key: str, text: str, column: int) -> Piece:
    return key, f'"{key}":{quote(text)}', ((column, plain(text)),)


def _number(key: str, text: str, column: int) -> Piece:
    return key, f'"{key}":{{"n":"{text}"}}', ((column, written_cell(text)),)


#: What is made of a plain value without reading it, by what it is.
_MAKERS: dict[str, Callable[[str, str, int], Piece]] = {"text": _text, "number": _number}


def _other(key: str, node: Node) -> Piece | None:
    """The id and the title; of any other key there is more to say."""
    if key not in ("id", "title"):
        return None
    if is_unset(node):
        return key, "", ()
    if not isinstance(node, Scalar):
        return None
    if key == "id":
        return (key, "", ((_ID, node.text),)) if ID.fullmatch(node.text) else None
    title = node.text.strip()
    return (key, "", ((_TITLE, text_cell(title)), (-1, title))) if title else (key, "", ())


def _made(key: str, value: Value, way: _Way) -> Piece:
    if value is None or value == ():
        return key, "", ()
    written = f"{quote(key)}:{packed_value(value)}"
    if key == "done":
        return key, written, ((_OWN, int(bool(value))),)
    if key == "position":
        found = plain(value) if isinstance(value, str) else None
        return key, written, ((way.slots[key], found),)
    cells: list[tuple[int, Any]] = [(way.slots[key], cell(value, way.zone))]
    if isinstance(value, tuple):
        if key == "tags":
            cells.append((_AT["tags_set"], folded_tags(value)))
        elif key == "assignees":
            cells.append((_AT["assignees_set"], folded_handles(value)))
        elif key == "blocked_by":
            cells.append((way.edges, edges_of(value)))
    return key, written, tuple(cells)


def _remembered(entry: str, piece: Piece, way: _Way) -> Piece:
    """Unless every other record has brought a new one for this key."""
    met = way.met
    count = met[piece[0]] = met.get(piece[0], 0) + 1
    if count <= _TRIED or 2 * count <= met[""]:
        if len(way.known) >= _REMEMBERED:
            way.known.clear()
            met.clear()
            met[""] = 0
        way.known[entry] = piece
    return piece


def _texts(body: str, config: Config, line: int) -> tuple[tuple[Any, ...], str]:
    """The row of texts, all folded at once, and the comments and items as they stand in the
    packed form, "" for none. The body's first line is ``line`` of the file."""
    if not may_tell(body):
        return (needles([body])[0], None, None, None), ""
    told = tell(body, config.workspace.zone, line)
    comments, items, sections = told.comments, told.items, told.sections
    packed = packed_told(comments, items) if comments or items else ""
    parts = [body]
    if comments:
        start, end = sections[0]
        start = max(start - 1, 0)  # in the body
        last = len(sections) == 1 and end == len(told.text)  # as nearly everybody has it
        parts = [body[:start], body[start:]] if last else [body, uncommented(body)]
    forms = needles([*parts, *[one[2] for one in comments], *[one[1] for one in items]])
    whole, prose = forms[0], None
    if comments and last:
        prose, rest = len(whole), forms[1]
        whole = f"{whole} {rest}" if whole and rest else whole or rest
    elif comments:
        prose = prose_form(forms[1], whole)
    at = len(parts)
    between = at + len(comments)
    return (whole, prose, _joined(forms[at:between]), _joined(forms[between:])), packed


def _joined(forms: list[str]) -> str | None:
    return f"{MEMBER}{MEMBER.join(forms)}{MEMBER}" if forms else None


def _way(config: Config, project: Project) -> _Way | None:
    """Kept for the last few projects, told apart by identity, as `plan_of` does."""
    for known, of, way in _recent:
        if known is config and of is project:
            return way
    found = _make(config, project)
    _recent.insert(0, (config, project, found))
    del _recent[_KEPT:]
    return found


_KEPT = 16
_recent: list[tuple[Config, Project, _Way | None]] = []


def _make(config: Config, project: Project) -> _Way | None:
    if config.projects.get(project.key) is not project or project.references or project.lookups:
        return None
    if not is_as_written(config, project.key):
        return None
    plan = plan_of(config, project)
    slots = {key: n for n, key in enumerate(project.fields, FIRST_FIELD)}
    slots |= {key: _AT[key] for key in (*CELLS, "position")}
    quick = {"id": _looks(_ID_TEXT, _id, _ID), "title": _looks(ANY_TEXT, _title, _TITLE)}
    for key, (definition, kind) in plan.fields.items():
        pattern = kind.sure(definition) if kind.plainly in _MAKERS else None
        if pattern is not None:
            maker = _position if key == "position" else _MAKERS[kind.plainly]
            shape = f"(?={_WHOLE_NUMBER} *$)(?:{pattern})" if kind.plainly == "number" else pattern
            quick[key] = _looks(shape, maker, slots[key])
    return _Way(plan, zone_of(config), quick, slots, FIRST_FIELD + max(SLOTS, len(project.fields)))


#: Numbers that are written in one way only.
_WHOLE_NUMBER = r"[1-9][0-9]*(?:\.[0-9]+)?"
_ID_TEXT = r"(?!(?:null|Null|NULL) *$)[A-Za-z][0-9A-Za-z_-]{2,39}"


def _looks(pattern: str, maker: Callable[[str, str, int], Piece], column: int) -> _Quick:
    return re.compile(f" *(?:{pattern}) *").fullmatch, maker, column
