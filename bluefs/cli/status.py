"""``bluefs status``: how things stand between the files, Git, the engine and the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bluefs.app.overview import Overview, overview
from bluefs.app.workspace import Snapshot
from bluefs.cli.base import App
from bluefs.cli.screen import columns
from bluefs.core.jsontext import render_json
from bluefs.core.show import Viewer
from bluefs.core.words import fill, has, plural, say

#: Columns of the first word: the longest is "Workspace".
#: The words that lines begin with.
LABELS = (
    "workspace", "engine", "changes", "sync", "outbox", "trust", "held", "paused", "blocked", "ids",
    "problems",
)  # fmt: skip
#: Paths named in one line.
_NAMED = 3
_WAITING = ("planned", "pending", "sending")


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, as_json: bool) -> None:
    snapshot = app.snapshot
    there = Path(app.home.outbox.file).exists()
    found = overview(app.library, snapshot, app.home.outbox if there else None, app.home.trust)
    holder = app.home.lock.holder()
    if as_json:
        text = render_json(as_object(app, snapshot, found, holder))
        app.screen.line(text)
        return
    for word, line, style in Lines(app, snapshot, found, holder).all():
        label = app.screen.paint(label_of(word), "dim")
        app.screen.line(label + app.screen.paint(line, style))


def label_of(word: str) -> str:
    """The label of a line, as wide as the widest of the language and two columns more."""
    width = max(columns(say(f"screens.status.{one}")) for one in LABELS) + 2
    return say(f"screens.status.{word}").ljust(width)


Holder = Mapping[str, object] | None
Row = tuple[str, str, str | None]


def workspace_name(app: App) -> str:
    return app.config.workspace.name or app.home.root.rpartition("/")[2]


class Lines:
    """(word, text, style) of each line that has something to say."""

    def __init__(self, app: App, snapshot: Snapshot, found: Overview, holder: Holder) -> None:
        self.app = app
        self.snapshot = snapshot
        self.found = found
        self.holder = holder
        self.viewer = Viewer(snapshot.config, app.now)

    def all(self) -> Iterator[Row]:
        yield "workspace", self._workspace(), None
        yield "engine", *engine_line(self.holder, self.viewer)
        yield from self._obstacles()
        yield "changes", self._changes(), None
        if self.found.upstream is not None:
            short = self.found.upstream.removeprefix("refs/remotes/")
            counts = {"ahead": self.found.ahead, "behind": self.found.behind, "upstream": short}
            yield "sync", fill("screens.status.counts", counts), None
        yield "outbox", *self._outbox()
        yield "trust", *self._trust()
        yield from self._held()
        if self.found.nameless:
            yield "ids", plural("screens.status.nameless", len(self.found.nameless)), None

    def _workspace(self) -> str:
        parts = [workspace_name(self.app)]
        if self.found.branch is not None:
            parts.append(self.found.branch)
        projects = plural("screens.projects", len(self.snapshot.config.projects))
        records = plural("screens.list.count", len(self.snapshot.records))
        return " · ".join([*parts, f"{projects}, {records}"])

    def _obstacles(self) -> Iterator[Row]:
        if self.found.paused:
            yield "paused", said("engine.paused", {"count": self.found.paused}), "yellow"
        if self.found.obstacle is not None:
            yield "blocked", said(*self.found.obstacle), "yellow"

    def _changes(self) -> str:
        paths = self.found.uncommitted
        if not paths:
            return say("screens.status.committed")
        texts = [
            say("screens.status.uncommitted", count=len(paths), paths=_some(paths, n))
            for n in range(min(_NAMED, len(paths)), 0, -1)
        ]
        width = self.app.screen.width
        taken = columns(label_of(LABELS[0]))
        fits = (t for t in texts if width is None or taken + columns(t) <= width)
        return next(fits, texts[-1])

    def _outbox(self) -> tuple[str, str | None]:
        if self.found.damage is not None:
            return said(*self.found.damage), "red"
        counts = outbox_counts(self.found)
        if not any(counts.values()):
            return say("screens.status.outbox_empty"), None
        text = fill("screens.status.letters", counts)
        if counts["held"]:
            text = f"{text}, {say('screens.status.letters_held', held=counts['held'])}"
        bad = counts["unknown"] or counts["dead"]
        return text, "red" if bad else "yellow" if counts["held"] else None

    def _trust(self) -> tuple[str, str | None]:
        trust = self.found.trust
        me = trust.by is not None and trust.by == self.app.me
        by = say("screens.status.trust.you") if me else trust.by
        text = say(f"screens.status.trust.{trust.state}", on=self._on(trust.at), by=by or "–")
        return text, None if trust.state in ("given", "none_needed") else "yellow"

    def _on(self, at: str | None) -> str:
        """The day in a sentence: ``today``, ``on Fri 20 Nov``."""
        given = _moment(at)
        if given is None:
            return "–"
        day = given.astimezone(self.app.now.tzinfo).date()
        if day == self.app.now.date():
            return say("screens.status.trust.today")
        return say("screens.status.trust.on", date=self.viewer.when(day))

    def _held(self) -> Iterator[Row]:
        for path, problem in self.found.held.items():
            if problem is None:
                yield "held", say("screens.status.held_empty", path=path), "yellow"
            else:
                place = f"{path}:{problem.line}:{problem.column}"
                yield "held", f"{place} {problem.message}", "yellow"


def _some(paths: Sequence[str], count: int) -> str:
    return ", ".join(paths[:count]) + (" …" if len(paths) > count else "")


def engine_line(holder: Holder, viewer: Viewer) -> tuple[str, str | None]:
    """What the engine does here, and its style."""
    if holder is None:
        return say("screens.status.stopped"), "yellow"
    since = holder.get("since")
    start = "?"
    if isinstance(since, (int, float)):
        moment = datetime.fromtimestamp(since, UTC).astimezone(viewer.now.tzinfo)
        today = moment.date() == viewer.now.date()
        start = f"{moment:%H:%M}" if today else viewer.when(moment)
    host, pid = holder.get("host", "?"), holder.get("pid", "?")
    return say("screens.status.watching", since=start, host=host, pid=pid), None


def said(key: str, fields: Mapping[str, object]) -> str:
    """A message with its remedy behind it."""
    text = fill(key, fields) if has(key) else key
    remedy = f"{key}.remedy"
    return (
        say("screens.and_remedy", what=text, remedy=fill(remedy, fields)) if has(remedy) else text
    )


def outbox_counts(found: Overview) -> dict[str, int]:
    """Letters that matter: on their way, held back, in doubt, refused."""
    return {
        "waiting": sum(found.outbox.get(state, 0) for state in _WAITING),
        "held": found.outbox.get("held", 0),
        "unknown": found.outbox.get("unknown", 0),
        "dead": found.outbox.get("dead", 0),
    }


def as_object(app: App, snapshot: Snapshot, found: Overview, holder: Holder) -> dict[str, object]:
    """``status --json``: times ISO 8601 with their offset; null where there is nothing."""
    since = holder.get("since") if holder is not None else None
    at = _moment(found.trust.at)
    zone = app.now.tzinfo
    engine = holder is not None and {
        "pid": holder.get("pid"), "host": holder.get("host"),
        "since": datetime.fromtimestamp(since, UTC).astimezone(zone).isoformat(timespec="seconds")
        if isinstance(since, (int, float)) else None,
    }  # fmt: skip
    sync = {"upstream": found.upstream, "ahead": found.ahead, "behind": found.behind}
    return {
        "workspace": workspace_name(app), "branch": found.branch,
        "projects": len(snapshot.config.projects), "records": len(snapshot.records),
        "engine": engine or None,
        "uncommitted": list(found.uncommitted),
        "sync": sync if found.upstream is not None else None,
        "outbox": outbox_counts(found) if found.damage is None else None,
        "trust": {"state": found.trust.state, "by": found.trust.by,
                  "at": at.astimezone(zone).isoformat() if at else None},
        "held": [_held_object(path, p) for path, p in found.held.items()],
        "paused": found.paused,
        "blocked": said(*found.obstacle) if found.obstacle is not None else None,
        "without_id": list(found.nameless),
    }  # fmt: skip


def _held_object(path: str, problem: object) -> dict[str, object]:
    from bluefs.core.problems import Problem

    if not isinstance(problem, Problem):
        return {"path": path, "line": 1, "column": 1, "message": say("problems.empty")}
    return {
        "path": path, "line": problem.line, "column": problem.column, "message": problem.message,
    }  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    """A stored moment; one without an offset is UTC."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
