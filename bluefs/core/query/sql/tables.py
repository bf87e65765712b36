"""The query tables: what of a record stands where, and how it gets there.

Owns the DDL and ``rows_of``. A record is one row of short columns, one row of text to search, and
a row for each record it waits for, for each that a field names, and for each value of a set that
is no text. The fields of a project stand in numbered columns in the order
of project.yaml (``SLOTS`` of them, further ones in ``q_more``), so rows hold for one state of the
settings: after a change of a project (or of the zone) its records' rows are to be made again.
``prose`` is the body without its comments, where it has any: how long it is, where that is but the
beginning of the body.
Nothing in a record's rows depends on another record but what it refers to and shows of that
(``resting``): those rows are made again when the other changes. Refuses to run anything: an
adapter does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from functools import lru_cache

from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.fields.tags import fold_tag
from bluefs.core.hints import TYPE_CHECKING, Any, Final, NamedTuple
from bluefs.core.matching import fold
from bluefs.core.model import Config, Project, Record, Value
from bluefs.core.query.folding import needle
from bluefs.core.query.ranking import prose
from bluefs.core.query.sql.cells import MEMBER, cell, plain, text_cell
from bluefs.core.when import zone as zone_named

if TYPE_CHECKING:
    from bluefs.core.linking import Refer

#: Of the tables. An index with another one is to be thrown away.
VERSION: Final = 5
#: Fields of a project that have a column.
SLOTS: Final = 20
#: Built-in keys whose value is a cell.
CELLS: Final = (
    "tags", "assignees", "color", "start", "due", "blocked_by", "repeat", "remind",
)  # fmt: skip

_FIELDS = tuple(f"f{n}" for n in range(SLOTS))
#: ``position`` and ``id`` as they stand, ``project``, ``place`` (the list), ``title`` and ``name``
#: (the file's, where it is another) as cells, ``own`` the record's own ``done``, ``words`` whether
#: there is a body, ``*_set`` the folded members.
COLUMNS = (
    "path", "project", "place", "id", "title", "name", "done", "own", "words", "position",
    "tags_set", "assignees_set", *CELLS, *_FIELDS,
)  # fmt: skip

#: Where the fields begin.
FIRST_FIELD: Final = len(COLUMNS) - SLOTS

#: Statements that make the tables, each by itself. ``rec`` is the caller's number of a record.
SCHEMA: Final[tuple[str, ...]] = (
    f"CREATE TABLE q_record (rec INTEGER PRIMARY KEY, {', '.join(COLUMNS)})",
    "CREATE TABLE q_text (rec INTEGER PRIMARY KEY, body, prose, comments, items)",
    "CREATE TABLE q_more (rec INTEGER, slot INTEGER, cell, PRIMARY KEY (rec, slot)) WITHOUT ROWID",
    "CREATE TABLE q_edge (rec INTEGER, n INTEGER, ref, ref_form, form, name, PRIMARY KEY (rec, n)) "
    "WITHOUT ROWID",
    "CREATE TABLE q_ref (rec INTEGER, slot INTEGER, n INTEGER, ref, name, ref_form, form, id_form, "
    "title_form, path_form, PRIMARY KEY (rec, slot, n)) WITHOUT ROWID",
    "CREATE INDEX q_ref_ref ON q_ref (ref)",
    "CREATE INDEX q_ref_name ON q_ref (name)",
    "CREATE TABLE q_each (rec INTEGER, slot INTEGER, n INTEGER, cell, PRIMARY KEY (rec, slot, n)) "
    "WITHOUT ROWID",
)
_INSERTS = {
    "record": f"INSERT INTO q_record VALUES ({', '.join('?' * (len(COLUMNS) + 1))})",
    "text": "INSERT INTO q_text VALUES (?, ?, ?, ?, ?)",
    "more": "INSERT INTO q_more VALUES (?, ?, ?)",
    "edge": "INSERT INTO q_edge VALUES (?, ?, ?, ?, ?, ?)",
    "ref": "INSERT INTO q_ref VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "each": "INSERT INTO q_each VALUES (?, ?, ?, ?)",
}
#: Statements that forget a record; each takes its number.
DELETES: Final = tuple(
    f"DELETE FROM {table} WHERE rec = ?"
    for table in ("q_record", "q_text", "q_more", "q_edge", "q_ref", "q_each")
)

#: What SQLite has to be taught: name -> a function of one text or path that always gives the same.
#: They are asked where a query is about names or paths, so that no row holds a copy for them.
FUNCTIONS: Final[dict[str, Callable[[Any], str]]] = {
    "bluefs_form": lambda text: needle(_text(text)),
    "bluefs_fold": lambda text: plain(fold(_text(text))),
}

Parameters = tuple[Any, ...]


def _text(value: str | bytes | None) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value or ""


class Rows(NamedTuple):
    """The rows of one record, without its number."""

    record: Parameters
    text: Parameters
    more: tuple[Parameters, ...] = ()
    edges: tuple[Parameters, ...] = ()
    refs: tuple[Parameters, ...] = ()
    each: tuple[Parameters, ...] = ()


def rows_of(record: Record, project: Project, config: Config, refer: Refer | None = None) -> Rows:
    """What the tables hold of a record, its lookups included. ``project`` is the record's, an
    empty one where the settings know none of its key. ``refer`` finds the records that it refers
    to: without it none is known (``core.linking``)."""
    zone, values = zone_of(config), record.values
    get = values.get
    refs: tuple[Parameters, ...] = ()
    each: tuple[Parameters, ...] = ()
    if not (project.references or project.lookups):
        slots = _cells(project.fields, values, zone)
    else:
        from bluefs.core.query.sql.resting import resting

        ranked, refs, each = resting(record, project, config, refer)
        slots = _cells(project.fields, {**values, **ranked}, zone)
    more: tuple[Parameters, ...] = ()
    if len(slots) > SLOTS:
        more = tuple((n, c) for n, c in enumerate(slots[SLOTS:], SLOTS) if c is not None)
        del slots[SLOTS:]
    title, name, path = text_cell(record.title), record.id, record.path
    stem = path.rpartition("/")[2].removesuffix(".md")
    place, own, position = record.list, get("done"), get("position")
    tags, people, blockers = get("tags"), get("assignees"), get("blocked_by")
    row = (
        path.encode("utf-8", "surrogateescape"),
        name_cell(record.project),
        None if place is None else name_cell(place),
        None if name is None else plain(name),
        title,
        None if stem == record.title else text_cell(stem),
        int(record.done),
        None if own is None else int(bool(own)),
        int(record.body != ""),
        plain(position) if isinstance(position, str) else None,
        folded_tags(tags) if isinstance(tags, tuple) and tags else None,
        folded_handles(people) if isinstance(people, tuple) and people else None,
        *_cells(CELLS, values, zone),
        *slots,
        *_EMPTY[len(slots) :],
    )
    body = needle(record.body)
    text = (
        body,
        prose_form(needle(prose(record)), body) if record.comments else None,
        _texts([one.text for one in record.comments]) if record.comments else None,
        _texts([one.text for one in record.items]) if record.items else None,
    )
    edges = edges_of(blockers) if isinstance(blockers, tuple) else ()
    return Rows(row, text, more, edges, refs, each)


def _cells(keys: Iterable[str], values: Mapping[str, Value], zone: tzinfo) -> list[str | None]:
    found: list[str | None] = []
    for key in keys:
        value = values.get(key)
        if value is None:
            found.append(None)
        else:
            found.append(text_cell(value) if type(value) is str else cell(value, zone))
    return found


_EMPTY = (None,) * SLOTS
_zone = lru_cache(maxsize=4)(zone_named)
#: The cell of a name that comes again and again.
name_cell = lru_cache(maxsize=1024)(text_cell)


def zone_of(config: Config) -> tzinfo:
    return _zone(config.workspace.timezone)


@lru_cache(maxsize=4096)
def folded_tags(names: tuple[str, ...]) -> str:
    return MEMBER + "".join(plain(fold_tag(name)) + MEMBER for name in names)


@lru_cache(maxsize=4096)
def folded_handles(names: tuple[str, ...]) -> str:
    return MEMBER + "".join(plain(fold(name)) + MEMBER for name in names)


def _texts(texts: Iterable[str]) -> str:
    return MEMBER + "".join(needle(text) + MEMBER for text in texts)


def edges_of(names: tuple[str, ...]) -> tuple[Parameters, ...]:
    bare = map(bare_reference, names)
    return tuple(
        (n, plain(name), needle(name), needle(one), plain(fold(one)))
        for n, (name, one) in enumerate(zip(names, bare, strict=True))
    )


def prose_form(form: str, body: str) -> int | str:
    """What stands for the folded body without comments: they mostly come last, and it is the
    beginning of the other."""
    return len(form) if body.startswith(form) else form


def inserts(numbered: Sequence[tuple[int, Rows]]) -> list[tuple[str, list[Parameters]]]:
    """For ``executemany``: statements and parameters that put these records in. A number that
    is there already is to be deleted first (``DELETES``)."""
    return [
        (_INSERTS["record"], [(rec, *rows.record) for rec, rows in numbered]),
        (_INSERTS["text"], [(rec, *rows.text) for rec, rows in numbered]),
        (_INSERTS["more"], [(rec, *row) for rec, rows in numbered for row in rows.more]),
        (_INSERTS["edge"], [(rec, *row) for rec, rows in numbered for row in rows.edges]),
        (_INSERTS["ref"], [(rec, *row) for rec, rows in numbered for row in rows.refs]),
        (_INSERTS["each"], [(rec, *row) for rec, rows in numbered for row in rows.each]),
    ]
