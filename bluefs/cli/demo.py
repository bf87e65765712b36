"""``bluefs demo``: a person's day in a new workspace, and what came of each act.

Owns the screen. Refuses to say anything about a result that it has not read back from the
files, Git, the spool or the engine's own lines; where what was due does not come, it says so
and ends with exit code 1.
"""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from bluefs.cli.base import App
from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass, field
from bluefs.core.words import plural, say

if TYPE_CHECKING:
    from bluefs.bootstrap import Home
    from bluefs.cli.demo_day import Act, Due
    from bluefs.cli.demo_read import Change, Kept
    from bluefs.cli.demo_stage import Engine
    from bluefs.cli.screen import Screen
    from bluefs.core.model import Config

_INDENT = "   "
#: Digits of an id: enough for the sample's records.
_SHORT = 4
_WORD = 8
_STYLES = {
    "held": "yellow", "blocked": "yellow", "rule": "green", "email": "green", "missed": "red",
}  # fmt: skip
#: What ``watch`` prints once every later change is seen.
_GREETING = "Watching "
#: What is said of an engine that ended too early: its last lines.
_LAST_WORDS = 5


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.pass_obj
def command(app: App, folder: str | None) -> int:
    from bluefs.cli.demo_day import DAY, check_tools
    from bluefs.cli.demo_stage import engine, make

    started = time.monotonic()
    check_tools()
    place = Path(app.here) / folder if folder else Path.home() / "bluefs-demo"
    _stop_as_interrupted()
    home = make(place)
    tell = _Teller(app.screen)
    tell.plain(say("demo.made", path=_short(place)), "dim")
    with engine(home.root) as running:
        demo = _Demo(home, running, tell, _settings(home))
        done = demo.begin() and all(demo.act(n, act) for n, act in enumerate(DAY, 1))
    if not done:
        tell.plain(say("demo.failed", path=_short(place)))
        return 1
    _farewell(tell, place, time.monotonic() - started)
    return 0


