"""JSON with exact numbers."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.jsontext import render_array, render_json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("12000"), "12000"),
        (Decimal("12000.50"), "12000.50"),
        (Decimal("0.1"), "0.1"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-0"), "0"),
        (Decimal("12345678901234567890.123"), "12345678901234567890.123"),
        (Decimal("1E+400"), "1E+400"),
        (True, "true"), (None, "null"), (3, "3"),
        ("é ☕ \"\n", '"é ☕ \\"\\n"'),
        ("\udcff", '"\\udcff"'),
        (date(2026, 12, 1), '"2026-12-01"'),
        ({"a": [Decimal("1.0"), ()]}, '{"a":[1.0,[]]}'),
    ],
)  # fmt: skip
def test_values(value: object, expected: str) -> None:
    assert render_json(value) == expected


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_every_decimal_reads_back_exactly(number: Decimal) -> None:
    assert json.loads(render_json(number), parse_float=Decimal, parse_int=Decimal) == number


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s)))
def test_it_is_json(value: object) -> None:
    assert json.loads(render_json(value)) == value
    assert json.loads(render_json(value, ascii_only=True)) == value
    assert render_json(value, ascii_only=True).isascii()


def test_an_array_has_a_line_for_each_member() -> None:
    assert render_array([1, "a"]) == '[1,\n "a"]'
    assert render_array([]) == "[]"


@pytest.mark.parametrize("value", [object(), b"x", Decimal("NaN"), Decimal("Infinity")])
def test_what_json_cannot_say_is_a_bug(value: object) -> None:
    with pytest.raises(TypeError):
        render_json(value)
