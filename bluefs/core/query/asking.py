"""What one comparison, ``key:operand``, asks of a value.

Owns the reading of operands behind built-in keys; those behind a field are read by its kind
(``fields.base.Kind.ask``). Either way names, dates, numbers and words are resolved once, for a
project and the circumstances, into one of a few questions. ``comparing`` asks them of values in
memory, ``sql.answering`` of the query tables, so the two cannot disagree about what was meant.
Refuses to judge operands: one that cannot be compared asks ``Never``.
"""

from __future__ import annotations

from collections.abc import Callable

from bluefs.core.fields import BUILT_IN, kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.fields.questions import (
    Asked,
    Begins,
    Blocker,
    Like,
    Named,
    Never,
    Part,
    Places,
    Question,
    Referred,
    Set,
    Whole,
    Written,
)
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass, replace
from bluefs.core.matching import fold
from bluefs.core.model import Context, FieldDef, Project
from bluefs.core.query.folding import needle
from bluefs.core.query.names import Subject, lists_named, projects_named, who
from bluefs.core.query.tree import Compare, Operand, Range, Text, Unset


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a query is asked: the project, and the circumstances."""

    project: Project
    context: Context

    @property
    def setting(self) -> Setting:
        context = self.context
        return Setting(context.config, self.project, context.now, refer=context.refer)


def operand_text(operand: Operand) -> str:
    """The operand as a kind's ``test`` reads it."""
    if isinstance(operand, Range):
        return f"{operand.low or ''}..{operand.high or ''}"
    return operand.text if isinstance(operand, Text) else ""


def is_ordered(subject: Subject) -> bool:
    if subject.field is not None:
        return kind_of(subject.field).ordered
    return subject.key in ("due", "start", "position")


def asks_order(leaf: Compare) -> bool:
    """Whether the comparison makes sense only for values that have an order."""
    return leaf.operator in ("<", ">") or isinstance(leaf.operand, Range)


def question(leaf: Compare, subject: Subject, scene: Scene) -> Question:
    """What is asked; ``subject`` is what the comparison's key stands for in the project."""
    if isinstance(leaf.operand, Unset):
        return Set(held=False)
    if asks_order(leaf) and not is_ordered(subject):
        return Never()
    if subject.field is None:
        return _BUILT_IN[subject.key](leaf, operand_text(leaf.operand), scene)
    return _of_field(leaf, subject.field, scene)


def _of_field(leaf: Compare, field: FieldDef, scene: Scene) -> Question:
    asked = Asked(operand_text(leaf.operand), leaf.operator)
    found = kind_of(field).ask(field, asked, scene.setting)
    if isinstance(found, Referred):
        return found if "*" in found.text else replace(found, text=needle(found.text))
    return _as_text(found.text, found.whole) if isinstance(found, Written) else found


def _by_kind(key: str) -> Callable[[Compare, str, Scene], Question]:
    """Of a built-in key whose values are those of a kind."""
    return lambda leaf, text, scene: _of_field(leaf, BUILT_IN[key], scene)


def _written(leaf: Compare, text: str, scene: Scene) -> Question:
    return _as_text(text, leaf.operator == "=")


def _as_text(text: str, whole: bool) -> Question:
    """A part of the text; with ``*``, or where it is to be whole, all of it."""
    if "*" in text:
        return Like(text)
    return Whole(needle(text)) if whole else Part(needle(text))


def _id(leaf: Compare, text: str, scene: Scene) -> Question:
    """The id, or three or more of its first characters."""
    return id_like(text) if leaf.operator != "=" else Whole(needle(text))


def title_like(asked: Referred) -> Like | Whole | Part:
    """What a reference asks of the title of a record."""
    if "*" in asked.text:
        return Like(asked.text)
    return Whole(asked.text) if asked.whole else Part(asked.text)


def id_like(text: str) -> Whole | Begins:
    wanted = needle(text)
    return Whole(wanted) if len(wanted) < 3 else Begins(wanted)


def _list(leaf: Compare, text: str, scene: Scene) -> Question:
    found = lists_named(text, scene.project)
    return Named(fold, frozenset({fold(found[0] if len(found) == 1 else text)}))


def _project(leaf: Compare, text: str, scene: Scene) -> Question:
    found = projects_named(text, scene.context.config)
    return Named(fold, frozenset({fold(found[0] if len(found) == 1 else text)}))


def _tags(leaf: Compare, text: str, scene: Scene) -> Question:
    return Named(fold_tag, frozenset({fold_tag(text)}))


def _assignees(leaf: Compare, text: str, scene: Scene) -> Question:
    found = who(text, scene.context.config, scene.context)
    if found is None:  # a stranger's handle may stand in a record all the same
        return Named(fold, frozenset({fold(text)}))
    if found.anyone or found.nobody:
        return Set(held=found.anyone)
    return Named(fold, frozenset(fold(handle) for handle in found.handles))


def _color(leaf: Compare, text: str, scene: Scene) -> Question:
    return Whole(needle(text).replace("gray", "grey"))


def _position(leaf: Compare, text: str, scene: Scene) -> Question:
    """Compared as bytes, which for ASCII is as text."""
    if leaf.operator == "<":
        return Places(None, text, apart=True)
    if leaf.operator == ">":
        return Places(text, None, apart=True)
    if isinstance(leaf.operand, Range):
        return Places(leaf.operand.low, leaf.operand.high)
    return Places(text, text)


def _blocked_by(leaf: Compare, text: str, scene: Scene) -> Question:
    return Blocker(needle(bare_reference(text)))


_BUILT_IN: dict[str, Callable[[Compare, str, Scene], Question]] = {
    "id": _id,
    "title": _written,
    "path": _written,
    "body": _written,
    "text": _written,
    "comments": _written,
    "checklist": _written,
    "repeat": _written,
    "remind": _written,
    "list": _list,
    "project": _project,
    "tags": _tags,
    "assignees": _assignees,
    "color": _color,
    "due": _by_kind("due"),
    "start": _by_kind("start"),
    "done": _by_kind("done"),
    "position": _position,
    "blocked_by": _blocked_by,
}
