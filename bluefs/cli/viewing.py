"""The tables of ``list``: under headings, and with the columns of a view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bluefs.app.workspace import Snapshot
from bluefs.cli.grouping import Group, groups
from bluefs.cli.listing import Column, due_cell, fit, one_line, show_table
from bluefs.cli.screen import Cell, Screen
from bluefs.core.fields import field_of, kind_of
from bluefs.core.jsontext import render_array
from bluefs.core.matching import fold
from bluefs.core.model import Project, Record
from bluefs.core.query import Query
from bluefs.core.query.names import ALIASES, subject_of
from bluefs.core.short import Short
from bluefs.core.show import Viewer
from bluefs.core.words import plural, say

#: Built-in keys that stand in a cell.
_SHOWN = frozenset({"due", "start", "assignees", "tags", "list"})


def show_records(
    screen: Screen, records: Sequence[Record], snapshot: Snapshot, viewer: Viewer, *,
    one_project: bool, columns: Sequence[str] = (), group: str = "", also: Sequence[str] = (),
) -> None:  # fmt: skip
    """The records as one table, or one for each group; ``also`` are keys that are shown
    whatever else is."""
    if not group:
        _table(
            screen, records, snapshot, viewer, one_project=one_project, columns=columns, also=also
        )
        return
    for n, one in enumerate(groups(records, group, snapshot, viewer)):
        if n:
            screen.line()
        screen.line(screen.paint(one.label, one.style or "bold"))
        _table(
            screen, one.records, snapshot, viewer, one_project=one_project, columns=columns,
            also=also,
        )  # fmt: skip


def show_groups_json(
    screen: Screen, records: Sequence[Record], snapshot: Snapshot, viewer: Viewer, group: str
) -> None:
    """The groups as a JSON array."""
    found = [_object(one, group, viewer) for one in groups(records, group, snapshot, viewer)]
    screen.line(render_array(found, ascii_only=not screen.unicode))


def _object(one: Group, key: str, viewer: Viewer) -> dict[str, object]:
    from datetime import date

    value = one.value.isoformat() if isinstance(one.value, date) else one.value
    objects = [viewer.as_json(record) for record in one.records]
    return {"group": key, "value": value, "label": one.label, "records": objects}


def ordering(query: Query, projects: Sequence[Project]) -> tuple[str, ...]:
    """The keys that the order rests on and that a column can show: an order that nobody sees
    looks like none."""
    found = (subject_of(key.key, one) for key in query.sort for one in projects)
    subjects = [one for one in found if one is not None]
    keys = (one.key for one in subjects if one.field is not None or one.key in _SHOWN)
    return tuple(dict.fromkeys(keys))


def with_keys(columns: Sequence[str], keys: Iterable[str]) -> tuple[str, ...]:
    """The columns, and these keys behind them where they are not among them."""
    folded = {fold(ALIASES.get(key, key)) for key in columns}
    return (*columns, *(key for key in keys if fold(key) not in folded))


def _table(
    screen: Screen, records: Sequence[Record], snapshot: Snapshot, viewer: Viewer, *,
    one_project: bool, columns: Sequence[str], also: Sequence[str],
) -> None:  # fmt: skip
    if not columns:
        show_table(screen, records, snapshot, viewer, one_project=one_project, also=also)
        return
    columns = with_keys(columns, also)
    short = Short(r.id for r in snapshot.records if r.id is not None)
    keys = list(columns) if "title" in columns else ["title", *columns]
    table = [
        Column("id", say("screens.list.id"), [Cell(short.of(r.id) if r.id else "–", "dim") for r in records]),
        *(column_of(key, records, viewer) for key in keys if key != "id"),
    ]  # fmt: skip
    table = fit(table, screen.width)
    rows = list(zip(*(column.cells for column in table), strict=True))
    right = frozenset(n for n, column in enumerate(table) if column.right)
    flexible = next(n for n, column in enumerate(table) if column.key == "title")
    screen.table([column.header for column in table], rows, right, flexible)
    screen.line(plural("screens.list.count", len(records)))


def column_of(key: str, records: Sequence[Record], viewer: Viewer) -> Column:
    """The values of a key, in the records' order."""
    field = next((f for r in records if (f := field_of(key, viewer.project(r))) is not None), None)
    cells = [_cell(record, key, viewer) for record in records]
    header = (field.name or key) if field is not None else key
    shown = [cell if cell.text else Cell("–", "dim") for cell in cells]
    return Column(key, header.upper(), shown, field is not None and kind_of(field).figure)


def _cell(record: Record, key: str, viewer: Viewer) -> Cell:
    if key == "title":
        return Cell(one_line(record.title), "dim" if record.done else "bold")
    if key == "due":
        return due_cell(record, viewer)
    if key == "list":
        return Cell(record.list or "", viewer.project(record).list_of(record.list or "").color)
    if key in ("project", "path"):
        return Cell(record.project if key == "project" else record.path)
    if key == "comments":
        return Cell(str(len(record.comments)) if record.comments else "")
    if key == "checklist":
        done = sum(item.done for item in record.items)
        return Cell(f"{done}/{len(record.items)}" if record.items else "")
    if key == "description":
        return Cell(one_line(record.body)[:60])
    if key == "tags":
        tags = record.tuple_of("tags")
        colours = viewer.project(record).tags
        return Cell(", ".join(tags), colours.get(tags[0]) if tags else None)
    return Cell(one_line(viewer.value(record, key)), viewer.color(record, key))
