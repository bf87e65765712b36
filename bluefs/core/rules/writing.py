"""How actions change a record: values, members of sets, done, place. Equal is left as it is.

Every function returns the very record it was given where there is nothing to do, so that a
rule writes no line in vain. None touches a file, and none knows which action calls it.
"""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.frozen import replace
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import ListDef, Project, Record, Value
from bluefs.core.nodes import Scalar, Seq
from bluefs.core.rules.base import Occasion
from bluefs.core.rules.fields import field_here
from bluefs.core.rules.shape import Assignment
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.base import Fault


def project_of(occasion: Occasion) -> Project:
    key = occasion.record.project
    return occasion.context.config.projects.get(key) or Project(key, key)


def with_done(record: Record, done: bool) -> Record:
    """Done or not, with ``done:`` in the file only where the list does not say it already."""
    if record.done == done:
        return record
    return record.with_values({"done": None if record.list_done == done else done})


def with_members(record: Record, key: str, added: Iterable[str], removed: Iterable[str]) -> Record:
    from bluefs.core.fields.tags import fold_tag

    old = record.tuple_of(key)
    gone = {fold_tag(member) for member in removed}
    kept = {fold_tag(member): member for member in old if fold_tag(member) not in gone}
    for member in added:
        kept.setdefault(fold_tag(member), member)
    new = tuple(kept.values())
    return record if new == old else record.with_values({key: new})


def _absent(old: Iterable[str], new: Iterable[str]) -> list[str]:
    from bluefs.core.fields.tags import fold_tag

    wanted = {fold_tag(member) for member in new}
    return [member for member in old if fold_tag(member) not in wanted]


def locked_list(record: Record, target: ListDef, project: Project) -> ListDef | None:
    source = project.list_of(record.list) if record.list is not None else None
    return next((one for one in (source, target) if one and one.locked), None)


def in_list(record: Record, target: ListDef) -> Record:
    name = record.path.rpartition("/")[2]
    path = "/".join(part for part in (record.project, target.key, name) if part)
    return replace(record, list=target.key, list_done=target.done, path=path)


def on_top(record: Record, occasion: Occasion) -> Record:
    """Before the first position of the list; a record that is there already stays."""
    from bluefs.core.position import between, is_position

    first = occasion.context.first_position(record)
    own = record.values.get("position")
    if isinstance(own, str) and is_position(own) and (first is None or own < first):
        return record
    try:
        return record.with_values({"position": between(None, first)})
    except ValueError:  # nothing fits before a hand-typed "0": the same place is near enough
        return record.with_values({"position": first})


def with_assigned(
    record: Record, one: Assignment, occasion: Occasion
) -> tuple[Record, tuple[str, ...]]:
    """The record with one value set, and a note where that cannot be."""
    from bluefs.core.fields import kind_of
    from bluefs.core.fields.base import Fault

    project = project_of(occasion)
    field = field_here(one.key, project)
    if field is None:
        return record, (say("rules.no_field", key=one.key),)
    if not kind_of(field).settable:
        return record, (say("rules.not_settable", key=one.key),)
    value = read_value(one, project, occasion)
    if isinstance(value, Fault):
        shown = ", ".join(one.texts)
        return record, (say("rules.bad_value", key=one.key, value=shown, why=value.message),)
    return _written(record, one.key, value), ()


def _written(record: Record, key: str, value: Value) -> Record:
    if key == "title":
        if not isinstance(value, str) or value in ("", record.title):
            return record
        return replace(record, title=value)
    if key == "done" and isinstance(value, bool):
        return with_done(record, value)
    if key in ("tags", "assignees") and isinstance(value, tuple):
        return with_members(record, key, value, _absent(record.tuple_of(key), value))
    if record.values.get(key) == (None if value == () else value):
        return record
    return record.with_values({key: value})


def read_value(one: Assignment, project: Project, occasion: Occasion) -> Value | Fault:
    """The value of an assignment at the moment of the event, None for *not set*, a Fault for
    what the field's kind cannot read."""
    from bluefs.core.fields import kind_of
    from bluefs.core.fields.base import Setting

    field = field_here(one.key, project)
    if field is None or not any(text.strip() for text in one.texts):
        return None
    setting = Setting(occasion.context.config, project, occasion.context.now)
    if one.many:
        members = tuple(Scalar(text, plain=False) for text in one.texts)
        return kind_of(field).parse(field, Seq(members), setting)
    return kind_of(field).typed(field, one.texts[0], setting)
