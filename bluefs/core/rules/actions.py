"""The actions that change the record itself: repeat-safe, so done twice they are done once.

One small class each, whose docstring is its manual page. An action returns a new state of the
record and never touches a file; what it finds equal already it leaves as it is, so that a
rule writes no line in vain. ``send_email`` is in ``bluefs.core.rules.email``.
"""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.frozen import dataclass
from bluefs.core.matching import nfc
from bluefs.core.rules.base import Action, Occasion, Outcome
from bluefs.core.rules.people import expand
from bluefs.core.rules.registry import Registry
from bluefs.core.rules.shape import Assignment, Option, Shape
from bluefs.core.rules.writing import (
    in_list,
    locked_list,
    on_top,
    project_of,
    with_assigned,
    with_done,
    with_members,
)
from bluefs.core.words import say

ACTIONS: Registry[Action] = Registry(
    later=(
        "add_checklist", "tick_all", "untick_all", "copy", "make_pdf", "http", "create",
        "comment", "notify", "append", "wait", "stop", "run",
    )
)  # fmt: skip
#: What follows one of these was to depend on it, so it is not done either.
CUTTING = frozenset({"wait", "stop"})

_TAGS = Option("tag", many=True, required=True)
_PEOPLE = Option("person", many=True, required=True)


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class Set(Action):
    """Set fields, built-in or the project's own.

    `set: {KEY: VALUE, KEY: VALUE}`. A value is what may stand in a record, or what may be typed
    on a command line: `due: +7d`, `due: fri`, counted from the moment of the event. For a field
    that holds several, a list replaces them all. `""` or nothing takes the value away. `title:`
    renames the record.
    """

    word = "set"
    shape = Shape(open=True)

    values: tuple[Assignment, ...] = ()

    def apply(self, occasion: Occasion) -> Outcome:
        record = occasion.record
        notes: list[str] = []
        for one in self.values:
            record, note = with_assigned(record, one, occasion)
            notes.extend(note)
        return Outcome(record, notes=tuple(notes))

    def explain(self) -> str:
        return _say("set", (one.key for one in self.values))

    def names(self) -> tuple[tuple[str, str], ...]:
        return tuple(("set", one.key) for one in self.values)


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class Clear(Action):
    """Take the values of fields away.

    `clear: KEY` · `clear: [KEY, KEY]`
    """

    word = "clear"
    shape = Shape(main="field", options={"field": Option("clear", many=True, required=True)})

    field: tuple[str, ...] = ()

    def apply(self, occasion: Occasion) -> Outcome:
        record = occasion.record
        present = {key: None for key in self.field if key in record.values}
        return Outcome(record.with_values(present) if present else record)

    def explain(self) -> str:
        return _say("clear", self.field)


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class AddTags(Action):
    """Add tags. A tag that the record has, in any case or spelling of its gaps, stays as it is.

    `add_tags: TAG` · `add_tags: [TAG, TAG]`
    """

    word = "add_tags"
    shape = Shape(main="tags", options={"tags": _TAGS})

    tags: tuple[str, ...] = ()

    def apply(self, occasion: Occasion) -> Outcome:
        return Outcome(with_members(occasion.record, "tags", self.tags, ()))

    def explain(self) -> str:
        return _say("add_tags", self.tags)


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class RemoveTags(Action):
    """Take tags away.

    `remove_tags: TAG` · `remove_tags: [TAG, TAG]`
    """

    word = "remove_tags"
    shape = Shape(main="tags", options={"tags": _TAGS})

    tags: tuple[str, ...] = ()

    def apply(self, occasion: Occasion) -> Outcome:
        return Outcome(with_members(occasion.record, "tags", (), self.tags))

    def explain(self) -> str:
        return _say("remove_tags", self.tags)


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class Assign(Action):
    """Make people responsible for the record.

    `assign: WHO` · `assign: [WHO, WHO]`: a handle; a group, which means all its people;
    `everyone`; `actor`, whoever made the change; `creator`, whoever brought the record.
    """

    word = "assign"
    shape = Shape(main="who", options={"who": _PEOPLE})

    who: tuple[str, ...] = ()

    def apply(self, occasion: Occasion) -> Outcome:
        handles, notes = expand(self.who, occasion.record, occasion.context)
        return Outcome(with_members(occasion.record, "assignees", handles, ()), notes=notes)

    def explain(self) -> str:
        return _say("assign", self.who)


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class Unassign(Action):
    """Take people off the record.

    `unassign: WHO` · `unassign: [WHO, WHO]` · `unassign: all`
    """

    word = "unassign"
    shape = Shape(main="who", options={"who": _PEOPLE})

    who: tuple[str, ...] = ()

    def apply(self, occasion: Occasion) -> Outcome:
        record = occasion.record
        if "all" in self.who:
            return Outcome(
                record.with_values({"assignees": None}) if record.tuple_of("assignees") else record
            )
        handles, notes = expand(self.who, record, occasion.context)
        # Somebody who left bluefs.yaml may still stand in a record: the word itself counts.
        gone = (*handles, *self.who)
        return Outcome(with_members(record, "assignees", (), gone), notes=notes)

    def explain(self) -> str:
        return _say("unassign", self.who)


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class Move(Action):
    """Move the record to another list of its project. A locked list neither gives nor takes.

    `move: LIST` · `move: {list: LIST, top: true}`: at the top of the list, instead of where its
    position puts it.
    """

    word = "move"
    shape = Shape(
        main="list",
        options={
            "list": Option("list", required=True),
            "top": Option("flag"),
            "project": Option("project", later=True),
        },
    )

    list: str = ""
    top: bool = False

    def apply(self, occasion: Occasion) -> Outcome:
        record = occasion.record
        project = project_of(occasion)
        target = project.list_of(nfc(self.list))
        if record.list != target.key:
            locked = locked_list(record, target, project)
            if locked is not None:
                return Outcome(record, notes=(say("rules.locked", name=locked.name),))
            record = in_list(record, target)
        return Outcome(on_top(record, occasion) if self.top else record)

    def explain(self) -> str:
        return say("rules.do.move.top" if self.top else "rules.do.move", names=self.list)


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class Complete(Action):
    """Mark the record as done.

    `complete`. In a list whose records are done, a `done: false` goes.
    """

    word = "complete"
    shape = Shape(bare=True)

    def apply(self, occasion: Occasion) -> Outcome:
        return Outcome(with_done(occasion.record, True))

    def explain(self) -> str:
        return say("rules.do.complete")


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class Reopen(Action):
    """Mark the record as not done.

    `reopen`. In a list whose records are done this writes `done: false`.
    """

    word = "reopen"
    shape = Shape(bare=True)

    def apply(self, occasion: Occasion) -> Outcome:
        return Outcome(with_done(occasion.record, False))

    def explain(self) -> str:
        return say("rules.do.reopen")


def _say(word: str, names: Iterable[str]) -> str:
    return say(f"rules.do.{word}", names=", ".join(names))
