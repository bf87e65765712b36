"""Events + rules + state + now -> the final state and what must leave the machine. Pure.

Rules of the game, which both lanes rest on (docs/architecture.md, "Two lanes"):

- A change is one comparison of two states. A rule fires at most once for each change, with
  the first of its events for which its condition holds.
- Triggers see events, conditions see the present state, in which earlier rules have written.
- What a rule writes makes new events, whose chain names it. A rule in its own chain is
  skipped; a chain is at most ``DEPTH`` rules long. So it always ends.
- What the change itself set (a field, a tag, a person, the place) no rule overwrites, except
  the thing that triggered the rule.
- A pressed button is taken back first: the press is in the event.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Literal

from bluefs.core.diff import buttons, diff, with_good
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.model import Context, Event, Outward, Project, Record, Rule, Value
from bluefs.core.rules.base import Occasion
from bluefs.core.worked import as_written, whole

DEPTH = 10
_SETS = ("tags", "assignees")


@dataclass(frozen=True, slots=True)
class Firing:
    """One line of the trace: a rule met an event. ``before`` and ``after`` are the record
    around its actions where it fired."""

    rule: Rule
    event: Event
    outcome: Literal["fired", "condition", "loop", "depth"]
    before: Record | None = None
    after: Record | None = None
    outward: tuple[Outward, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    record: Record | None
    events: tuple[Event, ...] = ()  # what the change itself was
    outward: tuple[Outward, ...] = ()
    firings: tuple[Firing, ...] = ()

    @property
    def writers(self) -> tuple[Firing, ...]:
        """The firings that changed the record."""
        return tuple(f for f in self.firings if f.after is not None and f.after != f.before)


@dataclass(slots=True)
class _Run:
    """The state of one settling."""

    record: Record
    shield: _Shield
    queue: deque[Event]
    fired: set[str] = field(default_factory=set)
    firings: list[Firing] = field(default_factory=list)
    outward: list[Outward] = field(default_factory=list)


def settle(
    before: Record | None,
    after: Record | None,
    rules: Iterable[Rule],
    context: Context,
    project: Project | None = None,
) -> Settled:
    """What becomes of a change. ``before`` None: created. ``after`` None: deleted."""
    events = diff(before, after, project)
    if after is None or not events:
        good = with_good(before, after) if after is not None else None
        return Settled(good, events)
    record = _take_back_presses(with_good(before, after), events, project)
    run = _Run(record, _Shield.of(events, after), deque(events))
    active = [rule for rule in rules if rule.enabled]
    while run.queue:
        event = run.queue.popleft()
        for rule in active:
            _meet(run, rule, event, context, project)
    return Settled(run.record, events, tuple(run.outward), tuple(run.firings))


def _take_back_presses(record: Record, events: Sequence[Event], project: Project | None) -> Record:
    pressed = {e.key: None for e in events if e.kind == "pressed" and e.key in buttons(project)}
    return record.with_values(pressed) if pressed else record


def _meet(run: _Run, rule: Rule, event: Event, context: Context, project: Project | None) -> None:
    name = rule.identity
    if name in run.fired and name not in event.chain:
        return
    if not any(trigger.matches(event, run.record, context) for trigger in rule.when):
        return
    if name in event.chain:
        run.firings.append(Firing(rule, event, "loop"))
    elif len(event.chain) >= DEPTH:
        run.firings.append(Firing(rule, event, "depth"))
    elif not _holds(rule, run.record, context):
        run.firings.append(Firing(rule, event, "condition", run.record))
    else:
        _fire(run, rule, event, context, project)


def _holds(rule: Rule, record: Record, context: Context) -> bool:
    return rule.condition is None or rule.condition.matches(_seen(record, context), context)


def _fire(run: _Run, rule: Rule, event: Event, context: Context, project: Project | None) -> None:
    run.fired.add(rule.identity)
    start = run.record
    outward: list[Outward] = []
    notes: list[str] = []
    for action in rule.then:
        seen = _seen(run.record, context)
        outcome = action.apply(Occasion(rule, event, seen, context))
        if outcome.record is not seen:
            made = as_written(_own(outcome.record, context), context.config)
            run.record = run.shield.hold(run.record, made, event)
        outward.extend(outcome.outward)
        notes.extend(outcome.notes)
    run.outward.extend(outward)
    run.firings.append(
        Firing(rule, event, "fired", start, run.record, tuple(outward), tuple(notes))
    )
    run.queue.extend(diff(start, run.record, project, (*event.chain, rule.identity)))


def _seen(record: Record, context: Context) -> Record:
    """The record with all that is worked out of it and shown of others, for conditions, actions
    and mails. It is no part of its state: states are compared without it."""
    project = context.config.projects.get(record.project)
    if project is not None and project.lookups:
        from bluefs.core.linking import seen

        record = seen(record, context)
    return whole(record, context.config)


def _own(record: Record, context: Context) -> Record:
    from bluefs.core.linking import bare

    return bare(record, context.config)


@dataclass(frozen=True, slots=True)
class _Shield:
    """What the change itself set. Keys hold as a whole, members of sets one by one."""

    keys: frozenset[str]
    members: frozenset[tuple[str, str]]  # (key, folded member) added or removed

    @classmethod
    def of(cls, events: Sequence[Event], after: Record) -> _Shield:
        keys: set[str] = set()
        members: set[tuple[str, str]] = set()
        for event in events:
            if event.kind == "created":
                keys.update(k for k in after.values if k not in _SETS)
                members.update((k, fold_tag(m)) for k in _SETS for m in after.tuple_of(k))
            elif event.kind in ("changed", "cleared") and event.key:
                keys.add(event.key)
            elif event.kind in ("moved", "arrived"):
                keys.add("list")
            elif event.kind in ("completed", "reopened"):
                keys.add("done")
            elif event.kind in ("tagged", "untagged", "assigned", "unassigned"):
                members.add(_member(event))
        return cls(frozenset(keys), frozenset(members))

    def hold(self, old: Record, new: Record, event: Event) -> Record:
        """``new`` with everything shielded put back as in ``old``, except what ``event``,
        the trigger, is about."""
        if new is old:
            return new
        free = _thing(event)
        back: dict[str, Value] = {}
        for key in self.keys - {free}:
            if old.values.get(key) != new.values.get(key):
                back[key] = old.values.get(key)
        for key in _SETS:
            kept = self._hold_members(key, old, new, event)
            if kept is not None:
                back[key] = kept
        held = new.with_values(back) if back else new
        if "list" in self.keys and free != "list" and new.list != old.list:
            held = replace(held, list=old.list, list_done=old.list_done, path=old.path)
        if "title" in self.keys and free != "title" and new.title != old.title:
            held = replace(held, title=old.title)
        return held

    def _hold_members(
        self, key: str, old: Record, new: Record, event: Event
    ) -> tuple[str, ...] | None:
        was = {fold_tag(m): m for m in old.tuple_of(key)}
        now = {fold_tag(m): m for m in new.tuple_of(key)}
        free = _member(event) if event.key == key else None
        shielded = {
            f for f in was.keys() ^ now.keys() if (key, f) in self.members and (key, f) != free
        }
        if not shielded:
            return None
        kept = [m for f, m in now.items() if f not in shielded]
        return (*kept, *(m for f, m in was.items() if f in shielded))


def _member(event: Event) -> tuple[str, str]:
    key = "tags" if event.kind in ("tagged", "untagged") else "assignees"
    member = event.after if event.after is not None else event.before
    return key, fold_tag(str(member))


def _thing(event: Event) -> str | None:
    """The key an event is about: its rule may write it."""
    if event.kind in ("moved", "arrived", "created"):
        return "list"
    if event.kind in ("completed", "reopened"):
        return "done"
    return event.key


def same_state(one: Record | None, two: Record | None) -> bool:
    """Whether two states mean the same: place, title, values, unknown keys, body."""
    if one is None or two is None:
        return one is two
    return (
        one.project == two.project
        and one.list == two.list
        and one.title == two.title
        and one.values == two.values
        and one.unknown == two.unknown
        and one.body == two.body
    )


def tells_the_same(
    head: Record | None,
    edit: Record,
    result: Record,
    rules: Sequence[Rule],
    context: Context,
    project: Project | None,
) -> bool:
    """Lane one's condition: settling HEAD -> result yields the same outward effects and the
    same result as HEAD -> edit. Where it does not hold, a commit of the result would hide the
    event that a mail rests on, so nothing is written and lane two does it."""
    told = settle(head, result, rules, context, project)
    true = settle(head, edit, rules, context, project)
    return same_state(told.record, true.record) and sorted(map(repr, told.outward)) == sorted(
        map(repr, true.outward)
    )
