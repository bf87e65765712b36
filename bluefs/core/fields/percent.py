"""The kind ``percent``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.numeric import Numeric
from bluefs.core.fields.options import Reader
from bluefs.core.model import FieldDef, Value
from bluefs.core.money import percent_gap
from bluefs.core.nodes import Node
from bluefs.core.words import say

_ZERO, _FULL = Decimal(0), Decimal(100)


class Percent(Numeric):
    """A share from 0 to 100, written as a number alone: 40 means 40 %.

    Option: ``decimals`` is how many digits it may have after the point (any number without
    it) and how many are shown.
    """

    word = "percent"
    takes = ("decimals",)

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.count("decimals", 0, 12)
        return reader.result()

    def low(self, field: FieldDef) -> Decimal:
        return _ZERO

    def high(self, field: FieldDef) -> Decimal:
        return _FULL

    def bare(self, field: FieldDef, text: str) -> str | None:
        return text[:-1].rstrip() if text.endswith("%") else text

    def refused(self, field: FieldDef, node: Node, text: str) -> Fault:
        hint = say("values.percent.hint")
        return fault(codes.NUMBER, node, "values.number", text=brief(text), hint=hint)

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        number = super().show(field, value, setting)
        return f"{number}{percent_gap(setting.language)}%" if number else ""


KIND = Percent()