def _stop_as_interrupted() -> None:
    """SIGTERM ends the demo as ^C does: by way of the engine's end."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def _settings(home: Home) -> Config:
    from bluefs.app.workspace import Library

    return Library(home.files, home.git).settings().config


def _short(path: Path) -> str:
    """The path as a shell takes it, with ``~`` for the home folder."""
    home = Path.home()
    if path.is_relative_to(home):
        rest = path.relative_to(home).as_posix()
        return "~" if rest == "." else f"~/{shlex.quote(rest)}"
    return shlex.quote(str(path))


def _farewell(tell: _Teller, place: Path, seconds: float) -> None:
    found = shutil.which("bluefs")
    mine = found is not None and Path(found).resolve() == Path(sys.argv[0]).resolve()
    here = Path(sys.executable).with_name("bluefs")
    run = "bluefs" if mine or not here.exists() else shlex.quote(str(here))
    tell.plain(say("demo.done", seconds=round(seconds), path=_short(place)), "bold")
    tell.plain(say("demo.try", path=_short(place)))
    for rest in ("list is:open", 'show "Renewal – Acme"', "watch"):
        tell.plain(say("demo.try.next", command=f"{run} {rest}"))


@dataclass(frozen=True, slots=True)
class _Teller:
    """Lays out lines: the first word of each carries its meaning."""

    screen: Screen

    def plain(self, text: str, style: str | None = None) -> None:
        self.screen.line(self.screen.paint(text, style))

    def line(self, word: str, text: str, style: str | None = None) -> None:
        area = "demo" if word in ("missed", "good") else "live"
        shown = say(f"{area}.word.{word}").ljust(_WORD)
        body = self.screen.paint(text, style or ("red" if word == "missed" else None))
        self.screen.line(f"{_INDENT}{self.screen.paint(shown, _STYLES.get(word))} {body}")

    def under(self, text: str, style: str | None = None) -> None:
        """A line below the last, under its text."""
        self.screen.line(f"{_INDENT}{' ' * _WORD} {self.screen.paint(text, style)}".rstrip())

    def diff(self, lines: Sequence[str]) -> None:
        for line in lines:
            head = line.startswith(("---", "+++"))
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            self.under(line, "dim" if head else style)


@dataclass(slots=True)
class _Demo:
    """The day over one workspace. ``heard`` lines of the engine and ``mails`` have been told."""

    home: Home
    engine: Engine
    tell: _Teller
    config: Config
    heard: int = 0
    mails: set[str] = field(default_factory=set)

    def begin(self) -> bool:
        """Wait for the engine's greeting, after which it sees every change."""
        from bluefs.cli.demo_stage import LIMIT, wait_until

        lines = self.engine.lines
        if not wait_until(lambda: any(x.startswith(_GREETING) for x in lines), self.engine):
            return self._missed(say("demo.missed.start", seconds=round(LIMIT)))
        self.tell.plain(lines[-1], "dim")
        return True

    def act(self, number: int, act: Act) -> bool:
        """One act, and what came of it. False where something that is due did not come."""
        from bluefs.cli.demo_day import play
        from bluefs.cli.demo_stage import wait_until

        self._announce(number, act)
        head, self.heard = self.home.git.head(), len(self.engine.lines)
        done = play(act, self.home.root)
        if done.returncode:
            error = " ".join(done.stderr.split())
            return self._missed(say("demo.missed.act", status=done.returncode, error=error))
        wait_until(lambda: not self._lacks(act.due, head), self.engine)
        rested = self._rest()
        misses = [*self._lacks(act.due, head), *rested]
        self._show(self._kept(head))
        for miss in misses:
            self._missed(miss)
        self.tell.plain("")
        return not misses

    def _announce(self, number: int, act: Act) -> None:
        paint = self.tell.screen.paint
        self.tell.plain(f"{number}  {paint(say(f'demo.act.{act.key}'), 'bold')}")
        first, *rest = act.script.splitlines()
        self.tell.plain(_INDENT + say("demo.prompt", folder=act.folder, line=first), "dim")
        for line in rest:
            self.tell.plain(f"{_INDENT}  {line}", "dim")

    # -- waiting -------------------------------------------------------------------------

    def _lacks(self, due: Due, head: str | None) -> list[str]:
        """What has not come yet, in words."""
        from bluefs.cli.demo_read import rules_of, spooled
        from bluefs.cli.demo_stage import LIMIT

        seconds = round(LIMIT)
        lacks = []
        if due.held and not self.engine.said("held", self.heard):
            lacks.append(say("demo.missed.held", seconds=seconds))
        if due.commits and self.home.git.head() == head:
            return [*lacks, say("demo.missed.commits", seconds=seconds)]
        if due.rules and (rules := len(rules_of(self._kept(head)))) < due.rules:
            lacks.append(plural("demo.missed.rules", due.rules, found=rules, seconds=seconds))
        if (mails := len(spooled(self.home.root)) - len(self.mails)) < due.mails:
            lacks.append(plural("demo.missed.mails", due.mails, found=mails, seconds=seconds))
        return lacks

    def _rest(self) -> list[str]:
        """Ask the engine to finish: nothing more will come of this act."""
        from bluefs.cli.demo_stage import LIMIT

        try:
            answer = self.home.asks.ask("finish", LIMIT)
        except Refused:
            return [say("demo.missed.finish", seconds=round(LIMIT))]
        return [] if answer is not None else [say("demo.missed.gone")]

    def _missed(self, text: str) -> bool:
        self.tell.line("missed", text)
        if not self.engine.alive:
            for line in self.engine.lines[-_LAST_WORDS:]:
                self.tell.under(say("demo.missed.said", text=line))
        return False

    # -- what came of it -----------------------------------------------------------------

    def _kept(self, head: str | None) -> list[Kept]:
        from bluefs.cli.demo_read import kept_since

        return kept_since(self.home, self.config, head)

    def _show(self, kept: Sequence[Kept]) -> None:
        for one in kept:
            for change in one.changes:
                for word, text in self._events(change):
                    self.tell.line(word, text)
            commit = one.commit
            self.tell.line(
                "commit", say("live.commit", commit=commit.hex[:7], subject=commit.subject)
            )
            for change in one.changes:
                self.tell.diff(change.diff)
        for text in self.engine.said("held", self.heard):
            self._held(text)
        for text in self.engine.said("blocked", self.heard):
            self.tell.line("blocked", text)
        self._new_mails()

    def _events(self, change: Change) -> Iterator[tuple[str, str]]:
        from bluefs.core.phrases import Speaker

        record = change.after or change.before
        if record is None:
            return
        now = datetime.now(UTC).astimezone(self.config.workspace.zone)
        speaker = Speaker.of(record, self.config, now)
        name, title, folder = record.name[:_SHORT], record.title, record.list
        moved = [e for e in change.events if e.kind in ("moved", "arrived")]
        led = {"completed", "reopened", "created", "deleted"} if moved else {"created", "deleted"}
        rest = [e for e in change.events if e not in moved and e.kind not in led]
        if change.before is None:
            yield "new", say("live.created", id=name, title=title, list=folder)
        elif change.after is None:
            yield "deleted", say("live.deleted", id=name, title=title, list=folder)
        for word, some in (("moved", moved), ("saved", rest)):
            if some:
                yield word, speaker.events(some)
        for rule, events in change.rules:
            yield "rule", say("live.rule", rule=rule, what=speaker.events(events))

    def _held(self, text: str) -> None:
        """The engine's line, the source line it speaks of, and the state that is in force."""
        from bluefs.cli.demo_read import held_file

        self.tell.line("held", text)
        found = held_file(self.home, self.config, text)
        if found is None:
            return
        for line in found.excerpt:
            self.tell.under(line, "dim")
        if found.record is not None:
            self.tell.line("good", say("demo.good", title=found.record.title))

    def _new_mails(self) -> None:
        from bluefs.cli.demo_read import HEADERS, read_mail, spooled

        for place, path in spooled(self.home.root).items():
            if place in self.mails:
                continue
            self.mails.add(place)
            mail = read_mail(path)
            self.tell.line("email", say("demo.mail", subject=mail["Subject"], place=place))
            for name in HEADERS:
                if mail[name] is not None:
                    self.tell.under(f"{self.tell.screen.paint(name + ':', 'dim')} {mail[name]}")
