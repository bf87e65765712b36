"""``bluefs board``: a project's lists side by side, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Sequence

import click

from bluefs.app import refs
from bluefs.app.refs import all_lists
from bluefs.cli.asking import read_query
from bluefs.cli.base import App
from bluefs.cli.querying import SETTINGS, QueryCommand
from bluefs.cli.screen import Screen, columns, cut
from bluefs.cli.viewing import ordering, with_keys
from bluefs.cli.views import chosen_view, filtered
from bluefs.cli.writing import talk
from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass
from bluefs.core.jsontext import render_json
from bluefs.core.matching import match_project
from bluefs.core.model import ListDef, Project, Record
from bluefs.core.query import Query, order
from bluefs.core.short import Short
from bluefs.core.show import Viewer
from bluefs.core.words import plural, say

#: A column is never narrower: what is left of a title should still say which it is.
_NARROWEST = 18
_WIDEST = 40
_GAP = 2
#: Cards shown of a list at most on a terminal; a pipe gets all.
_CARDS = 12


@dataclass(frozen=True, slots=True)
class Pile:
    """A list and its records in their order."""

    list: ListDef
    records: Sequence[Record]


@click.command(
    cls=QueryCommand, context_settings=SETTINGS,
)  # fmt: skip
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[PROJECT] [QUERY]...")
@click.option("-p", "--project", "name", metavar="PROJECT")
@click.option("--view", metavar="NAME")
@click.option("--all", "every", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(
    app: App, words: tuple[str, ...], name: str | None, view: str | None, every: bool,
    as_json: bool,
) -> None:  # fmt: skip
    project, rest = _project(app, words, name)
    card: tuple[str, ...] = ()
    if view is not None:
        found = chosen_view(app, view, project)
        rest, card = filtered(found, rest), found.columns
    query = read_query(rest, app.config, [project], app.snapshot)
    own = (r for r in app.snapshot.records if r.project == project.key)
    records = query.select(own, app.snapshot.context(app.now, app.me))
    if not query.sort:
        records = order(records, None, app.snapshot.context(app.now, app.me))
    piles = [
        Pile(one, [r for r in records if r.list == one.key])
        for one in all_lists(project, app.snapshot).lists.values()
    ]
    if not piles:
        raise Refused("cli.list.missing", project=project.name, folder=f"{project.key}/Backlog")
    if as_json:
        _show_json(app, project, piles)
    else:
        Board(app, project, card, ordering(query, [project]), every=every).show(piles)
        if rest and not records:
            _nothing(app, query, project)


def _nothing(app: App, query: Query, project: Project) -> None:
    """What to say below empty lists."""
    from bluefs.cli.nothing import hint

    talk(say("screens.list.none"))
    meant = hint(query, app.config, [project])
    if meant is not None:
        talk(meant)


def _project(app: App, words: Sequence[str], name: str | None) -> tuple[Project, list[str]]:
    """The project and the query's words. A first word that names a project is one. Raises
    Refused."""
    projects = app.config.projects
    rest = list(words)
    if name is not None:
        return refs.project_of(app.snapshot, name), rest
    if rest and ":" not in rest[0] and len(match_project(rest[0], app.config)) == 1:
        return refs.project_of(app.snapshot, rest.pop(0)), rest
    here = app.inside(".")
    home = app.config.project_of(f"{here}/x" if here and here != "." else "x")
    if home is not None:
        return home, rest
    if len(projects) == 1:
        return next(iter(projects.values())), rest
    if rest and ":" not in rest[0]:
        return refs.project_of(app.snapshot, rest[0]), rest
    if not projects:
        raise Refused("cli.project.empty")
    raise Refused("looking.board.which", names=", ".join(projects))


def _show_json(app: App, project: Project, piles: Sequence[Pile]) -> None:
    viewer = Viewer(app.config, app.now)
    found = {
        "project": project.key,
        "name": project.name,
        "lists": [
            {
                "list": pile.list.key, "name": pile.list.name, "color": pile.list.color,
                "done": pile.list.done, "locked": pile.list.locked,
                "records": [viewer.as_json(record) for record in pile.records],
            }
            for pile in piles
        ],
    }  # fmt: skip
    app.screen.line(render_json(found, ascii_only=not app.screen.unicode))


class Board:
    """The lists on the screen. On a terminal as many stand side by side as fit, the rest below
    them; in a pipe one stands below the other, whole."""

    def __init__(
        self, app: App, project: Project, card: Sequence[str], sort: Sequence[str], *, every: bool
    ) -> None:
        self.screen: Screen = app.screen
        self.project = project
        self.viewer = Viewer(app.config, app.now)
        self.short = Short(r.id for r in app.snapshot.records if r.id is not None)
        self.card = with_keys(card, sort) if card else ()
        self.also = [key for key in sort if key not in ("due", "assignees", "tags", "list")]
        self.every = every

    def show(self, piles: Sequence[Pile]) -> None:
        width = self.screen.width
        if width is None:
            for pile in piles:
                self._plainly(pile)
            return
        beside = max(1, min(len(piles), (width + _GAP) // (_NARROWEST + _GAP)))
        rows = -(-len(piles) // beside)
        beside = -(-len(piles) // rows)  # even rows
        size = min(_WIDEST, (width - _GAP * (beside - 1)) // beside)
        for n in range(0, len(piles), beside):
            if n:
                self.screen.line()
            self._row(piles[n : n + beside], size)

    def _plainly(self, pile: Pile) -> None:
        self.screen.line(self._head(pile))
        for record in pile.records:
            name = self.short.of(record.id) if record.id is not None else "–"
            notes = " · ".join(text for text, _ in self._notes(record))
            self.screen.line(
                f"  {name}  {_one_line(record.title)}" + (f"  {notes}" if notes else "")
            )

    def _head(self, pile: Pile) -> str:
        locked = f" {say('looking.lists.locked')}" if pile.list.locked else ""
        return f"{pile.list.name}{locked}  {len(pile.records)}"

    def _row(self, piles: Sequence[Pile], size: int) -> None:
        drawn = [self._column(pile, size) for pile in piles]
        for column in drawn:
            while not column[-1]:
                column.pop()
        for n in range(max(map(len, drawn))):
            cells = [column[n] if n < len(column) else [] for column in drawn]
            self.screen.line((" " * _GAP).join(self._cell(c, size) for c in cells).rstrip())

    def _cell(self, parts: Sequence[tuple[str, str | None]], size: int) -> str:
        """Painted parts cut to ``size`` columns and filled up to it."""
        left, painted = size, []
        for text, style in parts:
            shown = cut(self.screen.plain(text), left) if left > 0 else ""
            left -= columns(shown)
            painted.append(self.screen.paint(shown, style))
        return "".join(painted) + " " * max(0, left)

    def _column(self, pile: Pile, size: int) -> list[list[tuple[str, str | None]]]:
        lines: list[list[tuple[str, str | None]]] = [
            [(self._head(pile), pile.list.color or "bold")],
            [("–" * size, pile.list.color or "dim")],
        ]
        shown = pile.records
        if not self.every:
            shown = shown[: (3 if pile.list.done else _CARDS)]
        for record in shown:
            lines += self._card(record, size)
        more = len(pile.records) - len(shown)
        if more:
            lines.append([(plural("looking.board.more", more), "dim")])
        return lines

    def _card(self, record: Record, size: int) -> list[list[tuple[str, str | None]]]:
        """The title on up to two lines, then what there is to know."""
        name = self.short.of(record.id) if record.id is not None else ""
        colour = record.values.get("color")
        style = "dim" if record.done else colour if isinstance(colour, str) else "bold"
        title = _wrapped(_one_line(record.title), size, 2)
        lines: list[list[tuple[str, str | None]]] = [[(line, style)] for line in title]
        notes = self._notes(record)
        last: list[tuple[str, str | None]] = [(name, "dim")] if name else []
        for text, note in notes:
            last += [(" · " if last else "", "dim"), (text, note)]
        return [*lines, last, []]

    def _notes(self, record: Record) -> list[tuple[str, str | None]]:
        """What a card says below its title, each with its colour."""
        if self.card:
            return self._values(record, self.card)
        found: list[tuple[str, str | None]] = []
        due, urgency = self.viewer.due(record)
        if due and not record.done:
            found.append((due, {"late": "red", "today": "yellow"}.get(urgency or "")))
        people = ", ".join(record.tuple_of("assignees"))
        if people:
            found.append((people, None))
        done = sum(item.done for item in record.items)
        if record.items:
            found.append((f"{done}/{len(record.items)}", None))
        found += self._values(record, self.also)
        found += [(tag, self.project.tags.get(tag)) for tag in record.tuple_of("tags")]
        return found

    def _values(self, record: Record, keys: Sequence[str]) -> list[tuple[str, str | None]]:
        """What these keys hold, each with its colour."""
        asked = (key for key in keys if key not in ("title", "id"))
        values = ((self.viewer.value(record, k), self.viewer.color(record, k)) for k in asked)
        return [(_one_line(text), colour) for text, colour in values if text]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _wrapped(text: str, size: int, most: int) -> list[str]:
    """The text on ``most`` lines of ``size`` columns; the last one cut where it is longer."""
    lines: list[str] = []
    words = text.split(" ")
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and columns(f"{line} {words[0]}") <= size:
            line = f"{line} {words.pop(0)}"
        if columns(line) > size:  # one word longer than the line
            lines.append(cut(" ".join([line, *words]), size))
            return lines
        lines.append(line)
    if words:
        lines.append(cut(" ".join(words), size))
    return lines or [""]
