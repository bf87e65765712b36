"""What ``bluefs list`` shows: the records that answer a query, as a table or as JSON.

It knows nothing of click, so that a command line as plain as most are is answered without it
(`straight`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from importlib import import_module

from bluefs.app.workspace import Snapshot
from bluefs.cli.asking import read_query
from bluefs.cli.base import App
from bluefs.cli.screen import Cell, Screen, columns, cut
from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.frozen import dataclass, replace
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.jsontext import render_array
from bluefs.core.model import Config, FieldDef, Project, Record
from bluefs.core.patterns import pattern
from bluefs.core.query.tree import Search, leaves
from bluefs.core.show import Viewer, spot
from bluefs.core.words import plural, say

if TYPE_CHECKING:
    from bluefs.cli.passages import Passages
    from bluefs.cli.views import View
    from bluefs.core.query import Query

#: What every answer needs sooner or later: sooner, the worktree is being looked at meanwhile.
_NEEDED = (
    "bluefs.app.keeping", "bluefs.adapters.index", "bluefs.core.query.sql.compiling", "zoneinfo",
)  # fmt: skip
#: What one to a question needs.
_ASKED = ("bluefs.core.query.parsing", "bluefs.core.query.checking")
_ME = pattern(r"(?i)(?:^|[\s(-])(?:assignees?)[:=]\S*\bme\b")
#: Columns at most that hold numbers: a table is to be read, not to be complete.
_FIGURES = 2
#: Characters on a terminal of a column that is there for the order.
_WIDEST = 24


def show_list(
    app: App, words: tuple[str, ...], name: str | None = None, saved: str | None = None,
    group: str | None = None, as_json: bool = False,
) -> None:  # fmt: skip
    """Write the answer. Raises Refused."""
    app.without_rules()
    for module in (*_NEEDED, *(_ASKED if words else ())):
        import_module(module)
    snapshot = app.snapshot
    config = snapshot.config
    project, view, words = _named(app, name, saved, words)
    key = group or (view.group if view is not None else "")
    projects = [project] if project is not None else list(config.projects.values())
    query = read_query(words, config, projects, snapshot)
    me = app.me if (about_me := "me" in query.text.casefold()) else None
    found = snapshot.select(query, app.now, me, project.key if project is not None else None)
    viewer = app.viewer
    shown = _passages(query)
    also: tuple[str, ...] = ()
    if query.sort and not as_json:
        from bluefs.cli.viewing import ordering

        also = ordering(query, projects)
    if as_json and key:
        from bluefs.cli import viewing

        viewing.show_groups_json(app.screen, found, snapshot, viewer, key)
    elif as_json:
        objects = ({**viewer.as_json(r), **(shown.as_json(r) if shown else {})} for r in found)
        app.screen.line(render_array(objects, ascii_only=not app.screen.unicode))
    elif found and not key and (view is None or not view.columns):
        below = shown.lines(found, app.screen) if shown else ()
        show_table(
            app.screen, found, snapshot, viewer, one_project=project is not None, below=below,
            also=also,
        )  # fmt: skip
    elif found:
        from bluefs.cli import viewing

        viewing.show_records(
            app.screen, found, snapshot, viewer, one_project=project is not None,
            columns=view.columns if view is not None else (), group=key, also=also,
        )  # fmt: skip
    if about_me and me is None and _ME.search(query.text):
        _remark(say("screens.list.stranger"))
    elif not found and not as_json:
        _say_nothing(query, config, projects)


def _named(
    app: App, name: str | None, saved: str | None, words: tuple[str, ...]
) -> tuple[Project | None, View | None, tuple[str, ...]]:
    """The project and the view that were named, and the words with what the view asks for."""
    project = None
    if name is not None:
        from bluefs.app.refs import project_of

        project = project_of(app.snapshot, name)
    if saved is None:
        return project, None, words
    from bluefs.cli.views import chosen_view, filtered

    view = chosen_view(app, saved, project)
    return view.project, view, tuple(filtered(view, words))


def _say_nothing(query: Query, config: Config, projects: Sequence[Project]) -> None:
    """That nothing answers, and what was meant where that can be told."""
    from bluefs.cli.nothing import hint

    _remark(say("screens.list.none" if query.text.strip() else "screens.list.empty"))
    meant = hint(query, config, projects)
    if meant is not None:
        _remark(meant)


def _passages(query: Query) -> Passages | None:
    """None for a query without words, which most are."""
    if not any(isinstance(leaf, Search) for leaf in leaves(query.tree)):
        return None
    from bluefs.cli.passages import Passages

    return Passages.of(query)


def _remark(text: str) -> None:
    sys.stderr.write(text + "\n")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its cells stand to the right where it holds numbers."""

    key: str
    header: str
    cells: Sequence[Cell]
    right: bool = False

    @property
    def width(self) -> int:
        return max(columns(self.header), *(columns(c.text) for c in self.cells))

    def capped(self, width: int) -> Column:
        return replace(self, cells=[replace(c, text=cut(c.text, width)) for c in self.cells])

    @property
    def empty(self) -> bool:
        return not any(c.text for c in self.cells)


