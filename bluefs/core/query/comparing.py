"""One comparison, ``key:operand``, made ready for many values.

Owns how built-in keys compare; custom fields ask their kind. A ``Probe`` takes a value and
answers; what it needs to work out (a name, a range of dates) is worked out once, and answers
are remembered by value, because records share most of theirs. Refuses to judge operands: one
that cannot be compared makes a probe that is always false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.fields.bounds import Bounds, parse_bounds
from bluefs.core.fields.checkbox import meant_truth
from bluefs.core.fields.folding import is_like
from bluefs.core.fields.numeric import Numeric
from bluefs.core.fields.tags import fold_tag
from bluefs.core.matching import fold
from bluefs.core.model import Context, FieldDef, Project, Span, Value
from bluefs.core.query.folding import contains, needle
from bluefs.core.query.names import Subject, lists_named, projects_named, who
from bluefs.core.query.tree import Compare, Operand, Range, Text, Unset
from bluefs.core.when import typed_range, within

Probe = Callable[[Value, Context], bool]
Ask = Callable[[Value], bool]

#: Kinds whose values have an order, so that ``<``, ``>`` and ranges mean something.
ORDERED = frozenset({"number", "currency", "percent", "rating", "date"})
_LONG = 200  # characters: longer texts are not worth remembering


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


def probe(leaf: Compare, subject: Subject, scene: Scene) -> Probe:
    """The probe of this comparison; ``subject`` is what its key asks for."""
    if isinstance(leaf.operand, Unset):
        return lambda value, context: value is None or value in ("", ())
    if subject.field is None and subject.key == "blocked_by":
        return _blocked_by(operand_text(leaf.operand))
    ask = _remembered(_ask(leaf, subject, scene))
    return lambda value, context: ask(value)


def is_ordered(subject: Subject) -> bool:
    if subject.field is not None:
        return subject.field.kind in ORDERED
    return subject.key in ("due", "start", "position")


def asks_order(leaf: Compare) -> bool:
    """Whether the comparison makes sense only for values that have an order."""
    return leaf.operator != ":" or isinstance(leaf.operand, Range)


def _remembered(ask: Ask) -> Ask:
    known: dict[Value, bool] = {}

    def asked(value: Value) -> bool:
        if isinstance(value, str) and len(value) > _LONG:
            return ask(value)
        answer = known.get(value)
        if answer is None:
            answer = known[value] = ask(value)
        return answer

    return asked


def _ask(leaf: Compare, subject: Subject, scene: Scene) -> Ask:
    if asks_order(leaf) and not is_ordered(subject):
        return _never
    if _is_date(subject):
        return _dates(leaf, scene)
    if subject.field is not None:
        return _field(leaf, subject.field, scene)
    text = operand_text(leaf.operand)
    return _BUILT_IN[subject.key](leaf, text, scene)


def _never(value: Value) -> bool:
    return False


def _is_date(subject: Subject) -> bool:
    return subject.field.kind == "date" if subject.field else subject.key in ("due", "start")


def _dates(leaf: Compare, scene: Scene) -> Ask:
    """Days, moments and spans: a day counts whole, a span matches if a part of it does."""
    now = scene.context.now
    zone = now.tzinfo
    bounds = typed_range(operand_text(leaf.operand), now)
    if bounds is None or zone is None:
        return _never
    low, high = bounds
    if leaf.operator == "<":
        return lambda value: _is_when(value) and not within(value, low, None, zone)  # type: ignore[arg-type]
    if leaf.operator == ">":
        return lambda value: _is_when(value) and not within(value, None, high, zone)  # type: ignore[arg-type]
    return lambda value: _is_when(value) and within(value, low, high, zone)  # type: ignore[arg-type]


def _is_when(value: Value) -> bool:
    return isinstance(value, (date, Span))


def _field(leaf: Compare, field: FieldDef, scene: Scene) -> Ask:
    """What the field's kind says. ``x<5`` is: set, and not ``5..``."""
    kind, setting = kind_of(field), scene.setting
    text = operand_text(leaf.operand)
    if leaf.operator == "<":
        text = f"{text}.."
    elif leaf.operator == ">":
        text = f"..{text}"
    if isinstance(kind, Numeric):
        return _numbers(parse_bounds(text, lambda end: kind.guess(field, end, setting)), leaf)
    if leaf.operator != ":":
        return lambda value: value is not None and kind.test(field, value, text, setting) is False
    return lambda value: kind.test(field, value, text, setting) is True


