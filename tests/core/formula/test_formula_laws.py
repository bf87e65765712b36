"""Formulas: equal to what Python's own reckoning with fractions says, and never an exception."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.fields.decimals import LONGEST
from bluefs.core.formula import FUNCTIONS, LONGEST_FORMULA
from bluefs.core.formula.parsing import FormulaFault, Parsed, parse_formula
from bluefs.core.formula.running import PLACES, run
from bluefs.core.model import Value

LAW = settings(max_examples=400, deadline=None)
NAMES = ("a", "deal_value", "été_2", "2nd")
#: A key as Python may name it.
PYTHON = {"2nd": "second"}


def value(text: str, values: dict[str, Value] | None = None) -> Decimal | None:
    parsed = parse_formula(text)
    assert isinstance(parsed, Parsed), parsed
    return run(parsed.program, values or {})


class Empty(Exception):
    """The independent evaluation has no result."""


class Number(Fraction):
    """Python's operators over fractions, with the two that mean something else here."""

    def __new__(cls, number: object) -> Number:
        return super().__new__(cls, number)  # type: ignore[call-overload, no-any-return]


def _wrap(name: str) -> None:
    plain = getattr(Fraction, name)

    def operator(self: Number, *others: Number) -> Number:
        try:
            return Number(plain(self, *others))
        except ZeroDivisionError:
            raise Empty from None

    setattr(Number, name, operator)


for _name in ("__add__", "__sub__", "__mul__", "__truediv__", "__mod__", "__pow__", "__neg__"):
    _wrap(_name)


_VALUES = st.decimals(-(10**6), 10**6, places=2)
_NUMBERS = st.sampled_from(["0", "1", "2", "3", "7", "10", "100", "0.5", ".25", "12.75"])


def _text(number: str) -> str:
    return f'n("{number}")'


@st.composite
def expressions(draw: st.DrawFn, depth: int = 4) -> tuple[str, str]:
    """(as a formula, as Python with its numbers wrapped). Without superfluous brackets, so that
    precedence decides."""
    sort = draw(st.sampled_from(["number", "name", "binary", "binary", "minus", "group", "power"]))
    if depth == 0 or sort in ("number", "name"):
        if sort == "name":
            name = draw(st.sampled_from(NAMES))
            return name, PYTHON.get(name, name)
        number = draw(_NUMBERS)
        return number, _text(number)
    one, other = draw(expressions(depth - 1))
    if sort == "minus":
        return f"-{one}", f"-{other}"
    if sort == "group":
        return f"({one})", f"({other})"
    if sort == "power":
        exponent = draw(st.sampled_from(["0", "1", "2", "3", "-1", "-2"]))
        sign, digits = exponent[:-1], exponent[-1]
        return f"({one})^{exponent}", f"({other})**{sign}{_text(digits)}"
    two, more = draw(expressions(depth - 1))
    sign, gap = draw(st.sampled_from("+-*/%")), draw(st.sampled_from(["", " "]))
    return f"{one}{gap}{sign}{gap}{two}", f"{other}{gap}{sign}{gap}{more}"


@LAW
@given(expressions(), st.fixed_dictionaries(dict.fromkeys(NAMES, _VALUES)))
def test_a_formula_is_what_python_reckons(pair: tuple[str, str], values: dict[str, Value]) -> None:
    text, source = pair
    found = value(text, values)
    known = {PYTHON.get(k, k): Number(v) for k, v in values.items()}
    try:
        wanted: Fraction | None = Fraction(eval(source, {"n": Number}, known))
    except Empty:
        wanted = None
    if wanted is None:
        assert found is None
    elif found is None:
        assert abs(wanted) >= 10**20 or wanted.denominator > 10**300
    else:
        assert abs(Fraction(found) - wanted) <= Fraction(1, 2 * 10**PLACES)
        assert len(format(found, "f")) <= LONGEST
        ends = len(format(found, "f")) < LONGEST and wanted * 10**PLACES % 1 == 0
        assert not ends or Fraction(found) == wanted


@LAW
@given(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="0123456789.ab_+-*/%^(), SUMé×=\n\t\x00", max_size=60),
        st.lists(st.sampled_from([*FUNCTIONS, *"+-*/%^(),", "a", "9", "9.9", " "])).map("".join),
    ),
    st.dictionaries(st.sampled_from(["a", "b", "_"]), _VALUES | st.text() | st.none()),
)
def test_no_text_raises(text: str, values: dict[str, Value]) -> None:
    found = parse_formula(text)
    if isinstance(found, Parsed):
        result = run(found.program, values)
        assert result is None or len(format(result, "f")) <= LONGEST
        assert all(text[m.start : m.end] for m in found.mentions)
    else:
        assert 0 <= found.start <= len(text) and found.end >= found.start


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("-2^2", "-4"), ("(-2)^2", "4"), ("2^3^2", "512"),
        ("2^-1", "0.5"), ("2^-2^2", "0.0625"), ("2 * -3", "-6"), ("--2", "2"), ("8 / 4 / 2", "1"),
        ("10 - 4 - 3", "3"), ("-7 % 3", "2"), ("7 % -3", "-2"), ("7.5 % 2", "1.5"), ("2 * 7 % 4", "2"),
        ("1 / 3 * 3", "1"), ("0.1 + 0.2", "0.3"), ("4 ^ 0.5", "2"), ("0 ^ 0", "1"), ("0 ^ 2", "0"),
        (".5 * 2", "1"), ("1 / 3", "0." + "3" * 28), ("2 / 3", "0." + "6" * 27 + "7"), ("-0", "0"),
        ("10 ^ 100 / 10 ^ 98", "100"), ("(1/3)^2 * 9", "1"), ("12000 * 50 / 100", "6000"),
        ("SUM(1, 2, 3)", "6"), ("sum (1,2)", "3"), ("AVERAGE(1, 2)", "1.5"), ("MAX(1, -3)", "1"),
        ("Min(2, 1 + 0, 3)", "1"), ("MINUS(10, 3, 2)", "5"), ("MULTIPLY(2, 3, 4)", "24"),
        ("COUNT(1, 1 / 0, 3)", "2"), ("COUNTA(a, 1)", "1"), ("SUM(MAX(1, 2), 3) ^ 2", "25"),
    ],
)  # fmt: skip
def test_what_formulas_give(text: str, wanted: str) -> None:
    assert str(value(text)) == wanted


