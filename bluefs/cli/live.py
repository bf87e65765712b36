"""What the engine did, as lines: for ``watch``, ``run`` and ``demo``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from bluefs.app import reports as r
from bluefs.app.world import World
from bluefs.cli.screen import Screen
from bluefs.core.diff import diff
from bluefs.core.effects import decode_effect
from bluefs.core.frozen import dataclass
from bluefs.core.model import Config, Event, Record
from bluefs.core.phrases import Speaker
from bluefs.core.short import Short
from bluefs.core.words import fill, has, plural, say

_STYLES = {
    "held": "yellow", "blocked": "yellow", "waiting": "yellow", "rule": "green", "email": "green",
}  # fmt: skip
#: Columns of the first word: the longest is "blocked", "renamed", "deleted".
_WORD = 8


@dataclass(frozen=True, slots=True)
class Line:
    """``word`` is the first word's key below ``live.word``; ``bad`` where it tells of a loss."""

    word: str
    text: str
    bad: bool = False


class Live:
    """Words reports for one workspace."""

    def __init__(self, world: World, config: Config) -> None:
        self.world = world
        self.config = config

    def lines(self, reports: Iterable[r.Report]) -> Iterator[Line]:
        """The lines of these reports, in their order."""
        short = Short(row.record for row in self.world.state.all().values() if row.record)
        for report in reports:
            yield from self._lines(report, short)

    def _lines(self, report: r.Report, short: Short) -> Iterator[Line]:
        match report:
            case r.Saw():
                yield from self._saw(report, short)
            case r.Fired(firing=firing, record=record):
                yield self._fired(
                    report, self._speaker(record).events(diff(firing.before, firing.after))
                )
            case r.Renamed(old=old, new=new):
                yield Line("renamed", say("live.renamed", old=old, new=new))
            case r.Held():
                yield self._held(report)
            case r.Committed(commit=commit, subject=subject):
                key = "live.commit.deleted" if report.deleted > 1 else "live.commit"
                yield Line("commit", say(key, commit=commit[:7], subject=subject))
            case r.Mailed():
                yield self._mailed(report)
            case r.Pulled(count=count):
                yield Line("pulled", plural("live.pulled", count))
            case r.Untrusted(count=count):
                yield Line("waiting", plural("live.untrusted", count))
            case r.Stopped():
                yield Line("blocked", stopped(report))

    def _speaker(self, record: Record) -> Speaker:
        now = self.world.clock.moment().astimezone(self.config.workspace.zone)
        return Speaker.of(record, self.config, now)

    def _saw(self, saw: r.Saw, short: Short) -> Iterator[Line]:
        record = saw.after or saw.before
        if record is None:
            return
        about = {"id": short.of(record.name), "title": record.title, "list": record.list or "–"}
        if saw.before is None:
            key = "live.copied" if saw.copy_of else "live.created"
            yield Line("new", fill(key, {**about, "path": saw.copy_of}))
        elif saw.after is None:
            yield Line("deleted", fill("live.deleted", about))
        else:
            yield from self._changed(saw.events, record, about)
        if saw.waiting:
            yield Line("waiting", fill("live.shared", about))

    def _changed(
        self, events: tuple[Event, ...], record: Record, about: Mapping[str, object]
    ) -> Iterator[Line]:
        speaker = self._speaker(record)
        moved = [e for e in events if e.kind in ("moved", "arrived")]
        led = {"completed", "reopened"} if moved else set()
        rest = [e for e in events if e not in moved and e.kind not in led]
        for word, some in (("moved", moved), ("saved", rest)):
            if some:
                yield Line(word, fill("live.saw", {**about, "what": speaker.events(some)}))

    @staticmethod
    def _fired(report: r.Fired, what: str) -> Line:
        key = "live.rule" if report.lane == 1 else "live.rule_shared"
        name = report.firing.rule.name
        return Line("rule", say(key, rule=name, title=report.record.title, what=what))

    @staticmethod
    def _held(report: r.Held) -> Line:
        problem = report.problem
        if problem is None:
            return Line("held", say("live.held.empty", path=report.path))
        return Line(
            "held",
            say("live.held", path=report.path, line=problem.line, column=problem.column,
                message=problem.message),
        )  # fmt: skip

    @staticmethod
    def _mailed(report: r.Mailed) -> Line:
        letter = report.letter
        effect = decode_effect(letter.effect)
        state = letter.state
        if state == "sent" and letter.place and letter.place.endswith(".eml"):
            key = "live.email.spooled"
        else:
            key = f"live.email.{state}"
        text = say(
            key, subject=effect.subject, to=", ".join(effect.to), place=letter.place or "",
            error=letter.error or "",
        )  # fmt: skip
        return Line("email", text, bad=state in ("unknown", "dead"))


def stopped(report: r.Stopped) -> str:
    """Why the engine waits, and the way on."""
    text = fill(report.key, report.fields)
    remedy = f"{report.key}.remedy"
    return (
        say("screens.and_remedy", what=text, remedy=fill(remedy, report.fields))
        if has(remedy)
        else text
    )


def show(screen: Screen, lines: Iterable[Line], moment: datetime | None = None) -> None:
    """Write lines with the time before them, flushed one by one."""
    stamp = f"{moment:%H:%M:%S}  " if moment is not None else ""
    for line in lines:
        style = "red" if line.bad else _STYLES.get(line.word)
        word = say(f"live.word.{line.word}").ljust(_WORD)
        screen.line(f"{screen.paint(stamp, 'dim')}{screen.paint(word, style)} {line.text}")


def local(world: World, config: Config) -> datetime:
    return datetime.fromtimestamp(world.clock.now(), UTC).astimezone(config.workspace.zone)
