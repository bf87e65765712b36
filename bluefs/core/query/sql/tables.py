"""The query tables: what of a record stands where, and how it gets there.

Owns the DDL and ``rows_of``. A record is one row of short columns, one row of text to search, and
a row for each record it waits for. The fields of a project stand in numbered columns in the order
of project.yaml (``SLOTS`` of them, further ones in ``q_more``), so rows hold for one state of the
settings: after a change of a project (or of the zone) its records' rows are to be made again.
Nothing in a record's rows depends on another record. Refuses to run anything: an adapter does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.fields.tags import fold_tag
from bluefs.core.matching import fold
from bluefs.core.model import Config, Project, Record
from bluefs.core.query.folding import needle
from bluefs.core.query.sql.cells import MEMBER, cell, plain, text_cell

#: Of the tables. An index with another one is to be thrown away.
VERSION: Final = 1
#: Fields of a project that have a column.
SLOTS: Final = 24
#: Built-in keys whose value is a cell.
CELLS: Final = (
    "tags", "assignees", "color", "start", "due", "blocked_by", "repeat", "remind",
)  # fmt: skip

_FIELDS = tuple(f"f{n}" for n in range(SLOTS))
#: ``position`` and ``id`` as they stand, ``ident``, ``project``, ``place`` (the list),
#: ``title`` and ``name`` (the file's) as cells, ``own`` the record's own ``done``, ``words`` whether there is a body, ``*_fold`` what
#: names are compared by, ``*_set`` the folded members.
_COLUMNS = (
    "path", "project", "project_fold", "place", "place_fold", "id", "ident", "title", "name",
    "path_fold", "base_fold", "title_fold", "done", "own", "words", "position",
    "tags_set", "assignees_set", *CELLS, *_FIELDS,
)  # fmt: skip

#: Statements that make the tables, each by itself. ``rec`` is the caller's number of a record.
SCHEMA: Final[tuple[str, ...]] = (
    f"CREATE TABLE q_record (rec INTEGER PRIMARY KEY, {', '.join(_COLUMNS)})",
    "CREATE TABLE q_text (rec INTEGER PRIMARY KEY, title, path, body, comments, items)",
    "CREATE TABLE q_more (rec INTEGER, slot INTEGER, cell, PRIMARY KEY (rec, slot)) WITHOUT ROWID",
    "CREATE TABLE q_edge (rec INTEGER, n INTEGER, ref, ref_form, form, name, PRIMARY KEY (rec, n)) "
    "WITHOUT ROWID",
)
_INSERTS = {
    "record": f"INSERT INTO q_record VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})",
    "text": "INSERT INTO q_text VALUES (?, ?, ?, ?, ?, ?)",
    "more": "INSERT INTO q_more VALUES (?, ?, ?)",
    "edge": "INSERT INTO q_edge VALUES (?, ?, ?, ?, ?, ?)",
}
#: Statements that forget a record; each takes its number.
DELETES: Final = tuple(
    f"DELETE FROM {table} WHERE rec = ?" for table in ("q_record", "q_text", "q_more", "q_edge")
)

Parameters = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one record, without its number."""

    record: Parameters
    text: Parameters
    more: tuple[Parameters, ...] = ()
    edges: tuple[Parameters, ...] = ()


def rows_of(record: Record, project: Project, config: Config) -> Rows:
    """What the tables hold of a record. ``project`` is the record's, an empty one where the
    settings know none of its key."""
    zone, values = config.workspace.zone, record.values
    cells = {key: cell(value, zone) for key, value in values.items() if value is not None}
    slots = [cells.get(key) for key in project.fields]
    fixed = slots[:SLOTS] + [None] * (SLOTS - len(slots))
    base = record.path.rpartition("/")[2]
    title, path = needle(record.title), record.path
    folded = fold(path)
    position = values.get("position")
    row = (
        path.encode("utf-8", "surrogateescape"),
        text_cell(record.project),
        plain(fold(record.project)),
        None if record.list is None else text_cell(record.list),
        None if record.list is None else plain(fold(record.list)),
        plain(record.id) if record.id is not None else None,
        text_cell(record.id) if record.id is not None else None,
        text_cell(record.title),
        text_cell(base),
        plain(folded),
        plain(folded.rpartition("/")[2]),
        plain(fold(record.title)),
        int(record.done),
        None if values.get("done") is None else int(bool(values["done"])),
        int(record.body != ""),
        plain(position) if isinstance(position, str) else None,
        _members(map(fold_tag, record.tuple_of("tags"))),
        _members(map(fold, record.tuple_of("assignees"))),
        *(cells.get(key) for key in CELLS),
        *fixed,
    )
    more = tuple((n, c) for n, c in enumerate(slots[SLOTS:], SLOTS) if c is not None)
    text = (
        title,
        needle(path),
        needle(record.body),
        _texts(comment.text for comment in record.comments),
        _texts(item.text for item in record.items),
    )
    edges = tuple(_edges(record.tuple_of("blocked_by"))) if "blocked_by" in values else ()
    return Rows(row, text, more, edges)


def _members(folded: Iterable[str]) -> str | None:
    texts = [plain(text) for text in folded]
    return MEMBER + MEMBER.join(texts) + MEMBER if texts else None


def _texts(texts: Iterable[str]) -> str | None:
    forms = [needle(text) for text in texts]
    return MEMBER + MEMBER.join(forms) + MEMBER if forms else None


def _edges(names: tuple[str, ...]) -> Iterable[Parameters]:
    for n, name in enumerate(names):
        bare = bare_reference(name)
        yield n, plain(name), needle(name), needle(bare), plain(fold(bare))


def inserts(numbered: Sequence[tuple[int, Rows]]) -> list[tuple[str, list[Parameters]]]:
    """For ``executemany``: statements and parameters that put these records in. A number that
    is there already is to be deleted first (``DELETES``)."""
    return [
        (_INSERTS["record"], [(rec, *rows.record) for rec, rows in numbered]),
        (_INSERTS["text"], [(rec, *rows.text) for rec, rows in numbered]),
        (_INSERTS["more"], [(rec, *row) for rec, rows in numbered for row in rows.more]),
        (_INSERTS["edge"], [(rec, *row) for rec, rows in numbered for row in rows.edges]),
    ]
