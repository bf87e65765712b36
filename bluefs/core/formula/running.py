"""A program run over the values of a record.

Owns what operators and functions do, with empty values too, and the bounds: a result is exact
where it can be written out, else rounded to `PLACES` decimals, and beyond all writing it is empty.
The same steps run twice at most: over Decimals, which are fast and give up as soon as a digit would
be lost, then over fractions, which lose none. Never raises on values.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import (
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Underflow,
    localcontext,
)

from bluefs.core.fields.decimals import LONGEST, render_decimal
from bluefs.core.formula import FUNCTIONS, Program
from bluefs.core.hints import TYPE_CHECKING, Any
from bluefs.core.model import Value

if TYPE_CHECKING:
    from fractions import Fraction

#: Decimals of a result that does not end, or is too long to be written out.
PLACES = 28
#: Digits within which Decimals are exact; a power is no larger in them.
_DIGITS = 200
#: Bits of a fraction's two numbers together, some 1,200 digits: what is larger is let go.
_BITS = 4_096
#: Bits of a power that is worked out exactly; a larger one has `_POWER` digits.
_EXACT_POWER = 1_024
_POWER = 60
#: An exponent that is worth trying over Decimals.
_SMALL = 100

_LOSSLESS = Context(
    prec=_DIGITS, Emax=2_000, Emin=-2_000,
    traps=[Inexact, InvalidOperation, DivisionByZero, Overflow, Underflow],
)  # fmt: skip
_ROUNDING = Context(prec=_POWER, traps=[])


class _Lossy(ArithmeticError):
    """Only fractions can tell."""


class _Beyond(ArithmeticError):
    """A number that is too large to go on with."""


def run(program: Program, values: Mapping[str, Value]) -> Decimal | None:
    """The result, None where an operand is missing or it has none (a division by zero, a root of
    a negative number, a number beyond bounds)."""
    try:
        with localcontext(_LOSSLESS):
            found = _run(program, values, _decimal, _power)
            return None if found is None else _finished(found)
    except ArithmeticError:
        pass
    return _run_exactly(program, values)


def _run_exactly(program: Program, values: Mapping[str, Value]) -> Decimal | None:
    from fractions import Fraction

    try:
        found = _run(program, values, Fraction, _power_of_fraction)
        return None if found is None else _written(found)
    except ArithmeticError:
        return None


def _decimal(number: Decimal) -> Decimal:
    return number


def _run(program: Program, values: Mapping[str, Value], make: Any, power: Any) -> Any:
    """The steps over one sort of number; what ``make`` makes of a Decimal."""
    stack: list[Any] = []
    for word, what in program:
        if word == "number":
            stack.append(make(what))
        elif word == "field":
            value = values.get(str(what))
            stack.append(make(value) if isinstance(value, Decimal) else None)
        else:
            count = int(what)
            operands = stack[-count:]
            del stack[-count:]
            found = _function(word, operands) if word in FUNCTIONS else None
            if word not in FUNCTIONS and None not in operands:
                found = power(*operands) if word == "^" else _operator(word, operands)
            stack.append(found if found is None or make is _decimal else _bounded(found))
    return stack.pop()


def _operator(word: str, operands: list[Any]) -> Any:
    if word == "negate":
        return -operands[0]
    a, b = operands
    if word == "+":
        return a + b
    if word == "-":
        return a - b
    if word == "*":
        return a * b
    if not b:
        return None
    if word == "/":
        return a / b
    rest = a % b
    return rest + b if rest and (rest < 0) != (b < 0) else rest  # of the divisor's sign


def _function(word: str, operands: list[Any]) -> Any:
    """Empty operands are None."""
    held = [one for one in operands if one is not None]
    if word == "SUM":
        return sum(held) if held else Decimal(0)
    if word in ("COUNT", "COUNTA"):
        return Decimal(len(held))
    if word == "AVERAGEA":
        return sum(held) / len(operands) if held else Decimal(0)
    if not held:
        return None
    if word == "AVERAGE":
        return sum(held) / len(held)
    if word in ("MAX", "MIN"):
        return max(held) if word == "MAX" else min(held)
    if len(held) < len(operands):
        return None
    first, *rest = held
    for one in rest:
        first = first - one if word == "MINUS" else first * one
    return first


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    """Where Decimals can surely tell, and soon."""
    if not base or exponent != exponent.to_integral_value() or abs(exponent) > _SMALL:
        raise _Lossy
    return base**exponent


def _power_of_fraction(base: Fraction, exponent: Fraction) -> Fraction | None:
    """0^0 is 1. A power that is too long is rounded, one that is too large is let go."""
    from fractions import Fraction

    if not exponent:
        return Fraction(1)
    if not base:
        return Fraction(0) if exponent > 0 else None
    if exponent.denominator != 1:
        return None if base < 0 else _rounded_power(base, exponent)
    if abs(base) == 1:
        return base if exponent.numerator % 2 else Fraction(1)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits * abs(exponent.numerator) <= _EXACT_POWER:
        return Fraction(base**exponent.numerator)
    return _rounded_power(base, exponent)


def _rounded_power(base: Fraction, exponent: Fraction) -> Fraction:
    from fractions import Fraction

    found = _ROUNDING.power(_rounded(base), _rounded(exponent))
    if not found.is_finite() or abs(found.adjusted()) > _DIGITS:
        raise _Beyond
    return Fraction(found)


def _rounded(number: Fraction) -> Decimal:
    return _ROUNDING.divide(Decimal(number.numerator), Decimal(number.denominator))


def _bounded(number: Any) -> Any:
    """Of fractions; functions give a few small Decimals besides."""
    from fractions import Fraction

    one = Fraction(number)
    if one.numerator.bit_length() + one.denominator.bit_length() > _BITS:
        raise _Beyond
    return one


def _finished(number: Decimal) -> Decimal:
    """Without zeros that say nothing; Lossy where it is too long."""
    plain = number.normalize()
    if not plain:
        return Decimal(0)
    if plain.as_tuple().exponent > 0:  # type: ignore[operator]
        plain = plain.quantize(Decimal(1))
    if len(render_decimal(plain)) > LONGEST:
        raise _Lossy
    return plain


def _written(number: Fraction) -> Decimal | None:
    """Exact where it ends soon enough, else rounded, half to even."""
    with localcontext(_LOSSLESS):
        try:
            return _finished(Decimal(number.numerator) / Decimal(number.denominator))
        except ArithmeticError:
            pass
        try:
            return _finished(Decimal(round(number * 10**PLACES)).scaleb(-PLACES))
        except ArithmeticError:
            return None
