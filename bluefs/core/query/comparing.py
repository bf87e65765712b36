"""Questions asked of values in memory, many times.

Owns how a value answers a ``Question``. A ``Probe`` takes a value and answers; answers are
remembered by value, because records share most of theirs. Only a blocker is looked for anew each
time, for it is another record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, tzinfo
from decimal import Decimal

from bluefs.core.fields import kind_of, questions
from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.model import Context, Span, Value
from bluefs.core.query.asking import (
    Scene,
    asks_order,
    id_like,
    is_ordered,
    operand_text,
    question,
    title_like,
)
from bluefs.core.query.folding import contains, fits, needle
from bluefs.core.query.names import Subject
from bluefs.core.query.tree import Compare
from bluefs.core.when import within

__all__ = ["Probe", "Scene", "asks_order", "is_ordered", "operand_text", "probe"]

Probe = Callable[[Value, Context], bool]
Ask = Callable[[Value], bool]

_LONG = 200  # characters: longer texts are not worth remembering


def probe(leaf: Compare, subject: Subject, scene: Scene) -> Probe:
    """The probe of this comparison; ``subject`` is what its key asks for."""
    asked = question(leaf, subject, scene)
    if isinstance(asked, questions.Blocker):
        return _blocker(asked)
    if isinstance(asked, questions.Referred):
        return _referred(asked)
    ask = _remembered(_answer(asked, scene))
    return lambda value, context: ask(value)


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


def _answer(asked: questions.Question, scene: Scene) -> Ask:
    """The question as a function of the value."""
    if isinstance(asked, questions.Set):
        return bool if asked.held else lambda value: value is None or value in ("", ())
    if isinstance(asked, questions.Truth):
        wanted = asked.wanted
        return lambda value: bool(value) is wanted
    if isinstance(asked, questions.Dates):
        return _dates(asked, scene.context.now.tzinfo)
    if isinstance(asked, questions.Numbers):
        return _numbers(asked)
    if isinstance(asked, questions.Places):
        return _places(asked)
    if isinstance(asked, questions.Each):
        return _each(asked, scene)
    if isinstance(asked, questions.OfKind):
        kind, setting = kind_of(asked.field), scene.setting
        return lambda value: kind.test(asked.field, value, asked.operand, setting) is True
    return _any_text(_text(asked))


def _any_text(one: Callable[[str], bool]) -> Ask:
    """The text, or one of several."""

    def asked(value: Value) -> bool:
        if isinstance(value, str):
            return one(value)
        return isinstance(value, tuple) and any(map(one, value))

    return asked


def _text(asked: questions.Question) -> Callable[[str], bool]:
    if isinstance(asked, questions.Part):
        wanted = asked.needle
        return lambda text: contains(text, wanted)
    if isinstance(asked, questions.Whole):
        wanted = asked.needle
        return lambda text: needle(text) == wanted
    if isinstance(asked, questions.Begins):
        wanted = asked.needle
        return lambda text: needle(text).startswith(wanted)
    if isinstance(asked, questions.Like):
        operand = asked.operand
        return lambda text: fits(text, operand)
    if isinstance(asked, questions.Exactly):
        return asked.text.__eq__
    if isinstance(asked, questions.Named):
        fold, names = asked.fold, asked.names
        return lambda text: fold(text) in names
    return lambda text: False


def _dates(asked: questions.Dates, zone: tzinfo | None) -> Ask:
    low, high, outside = asked.low, asked.high, asked.outside

    def answer(value: Value) -> bool:
        if not isinstance(value, (date, Span)) or zone is None:
            return False
        return within(value, low, high, zone) is not outside

    return answer


def _numbers(asked: questions.Numbers) -> Ask:
    low, high, outside = asked.low, asked.high, asked.outside

    def answer(value: Value) -> bool:
        if not isinstance(value, Decimal):
            return False
        return ((low is None or low <= value) and (high is None or value <= high)) is not outside

    return answer


def _each(asked: questions.Each, scene: Scene) -> Ask:
    from bluefs.core.fields.lookup import decoded

    one, field, setting = _answer(asked.asked, scene), asked.field, scene.setting

    def answer(value: Value) -> bool:
        if not isinstance(value, tuple):
            return one(None)
        return any(map(one, decoded(field, value, setting)))

    return answer


def _places(asked: questions.Places) -> Ask:
    low, high, apart = asked.low, asked.high, asked.apart

    def answer(value: Value) -> bool:
        if not isinstance(value, str) or (apart and value in (low, high)):
            return False
        return (low is None or low <= value) and (high is None or value <= high)

    return answer


def _blocker(asked: questions.Blocker) -> Probe:
    """By the id that is written or meant, by a part of the title or path of the record that is
    meant, or as it is written where none is."""
    wanted = asked.needle
    is_id = _text(id_like(wanted))

    def means(name: str, context: Context) -> bool:
        if is_id(name):
            return True
        one = context.find(name)
        if one is None:
            return needle(bare_reference(name)) == wanted
        if one.id is not None and is_id(one.id):
            return True
        return contains(one.title, wanted) or ("/" in wanted and contains(one.path, wanted))

    def blocked(value: Value, context: Context) -> bool:
        return isinstance(value, tuple) and any(means(name, context) for name in value)

    return blocked


def _referred(asked: questions.Referred) -> Probe:
    """As a blocker, of the records of one project; the title as ``title_like`` has it."""
    wanted, project = asked.text, asked.project
    is_id, is_called = _text(id_like(wanted)), _text(title_like(asked))
    in_path = "/" in wanted and not asked.whole and "*" not in wanted

    def means(name: str, context: Context) -> bool:
        one = context.refer(name, project)
        if one is None:
            bare = bare_reference(name)
            return is_id(name) or (is_called(bare) if "*" in wanted else needle(bare) == wanted)
        if one.id is not None and is_id(one.id):
            return True
        return is_called(one.title) or (in_path and contains(one.path, wanted))

    def named(value: Value, context: Context) -> bool:
        if isinstance(value, str):
            return means(value, context)
        return isinstance(value, tuple) and any(means(name, context) for name in value)

    return named
