"""Reading a kind's own options from project.yaml: each helper gives the option or a Fault."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault
from bluefs.core.fields.decimals import parse_decimal
from bluefs.core.fields.faults import fault
from bluefs.core.hints import Any
from bluefs.core.nodes import Node, Scalar

_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})


def truth(text: str) -> bool | None:
    """What true/false, yes/no, on/off say in any case; None for anything else."""
    word = text.strip().casefold()
    return True if word in _TRUE else False if word in _FALSE else None


class Reader:
    """Gathers a kind's options and the Faults among them."""

    __slots__ = ("entries", "faults", "found")

    def __init__(self, entries: Mapping[str, Node]) -> None:
        self.entries = entries
        self.found: dict[str, object] = {}
        self.faults: list[Fault] = []

    def refuse(self, option: str, key: str, **fields: Any) -> None:
        self.faults.append(
            fault(codes.FIELD_OPTION, self.entries[option], key, option=option, **fields)
        )

    def text(self, option: str) -> str | None:
        """The option's text; "" for a list or map, None where it is not given."""
        node = self.entries.get(option)
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return None
        return node.text.strip() if isinstance(node, Scalar) else ""

    def number(self, option: str) -> None:
        text = self.text(option)
        if text is None:
            return
        number = parse_decimal(text)
        if number is None:
            self.refuse(option, "values.opt.number")
        else:
            self.found[option] = number

    def count(self, option: str, low: int, high: int) -> None:
        text = self.text(option)
        if text is None:
            return
        number = parse_decimal(text)
        if number is None or number != int(number) or not low <= number <= high:
            self.refuse(option, "values.opt.count", low=low, high=high)
        else:
            self.found[option] = int(number)

    def word(self, option: str, words: tuple[str, ...]) -> None:
        text = self.text(option)
        if text is None:
            return
        if text in words:
            self.found[option] = text
        else:
            self.refuse(option, "values.opt.words", words=", ".join(words))

    def yes_no(self, option: str) -> None:
        text = self.text(option)
        if text is None:
            return
        value = truth(text)
        if value is None:
            self.refuse(option, "values.opt.yes_no")
        else:
            self.found[option] = value

    def result(self) -> tuple[dict[str, object], list[Fault]]:
        return self.found, self.faults


def number_of(options: Mapping[str, object], name: str) -> Decimal | None:
    value = options.get(name)
    return value if isinstance(value, Decimal) else None


def count_of(options: Mapping[str, object], name: str) -> int | None:
    value = options.get(name)
    return value if isinstance(value, int) else None
