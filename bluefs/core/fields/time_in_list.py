"""The kind ``time_in_list``."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.computed import Computed
from bluefs.core.fields.elapsed import show_elapsed
from bluefs.core.fields.folding import is_like
from bluefs.core.frozen import dataclass
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question


@dataclass(frozen=True, slots=True)
class InList:
    """How long a record was in a list, in whole seconds; ``now``: it still is."""

    list: str
    seconds: int
    now: bool = False


class TimeInList(Computed):
    """How long a record was in each list, from its history: the time, its share of all, and
    where it is now. This version keeps the field and does not compute it yet. No options."""

    word = "time_in_list"
    pending = True

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        times = times_of(value)
        total = sum(one.seconds for one in times)
        return " · ".join(_said(one, total, setting.language) for one in times)

    def json(self, field: FieldDef, value: Value, setting: Setting) -> object:
        times = times_of(value)
        total = sum(one.seconds for one in times) or 1
        return [
            {"list": one.list, "seconds": one.seconds, "current": one.now,
             "share": (Decimal(one.seconds) / total).quantize(Decimal("0.001"))}
            for one in times
        ]  # fmt: skip

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        return any(is_like(one.list, operand) for one in times_of(value))

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Written

        return Written(asked.text)


def value_of(times: Iterable[InList]) -> Value:
    """As a record holds it: one text for each list, ``259200 Open deals``, with ``+`` behind
    the seconds of the list it is in."""
    return tuple(f"{t.seconds}{'+' if t.now else ''} {t.list}" for t in times) or None


def times_of(value: Value) -> list[InList]:
    found = []
    for text in value if isinstance(value, tuple) else ():
        seconds, _, name = text.partition(" ")
        if seconds.rstrip("+").isdigit():
            found.append(InList(name, int(seconds.rstrip("+")), seconds.endswith("+")))
    return found


def _said(one: InList, total: int, language: str) -> str:
    share = round(100 * one.seconds / total) if total else 0
    time = show_elapsed(Decimal(one.seconds), "compact", language)
    key = "values.in_list.now" if one.now else "values.in_list"
    return say(key, language=language, list=one.list, time=time, share=share)


KIND = TimeInList()