@pytest.mark.parametrize(
    "text",
    ["1 / 0", "1 % 0", "0 ^ -1", "(-8) ^ 0.5", "a", "a + 1", "-a", "1 / (2 - 2) + 5", "AVERAGE(a)",
     "MAX(a, 1 / 0)", "MINUS(5, a)", "MULTIPLY(a, 0)", "10 ^ 64", "a ^ 0"],
)  # fmt: skip
def test_what_has_no_value(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("SUM(a, 4, b)", "4"), ("SUM(a, b)", "0"), ("AVERAGE(a, 4, b)", "4"), ("AVERAGEA(a, 4)", "2"),
     ("AVERAGEA(a)", "0"), ("COUNT(a, 4)", "1"), ("COUNTA(a)", "0"), ("MAX(a, 4)", "4"), ("MIN(a, 4)", "4"),
     ("MINUS(a, 4)", None), ("MULTIPLY(a, 4)", None)],
)  # fmt: skip
def test_functions_and_empty_values(text: str, wanted: str | None) -> None:
    found = value(text, {"a": None, "b": "text"})
    assert (None if found is None else str(found)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9", "9^9^9^9^9", "(0-9)^(9^9)", "9^(0-9^9)", "1.0000001^(10^20)", "0.5^100000",
        "^".join(["9"] * 500), "(" * 499 + "1" + ")" * 499, "-" * 999 + "1",
        "*".join(["1.23456789"] * 90), "+".join(f"1/{n}" for n in range(101, 265)),
        "(1/7)^200 + (1/11)^200 * (1/13)^200", "SUM(" * 199 + "1" + ")" * 199,
        "*".join(["(1/97)"] * 140), "(" + "3^" * 300 + "0.5)", "1/3" + "^0.5" * 240,
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_time_and_digits_are_bounded(text: str) -> None:
    assert len(text) <= LONGEST_FORMULA
    value("1")  # lark is there
    start = time.perf_counter()
    found = value(text)
    assert time.perf_counter() - start < 1
    assert found is None or len(format(found, "f")) <= LONGEST


@pytest.mark.parametrize(
    ("text", "start", "end", "key", "hint"),
    [
        ("", 0, 0, "empty", None), ("  ", 0, 2, "empty", None),
        ("1 +", 3, 4, "ends", None), ("(1 + 2", 6, 7, "ends", None), ("40%", 3, 4, "ends", "ends.percent"),
        ("2 3", 2, 3, "stop", "hint.between"), ("Deal value", 5, 10, "stop", "hint.between"),
        ("2(3)", 1, 2, "stop", "hint.between"), ("a×b", 1, 2, "stop", "write"),
        ("a ** b", 3, 4, "stop", "write"), ("a − b", 2, 3, "stop", "write"), ("= a", 0, 1, "stop", "hint.equals"),
        ("{a}", 0, 1, "stop", "hint.braces"), ("0,5", 1, 2, "stop", "hint.comma"),
        ('"a"', 0, 1, "stop", "hint.text"), ("€5", 0, 1, "stop", "hint.sign"), ("SUM(1; 2)", 5, 6, "stop", "hint.semicolon"),
        ("SUM()", 4, 5, "stop", "hint.closing"), ("ROUND(1)", 0, 5, "no_function", "functions"),
        ("1 + AVERGE(1)", 4, 10, "no_function", "near"), ("MINUS(1)", 0, 5, "arguments", None),
        ("1 + " + "9" * 65, 4, 69, "number_long", None), ("1" * 1001, 0, 1, "long", None),
        ("1\n+ ? 2", 4, 5, "stop", None), ("a + )", 4, 5, "stop", "hint.closing"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_where(
    text: str, start: int, end: int, key: str, hint: str | None
) -> None:
    found = parse_formula(text)
    assert isinstance(found, FormulaFault), found
    assert (found.start, found.end, found.key) == (start, end, f"computed.{key}")
    assert found.hint_key == (None if hint is None else f"computed.{hint}")


def test_names_of_any_script() -> None:
    found = parse_formula("été_2 + 金額*2nd-दाम + e\u0301te\u0301_2")
    assert isinstance(found, Parsed)
    assert found.names == ("été_2", "金額", "2nd", "दाम")
