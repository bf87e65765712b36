"""What an entry of front matter becomes in the index, and what was remembered of it.

Owns the pieces that `straight` puts together: of one entry its place in a record's packed form and
its columns in the record's row. Tags, people, days and options come again and again, so a piece is
kept by its text; a plain value whose kind vouches for it (``Kind.plainly``) is made without being
read. Refuses, by returning None, every entry of which there is more to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, tzinfo
from functools import lru_cache
from json.encoder import encode_basestring as quote

from bluefs.core.codec.keys import ID, is_unset
from bluefs.core.codec.pack import packed_value
from bluefs.core.codec.plan import Plan, plan_of
from bluefs.core.codec.quick import read_entry
from bluefs.core.fields.base import Fault
from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import Any, Final
from bluefs.core.model import Config, Project, Value
from bluefs.core.nodes import Node, Scalar
from bluefs.core.plain import PLAIN_TEXT
from bluefs.core.query.sql.cells import cell, date_cell, plain, text_cell, written_cell
from bluefs.core.query.sql.tables import (
    CELLS,
    COLUMNS,
    FIRST_FIELD,
    SLOTS,
    edges_of,
    folded_handles,
    folded_tags,
    name_cell,
    zone_of,
)
from bluefs.core.worked import is_as_written

#: Entries remembered; then it begins anew.
_REMEMBERED = 8_192
#: Entries of a key that have been read before it is asked whether they come again.
_TRIED = 256
#: Where in a row each column stands that is no field's.
AT: Final = {name: n for n, name in enumerate(COLUMNS[:FIRST_FIELD])}

#: What one entry becomes: its key, its place in the packed form, and (column, value) of a row.
Piece = tuple[str, str, tuple[tuple[int, Any], ...]]
#: Makes a piece of a key, its value, its column and the zone of days.
_Maker = Callable[[str, str, int, tzinfo], Piece]
_Quick = tuple[Callable[[str], "re.Match[str] | None"], _Maker, int]


@dataclass(frozen=True, slots=True)
class Way:
    """What the records of one project share. ``quick`` has, for keys whose plain values
    need not be read, what such a value looks like, what makes a piece of it, and its column,
    ``slots`` the columns of the fields; behind the last stand who the record waits for
    (``edges``) and its title as it was written."""

    plan: Plan
    zone: tzinfo
    quick: dict[str, _Quick]
    slots: dict[str, int]
    edges: int
    rows: dict[str | None, list[Any]] = field(default_factory=dict)
    known: dict[str, Piece] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)


def way_of(config: Config, project: Project) -> Way | None:
    """Kept for the last few projects, told apart by identity, as `plan_of` does."""
    for known, of, way in _recent:
        if known is config and of is project:
            return way
    found = _make(config, project)
    _recent.insert(0, (config, project, found))
    del _recent[_KEPT:]
    return found


_KEPT = 16
_recent: list[tuple[Config, Project, Way | None]] = []


def _make(config: Config, project: Project) -> Way | None:
    if config.projects.get(project.key) is not project or project.references or project.lookups:
        return None
    if not is_as_written(config, project.key):
        return None
    plan = plan_of(config, project)
    slots = {key: n for n, key in enumerate(project.fields, FIRST_FIELD)}
    slots |= {key: AT[key] for key in (*CELLS, "position")}
    quick = {
        "id": _looks(_ID_TEXT, _id, AT["id"]),
        "title": _looks(PLAIN_TEXT, _title, AT["title"]),
    }
    for key, (definition, kind) in plan.fields.items():
        how = kind.plainly(definition)
        pattern = kind.sure(definition) if how else None
        if pattern is not None:
            only, maker = _MAKERS[how]
            maker = _position if key == "position" else maker
            quick[key] = _looks(f"{only}(?:{pattern})", maker, slots[key])
    return Way(plan, zone_of(config), quick, slots, FIRST_FIELD + max(SLOTS, len(project.fields)))


_ID_TEXT = r"(?!(?:null|Null|NULL) *$)[A-Za-z][0-9A-Za-z_-]{2,39}"


def _looks(pattern: str, maker: _Maker, column: int) -> _Quick:
    return re.compile(f" *(?:{pattern}) *").fullmatch, maker, column


def row_of(way: Way, place: str | None) -> list[Any]:
    """The row of a record of this list, of which nothing is known yet."""
    found = way.rows.get(place)
    if found is None:
        found = way.rows[place] = [None] * (way.edges + 2)
        found[way.edges] = ()
        project = way.plan.project
        found[AT["project"]] = name_cell(project.key)
        found[AT["place"]] = None if place is None else name_cell(place)
        found[AT["done"]] = int(place is not None and project.list_of(place).done)
    return found.copy()


def piece_of(entry: str, way: Way) -> Piece | None:
    key, _, value = entry.partition(": ")
    quick = way.quick.get(key)
    if quick is not None and quick[0](value) is not None:
        return quick[1](key, value.strip(" "), quick[2], way.zone)
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


def _id(key: str, text: str, column: int, _: tzinfo) -> Piece:
    return key, "", ((column, text),)


def _title(key: str, text: str, column: int, _: tzinfo) -> Piece:
    return key, "", ((column, text_cell(text)), (-1, text))


def _text(key: str, text: str, column: int, _: tzinfo) -> Piece:
    return key, f'"{key}":{quote(text)}', ((column, text_cell(text)),)


def _position(key: str, text: str, column: int, _: tzinfo) -> Piece:
    return key, f'"{key}":{quote(text)}', ((column, plain(text)),)


def _number(key: str, text: str, column: int, _: tzinfo) -> Piece:
    return key, f'"{key}":{{"n":"{text}"}}', ((column, written_cell(text)),)


def _day(key: str, text: str, column: int, zone: tzinfo) -> Piece:
    return key, f'"{key}":{{"d":"{text}"}}', ((column, _day_cell(text, zone)),)


@lru_cache(maxsize=4096)
def _day_cell(text: str, zone: tzinfo) -> str:
    return date_cell(date.fromisoformat(text), zone)


#: What is made of a plain value without reading it, by what it is, and of which.
_MAKERS: dict[str, tuple[str, _Maker]] = {
    "text": ("", _text),
    "number": (r"(?=[1-9][0-9]*(?:\.[0-9]+)? *$)", _number),  # that is written in one way only
    "day": ("(?=[0-9-]{10} *$)", _day),
}


def _other(key: str, node: Node) -> Piece | None:
    """The id and the title; of any other key there is more to say."""
    if key not in ("id", "title"):
        return None
    if is_unset(node):
        return key, "", ()
    if not isinstance(node, Scalar):
        return None
    if key == "id":
        return (key, "", ((AT["id"], node.text),)) if ID.fullmatch(node.text) else None
    title = node.text.strip()
    return (key, "", ((AT["title"], text_cell(title)), (-1, title))) if title else (key, "", ())


def _made(key: str, value: Value, way: Way) -> Piece:
    if value is None or value == ():
        return key, "", ()
    written = f"{quote(key)}:{packed_value(value)}"
    if key == "done":
        return key, written, ((AT["own"], int(bool(value))),)
    if key == "position":
        found = plain(value) if isinstance(value, str) else None
        return key, written, ((way.slots[key], found),)
    cells: list[tuple[int, Any]] = [(way.slots[key], cell(value, way.zone))]
    if isinstance(value, tuple):
        if key == "tags":
            cells.append((AT["tags_set"], folded_tags(value)))
        elif key == "assignees":
            cells.append((AT["assignees_set"], folded_handles(value)))
        elif key == "blocked_by":
            cells.append((way.edges, edges_of(value)))
    return key, written, tuple(cells)


def _remembered(entry: str, piece: Piece, way: Way) -> Piece:
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
