"""What one comparison, ``key:operand``, asks of a value.

Owns the reading of operands: names, dates, numbers and words are resolved here, once, for a
project and the circumstances, into one of a few questions. ``comparing`` asks them of values in
memory, ``sql.answering`` of the query tables, so the two cannot disagree about what was meant.
Refuses to judge operands: one that cannot be compared asks ``Never``.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.fields.bounds import parse_bounds
from bluefs.core.fields.checkbox import meant_truth
from bluefs.core.fields.choices import spelled
from bluefs.core.fields.numeric import Numeric
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass
from bluefs.core.hints import TYPE_CHECKING, Final
from bluefs.core.matching import fold
from bluefs.core.model import Context, FieldDef, Project
from bluefs.core.query.folding import needle
from bluefs.core.query.names import Subject, lists_named, projects_named, who
from bluefs.core.query.tree import Compare, Operand, Range, Text, Unset

if TYPE_CHECKING:
    from bluefs.core.when import When

#: Kinds whose values have an order, so that ``<``, ``>`` and ranges mean something.
ORDERED: Final = frozenset({"number", "currency", "percent", "rating", "date"})
#: Kinds that hold what somebody wrote, not one of several names.
WRITTEN: Final = frozenset({"text", "multiline", "email", "url", "unknown"})


@dataclass(frozen=True, slots=True)
class Never:
    """No value will do."""


@dataclass(frozen=True, slots=True)
class Set:
    """Whether there is a value (``held``), or none."""

    held: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """Yes or no; not set is no."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Dates:
    """Whether some part of a date lies between the bounds, both included (None: open), or,
    where ``outside``, whether none does."""

    low: When | None
    high: When | None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """As ``Dates``, of numbers."""

    low: Decimal | None
    high: Decimal | None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """A position between bounds that are included, unless ``apart``; None: open."""

    low: str | None
    high: str | None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The needle stands somewhere in the text, or in one of several."""

    needle: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The text, or one of several, is the needle."""

    needle: str


@dataclass(frozen=True, slots=True)
class Begins:
    """The text begins with the needle."""

    needle: str


@dataclass(frozen=True, slots=True)
class Like:
    """The whole text, or one of several, is like the operand with its stars."""

    operand: str


@dataclass(frozen=True, slots=True)
class Exactly:
    """The text, or one of several, is this very one."""

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """The text, or one of several, folds to one of these names."""

    fold: Callable[[str], str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Blocker:
    """One of the records it waits for has this id, a title or path with it, or is written so."""

    needle: str


@dataclass(frozen=True, slots=True)
class OfKind:
    """What only the field's kind can tell. It cannot be asked in SQL."""

    field: FieldDef
    operand: str


Question = (
    Never | Set | Truth | Dates | Numbers | Places | Part | Whole | Begins | Like | Exactly
    | Named | Blocker | OfKind
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a query is asked: the project, and the circumstances."""

    project: Project
    context: Context

    @property
    def setting(self) -> Setting:
        return Setting(self.context.config, self.project, self.context.now)


def operand_text(operand: Operand) -> str:
    """The operand as a kind's ``test`` reads it."""
    if isinstance(operand, Range):
        return f"{operand.low or ''}..{operand.high or ''}"
    return operand.text if isinstance(operand, Text) else ""


def is_ordered(subject: Subject) -> bool:
    if subject.field is not None:
        return subject.field.kind in ORDERED
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
    kind, text = kind_of(field), operand_text(leaf.operand)
    if field.kind == "date":
        return _dates(leaf, text, scene)
    if isinstance(kind, Numeric):
        return _numbers(leaf, field, kind, scene.setting)
    if kind.word in WRITTEN:
        return _written(leaf, text, scene)
    if kind.word == "button":
        return Truth(meant_truth(text) is not False)
    if kind.word == "checkbox":
        return _truth(leaf, text, scene)
    if kind.word in ("select", "multi_select"):
        return Like(text) if "*" in text else _option(field, text)
    return OfKind(field, text)


def _option(field: FieldDef, text: str) -> Question:
    found = spelled(field, text)
    return Never() if found is None else Exactly(found)


def _numbers(leaf: Compare, field: FieldDef, kind: Numeric, setting: Setting) -> Question:
    """``x<5`` is: set, and not ``5..``."""
    text = operand_text(leaf.operand)
    if leaf.operator in ("<", ">"):
        text = f"{text}.." if leaf.operator == "<" else f"..{text}"
    bounds = parse_bounds(text, lambda end: kind.guess(field, end, setting))
    if bounds is None:
        return Never()
    return Numbers(bounds.low, bounds.high, leaf.operator in ("<", ">"))


def _dates(leaf: Compare, text: str, scene: Scene) -> Question:
    """Days, moments and spans: a day counts whole, a span matches if a part of it does."""
    from bluefs.core.when import typed_range

    bounds = typed_range(text, scene.context.now)
    if bounds is None:
        return Never()
    low, high = bounds
    if leaf.operator == "<":
        return Dates(low, None, outside=True)
    if leaf.operator == ">":
        return Dates(None, high, outside=True)
    return Dates(low, high)


def _written(leaf: Compare, text: str, scene: Scene) -> Question:
    """A part of the text; with ``*``, or behind ``=``, the whole of it."""
    if "*" in text:
        return Like(text)
    return Whole(needle(text)) if leaf.operator == "=" else Part(needle(text))


def _id(leaf: Compare, text: str, scene: Scene) -> Question:
    """The id, or three or more of its first characters."""
    return id_like(text) if leaf.operator != "=" else Whole(needle(text))


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


def _truth(leaf: Compare, text: str, scene: Scene) -> Question:
    wanted = meant_truth(text)
    return Never() if wanted is None else Truth(wanted)


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
    "due": _dates,
    "start": _dates,
    "done": _truth,
    "position": _position,
    "blocked_by": _blocked_by,
}
