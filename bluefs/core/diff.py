"""Two states of a record -> what happened. The one vocabulary of events.

The engine compares the worktree with what was handled, the history a commit with its parent,
lane two a commit with the settled tree: all of them through ``diff``. A new kind of event is
added here and nowhere else. Values are compared, never text, so another tool's re-quoting
fires nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bluefs.core.codec.body import description
from bluefs.core.fields import kind_of
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import replace
from bluefs.core.model import Comment, Event, Project, Record, Value

#: Keys that have events of their own instead of ``changed`` and ``cleared``.
_OWN_EVENTS = frozenset({"tags", "assignees", "done"})


def with_good(before: Record | None, after: Record) -> Record:
    """``after`` with what could not be read taken from ``before``: the last good state stays
    in force. A record that left every list (an unfiled document) keeps its list too."""
    if before is None:
        return after
    good = {k: before.values.get(k) for k in after.bad}
    record = after.with_values(good) if good else after
    if record.list is None and before.list is not None:
        record = replace(record, list=before.list, list_done=before.list_done)
    return record


def buttons(project: Project | None) -> frozenset[str]:
    """The keys of the project's button fields."""
    if project is None:
        return frozenset()
    return frozenset(key for key, field in project.fields.items() if kind_of(field).pressed)


def diff(
    before: Record | None,
    after: Record | None,
    project: Project | None = None,
    chain: tuple[str, ...] = (),
) -> tuple[Event, ...]:
    """Every event between two states, in a fixed order: place, done, tags, people, keys,
    title, body. A created record has ``created`` (and ``pressed``) only: what it was born
    with did not happen to it."""
    if before is None and after is None:
        return ()
    if before is None:
        assert after is not None
        pressed = _pressed({}, after.values, buttons(project))
        return tuple(_chained((Event("created", after=after.list), *pressed), chain))
    if after is None:
        return tuple(_chained((Event("deleted", before=before.list),), chain))
    changes = _changes(before, with_good(before, after), buttons(project), _others(project))
    return tuple(_chained(changes, chain))


def _others(project: Project | None) -> frozenset[str]:
    """Keys that show what other records say: their change is a change of those."""
    return frozenset() if project is None else frozenset(project.lookups)


def _chained(
    events: Iterator[Event] | tuple[Event, ...], chain: tuple[str, ...]
) -> Iterator[Event]:
    for event in events:
        yield replace(event, chain=chain) if chain else event


def _changes(
    before: Record, after: Record, pressable: frozenset[str], others: frozenset[str]
) -> Iterator[Event]:
    if before.project != after.project:
        yield Event("arrived", before=before.project, after=after.project)
    elif before.list != after.list:
        yield Event("moved", before=before.list, after=after.list)
    if before.done != after.done:
        yield Event("completed" if after.done else "reopened")
    yield from _members("tags", "tagged", "untagged", before, after)
    yield from _members("assignees", "assigned", "unassigned", before, after)
    yield from _pressed(before.values, after.values, pressable)
    yield from _keys(before.values, after.values, pressable | _OWN_EVENTS | others)
    yield from _keys(_texts(before.unknown), _texts(after.unknown), frozenset())
    if before.title != after.title:
        yield Event("changed", "title", before.title, after.title)
    yield from _body(before, after)


def _texts(unknown: Mapping[str, object]) -> dict[str, Value]:
    """Keys no field declares, as comparable text."""
    return {k: v if isinstance(v, str) else repr(v) for k, v in unknown.items() if v is not None}


def _members(key: str, added: str, removed: str, before: Record, after: Record) -> Iterator[Event]:
    old = {fold_tag(m): m for m in before.tuple_of(key)}
    new = {fold_tag(m): m for m in after.tuple_of(key)}
    for folded, member in new.items():
        if folded not in old:
            yield Event(added, "tags" if key == "tags" else key, after=member)  # type: ignore[arg-type]
    for folded, member in old.items():
        if folded not in new:
            yield Event(removed, key, before=member)  # type: ignore[arg-type]


def _pressed(
    old: Mapping[str, Value], new: Mapping[str, Value], pressable: frozenset[str]
) -> Iterator[Event]:
    for key in new:
        if key in pressable and new[key] != old.get(key) and new[key] is not False:
            yield Event("pressed", key)


def _keys(
    old: Mapping[str, Value], new: Mapping[str, Value], skip: frozenset[str]
) -> Iterator[Event]:
    for key, value in new.items():
        if key not in skip and old.get(key) != value:
            yield Event("changed", key, old.get(key), value)
    for key, value in old.items():
        if key not in skip and key not in new:
            yield Event("cleared", key, value)


def _body(before: Record, after: Record) -> Iterator[Event]:
    if before.body == after.body:
        return
    if before.body != after.body and description(before.body) != description(after.body):
        yield Event("changed", "description")
    known = {(c.author, c.at, c.ordinal) for c in before.comments}
    for comment in after.comments:
        if (comment.author, comment.at, comment.ordinal) not in known:
            yield _commented(comment)
    was = {(i.list, i.text): i.done for i in before.items}
    if after.items and all(i.done for i in after.items) and not (was and all(was.values())):
        yield Event("checklist_done")
    if any(not i.done and was.get((i.list, i.text)) for i in after.items):
        yield Event("checklist_undone")


def _commented(comment: Comment) -> Event:
    return Event("commented", "comments", after=comment.text, by=comment.author)
