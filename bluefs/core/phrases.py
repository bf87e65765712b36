"""Events in words: "deal value €12,000 → €14,000". For screens and commit messages alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bluefs.core.fields import field_of, kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.frozen import dataclass
from bluefs.core.model import Config, Event, FieldDef, Project, Record, Value
from bluefs.core.words import has, say

#: U+2060 WORD JOINER: breaks ``#12`` and ``@li``, which a hosting site would act on.
_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Words values of one project the way its people read them."""

    config: Config
    project: Project
    now: datetime

    @classmethod
    def of(cls, record: Record, config: Config, now: datetime) -> Speaker:
        project = config.projects.get(record.project) or Project(record.project, record.project)
        return cls(config, project, now)

    def name(self, key: str) -> str:
        """A key as people call it: its field's name, else the key with its underscores
        opened. An abbreviation (``NDA signed``) keeps its capitals."""
        if key not in self.project.fields and has(f"engine.key.{key}"):
            return say(f"engine.key.{key}")
        field = field_of(key, self.project)
        if field is not None and field.name and field.name != key:
            return field.name if field.name[1:2].isupper() else _small(field.name)
        return key.replace("_", " ")

    def value(self, key: str, value: Value) -> str:
        field = field_of(key, self.project)
        if value is None or value == ():
            return "–"
        if field is None:
            return ", ".join(value) if isinstance(value, tuple) else str(value)
        return kind_of(field).show(field, value, Setting(self.config, self.project, self.now))

    def field(self, key: str) -> FieldDef | None:
        return field_of(key, self.project)

    def event(self, event: Event) -> str:
        """One event in words, without the record's title."""
        if event.kind in ("changed", "cleared"):
            return self._changed(event)
        member = event.after if event.after is not None else event.before
        return say(
            f"engine.event.{event.kind}",
            member=member,
            name=self.name(event.key) if event.key else "",
            before=event.before or "–",
            after=event.after or "–",
            by=event.by or "–",
        )

    def _changed(self, event: Event) -> str:
        key = event.key or ""
        if key == "description":
            return say("engine.event.description")
        if event.before is None or event.before == ():
            return say("engine.event.set", name=self.name(key), after=self.value(key, event.after))
        return say(
            "engine.event.changed",
            name=self.name(key),
            before=self.value(key, event.before),
            after=self.value(key, event.after),
        )

    def result(self, event: Event) -> str:
        """One event by its outcome alone, for a commit's subject: "deal value €14,000"."""
        if event.kind == "changed" and event.key != "description":
            return say(
                "engine.event.set", name=self.name(event.key or ""),
                after=self.value(event.key or "", event.after),
            )  # fmt: skip
        return self.event(event)

    def events(self, events: Iterable[Event]) -> str:
        return ", ".join(self.event(e) for e in events)


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def harmless(text: str) -> str:
    """``text`` for a commit message: one line, and nothing in it closes an issue or pings a
    stranger on a hosting site."""
    return re.sub(r"([#@])(?=\w)", rf"\1{_JOINER}", " ".join(text.split()))


def _unread(before: Record, after: Record, speaker: Speaker) -> Iterable[str]:
    """What the file says from now on that nobody can read: no event, since the last good value
    holds, but not nothing either."""
    keys = sorted(after.bad - before.bad)
    if keys:
        yield say("engine.commit.unread", names=", ".join(map(speaker.name, keys)))


def subject(
    before: Record | None, after: Record | None, events: Iterable[Event], speaker: Speaker
) -> tuple[str, str]:
    """(subject, what else changed) of one record's change, the subject in the imperative
    where there is a verb."""
    happened = list(events)
    record = after or before
    title = record.title if record is not None else ""
    if after is None:
        return say("engine.commit.deleted", title=title), ""
    if before is None:
        return say("engine.commit.created", title=title, list=after.list or "–"), ""
    moved = next((e for e in happened if e.kind in ("moved", "arrived")), None)
    led = {"completed", "reopened"} if moved else set()
    words = [speaker.result(e) for e in happened if e is not moved and e.kind not in led]
    rest = ", ".join([*words, *_unread(before, after, speaker)])
    if moved is not None:
        return say("engine.commit.moved", title=title, list=after.list or "–"), rest
    if [e.key for e in happened] == ["title"]:
        return say("engine.commit.renamed", old=before.title, new=title), ""
    key = "engine.commit.changed" if rest else "engine.commit.touched"
    return say(key, title=title, rest=rest), ""