def _numbers(bounds: Bounds[Decimal] | None, leaf: Compare) -> Ask:
    """As ``Numeric.test`` decides, with the ends read once instead of for each record."""
    if bounds is None:
        return _never
    low, high, inside = bounds.low, bounds.high, leaf.operator == ":"

    def asked(value: Value) -> bool:
        if not isinstance(value, Decimal):
            return False
        return ((low is None or low <= value) and (high is None or value <= high)) is inside

    return asked


def _title(leaf: Compare, text: str, scene: Scene) -> Ask:
    """Part of the text; with ``*``, the whole of it."""
    if "*" in text:
        return lambda value: isinstance(value, str) and is_like(value, text)
    wanted = needle(text)
    return lambda value: isinstance(value, str) and contains(value, wanted)


def _texts(leaf: Compare, text: str, scene: Scene) -> Ask:
    one = _title(leaf, text, scene)
    return lambda value: isinstance(value, tuple) and any(one(part) for part in value)


def _repeat(leaf: Compare, text: str, scene: Scene) -> Ask:
    one, several = _title(leaf, text, scene), _texts(leaf, text, scene)
    return lambda value: one(value) or several(value)


def _id(leaf: Compare, text: str, scene: Scene) -> Ask:
    return _id_like(text)


def _id_like(text: str) -> Ask:
    """The id, or three or more of its first characters."""
    wanted = text.casefold()
    if len(wanted) < 3:
        return lambda value: value == wanted
    return lambda value: isinstance(value, str) and value.casefold().startswith(wanted)


def _list(leaf: Compare, text: str, scene: Scene) -> Ask:
    found = lists_named(text, scene.project)
    wanted = fold(found[0] if len(found) == 1 else text)
    return lambda value: isinstance(value, str) and fold(value) == wanted


def _project(leaf: Compare, text: str, scene: Scene) -> Ask:
    found = projects_named(text, scene.context.config)
    wanted = fold(found[0] if len(found) == 1 else text)
    return lambda value: isinstance(value, str) and fold(value) == wanted


def _tags(leaf: Compare, text: str, scene: Scene) -> Ask:
    wanted = fold_tag(text)
    return lambda value: isinstance(value, tuple) and any(fold_tag(t) == wanted for t in value)


def _assignees(leaf: Compare, text: str, scene: Scene) -> Ask:
    found = who(text, scene.context.config, scene.context)
    if found is None:  # a stranger's handle may stand in a record all the same
        wanted = frozenset({fold(text)})
    elif found.anyone:
        return bool
    elif found.nobody:
        return lambda value: not value
    else:
        wanted = frozenset(fold(handle) for handle in found.handles)
    return lambda value: isinstance(value, tuple) and any(fold(h) in wanted for h in value)


def _color(leaf: Compare, text: str, scene: Scene) -> Ask:
    wanted = text.casefold().replace("gray", "grey")
    return lambda value: isinstance(value, str) and value.casefold() == wanted


def _done(leaf: Compare, text: str, scene: Scene) -> Ask:
    wanted = meant_truth(text)
    return _never if wanted is None else lambda value: bool(value) is wanted


def _position(leaf: Compare, text: str, scene: Scene) -> Ask:
    """Compared as bytes, which for ASCII is as text."""
    if leaf.operator == "<":
        return lambda value: isinstance(value, str) and value < text
    if leaf.operator == ">":
        return lambda value: isinstance(value, str) and value > text
    if not isinstance(leaf.operand, Range):
        return lambda value: value == text
    low, high = leaf.operand.low or "", leaf.operand.high
    return lambda value: isinstance(value, str) and low <= value and (high is None or value <= high)


def _blocked_by(text: str) -> Probe:
    """By the blocker's id, or a part of its title."""
    is_id, wanted = _id_like(text), needle(text)

    def blocked(value: Value, context: Context) -> bool:
        names = value if isinstance(value, tuple) else ()
        if any(is_id(name) for name in names):
            return True
        found = (context.find(name) for name in names)
        return any(one is not None and contains(one.title, wanted) for one in found)

    return blocked


_BUILT_IN: dict[str, Callable[[Compare, str, Scene], Ask]] = {
    "id": _id,
    "title": _title,
    "path": _title,
    "body": _title,
    "text": _texts,
    "comments": _texts,
    "checklist": _texts,
    "repeat": _repeat,
    "remind": _repeat,
    "list": _list,
    "project": _project,
    "tags": _tags,
    "assignees": _assignees,
    "color": _color,
    "done": _done,
    "position": _position,
}
