"""``list --group KEY``: the records of a list under the values of a key.

Groups stand in the order of the screen (lists, options, tags, people as they are declared), dates
in time, the rest by name; what has no value comes last. A record with two tags stands in both
groups. Refuses a key that nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from bluefs.app.workspace import Snapshot
from bluefs.core.errors import Refused
from bluefs.core.fields import field_of, kind_of
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass
from bluefs.core.matching import nearest
from bluefs.core.model import Project, Record
from bluefs.core.query.names import ALIASES, READERS, Subject, keys_of, subject_of
from bluefs.core.show import Viewer
from bluefs.core.words import say

#: Keys whose groups would be as many as there are records, or hold their whole text.
_USELESS = frozenset({"id", "title", "path", "body", "text", "comments", "checklist", "position"})


@dataclass(frozen=True, slots=True)
class Group:
    """``value`` is what the records have in common, None where they have none; ``label`` is it
    in words."""

    value: object
    label: str
    style: str | None
    records: Sequence[Record]


def groups(records: Sequence[Record], key: str, snapshot: Snapshot, viewer: Viewer) -> list[Group]:
    """The records by the values of ``key``; their order stays within each group. Raises
    Refused."""
    name = _checked(key, [snapshot.project(r) for r in records] or _all(snapshot))
    held: dict[str, list[Record]] = {}
    seen: dict[str, object] = {}
    for record in records:
        for id, value in _values(record, name, snapshot, viewer):
            held.setdefault(id, []).append(record)
            seen.setdefault(id, value)
    rank = _rank(name, snapshot, viewer)
    ordered = sorted(held, key=lambda id: (not id, rank(id, seen[id])))
    return [
        Group(seen[id], *_label(id, seen[id], name, held[id][0], viewer), held[id])
        for id in ordered
    ]


def _all(snapshot: Snapshot) -> list[Project]:
    return list(snapshot.config.projects.values())


def _checked(key: str, projects: Sequence[Project]) -> str:
    """The key as records have it."""
    for project in projects:
        subject = subject_of(key, project)
        if subject is not None and subject.key not in _USELESS:
            return subject.key
    known = [k for p in projects for k in (*p.fields, *READERS) if k not in _USELESS]
    names = ", ".join(dict.fromkeys(known))
    near = nearest(key, [*known, *ALIASES, *(k for p in projects for k in keys_of(p))])
    if near is None or near in _USELESS:
        raise Refused("looking.group.key", key=key, names=names)
    raise Refused("looking.group.key.near", key=key, near=near, names=names)


def _values(
    record: Record, key: str, snapshot: Snapshot, viewer: Viewer
) -> list[tuple[str, object]]:
    """(identity, value) of each group the record is in; ("", None) where it has no value."""
    subject = subject_of(key, snapshot.project(record)) or Subject("")
    value = None if not subject.key else subject.read(record)
    if value in (None, "", ()):
        return [("", None)]
    if subject.field is not None:
        setting = viewer.setting(record)
        value = kind_of(subject.field).meant(subject.field, value, setting)
    if isinstance(value, tuple):
        return [(fold_tag(str(one)) if key == "tags" else str(one), str(one)) for one in value]
    if isinstance(value, date):
        day = _day(value, viewer)
        return [(day.isoformat(), day)]
    if key == "list":
        return [(f"{record.project}\n{value}", str(value))]
    return [(str(value), value)]


def _day(value: date, viewer: Viewer) -> date:
    """Moments are grouped by their day in the workspace's zone."""
    return value.astimezone(viewer.now.tzinfo).date() if isinstance(value, datetime) else value


def _rank(
    key: str, snapshot: Snapshot, viewer: Viewer
) -> Callable[[str, object], tuple[object, ...]]:
    """What puts the groups in order."""
    known: dict[str, int] = {}
    for project in _all(snapshot):
        names: Sequence[str] = ()
        if key == "list":
            names = [f"{project.key}\n{one}" for one in project.lists]
        elif key == "tags":
            names = [fold_tag(tag) for tag in project.tags]
        elif key == "assignees":
            names = list(viewer.config.workspace.people)
        elif key in project.fields:
            names = kind_of(project.fields[key]).order(project.fields[key])
        for name in names:
            known.setdefault(name, len(known))
    last = len(known)

    def rank(id: str, value: object) -> tuple[object, ...]:
        number = float(value) if _is_number(value) else 0.0  # type: ignore[arg-type]
        return known.get(id, last), number, id.casefold()

    return rank


def _is_number(value: object) -> bool:
    from decimal import Decimal

    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _label(
    id: str, value: object, key: str, record: Record, viewer: Viewer
) -> tuple[str, str | None]:
    """The group in words, and its colour."""
    project = viewer.project(record)
    if not id:
        return say("looking.group.none"), "dim"
    if isinstance(value, date):
        return viewer.when(value), "red" if value < viewer.now.date() else None
    if key == "list":
        one = project.list_of(str(value))
        return one.name, one.color
    if key == "done":
        return say("screens.done") if value else say("looking.group.open"), None
    if key == "tags":
        return str(value), project.tags.get(str(value))
    if key == "project":
        return project.name, None
    field = field_of(key, project)
    if field is None:
        return str(value), None
    kind, held = kind_of(field), record.values.get(key)
    part = (str(value),) if isinstance(held, tuple) else held
    return kind.show(field, part, viewer.setting(record)), kind.color(field, str(value))
