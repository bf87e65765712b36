"""A record the way people read it, and the way scripts do.

Owns the wording of dates against now, the fields worth showing, the parts of a body, and the
object of ``--json``. Values are worded by their kinds. Refuses to lay anything out: that is the
screen's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from bluefs.core.fields import field_of, kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.frozen import dataclass
from bluefs.core.hints import Literal
from bluefs.core.model import Config, FieldDef, Item, Project, Record, Value
from bluefs.core.patterns import pattern
from bluefs.core.when import late, show_when
from bluefs.core.words import spoken

Urgency = Literal["late", "today"]

_HEADING = pattern(r" {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = pattern(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the settings, the moment from which dates are seen (aware, in the workspace's
    zone), and what finds the record that an entry of ``blocked_by`` means, where it is known
    (``core.matching.finder``), as ``refer`` finds what a field names (``core.linking``)."""

    config: Config
    now: datetime
    find: Callable[[str], Record | None] | None = None
    refer: Callable[[str, str], Record | None] | None = None

    def project(self, record: Record) -> Project:
        return self.config.projects.get(record.project) or Project(record.project, record.project)

    def setting(self, record: Record) -> Setting:
        return Setting(self.config, self.project(record), self.now, refer=self.refer)

    def when(self, value: date | datetime) -> str:
        """``today 15:00``, ``Fri 27 Nov``, ``1 Dec 2027``, in the language spoken, as are
        the words around it."""
        return show_when(value, self.now, spoken())

    def due(self, record: Record) -> tuple[str, Urgency | None]:
        """How its due date reads, and whether that is urgent; nothing is for what is done.
        ("", None) without one."""
        value = record.values.get("due")
        if not isinstance(value, date):
            return "", None
        behind = None if record.done else late(value, self.now, spoken())
        if behind is not None:
            return behind, "late"
        day = value.astimezone(self.now.tzinfo).date() if isinstance(value, datetime) else value
        near = not record.done and day == self.now.date()
        return self.when(value), "today" if near else None

    def value(self, record: Record, key: str, value: Value = None) -> str:
        """A value of the record (or another of the same field), worded by its kind."""
        known = record.values.get(key) if value is None else value
        if known is None:
            return ""
        field = field_of(key, self.project(record))
        if field is None:
            return ", ".join(known) if isinstance(known, tuple) else str(known)
        return kind_of(field).show(field, known, self.setting(record))

    def color(self, record: Record, key: str) -> str | None:
        """The colour that its project gives to a field's value."""
        field, value = field_of(key, self.project(record)), record.values.get(key)
        return None if field is None or value is None else kind_of(field).color(field, value)

    def fields(self, record: Record) -> Iterator[tuple[FieldDef, str]]:
        """The project's fields that are set, in its order, and those that say why they are not."""
        for field in self.project(record).fields.values():
            if record.values.get(field.key) is not None:
                yield field, self.value(record, field.key)
            elif absent := kind_of(field).absent(self.setting(record)):
                yield field, absent

    def as_json(self, record: Record) -> dict[str, object]:
        """The object of ``--json``. Numbers are Decimals, dates ISO text with their offset."""
        done = sum(item.done for item in record.items)
        project = self.project(record)
        return {
            "id": record.id, "title": record.title, "project": record.project,
            "list": record.list, "path": record.path, "tags": list(record.tuple_of("tags")),
            "color": record.values.get("color"), "start": self._raw(record, "start"),
            "due": self._raw(record, "due"), "assignees": list(record.tuple_of("assignees")),
            "done": record.done, "blocked_by": list(self.blockers(record)),
            "position": record.values.get("position"),
            "fields": {k: self._raw(record, k) for k in project.fields if k in record.values},
            "comments": len(record.comments),
            "checklist": {"done": done, "total": len(record.items)},
        }  # fmt: skip

    def blockers(self, record: Record) -> Iterator[str]:
        """Ids of what it waits for; as typed where no single record is meant, or one without
        an id."""
        for text in record.tuple_of("blocked_by"):
            meant = self.find(text) if self.find is not None else None
            yield meant.id if meant is not None and meant.id is not None else text

    def _raw(self, record: Record, key: str) -> object:
        value = record.values.get(key)
        field = field_of(key, self.project(record))
        if value is None or field is None:
            return value
        return kind_of(field).json(field, value, self.setting(record))


def spot(record: Record) -> str:
    """Where a record stands, as screens say it: ``sales/Open deals``."""
    return "/".join(part for part in (record.project, record.list) if part)


def checklists(record: Record) -> list[tuple[str, Sequence[Item]]]:
    """The record's task items under their headings, in the order of the file. Two headings
    of one name are one checklist."""
    found: dict[str, list[Item]] = {}
    for item in record.items:
        found.setdefault(item.list, []).append(item)
    return list(found.items())


def prose(record: Record) -> list[tuple[str, bool]]:
    """The body without comments, task items and the headings that only hold such items:
    (line, whether it is a heading). No blank lines at either end, never two in a row."""
    lines = list(_kept(record))
    tidy: list[tuple[str, bool]] = []
    for line, heading in lines:
        if line.strip() or (tidy and tidy[-1][0].strip()):
            tidy.append((line, heading))
    while tidy and not tidy[-1][0].strip():
        tidy.pop()
    return tidy


def _kept(record: Record) -> Iterator[tuple[str, bool]]:
    held = {item.list for item in record.items}
    fence = ""
    waiting: list[tuple[str, bool]] = []  # a checklist's heading: shown if text follows it
    from bluefs.core.codec.body import description

    for line in description(record.body).split("\n"):
        mark = _FENCE.match(line)
        if mark is not None and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        title = _HEADING.match(line) if not fence else None
        if title is not None:
            waiting = [(line, True)]
            if title[1] not in held:
                yield from waiting
                waiting = []
            continue
        if waiting and not line.strip():
            waiting.append((line, False))
            continue
        yield from waiting
        waiting = []
        yield line, False
