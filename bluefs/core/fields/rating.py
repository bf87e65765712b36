"""The kind ``rating``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.decimals import render_decimal
from bluefs.core.fields.faults import fault
from bluefs.core.fields.numeric import Numeric, local_number
from bluefs.core.fields.options import Reader, count_of
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node

_STEPS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_MOST = 15
_USUAL = 5


class Rating(Numeric):
    """A mark from 0 up to the field's ``max``: ``4``, ``3.5``.

    Options: ``max`` is 1 to 15 (5 without it); ``step: half`` or ``quarter`` allows parts of
    a mark. Shown as ``4/5``, which is also read where a person types it.
    """

    word = "rating"
    takes = ("max", "step")

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.count("max", 1, _MOST)
        reader.word("step", tuple(_STEPS))
        return reader.result()

    def low(self, field: FieldDef) -> Decimal:
        return Decimal(0)

    def high(self, field: FieldDef) -> Decimal:
        most = count_of(field.options, "max")
        return Decimal(_USUAL if most is None else most)

    def bare(self, field: FieldDef, text: str) -> str | None:
        mark, slash, most = text.partition("/")
        if slash and most.strip() != render_decimal(self.high(field)):
            return None
        return mark.rstrip()

    def check(self, field: FieldDef, node: Node, number: Decimal) -> Fault | None:
        found = super().check(field, node, number)
        step = _STEPS.get(str(field.options.get("step")), Decimal(1))
        if found is not None or number % step == 0:
            return found
        below = (number / step).to_integral_value(ROUND_FLOOR) * step
        return fault(
            codes.STEP, node, "values.step", field=field.key, step=step, below=below,
            above=below + step,
        )  # fmt: skip

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        if not isinstance(value, Decimal):
            return ""
        whole = value.to_integral_value() if value == value.to_integral_value() else value
        return f"{local_number(whole, None, setting.language)}/{self.high(field)}"

    def schema(self, field: FieldDef) -> dict[str, object]:
        step = _STEPS.get(str(field.options.get("step")), 1)
        return {**super().schema(field), "multipleOf": step}


KIND = Rating()
