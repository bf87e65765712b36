"""``bluefs show``: one record, whole."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

import click

from bluefs.app import refs
from bluefs.app.workspace import Snapshot
from bluefs.cli.base import App
from bluefs.cli.listing import one_line
from bluefs.cli.screen import Screen, columns
from bluefs.core.errors import Refused
from bluefs.core.jsontext import render_json
from bluefs.core.layout import place
from bluefs.core.linking import has_links
from bluefs.core.model import Comment, Item, Record
from bluefs.core.patterns import pattern
from bluefs.core.show import Viewer, checklists, prose, spot
from bluefs.core.words import say

#: Columns of the layout at most: the list's name at the right edge should be near its title.
_WIDEST = 88
#: What is left for a value beside its name.
_NARROWEST = 20
#: Records named of those that refer to this one from one field.
_MOST = 12
_FOREIGN = ("repeat", "remind", "color")
#: What a line of Markdown begins with, before its text.
_MARK = pattern(r" *(?:(?:[-*+]|\d{1,9}[.)]) +|(?:> ?)+)?")


@click.command()
@click.argument("ref", metavar="REF", required=False)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, ref: str | None, as_json: bool) -> None:
    snapshot = app.without_rules().snapshot
    viewer = app.viewer
    for record in _meant(app, ref):
        if as_json:
            whole = viewer.as_json(record)
            if has_links(snapshot.config):
                whole = {**whole, "referenced_by": _referring(snapshot, record)}
            text = render_json(whole, ascii_only=not app.screen.unicode)
            app.screen.line(text)
        else:
            Page(app.screen, snapshot, viewer, record).show()


def _meant(app: App, ref: str | None) -> list[Record]:
    """The record of a REF; those on standard input for ``-``; without one, what a person on
    a terminal says. Raises Refused."""
    if ref is not None and ref != "-":
        try:
            return [refs.find(app.snapshot, ref, app.inside)]
        except Refused as error:
            if error.key != "cli.ref.several" or not app.asks():
                raise
            from bluefs.cli.picking import meant

            return [meant(app, ref)]
    from bluefs.cli.writing import chosen

    return chosen(app, [ref] if ref is not None else [], None)


def _referring(snapshot: Snapshot, record: Record) -> list[dict[str, object]]:
    return [
        {"project": other.project, "field": field.key, "id": other.id, "title": other.title,
         "path": other.path}
        for other, field in snapshot.referring(record)
    ]  # fmt: skip


class Page:
    """One record on the screen."""

    def __init__(self, screen: Screen, snapshot: Snapshot, viewer: Viewer, record: Record) -> None:
        self.screen = screen
        self.snapshot = snapshot
        self.viewer = viewer
        self.record = record
        self.width = min(screen.width or _WIDEST, _WIDEST)
        self.short = snapshot.short([record])

    def show(self) -> None:
        self._head()
        self._fields()
        self._prose()
        for title, items in checklists(self.record):
            self._checklist(title, items)
        self._comments()
        self._warnings()

    def _head(self) -> None:
        title, place = one_line(self.record.title), spot(self.record)
        colour = self.viewer.project(self.record).list_of(self.record.list or "").color
        paint = self.screen.paint
        *above, last = self._wrapped(title, self.width)
        for line in above:
            self.screen.line(paint(line, "bold"))
        if self.screen.width is not None and columns(last) + 2 + columns(place) > self.width:
            self.screen.line(paint(last, "bold"))
            last = ""
        gap = max(2 if last else 0, self.width - columns(last) - columns(place))
        self.screen.line(paint(last, "bold") + " " * gap + paint(place, colour))
        self.screen.line(" · ".join(self._about()))

    def _about(self) -> Iterator[str]:
        """Id, dates, people, tags: what is set, each painted."""
        record, paint = self.record, self.screen.paint
        yield self._id(record.id) if record.id else paint(say("screens.show.no_id"), "dim")
        if record.done:
            yield paint(say("screens.done"), "green")
        start = record.values.get("start")
        if isinstance(start, date):
            yield say("screens.show.start", date=self.viewer.when(start))
        due, urgency = self.viewer.due(record)
        if due:
            text = due if urgency == "late" else say("screens.due", date=due)
            yield paint(text, {"late": "red", "today": "yellow"}.get(urgency or ""))
        if record.tuple_of("assignees"):
            yield ", ".join(record.tuple_of("assignees"))
        if record.tuple_of("tags"):
            colours = self.viewer.project(record).tags
            yield ", ".join(paint(tag, colours.get(tag)) for tag in record.tuple_of("tags"))

    def _id(self, id: str) -> str:
        """All of it; the part that is enough to name it stands out."""
        enough = self.short.of(id)
        return self.screen.paint(enough, "bold") + self.screen.paint(id[len(enough) :], "dim")

    def _fields(self) -> None:
        """Two columns of them where they fit; long ones get a line to themselves."""
        pairs = [*self._pairs()]
        names = max((columns(name) for name, _ in pairs), default=0)
        half = (self.width - 2) // 2
        short = [pair for pair in pairs if names + 2 + columns(pair[1]) <= half - 2]
        rows = (len(short) + 1) // 2
        left, right = short[:rows], short[rows:]
        beside = max((columns(name) for name, _ in right), default=0)
        for n, pair in enumerate(left):
            line = self._field(pair, names)
            if n < len(right):
                used = names + 2 + columns(pair[1])
                line += " " * max(2, half - used) + self._field(right[n], beside)
            self.screen.line(f"  {line}")
        for pair in pairs:
            if pair not in short:
                below = " " * (names + 4)
                first, *rest = self._wrapped(pair[1], max(_NARROWEST, self.width - len(below)))
                self.screen.line(f"  {self._field((pair[0], first), names)}")
                for line in rest:
                    self.screen.line(below + line.strip())

    def _field(self, pair: tuple[str, str], names: int) -> str:
        name, text = pair
        return f"{self.screen.paint(name, 'dim')}{' ' * (names - columns(name))}  {text}"

    def _pairs(self) -> Iterator[tuple[str, str]]:
        record = self.record
        for field, text in self.viewer.fields(record):
            yield field.name or field.key, one_line(text)
        for key in _FOREIGN:
            if key in record.values:
                yield say(f"screens.show.{key}"), one_line(self.viewer.value(record, key))
        for key, value in record.unknown.items():
            yield key, one_line(str(value if value is not None else "–"))
        blockers = [self._named(text) for text in self.viewer.blockers(record)]
        if blockers:
            yield say("screens.show.blocked_by"), ", ".join(blockers)
        waiting = [r for r in self.snapshot.waiting if record.id in [*self.viewer.blockers(r)]]
        if waiting and record.id is not None:
            yield say("screens.show.blocks"), ", ".join(map(self._title, waiting))
        yield from self._referring()
        files = list(self._files())
        if files:
            yield say("screens.show.files"), ", ".join(files)

    def _referring(self) -> Iterator[tuple[str, str]]:
        """Who refers to it, by project and field."""
        found: dict[str, list[Record]] = {}
        for other, field in self.snapshot.referring(self.record):
            project = self.snapshot.project(other)
            where = f"{project.name or project.key}, {field.name or field.key}"
            found.setdefault(where, []).append(other)
        for where, records in found.items():
            shown = ", ".join(map(self._title, records[:_MOST]))
            more = len(records) - _MOST
            if more > 0:
                shown = say("screens.show.more", shown=shown, count=more)
            yield say("screens.show.referenced", where=where), shown

    def _named(self, text: str) -> str:
        found = self.snapshot.by_id(text)
        return self._title(found) if found is not None else text

    def _title(self, record: Record) -> str:
        short = self.snapshot.short([record])
        name = short.of(record.id) if record.id is not None else record.path
        done = f", {say('screens.done')}" if record.done else ""
        return f"{one_line(record.title)} ({name}{done})"

    def _files(self) -> Iterator[str]:
        """Names of its attachments."""
        home = f"{self.record.project}/" if self.record.project else ""
        start = f"{home}_files/{self.record.id}/"
        for path in sorted(self.snapshot.paths):
            if path.startswith(start) and place(path, self.snapshot.config).kind == "attachment":
                yield path.removeprefix(start)

    def _prose(self) -> None:
        lines = prose(self.record)
        if lines:
            self.screen.line()
        fenced = False
        for line, heading in lines:
            edge = line.lstrip().startswith(("```", "~~~"))
            fenced ^= edge
            parts = [line] if fenced or edge else self._wrapped(line, self.width)
            for part in parts:
                self.screen.line(self.screen.paint(part, "bold" if heading else None))

    def _checklist(self, title: str, items: Sequence[Item]) -> None:
        done = sum(item.done for item in items)
        self.screen.line()
        head = self.screen.paint(title or say("screens.show.checklist"), "bold")
        self.screen.line(f"{head}  {done}/{len(items)}")
        widest = max(columns(item.text) for item in items)
        widest = min(widest, self.width // 2)
        for item in items:
            self._item(item, widest)

    def _item(self, item: Item, widest: int) -> None:
        more = list(item.assignees[:1] and [", ".join(item.assignees)])
        if item.due is not None:
            more.append(say("screens.due", date=self.viewer.when(item.due)))
        text = f"  [{'x' if item.done else ' '}] {item.text}"
        pad = " " * max(0, widest - columns(item.text))
        line = f"{text}{pad}  {' · '.join(more)}" if more else text
        self.screen.line(self.screen.paint(line, "dim") if item.done else line)

    def _comments(self) -> None:
        comments = self.record.comments
        if not comments:
            return
        self.screen.line()
        self.screen.line(
            f"{self.screen.paint(say('screens.show.comments'), 'bold')}  {len(comments)}"
        )
        for comment in comments:
            self._comment(comment)

    def _comment(self, comment: Comment) -> None:
        when = self.viewer.when(comment.at) if comment.at is not None else "–"
        self.screen.line(f"  {comment.author}, {self.screen.paint(when, 'dim')}")
        for line in comment.text.split("\n"):
            for part in self._wrapped(line, self.width - 4):
                self.screen.line(f"    {part}".rstrip())

    def _wrapped(self, line: str, width: int) -> list[str]:
        """Lines that fit a terminal, a list's below its text; in a pipe the text is as it was
        typed."""
        if self.screen.width is None or columns(line) <= width:
            return [line]
        mark = _MARK.match(line)
        below = " " * len(mark[0]) if mark else ""
        return textwrap.wrap(line, width, break_long_words=False, subsequent_indent=below) or [""]

    def _warnings(self) -> None:
        """What a reader must know about the file: it is held, or has Problems."""
        path = self.record.path
        reading = self.snapshot.reading(path)
        count = len(reading.problems) if reading is not None else 0
        if path in self.snapshot.held:
            key = "screens.show.held"
        elif count:
            key = "screens.show.problems"
        else:
            return
        self.screen.line()
        self.screen.line(self.screen.paint(say(key, path=path), "yellow"))
