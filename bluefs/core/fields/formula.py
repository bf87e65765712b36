"""The kind ``formula``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.currency import KIND as CURRENCY
from bluefs.core.fields.derived import (
    Derived,
    Lookup,
    circle_fault,
    currencies_of,
    is_number,
    lacks_currency,
    order_of,
)
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.number import KIND as NUMBER
from bluefs.core.fields.numeric import Numeric
from bluefs.core.fields.options import Reader, count_of
from bluefs.core.fields.percent import KIND as PERCENT
from bluefs.core.frozen import replace
from bluefs.core.hints import TYPE_CHECKING, cast
from bluefs.core.matching import nearest, nfc
from bluefs.core.model import BUILTIN_KEYS, FieldDef, Project, Value
from bluefs.core.money import CURRENCIES, minor_digits
from bluefs.core.nodes import Map, Node, Scalar
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.formula import Program
    from bluefs.core.formula.parsing import Mention, Parsed

SHOWN = ("number", "currency", "percent")
#: Decimals that are shown where `decimals` says nothing: a third has no end.
_SHOWN_PLACES = 6
_WIDE = Context(prec=200)


class Formula(Derived):
    """A number worked out of others of the same record; nobody writes it. It may look at fields
    of the kinds number, currency, percent and rating, and at other formulas and conversions.

    Options: ``formula`` is made of field keys, numbers, brackets, ``+ - * / % ^`` (``%`` is the
    remainder, ``^`` a power) and functions: SUM AVERAGE AVERAGEA COUNT COUNTA MAX MIN MINUS
    MULTIPLY. ``show`` is ``number`` (without it), ``currency`` or ``percent``; ``currency`` is
    the code where the fields it is made of do not tell it; ``decimals`` is how many are shown.
    A percent counts as the number that is written: 40 % is 40, so divide by 100. Where a field has
    no value or the result is none (a division by zero), the formula has no value either.
    """

    word = "formula"
    takes = ("formula", "show", "currency", "decimals")
    shown: Numeric = NUMBER

    def of(self, field: FieldDef) -> Kind:
        return _SHOWN.get(str(field.options.get("show")), KIND)

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.word("show", SHOWN)
        reader.count("decimals", 0, 12)
        _read_currency(reader)
        _read_formula(reader)
        return reader.result()

    def made_of(self, field: FieldDef) -> Sequence[str]:
        return cast("Sequence[str]", field.options.get("uses", ()))

    def judge(
        self, field: FieldDef, entries: Mapping[str, Node], setting: Setting, lists: Collection[str]
    ) -> list[Fault]:
        node, project = entries.get("formula"), setting.project
        parsed = _parsed(node)
        if parsed is None or not isinstance(node, Scalar):
            return []
        found = [f for one in parsed.mentions for f in _judge_name(field, one, node, project)]
        return found or list(_judge_currency(field, entries, parsed.names, project))

    def completed(self, field: FieldDef, project: Project, lookup: Lookup) -> Mapping[str, object]:
        if self.shown is not CURRENCY or "currency" in field.options:
            return {}
        codes_met = currencies_of(self.made_of(field), project)
        return {"currency": next(iter(codes_met))} if len(codes_met) == 1 else {}

    def work_out(self, field: FieldDef, values: Mapping[str, Value], setting: Setting) -> Value:
        """An amount of no currency, or of several, is none."""
        from bluefs.core.formula.running import run

        program = field.options.get("program")
        if not isinstance(program, tuple) or (self.summed and "currency" not in field.options):
            return None
        return run(cast("Program", program), values)

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        if not isinstance(value, Decimal):
            return ""
        return self.shown.show(field, _to_places(value, self._places(field)), setting)

    def _places(self, field: FieldDef) -> int:
        places = count_of(field.options, "decimals")
        if places is not None:
            return places
        code = field.options.get("currency")
        return minor_digits(str(code)) if self.shown is CURRENCY and code else _SHOWN_PLACES


class _Money(Formula):
    """A formula shown as currency: its sum says something."""

    shown: Numeric = CURRENCY
    summed = True


class _Share(Formula):
    """A formula shown as percent."""

    shown: Numeric = PERCENT


def _to_places(number: Decimal, places: int) -> Decimal:
    """Half up, as people round. No more digits than it has."""
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)
    return number if rounded == number else rounded or rounded.copy_abs()


def _parsed(node: Node | None) -> Parsed | None:
    from bluefs.core.formula.parsing import Parsed, parse_formula

    if not isinstance(node, Scalar) or node.is_null:
        return None
    found = parse_formula(node.text)
    return found if isinstance(found, Parsed) else None


def _read_formula(reader: Reader) -> None:
    from bluefs.core.formula.parsing import FormulaFault, parse_formula

    node = reader.entries.get("formula")
    if not isinstance(node, Scalar) or node.is_null:
        key = "computed.missing" if not isinstance(node, Map) else "computed.braces"
        at = Map(()) if node is None else node
        reader.faults.append(fault(codes.FORMULA, at, key))
        return
    found = parse_formula(node.text)
    if isinstance(found, FormulaFault):
        wrong = fault(codes.FORMULA, node, found.key, hint=found.hint, **found.fields)
        reader.faults.append(replace(wrong, span=(found.start, found.end)))
        return
    reader.found["program"] = found.program
    reader.found["uses"] = found.names


def _read_currency(reader: Reader) -> None:
    code = reader.text("currency")
    if code is None:
        return
    if code in CURRENCIES:
        reader.found["currency"] = code
    else:
        known = code.upper() if code.upper() in CURRENCIES else None
        node = reader.entries["currency"]
        wrong = fault(codes.FIELD_OPTION, node, "values.opt.currency", mend=known)
        reader.faults.append(wrong)
    if reader.found.get("show") != "currency" and "show" not in reader.entries:
        reader.refuse("currency", "computed.show_currency")


def _judge_name(field: FieldDef, one: Mention, node: Scalar, project: Project) -> Iterator[Fault]:
    known = project.fields.get(one.name)
    span = one.start, one.end
    if known is None:
        yield replace(_unknown(one.name, node, field, project), span=span)
        return
    if not is_number(known):
        key = "computed.no_number"
        wrong = fault(codes.FORMULA_NAME, node, key, name=one.name, kind=known.kind)
        yield replace(wrong, span=span)
        return
    circle = order_of(project).circles.get((field.key, one.name))
    if circle is not None:
        yield replace(circle_fault(node, circle), span=span)


def _unknown(name: str, node: Scalar, field: FieldDef, project: Project) -> Fault:
    if name in BUILTIN_KEYS:
        return fault(codes.FORMULA_NAME, node, "computed.built_in", name=name)
    usable = [k for k, other in project.fields.items() if is_number(other) and k != field.key]
    near = nearest(name[:60], usable)
    titled = next((k for k, f in project.fields.items() if nfc(f.name) == name), None)
    hint = say("computed.near", name=near or titled) if near or titled else None
    hint = hint or (say("computed.usable", names=_listed(usable)) if usable else None)
    return fault(codes.FORMULA_NAME, node, "computed.no_field", hint=hint, name=brief(name))


def _listed(keys: Sequence[str]) -> str:
    from bluefs.core.fields.faults import names

    return names(keys)


def _judge_currency(
    field: FieldDef, entries: Mapping[str, Node], uses: Sequence[str], project: Project
) -> Iterator[Fault]:
    if field.options.get("show") != "currency" or "currency" in field.options:
        return
    met = currencies_of(uses, project)
    node = entries["show"]
    if len(met) > 1:
        listed = ", ".join(sorted(met))
        yield fault(codes.CURRENCIES, node, "computed.mixed", currencies=listed)
    elif not met and not lacks_currency(uses, project) and "currency" not in entries:
        yield fault(codes.CURRENCIES, node, "computed.no_currency")


KIND = Formula()
_SHOWN: dict[str, Formula] = {"number": KIND, "currency": _Money(), "percent": _Share()}
