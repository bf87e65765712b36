"""Why a record matches, or does not: each top-level condition with the values that decided.

Owns ``Term`` and ``explain``. It decides nothing itself: what holds is asked of
``evaluation``, so that an explanation can never contradict the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bluefs.core.frozen import dataclass
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import Context, Record, Span, Value
from bluefs.core.query.tree import And, Compare, Has, Is, Leaf, Search, Tree, leaves, render
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.query.comparing import Scene
    from bluefs.core.query.names import Subject

_LONG = 60  # characters of a value that a line shows


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: as a query, whether it holds, and what the record has ("" where there
    is nothing to say): ``-tag:Silent``, True, ``tags: Key account``."""

    text: str
    holds: bool
    detail: str = ""


def explain(tree: Tree, record: Record, context: Context) -> tuple[Term, ...]:
    """The terms in the order of the query; all hold exactly if the query matches."""
    from bluefs.core.query.comparing import Scene
    from bluefs.core.query.evaluation import compile_tree
    from bluefs.core.query.names import project_for

    scene = Scene(project_for(record, context.config), context)
    return tuple(
        Term(render(part), compile_tree(part, scene)(record, context), _detail(part, record, scene))
        for part in (tree.parts if isinstance(tree, And) else (tree,))
    )


def _detail(tree: Tree, record: Record, scene: Scene) -> str:
    said = (_said(leaf, record, scene) for leaf in leaves(tree))
    return " · ".join(dict.fromkeys(text for text in said if text))


def _said(leaf: Leaf, record: Record, scene: Scene) -> str:
    if isinstance(leaf, Search):
        return _place(leaf, record)
    if isinstance(leaf, Is):
        return _state(leaf, record, scene)
    from bluefs.core.query.names import subject_of

    subject = subject_of(leaf.key, scene.project)
    if subject is None:
        return say("query.unknown_key", key=leaf.key, where=where(scene))
    if not subject.is_set(record) and not (subject.key == "done" and isinstance(leaf, Compare)):
        return say("query.why.unset", key=subject.key)
    value = shown(subject, subject.read(record), scene)
    alone = isinstance(leaf, Has) or not value
    return value if alone else say("query.why.value", key=subject.key, value=value)


def where(scene: Scene) -> str:
    return scene.project.name or scene.project.key or say("query.where.all")


def _place(leaf: Search, record: Record) -> str:
    from bluefs.core.query.folding import contains, needle

    wanted = needle(leaf.text)
    if contains(record.title, wanted):
        return say("query.why.title")
    if contains(record.body, wanted):
        return say("query.why.body")
    for comment in record.comments:
        if contains(comment.text, wanted):
            return say("query.why.comments", author=comment.author)
    return say("query.why.nowhere")


def _state(leaf: Is, record: Record, scene: Scene) -> str:
    if leaf.word in ("open", "done"):
        return say("query.why.done" if record.done else "query.why.open")
    if leaf.word in ("blocked", "unblocked"):
        from bluefs.core.query.evaluation import blockers

        titles = ", ".join(one.title for one in blockers(record, scene.context))
        return say("query.why.blockers", titles=titles) if titles else say("query.why.unblocked")
    due = record.values.get("due")
    if due is None:
        return say("query.why.unset", key="due")
    said = say("query.why.value", key="due", value=_show(due, scene))
    return f"{said}, {say('query.why.done')}" if record.done else said


def shown(subject: Subject, value: Value, scene: Scene) -> str:
    """The value as a person reads it, on one line."""
    if subject.field is not None:
        from bluefs.core.fields import kind_of

        text = kind_of(subject.field).show(subject.field, value, scene.setting)
    elif subject.key in ("text", "body", "comments", "checklist"):
        return ""  # too much to show, and no answer by itself
    elif subject.key == "done":
        return say("query.why.done" if value else "query.why.open")
    else:
        text = _show(value, scene)
    line = " ".join(text.split())
    return line if len(line) <= _LONG else line[: _LONG - 1] + "…"


def _show(value: Value, scene: Scene) -> str:
    if isinstance(value, (date, Span)):
        from bluefs.core.when import show_when

        return show_when(value, scene.context.now, scene.setting.language)
    return ", ".join(_parts(value))


def _parts(value: Value) -> Iterator[str]:
    if isinstance(value, tuple):
        yield from value
    elif value is not None:
        yield str(value)
