"""The kind ``currency``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.numeric import Numeric
from bluefs.core.fields.options import Reader
from bluefs.core.model import FieldDef, Value
from bluefs.core.money import CURRENCIES, minor_digits, show_money, split_amount
from bluefs.core.nodes import Map, Node


class Currency(Numeric):
    """An exact amount, written as a number alone: ``12000``, ``99.90``.

    Options: ``currency`` is the ISO 4217 code of the field, one for all its values; ``min``
    and ``max`` bound the amount. It is shown the way of the workspace's language (€12,000).
    """

    word = "currency"
    takes = ("currency", "min", "max")
    summed = True

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.number("min")
        reader.number("max")
        code = reader.text("currency")
        if code is None:
            node = entries.get("currency", Map(()))
            reader.faults.append(fault(codes.FIELD_OPTION, node, "values.opt.currency.missing"))
        elif code in CURRENCIES:
            reader.found["currency"] = code
        else:
            known = code.upper() if code.upper() in CURRENCIES else None
            reader.faults.append(
                fault(codes.FIELD_OPTION, entries["currency"], "values.opt.currency", mend=known)
            )
        return reader.result()

    def digits(self, field: FieldDef) -> int | None:
        """A guess has no more decimals than the currency: 12,000 € is never 12 €."""
        return minor_digits(_code(field))

    def bare(self, field: FieldDef, text: str) -> str | None:
        amount = split_amount(text)
        if amount is None:
            return text
        number, meant = amount
        return number if _code(field) in meant else None

    def refused(self, field: FieldDef, node: Node, text: str) -> Fault:
        if split_amount(text.strip()) is None or self.bare(field, text.strip()) is not None:
            return super().refused(field, node, text)
        return fault(
            codes.CURRENCY, node, "values.currency",
            field=field.key, currency=_code(field), text=brief(text),
        )  # fmt: skip

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        if not isinstance(value, Decimal):
            return ""
        return show_money(value, _code(field), setting.language)


def _code(field: FieldDef) -> str:
    return str(field.options.get("currency", ""))


KIND = Currency()