def show_table(
    screen: Screen, records: Sequence[Record], snapshot: Snapshot, viewer: Viewer, *,
    one_project: bool, below: Sequence[str] = (), also: Sequence[str] = (),
) -> None:  # fmt: skip
    """The records in their order, each with its line of ``below`` (none where that is empty),
    then one line of totals. ``also`` are keys that have a column whatever else has."""
    figures = _figures(records, snapshot)
    table = [
        *_fixed(records, snapshot, viewer, screen, short_place=one_project or _is_one(records)),
        *_more(also, figures, records, viewer, screen.width),
        *(_figure(field, records, viewer) for field in figures),
    ]
    table = [column for column in table if column.key == "title" or not column.empty]
    table = fit([_dashed(column) for column in table], screen.width)
    rows = list(zip(*(column.cells for column in table), strict=True))
    right = frozenset(n for n, column in enumerate(table) if column.right)
    flexible = next(n for n, column in enumerate(table) if column.key == "title")
    screen.table([column.header for column in table], rows, right, flexible, below)
    screen.line(_totals(records, figures, viewer))


def _is_one(records: Iterable[Record]) -> bool:
    return len({record.project for record in records}) == 1


def _fixed(
    records: Sequence[Record], snapshot: Snapshot, viewer: Viewer, screen: Screen, *,
    short_place: bool,
) -> list[Column]:  # fmt: skip
    short = snapshot.short(records)

    def place(record: Record) -> Cell:
        colour = viewer.project(record).list_of(record.list or "").color
        return Cell((record.list or "") if short_place else spot(record), colour)

    def tags(record: Record) -> Cell:
        found = record.tuple_of("tags")
        colours = viewer.project(record).tags
        return Cell(", ".join(found), colours.get(found[0]) if found else None)

    makers: dict[str, Callable[[Record], Cell]] = {
        "id": lambda r: Cell(short.of(r.id) if r.id is not None else "", "dim"),
        "title": lambda r: Cell(one_line(r.title), "dim" if r.done else "bold"),
        "list": place,
        "due": lambda r: due_cell(r, viewer),
        "who": lambda r: Cell(", ".join(r.tuple_of("assignees"))),
        "tags": tags,
    }
    return [
        Column(key, say(f"screens.list.{key}"), [make(record) for record in records])
        for key, make in makers.items()
    ]


def _more(
    keys: Iterable[str], figures: Iterable[FieldDef], records: Sequence[Record], viewer: Viewer,
    width: int | None,
) -> Iterator[Column]:  # fmt: skip
    """The columns of these keys, but for those that the table has by itself."""
    own = {"title", "list", "due", "assignees", "tags", *(field.key for field in figures)}
    for key in keys:
        if key not in own:
            from bluefs.cli.viewing import column_of

            column = column_of(key, records, viewer)
            yield column if width is None else column.capped(_WIDEST)


