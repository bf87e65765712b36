"""What number, currency, percent and rating share: exact decimals with bounds."""

from __future__ import annotations

from decimal import Decimal

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Plainly, Setting
from bluefs.core.fields.bounds import holds, parse_bounds
from bluefs.core.fields.decimals import (
    LONGEST,
    PLAIN,
    guess_decimal,
    is_too_long,
    parse_decimal,
    render_decimal,
)
from bluefs.core.fields.faults import brief, fault, one_text
from bluefs.core.fields.options import count_of, number_of
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.money import decimal_mark, split_amount
from bluefs.core.nodes import Node, Plain, Scalar, Writable
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question


class Numeric(Kind):
    """A kind whose Value is a Decimal. Subclasses say which signs belong to it (`bare`),
    where it ends (`low`, `high`) and how it is shown."""

    ordered = True
    figure = True

    def low(self, field: FieldDef) -> Decimal | None:
        return number_of(field.options, "min")

    def high(self, field: FieldDef) -> Decimal | None:
        return number_of(field.options, "max")

    def digits(self, field: FieldDef) -> int | None:
        """How many decimals a guess may have, None for any."""
        return count_of(field.options, "decimals")

    def bare(self, field: FieldDef, text: str) -> str | None:
        """The text without the signs that may surround a number of this kind; None where
        they say that it is none."""
        if text.endswith("%"):
            return text[:-1].rstrip()
        amount = split_amount(text)
        return text if amount is None else amount[0]

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        text = one_text(field, node)
        if not isinstance(text, str):
            return text
        number = parse_decimal(text.strip())
        if number is None:
            return self._unread(field, node, text, setting)
        return self.check(field, node, number) or number

    def plainly(self, field: FieldDef) -> Plainly:
        return "number"

    def sure(self, field: FieldDef) -> str | None:
        if self.low(field) is not None or self.high(field) is not None:
            return None
        digits = self.digits(field)
        decimals = "" if digits == 0 else rf"(?:\.[0-9]{{1,{digits or 6}}})?"
        return rf"-?(?:0|[1-9][0-9]{{0,11}}){decimals}"

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        node = Scalar(text)
        if not text.strip():
            return None
        number = self.guess(field, text, setting)
        if number is None:
            return self._unread(field, node, text, setting)
        return self.check(field, node, number) or number

    def guess(self, field: FieldDef, text: str, setting: Setting) -> Decimal | None:
        """What this text means as a number of this field, None where it is in doubt."""
        bare = self.bare(field, text.strip())
        if bare is None:
            return None
        comma = decimal_mark(setting.language) == ","
        return guess_decimal(bare, comma=comma, digits=self.digits(field))

    def _unread(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Fault:
        if is_too_long(text.strip()):
            return fault(codes.NUMBER, node, "values.number_long", count=LONGEST)
        meant = self.guess(field, text, setting)
        if meant is not None and self.check(field, node, meant) is None:
            mend = render_decimal(meant)
            return fault(codes.NUMBER, node, "values.number", text=brief(text), mend=mend)
        return self.refused(field, node, text)

    def refused(self, field: FieldDef, node: Node, text: str) -> Fault:
        """A text that nothing can be made of."""
        return fault(codes.NUMBER, node, "values.number", text=brief(text))

    def check(self, field: FieldDef, node: Node, number: Decimal) -> Fault | None:
        """Whether the number is one that this field takes."""
        low, high = self.low(field), self.high(field)
        if low is not None and number < low:
            return self._outside(field, node, "values.below", low=render_decimal(low))
        if high is not None and number > high:
            return self._outside(field, node, "values.above", high=render_decimal(high))
        return _check_digits(field, node, number)

    def _outside(self, field: FieldDef, node: Node, key: str, **bound: str) -> Fault:
        low, high = self.low(field), self.high(field)
        hint = None
        if low is not None and high is not None:
            hint = say("values.between", low=render_decimal(low), high=render_decimal(high))
        return fault(codes.OUT_OF_RANGE, node, key, field=field.key, hint=hint, **bound)

    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        return Plain(render_decimal(value) if isinstance(value, Decimal) else "")

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return render_decimal(value) if isinstance(value, Decimal) else ""

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        if not isinstance(value, Decimal):
            return ""
        return local_number(value, count_of(field.options, "decimals"), setting.language)

    def schema(self, field: FieldDef) -> dict[str, object]:
        """A number in quotes is one too; its bounds a schema cannot say."""
        found: dict[str, object] = {"type": ["number", "string", "null"], "pattern": f"^{PLAIN}$"}
        if self.digits(field) == 0 and "decimals" in field.options:
            found["multipleOf"] = 1
        for name, bound in (("minimum", self.low(field)), ("maximum", self.high(field))):
            if bound is not None:
                found[name] = int(bound) if bound == int(bound) else bound
        return found

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        bounds = parse_bounds(operand, lambda text: self.guess(field, text, setting))
        if bounds is None:
            return fault(codes.NUMBER, Scalar(operand), "values.bounds", text=brief(operand))
        return isinstance(value, Decimal) and holds(bounds, value)

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Never, Numbers

        bounds = parse_bounds(asked.bounds, lambda end: self.guess(field, end, setting))
        if bounds is None:
            return Never()
        return Numbers(bounds.low, bounds.high, asked.is_apart)

    def is_backwards(self, field: FieldDef, low: str, high: str, setting: Setting) -> bool:
        first, last = self.guess(field, low, setting), self.guess(field, high, setting)
        return first is not None and last is not None and first > last


def _check_digits(field: FieldDef, node: Node, number: Decimal) -> Fault | None:
    most = count_of(field.options, "decimals")
    if most is None or decimals(number) <= most:
        return None
    key = "values.decimals" if most else "values.decimals.none"
    text, hint = render_decimal(number), say("values.decimals.hint")
    return fault(codes.DECIMALS, node, key, hint=hint, field=field.key, count=most, text=text)


def decimals(number: Decimal) -> int:
    """How many decimals the number needs (0 for 12.00)."""
    return len(render_decimal(number).partition(".")[2].rstrip("0"))


def local_number(number: Decimal, places: int | None, language: str) -> str:
    """Every digit, with the language's decimal mark, filled up to ``places`` decimals. Not
    grouped: a year or a postcode is a number too."""
    whole, _, rest = render_decimal(number).partition(".")
    rest = rest if places is None else rest.rstrip("0").ljust(places, "0")
    return whole + (decimal_mark(language) + rest if rest else "")
