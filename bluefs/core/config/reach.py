"""Rules that can never fire: a condition at odds with itself, or with what starts the rule.

Owns what is sure from the words alone: two parts of a condition that exclude each other, and a
part that cannot hold in the state which a trigger leaves. Refuses to guess: what depends on the
record (a list that counts as done may hold an open record) is no contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator

from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass
from bluefs.core.model import Project
from bluefs.core.query.names import lists_named, subject_of
from bluefs.core.query.tree import And, Compare, Has, Is, Leaf, Not, Text, Tree, Unset
from bluefs.core.rules.base import Trigger
from bluefs.core.rules.triggers import (
    Cleared,
    Completed,
    Created,
    Moved,
    Reopened,
    Tagged,
    Untagged,
)


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a condition asks for, or (``no``) asks not to be."""

    leaf: Leaf
    no: bool

    @property
    def column(self) -> int:
        """Where it begins in the condition (from 1): ``is:`` and ``has:`` know their word's."""
        before = (
            "is:" if isinstance(self.leaf, Is) else "has:" if isinstance(self.leaf, Has) else ""
        )
        return max(self.leaf.column - len(before), 1)


_OPPOSITE = {"open": "done", "done": "open", "blocked": "unblocked", "unblocked": "blocked"}


def demands(tree: Tree) -> Iterator[Demand]:
    """What must hold in any case: the parts of `and`. What stands in an `or` need not."""
    if isinstance(tree, And):
        for part in tree.parts:
            yield from demands(part)
    elif isinstance(tree, Not):
        if not isinstance(tree.part, (And, Not)) and not hasattr(tree.part, "parts"):
            yield Demand(tree.part, no=True)
    elif not hasattr(tree, "parts"):
        yield Demand(tree, no=False)


def against_itself(tree: Tree, project: Project) -> Demand | None:
    """The first part that excludes one before it."""
    before: list[Demand] = []
    for demand in demands(tree):
        if any(_exclude(demand, other, project) for other in before):
            return demand
        before.append(demand)
    return None


def against_trigger(trigger: Trigger, tree: Tree, project: Project) -> Demand | None:
    """The first part that cannot hold in the state which the trigger leaves."""
    left = list(_left_by(trigger, project))
    return next((d for d in demands(tree) if any(_exclude(d, o, project) for o in left)), None)


def goes_nowhere(trigger: Trigger) -> bool:
    """Whether a trigger waits for a move from a list to that very list."""
    return isinstance(trigger, Moved) and len(trigger.to) == 1 and trigger.to == trigger.from_


def _left_by(trigger: Trigger, project: Project) -> Iterator[Demand]:
    """What is certain of a record once a trigger has fired."""
    if isinstance(trigger, (Completed, Reopened)):
        yield Demand(Is("done" if isinstance(trigger, Completed) else "open"), no=False)
    lists = trigger.to if isinstance(trigger, Moved) else ()
    lists = trigger.in_ if isinstance(trigger, Created) else lists
    if len(lists) == 1:
        yield Demand(Compare("list", Text(lists[0])), no=False)
    elif isinstance(trigger, Moved) and trigger.from_ and not trigger.to:
        yield from (Demand(Compare("list", Text(one)), no=True) for one in trigger.from_)
    if isinstance(trigger, (Tagged, Untagged)) and len(trigger.tag) == 1:
        gone = isinstance(trigger, Untagged)
        yield Demand(Compare("tag", Text(trigger.tag[0])), no=gone)
    if isinstance(trigger, Cleared) and len(trigger.field) == 1:
        yield Demand(Has(trigger.field[0]), no=True)


def _exclude(one: Demand, other: Demand, project: Project) -> bool:
    a, b = one.leaf, other.leaf
    if isinstance(a, Is) and isinstance(b, Is):
        if a.word == b.word:
            return one.no != other.no
        return _OPPOSITE.get(a.word) == b.word and one.no == other.no
    if isinstance(a, Has) and isinstance(b, Has):
        return one.no != other.no and _subject(a.key, project) == _subject(b.key, project)
    if isinstance(a, Has) or isinstance(b, Has):
        return _asks_for_nothing(one, other, project)
    if isinstance(a, Compare) and isinstance(b, Compare):
        return _compared(a, b, same=one.no == other.no, no=one.no, project=project)
    return False


def _asks_for_nothing(one: Demand, other: Demand, project: Project) -> bool:
    """``has:due`` beside ``due:none``, or a value asked of a key that has none."""
    has, compare = (one, other) if isinstance(one.leaf, Has) else (other, one)
    if not isinstance(compare.leaf, Compare) or not isinstance(has.leaf, Has) or compare.no:
        return False
    if _subject(has.leaf.key, project) != _subject(compare.leaf.key, project):
        return False
    return has.no != isinstance(compare.leaf.operand, Unset)


def _compared(a: Compare, b: Compare, *, same: bool, no: bool, project: Project) -> bool:
    subject = _subject(a.key, project)
    if subject is None or subject != _subject(b.key, project):
        return False
    if not isinstance(a.operand, Text) or not isinstance(b.operand, Text):
        return False
    if a.operator not in (":", "=") or b.operator not in (":", "="):
        return False
    first, last = a.operand.text, b.operand.text
    if subject == "list":
        lists = set(lists_named(first, project)), set(lists_named(last, project))
        if len(lists[0]) != 1 or len(lists[1]) != 1:
            return False
        return (lists[0] != lists[1] and not no) if same else lists[0] == lists[1]
    if subject == "tags":
        return not same and fold_tag(first) == fold_tag(last)
    return not same and first == last


def _subject(key: str, project: Project) -> str | None:
    found = subject_of(key, project)
    return found.key if found is not None else None
