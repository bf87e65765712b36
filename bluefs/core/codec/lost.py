"""What a comment that swallowed text means for the value it cut short.

``color: #ff0000`` is a colour to be quoted, ``deal_value: 12000 #net`` an amount whose
comment lacks a space: the field's kind decides which reading makes sense, and so which Fix
is offered.
"""

from __future__ import annotations

from bisect import bisect_right

from bluefs.core.codec.compose import Examined, examine
from bluefs.core.codec.keys import Meaning, key_meant
from bluefs.core.codec.plan import Plan
from bluefs.core.codec.swallowed import took_nothing
from bluefs.core.codes import format as codes
from bluefs.core.fields.base import Fault
from bluefs.core.frozen import replace
from bluefs.core.identity import is_id
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.problems import Fix, Problem
from bluefs.core.words import say

#: Keys whose values are ids: one that is whole needs no more text.
_HOLD_IDS = ("id", "blocked_by")


def settle_swallowed(found: Examined, meaning: Meaning, plan: Plan) -> list[Problem]:
    """The Problems of an examined front matter, those of swallowed text with the Fix that
    suits the field. A value cut short is not taken (its key goes into ``bad``) unless only
    the comment was mistyped."""
    if not found.problems or not isinstance(found.node, Map):
        return list(found.problems)
    places = [(key.line, key.column) for key, _ in found.node.entries]
    return [
        _settle(problem, _entry_at(problem, found.node, places), meaning, plan)
        if problem.code is codes.SWALLOWED and problem.line not in found.lines
        else problem
        for problem in found.problems
    ]


def _settle(
    problem: Problem, entry: tuple[Scalar, Node] | None, meaning: Meaning, plan: Plan
) -> Problem:
    if took_nothing(problem):
        return problem
    if entry is None:
        return problem
    name, value = entry
    key = name.text
    known = plan.fields.get(key) or plan.fields.get(key_meant(key, plan.project) or "")
    lost = _scalar_at(problem, value)
    holds_ids = key in _HOLD_IDS or (known is not None and known[1].refers)
    if lost is not None and holds_ids and is_id(lost.text):
        return _with_space(problem)
    if known is None or lost is None or problem.fix is None:
        return _taken_back(problem, name, meaning)
    whole = examine(problem.fix.text).node
    if isinstance(whole, Scalar) and _reads(known, _in_its_place(value, whole), plan):
        return _taken_back(problem, name, meaning)
    if lost.text and _reads(known, _in_its_place(value, lost), plan):
        return _with_space(problem)
    meaning.bad.add(key)
    hint = say("problems.quote.hint")
    return replace(problem, fix=None, hint=hint)


def _taken_back(problem: Problem, name: Scalar, meaning: Meaning) -> Problem:
    """What was said of a value that was cut short counts for nothing; what is said of its key
    does."""
    key, place = name.text, (name.line, name.column)
    meaning.values.pop(key, None)
    meaning.bad.add(key)
    if key == "id":
        meaning.held = True
    if key == "title":
        meaning.title = None
    meaning.problems = [
        p for p in meaning.problems if p.line != problem.line or (p.line, p.column) == place
    ]
    return problem


def _with_space(problem: Problem) -> Problem:
    at = problem.line, problem.column + 1
    hint = say("problems.fixable.hint", hint=say("problems.swallowed_comment.hint"))
    return replace(problem, fix=Fix(*at, *at, " "), hint=hint)


def _in_its_place(value: Node, scalar: Scalar) -> Node:
    """The scalar as the value, or as the only member of the list: the others do not matter."""
    return replace(value, items=(scalar,)) if isinstance(value, Seq) else scalar


def _reads(known: tuple, value: Node, plan: Plan) -> bool:  # type: ignore[type-arg]
    field, kind = known
    return not isinstance(kind.parse(field, value, plan.setting), Fault)


def _entry_at(
    problem: Problem, node: Map, places: list[tuple[int, int]]
) -> tuple[Scalar, Node] | None:
    """The last entry (``places`` are those of the keys) that begins before the problem and
    reaches its line."""
    index = bisect_right(places, (problem.line, problem.column))
    if not index:
        return None
    key, value = node.entries[index - 1]
    return (key, value) if problem.line <= max(value.end_line, key.line) else None


def _scalar_at(problem: Problem, value: Node) -> Scalar | None:
    """The scalar that ends on the line of the problem, the nearest before its column."""
    if isinstance(value, Scalar):
        return value if value.end_line == problem.line else None
    if not isinstance(value, Seq):
        return None
    at = problem.line, problem.column
    index = bisect_right(value.items, at, key=lambda item: (item.end_line, item.end_column))
    item = value.items[index - 1] if index else None
    return item if isinstance(item, Scalar) and item.end_line == problem.line else None
