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
from collections.abc import Callable, Iterable
from datetime import tzinfo
from json.encoder import encode_basestring as quote

from bluefs.core.codec.body import Told, may_tell, tell, uncommented
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


def straight(files: Iterable[tuple[str, bytes]], config: Config) -> list[Straight | None]:
    """What the index keeps of each file (its path, its bytes) that is surely sound. Step by step
    for all of them: a processor that does one thing at a time does it in three quarters of the
    time."""
    cuts = [_cut(path, data, config) for path, data in files]
    read = [cut for cut in cuts if cut is not None and _read(cut)]
    zone = config.workspace.zone
    told = [
        tell(cut.body, zone, 4 + cut.front.count("\n")) if may_tell(cut.body) else None
        for cut in read
    ]
    forms = [_forms(cut.body, one) for cut, one in zip(read, told, strict=True)]
    texts = [_texts(some, one) for some, one in zip(forms, told, strict=True)]
    packed = [_packed(cut, one) for cut, one in zip(read, told, strict=True)]
    rows = [_rows(cut, text) for cut, text in zip(read, texts, strict=True)]
    made = iter(zip(read, packed, rows, strict=True))
    found: list[Straight | None] = []
    for cut in cuts:
        if cut is None or cut.values is None:
            found.append(None)
        else:
            _, head, row = next(made)
            found.append((cut.row[_ID], head, row))
    return found


@dataclass(slots=True)
class _Cut:
    """A file on its way. ``values`` are those of the front matter as they stand in the packed
    form, None where it is refused; ``row`` is filled meanwhile."""

    path: str
    way: _Way
    place: str | None
    front: str
    body: str
    data: bytes  # of the body
    row: list[Any]
    values: str | None = None


def _cut(path: str, data: bytes, config: Config) -> _Cut | None:
    home, place = home_of(path, config)
    way = _way(config, home)
    if way is None or len(data) > _LARGEST or b"\0" in data or b"<<<<<<<" in data:
        return None
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    end = data.find(b"\n---\n", 3)
    if not 3 < end < _LONGEST or data[:4] != b"---\n" or b"\r" in data:
        return None
    rest = data[end + 5 :]
    try:
        front, body = data[4:end].decode(), rest.decode()
    except UnicodeDecodeError:
        return None
    return _Cut(path, way, place, front, body, rest, _row(way, place))


def _packed(cut: _Cut, told: Told | None) -> bytes:
    row = cut.row
    name, title, tells = row[_ID], row[-1], ""
    if told is not None and (told.comments or told.items):
        tells = packed_told(told.comments, told.items)
    rest = f",[],{{}},{title is not None:d},{tells or '[],[]'}" if title is not None or tells else ""
    if title is None:
        title = row[-1] = stem(cut.path)
        row[_TITLE] = text_cell(title)
    head = f"[{'null' if name is None else quote(name)},{quote(title)},{{{cut.values}}}{rest}]\n"
    return head.encode() + cut.data


def _rows(cut: _Cut, texts: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """As `Rows` has them. The title has been found."""
    if cut.place is None:
        return None
    row = cut.row
    last = cut.path.rpartition("/")[2].removesuffix(".md")
    row[_PATH] = cut.path.encode("utf-8", "surrogateescape")
    row[_NAME] = None if last == row[-1] else text_cell(last)
    row[_WORDS] = int(cut.body != "")
    if row[_OWN] is not None:
        row[_DONE] = row[_OWN]
    further = row[_FULL:-2]
    more = tuple((n, c) for n, c in enumerate(further, SLOTS) if c is not None) if further else ()
    return tuple(row[:_FULL]), texts, more, row[-2]


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


def _read(cut: _Cut) -> bool:
    """Fills the row and the values."""
    front, way, row = cut.front, cut.way, cut.row
    if not front.replace("\n", "").isprintable():
        return False
    known, keys, values = way.known, set(), []
    entries = START.split(front)
    way.met[""] = way.met.get("", 0) + 1
    for entry in entries:
        piece = known.get(entry)
        if piece is None:
            piece = _piece(entry, way)
            if piece is None:
                return False
        key, written, cells = piece
        keys.add(key)
        if written:
            values.append(written)
        for column, value in cells:
            row[column] = value
    if len(keys) < len(entries):
        return False  # a key stands twice
    cut.values = ",".join(values)
    return True


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


def _forms(body: str, told: Told | None) -> list[str]:
    """The folded body, in two where all comments come last, else with the one without comments
    behind it; then the comments, the items."""
    if told is None:
        return needles([body])
    parts = [body]
    if told.comments:
        start = max(told.sections[0][0] - 1, 0)  # in the body
        parts = [body[:start], body[start:]] if _is_last(told) else [body, uncommented(body)]
    texts = [*[one[2] for one in told.comments], *[one[1] for one in told.items]]
    return needles([*parts, *texts])


def _is_last(told: Told) -> bool:
    return len(told.sections) == 1 and told.sections[0][1] == len(told.text)


def _texts(forms: list[str], told: Told | None) -> tuple[Any, ...]:
    """The row of texts."""
    whole = forms[0]
    if told is None:
        return whole, None, None, None
    if not told.comments:
        return whole, None, None, _joined(forms[1:])
    prose: int | str = len(whole)
    if _is_last(told):
        whole = f"{whole} {forms[1]}" if whole else forms[1]
    else:
        prose = prose_form(forms[1], whole)
    between = 2 + len(told.comments)
    return whole, prose, _joined(forms[2:between]), _joined(forms[between:])


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
