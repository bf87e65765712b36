"""The triggers: one small class each, whose docstring is its manual page.

A trigger sees one event and the state after it, and says whether the rule starts. It knows
nothing of other rules; that a rule does not start itself again is the engine's law
(``bluefs.core.settle``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bluefs.core.frozen import dataclass
from bluefs.core.matching import nfc
from bluefs.core.model import Context, Event, Record, Value
from bluefs.core.rules.base import Trigger
from bluefs.core.rules.fields import field_here
from bluefs.core.rules.people import handles_of, person_of
from bluefs.core.rules.registry import Registry
from bluefs.core.rules.shape import Option, Shape
from bluefs.core.words import say

TRIGGERS: Registry[Trigger] = Registry(
    later=(
        "overdue", "checklist_undone", "arrived", "mentioned", "deleted", "attached",
        "unblocked", "schedule", "before", "after", "reached", "matches", "stops_matching",
    )
)  # fmt: skip

_LISTS = Option("list", many=True)
_TAGS = Option("tag", many=True)
_PEOPLE = Option("person", many=True)
#: A created record is not a changed one, and pressing a button changes nothing that stays.
_NO_CHANGE = frozenset({"created", "deleted", "arrived", "pressed"})


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Created(Trigger):
    """A record is new: a file that appeared in a list, by whatever means.

    `created` · `created: {in: LIST}` (one list or several). A file that only moved is not new.
    What happens to a new record before it is first committed (some seconds after the last save)
    is part of its creation: dragged on to Proposal within that time it was created in Proposal,
    and has not moved.
    """

    word = "created"
    shape = Shape(bare=True, options={"in": _LISTS})

    in_: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "created" and _among(event.after, self.in_)

    def explain(self) -> str:
        return _say("created", self.in_)


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Moved(Trigger):
    """A record went from one list of its project to another.

    `moved: LIST` · `moved: [LIST, LIST]` · `moved: {to: LIST, from: LIST}`. With both, both
    must hold; of several lists any will do. The bare word means every move.
    """

    word = "moved"
    shape = Shape(bare=True, main="to", options={"to": _LISTS, "from": _LISTS})

    to: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return (
            event.kind == "moved"
            and _among(event.after, self.to)
            and _among(event.before, self.from_)
        )

    def explain(self) -> str:
        ways = [
            say(f"rules.moved.{way}", names=_or(names))
            for way, names in (("from", self.from_), ("to", self.to))
            if names
        ]
        return " ".join(["moved", *ways])


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Completed(Trigger):
    """A record is done that was not: by `done: true` or by the list it went to.

    `completed`
    """

    word = "completed"
    shape = Shape(bare=True)

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "completed"

    def explain(self) -> str:
        return _say("completed")


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Reopened(Trigger):
    """A record is no longer done: by `done: false` or by the list it went to.

    `reopened`
    """

    word = "reopened"
    shape = Shape(bare=True)

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "reopened"

    def explain(self) -> str:
        return _say("reopened")


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Tagged(Trigger):
    """A tag was added. Tags are the same in any case, and with a space, `-` or `_`.

    `tagged: TAG` · `tagged: [TAG, TAG]` (any of them). The bare word means every tag.
    """

    word = "tagged"
    shape = Shape(bare=True, main="tag", options={"tag": _TAGS})

    tag: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "tagged" and _same_tag(event.after, self.tag)

    def explain(self) -> str:
        return _say("tagged", self.tag)


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Untagged(Trigger):
    """A tag was taken away.

    `untagged: TAG` · `untagged: [TAG, TAG]` (any of them). The bare word means every tag.
    """

    word = "untagged"
    shape = Shape(bare=True, main="tag", options={"tag": _TAGS})

    tag: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "untagged" and _same_tag(event.before, self.tag)

    def explain(self) -> str:
        return _say("untagged", self.tag)


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Assigned(Trigger):
    """Somebody was made responsible for the record.

    `assigned: WHO` · `assigned: [WHO, WHO]` (any of them): a handle, a group, `everyone`,
    `actor` or `creator`. The bare word means anybody.
    """

    word = "assigned"
    shape = Shape(bare=True, main="who", options={"who": _PEOPLE})

    who: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "assigned" and _is_who(event.after, self.who, record, context)

    def explain(self) -> str:
        return _say("assigned", self.who)


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Unassigned(Trigger):
    """Somebody is no longer responsible for the record.

    `unassigned: WHO` · `unassigned: [WHO, WHO]` (any of them). The bare word means anybody.
    """

    word = "unassigned"
    shape = Shape(bare=True, main="who", options={"who": _PEOPLE})

    who: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "unassigned" and _is_who(event.before, self.who, record, context)

    def explain(self) -> str:
        return _say("unassigned", self.who)


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Changed(Trigger):
    """A field got a value, or another one.

    `changed: KEY` · `changed: [KEY, KEY]` · `changed: {field: KEY, from: VALUE, to: VALUE}`.
    `from` and `to` take what a query has behind a key, ranges too: `to: "50000.."`; of several
    any will do. KEY is a field of the project, or title, description, color, start, due,
    blocked_by, position, repeat, remind. A value that was taken away is `cleared`.

    `changed` alone means anything that a person changed in a record that was already there: a
    field, a tag, the list, the text. What a rule wrote does not count.
    """

    word = "changed"
    shape = Shape(
        bare=True,
        main="field",
        options={
            "field": Option("changed", many=True, required=True),
            "from": Option("operand", many=True),
            "to": Option("operand", many=True),
        },
    )

    field: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()
    to: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        if not self.field:
            return event.kind not in _NO_CHANGE and not event.chain
        return (
            event.kind == "changed"
            and event.key in self.field
            and self._holds(event.key, event.before, self.from_, record, context)
            and self._holds(event.key, event.after, self.to, record, context)
        )

    def _holds(
        self, key: str | None, value: Value, operands: Collection[str], record: Record, ctx: Context
    ) -> bool:
        return not operands or any(_holds(key, value, one, record, ctx) for one in operands)

    def explain(self) -> str:
        if not self.field:
            return say("rules.changed.anything")
        ways = [
            say(f"rules.changed.{way}", values=_or(values))
            for way, values in (("from", self.from_), ("to", self.to))
            if values
        ]
        return " ".join([say("rules.changed", names=_or(self.field)), *ways])


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Cleared(Trigger):
    """A field's value was taken away.

    `cleared: KEY` · `cleared: [KEY, KEY]` (any of them). KEY is a field of the project, or
    color, start, due, blocked_by, position, repeat, remind.
    """

    word = "cleared"
    shape = Shape(main="field", options={"field": Option("cleared", many=True, required=True)})

    field: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "cleared" and event.key in self.field

    def explain(self) -> str:
        return _say("cleared", self.field)


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Commented(Trigger):
    """A comment was added.

    `commented` · `commented: {by: WHO}`: a handle, a group, `everyone` (any of the workspace's
    people), `assignees`, `creator`; or `others`: somebody who is none of the workspace's
    people, such as a customer.
    """

    word = "commented"
    shape = Shape(bare=True, options={"by": _PEOPLE})

    by: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        if event.kind != "commented":
            return False
        author = person_of(event.by, context)
        if author is None:
            return not self.by or "others" in self.by
        return _is_who(author.handle, self.by, record, context)

    def explain(self) -> str:
        return _say("commented", self.by)


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class ChecklistDone(Trigger):
    """The last open task item of the record was ticked.

    `checklist_done`
    """

    word = "checklist_done"
    shape = Shape(bare=True)

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "checklist_done"

    def explain(self) -> str:
        return _say("checklist_done")


@TRIGGERS.add
@dataclass(frozen=True, slots=True)
class Pressed(Trigger):
    """A button of the record was pressed: by `bluefs press`, or by typing `press` behind the
    button's key in the file. The key goes by itself afterwards.

    `pressed: KEY` · `pressed: [KEY, KEY]` (any of them). KEY is a field of type button.
    """

    word = "pressed"
    shape = Shape(main="field", options={"field": Option("pressed", many=True, required=True)})

    field: tuple[str, ...] = ()

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return event.kind == "pressed" and event.key in self.field

    def explain(self) -> str:
        return _say("pressed", self.field)


def _among(value: Value, names: Collection[str]) -> bool:
    return not names or (isinstance(value, str) and nfc(value) in names)


def _same_tag(value: Value, tags: Iterable[str]) -> bool:
    from bluefs.core.fields.tags import fold_tag

    wanted = {fold_tag(tag) for tag in tags}
    return not wanted or (isinstance(value, str) and fold_tag(value) in wanted)


def _is_who(value: Value, words: Collection[str], record: Record, context: Context) -> bool:
    if not words:
        return True
    if not isinstance(value, str):
        return False
    meant = {h.casefold() for word in words for h in handles_of(word, record, context) or ()}
    return value.casefold() in meant


def _holds(key: str | None, value: Value, operand: str, record: Record, context: Context) -> bool:
    """Whether the field's kind finds the operand true of the value. An operand that it cannot
    read (a Problem when the rule was loaded) is true of nothing."""
    from bluefs.core.fields import kind_of
    from bluefs.core.fields.base import Setting

    project = context.config.projects.get(record.project)
    field = field_here(key, project) if key and project else None
    if field is None or project is None:
        return False
    setting = Setting(context.config, project, context.now)
    return kind_of(field).test(field, value, operand, setting) is True


def _or(names: Collection[str]) -> str:
    return say("rules.or").join(names)


def _say(word: str, names: Collection[str] = ()) -> str:
    if not names:
        return say(f"rules.{word}.any")
    return say(f"rules.{word}", names=_or(names))
