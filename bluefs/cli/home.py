"""``bluefs`` alone: the day at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bluefs.app.checking import examined
from bluefs.app.overview import paused
from bluefs.app.workspace import Snapshot
from bluefs.cli.base import App
from bluefs.cli.listing import one_line
from bluefs.cli.screen import Screen, columns, cut
from bluefs.cli.status import engine_line, label_of, said, workspace_name
from bluefs.core.errors import Refused
from bluefs.core.model import Record
from bluefs.core.short import Short
from bluefs.core.show import Viewer, spot
from bluefs.core.words import plural, say, spoken

#: Records shown: what a person can do in a morning.
_SHOWN = 5
#: Columns that a title and a place keep at least.
_TITLE, _PLACE = 16, 8
_WIDEST = 88


def home(app: App) -> None:
    """Whose workspace it is, what is mine and due, whether the engine runs, what is wrong."""
    snapshot = _snapshot(app)
    viewer = app.viewer
    open_records = [record for record in snapshot.records if not record.done]
    width = min(app.screen.width or _WIDEST, _WIDEST)
    _head(app, len(open_records), width)
    app.screen.line()
    _mine(app, viewer, open_records, width)
    app.screen.line()
    _row(app.screen, "engine", *engine_line(app.home.lock.holder(), viewer))
    stopped = paused(app.library)
    if stopped:
        _row(app.screen, "paused", said("engine.paused", {"count": stopped}), "yellow")
    _, found = examined(app.library, snapshot, app.now)
    count = sum(problem.level != "info" for problem in found.problems)
    if count:
        _row(app.screen, "problems", say("screens.home.problems", count=count), "yellow")


def _snapshot(app: App) -> Snapshot:
    """Raises Refused; outside of a workspace it says how to begin, which who types nothing but
    the name wants to know."""
    try:
        return app.snapshot
    except Refused as refused:
        if refused.key != "errors.no_workspace":
            raise
        raise Refused("screens.home.outside", **refused.fields) from refused


def _row(screen: Screen, word: str, text: str, style: str | None) -> None:
    label = screen.paint(label_of(word), "dim")
    screen.line(label + screen.paint(text, style))


def _head(app: App, count: int, width: int) -> None:
    projects = plural("screens.projects", len(app.config.projects))
    parts = [workspace_name(app), projects, plural("screens.home.open", count)]
    left = " · ".join(parts)
    right = f"{_day(app.now, spoken())}, {app.now:%H:%M}"
    gap = " " * max(2, width - columns(left) - columns(right))
    bold = app.screen.paint(parts[0], "bold") + left.removeprefix(parts[0])
    app.screen.line(bold + gap + app.screen.paint(right, "dim"))


def _day(now: datetime, language: str) -> str:
    """``Tue 24 Nov 2026``: the weekday and the year, which ``show_when`` gives one of."""
    from bluefs.core.when.names import SHORT_DAYS, SHORT_MONTHS

    weekday, month = SHORT_DAYS[language][now.weekday()], SHORT_MONTHS[language][now.month - 1]
    return f"{weekday} {now.day} {month} {now.year}"


def _mine(app: App, viewer: Viewer, records: Sequence[Record], width: int) -> None:
    """My open records, the next due first; everybody's where Git's identity is nobody's."""
    me = app.me
    if me is None:
        title, chosen = say("screens.home.next"), [r for r in records if "due" in r.values]
        query = "is:open sort:due"
    else:
        title = say("screens.home.yours", who=me)
        chosen = [r for r in records if me in r.tuple_of("assignees")]
        query = "assignee:me is:open"
    app.screen.line(app.screen.paint(title, "bold"))
    chosen.sort(key=lambda r: (_moment(r, app.now), r.path))
    if not chosen:
        app.screen.line("  " + _nothing(app, records))
    for line in _lines(app, viewer, chosen[:_SHOWN], width):
        app.screen.line("  " + line)
    if len(chosen) > _SHOWN:
        more = say("screens.home.more", count=len(chosen) - _SHOWN, query=query)
        app.screen.line("  " + more)
    if me is None and app.config.workspace.people:
        app.screen.line("  " + app.screen.paint(_stranger(app), "dim"))


def _stranger(app: App) -> str:
    identity = app.home.git.identity()
    if identity is None:
        return say("screens.home.nameless")
    return say("screens.home.stranger", address=identity.email)


def _nothing(app: App, records: Sequence[Record]) -> str:
    """What to try where nothing is to be shown."""
    if records:
        kind = "due" if app.me is None else "mine"
        return plural(f"screens.home.nothing.{kind}", len(records))
    return say(f"screens.home.nothing.{'open' if app.snapshot.records else 'yet'}")


def _moment(record: Record, now: datetime) -> tuple[bool, date, float]:
    """By day, whole days before the moments in them; without a due date last."""
    due = record.values.get("due")
    if isinstance(due, datetime):
        local = due.astimezone(now.tzinfo)
        return False, local.date(), local.timestamp()
    return (False, due, 0.0) if isinstance(due, date) else (True, date.max, 0.0)


def _lines(app: App, viewer: Viewer, records: Sequence[Record], width: int) -> Iterator[str]:
    short = Short(r.id for r in app.snapshot.records if r.id is not None)
    ids = [short.of(r.id) if r.id is not None else "–" for r in records]
    spots = [spot(r) for r in records]
    notes = [_note(viewer, r, short) for r in records]
    sizes = [max(map(columns, column), default=0) for column in (ids, spots)]
    widest = max((columns(_joined(note)) for note in notes), default=0)
    room = width - sum(sizes) - widest - 8 if app.screen.width is not None else 60
    if room < _TITLE:  # a narrow terminal
        spots = [cut(one, max(_PLACE, sizes[1] + room - _TITLE)) for one in spots]
        sizes[1] = max(map(columns, spots), default=0)
    titles = [cut(one_line(r.title), max(_TITLE, room)) for r in records]
    sizes.append(max(map(columns, titles), default=0))
    paint = app.screen.paint
    for id, title, stands, note in zip(ids, titles, spots, notes, strict=True):
        painted = paint(_pad(id, sizes[0]), "dim")
        bold = paint(title, "bold") + " " * (sizes[2] - columns(title))
        told = " · ".join(paint(text, style) for text, style in note)
        yield f"{painted}  {bold}  {_pad(stands, sizes[1])}  {told}".rstrip()


def _pad(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


Note = list[tuple[str, str | None]]


def _joined(note: Note) -> str:
    return " · ".join(text for text, _ in note)


def _note(viewer: Viewer, record: Record, short: Short) -> Note:
    """``due today 15:00 · blocked by m4xq``: each part with its colour."""
    text, urgency = viewer.due(record)
    if text and urgency != "late":
        text = say("screens.due", date=text)
    found = [viewer.find(one) for one in record.tuple_of("blocked_by")] if viewer.find else []
    waits = [short.of(one.name) for one in found if one is not None and not one.done]
    note: Note = [(text, {"late": "red", "today": "yellow"}.get(urgency or ""))] if text else []
    if waits:
        note.append((say("screens.home.blocked", ids=", ".join(waits)), "yellow"))
    return note