def one_line(text: str) -> str:
    return " ".join(text.split())


def due_cell(record: Record, viewer: Viewer) -> Cell:
    """``done`` for what is done: its due date no longer asks for anything."""
    if record.done:
        return Cell(say("screens.done"), "dim")
    text, urgency = viewer.due(record)
    return Cell(text, {"late": "red", "today": "yellow"}.get(urgency or ""))


def _figures(records: Sequence[Record], snapshot: Snapshot) -> list[FieldDef]:
    """The amounts that listed records have, else the first other number. Of several projects,
    what all of them declare alike."""
    projects = [snapshot.project(r) for r in {r.project: r for r in records}.values()]
    # What holds no Decimal is no figure, and its kind need not be imported.
    held = {k for r in records for k, value in r.values.items() if isinstance(value, Decimal)}
    first, *others = projects
    common = [
        field for field in first.fields.values()
        if field.key in held and kind_of(field).figure
        and all(_alike(field, other) for other in others)
    ]  # fmt: skip
    amounts = [field for field in common if kind_of(field).summed]
    return (amounts or common[:1])[:_FIGURES]


def _alike(field: FieldDef, project: Project) -> bool:
    other = project.fields.get(field.key)
    return other is not None and (other.kind, other.options) == (field.kind, field.options)


def _figure(field: FieldDef, records: Sequence[Record], viewer: Viewer) -> Column:
    cells = [Cell(viewer.value(record, field.key)) for record in records]
    return Column(field.key, (field.name or field.key).upper(), cells, right=True)


def _dashed(column: Column) -> Column:
    dash = Cell("–", "dim")
    return replace(column, cells=[c if c.text else dash for c in column.cells])


#: (column, width it is cut to, 0 to leave it out) in the order of what is missed least;
#: ``#2`` is the second column of numbers.
_STEPS = (
    ("title", 40), ("tags", 16), ("title", 28), ("list", 20), ("#2", 0), ("tags", 0),
    ("title", 20), ("list", 14), ("who", 8), ("#1", 0), ("who", 0), ("list", 10),
)  # fmt: skip


def fit(table: list[Column], width: int | None) -> list[Column]:
    """The columns that fit the screen, the least important cut or left out first, what is
    spare then given back to the titles; all of them, whole, where there is no width."""
    if width is None:
        return table
    fitted = table
    for key, cap in _STEPS:
        if _total(fitted) <= width:
            break
        key = _numbered(key, fitted)
        if cap:
            fitted = [c.capped(cap) if c.key == key else c for c in fitted]
        else:
            fitted = [c for c in fitted if c.key != key]
    spare = max(0, width - _total(fitted))
    whole = {c.key: c for c in table if c.key == "title"}
    return [whole[c.key].capped(c.width + spare) if c.key in whole else c for c in fitted]


def _numbered(key: str, table: Sequence[Column]) -> str:
    numbers = [column.key for column in table if column.right]
    if not key.startswith("#"):
        return key
    at = int(key[1:]) - 1
    return numbers[at] if at < len(numbers) else ""


def _total(table: Sequence[Column]) -> int:
    return sum(column.width for column in table) + 2 * (len(table) - 1)


def _totals(records: Sequence[Record], figures: Sequence[FieldDef], viewer: Viewer) -> str:
    """``3 records · €74,500``; with several amounts each under its name."""
    parts = [plural("screens.list.count", len(records))]
    amounts = [field for field in figures if kind_of(field).summed]
    setting = Setting(viewer.config, viewer.project(records[0]), viewer.now)
    for field in amounts:
        values = (record.values.get(field.key) for record in records)
        total = sum((v for v in values if isinstance(v, Decimal)), Decimal(0))
        shown = kind_of(field).show(field, total, setting)
        parts.append(shown if len(amounts) == 1 else f"{field.name} {shown}")
    return " · ".join(parts)
