"""A tree asked of records in memory.

Owns the meaning of a query. A tree is compiled once for a project and the circumstances (the
settings, now, who asks) into nested functions; each then costs a few hundred nanoseconds a
record. Laws: two-valued and total. A comparison with a value that is not set, that makes no
sense, or whose key does not exist is false, so its negation is true, and every law of and, or
and not holds. Nothing here raises on data; ``checking`` says what makes no sense.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from bluefs.core.model import Context, Record
from bluefs.core.query.comparing import Probe, Scene, probe
from bluefs.core.query.folding import contains, needle
from bluefs.core.query.names import project_for, subject_of
from bluefs.core.query.sorting import moment_of
from bluefs.core.query.tree import And, Compare, Has, Is, Leaf, Not, Or, Search, Tree, leaves

Test = Callable[[Record, Context], bool]


def circumstances(context: Context) -> tuple[object, ...]:
    """What a compiled test depends on, besides the record. The settings count as another
    object, not as an equal one: comparing them costs more than compiling."""
    return _Same(context.config), context.now, context.me, context.actor, context.creator


class _Same:
    """Equal to itself only. It holds its object, so that no other can take its address."""

    __slots__ = ("held",)

    def __init__(self, held: object) -> None:
        self.held = held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.held is self.held

    __hash__ = None  # type: ignore[assignment]


def compile_for(tree: Tree, record: Record, context: Context) -> Test:
    """The test of this tree for all records of this record's project."""
    return compile_tree(tree, Scene(project_for(record, context.config), context))


def compile_tree(tree: Tree, scene: Scene) -> Test:
    if isinstance(tree, And):
        return _all([compile_tree(part, scene) for part in sorted(tree.parts, key=_cost)])
    if isinstance(tree, Or):
        return _any([compile_tree(part, scene) for part in sorted(tree.parts, key=_cost)])
    if isinstance(tree, Not):
        test = compile_tree(tree.part, scene)
        return lambda record, context: not test(record, context)
    return _leaf(tree, scene)


def _cost(tree: Tree) -> int:
    """Texts last: the order changes no answer, for nothing here has effects."""
    return max((leaf_cost(leaf) for leaf in leaves(tree)), default=0)


def leaf_cost(leaf: Leaf) -> int:
    """How much a leaf costs to ask, next to others: 0 a value, 2 all texts."""
    if isinstance(leaf, Search):
        return 2
    return int(isinstance(leaf, Compare) and leaf.key in ("text", "body", "comments", "comment"))


def _all(tests: list[Test]) -> Test:
    if len(tests) == 2:
        first, second = tests
        return lambda record, context: first(record, context) and second(record, context)

    def every(record: Record, context: Context) -> bool:
        for test in tests:  # noqa: SIM110  (a generator costs more than the tests)
            if not test(record, context):
                return False
        return True

    return every


def _any(tests: list[Test]) -> Test:
    def some(record: Record, context: Context) -> bool:
        for test in tests:  # noqa: SIM110
            if test(record, context):
                return True
        return False

    return some


def _never(record: Record, context: Context) -> bool:
    return False


def _leaf(leaf: Leaf, scene: Scene) -> Test:
    if isinstance(leaf, Is):
        return IS_TESTS[leaf.word]
    if isinstance(leaf, Search):
        return _search(needle(leaf.text))
    subject = subject_of(leaf.key, scene.project)
    if subject is None:
        return _never
    if isinstance(leaf, Has):
        is_set = subject.is_set
        return lambda record, context: is_set(record)
    read, ask = subject.read, probe(leaf, subject, scene)
    return _reading(read, ask)


def _reading(read: Callable[[Record], object], ask: Probe) -> Test:
    return lambda record, context: ask(read(record), context)  # type: ignore[arg-type]


def _search(wanted: str) -> Test:
    def found(record: Record, context: Context) -> bool:
        return (
            contains(record.title, wanted)
            or contains(record.body, wanted)
            or any(contains(comment.text, wanted) for comment in record.comments)
        )

    return found


def _is_overdue(record: Record, context: Context) -> bool:
    """Not done, and its due day over or its due moment past."""
    due = record.values.get("due")
    if not isinstance(due, date) or record.done:
        return False
    return due < context.now if isinstance(due, datetime) else due < context.today


def _is_today(record: Record, context: Context) -> bool:
    due = record.values.get("due")
    return isinstance(due, date) and moment_of(due, context.now.tzinfo)[0] == context.today


def blockers(record: Record, context: Context) -> list[Record]:
    """The records that it waits for: known, and not done."""
    found = (context.find(name) for name in record.tuple_of("blocked_by"))
    return [one for one in found if one is not None and not one.done]


#: What each ``is:`` word asks.
IS_TESTS: dict[str, Test] = {
    "open": lambda record, context: not record.done,
    "done": lambda record, context: record.done,
    "overdue": _is_overdue,
    "today": _is_today,
    "blocked": lambda record, context: bool(blockers(record, context)),
    "unblocked": lambda record, context: not blockers(record, context),
}
