"""Files of exchange rates: what is read, and what is wrong where."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.config import is_config, load_config
from bluefs.core.rates import parse_rates, rate_at

HEAD = "date,from,to,rate"


def faults(*lines: str) -> list[str]:
    return [
        f"{f.line}:{f.column}-{f.end} {f.key.removeprefix('computed.rates.')}"
        for f in parse_rates(lines).faults
    ]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ((HEAD, "2026-01-02,EUR,USD,1.1"), []),
        ((), ["1:1-2 header"]),
        (("", ""), ["1:1-2 header"]),
        (("date,from,rate", "2026-01-02,EUR,1"), ["1:1-15 header"]),
        (("2026-01-02,EUR,USD,1.1",), ["1:1-23 header"]),
        (("date;from;to;rate",), ["1:5-6 comma"]),
        ((HEAD, "", "2026-01-02,EUR,USD"), ["3:1-19 cells"]),
        ((HEAD, "2026-01-02,EUR,USD,1,1"), ["2:1-23 cells"]),
        ((HEAD, "2026-01-02,EUR,USD,1.1,,"), []),
        ((HEAD, "2026-13-02,EUR,USD,1.1"), ["2:1-11 day"]),
        ((HEAD, " 02/01/2026 ,EUR,USD,1.1"), ["2:2-12 day"]),
        ((HEAD, "2026-01-02, eur ,USD,1.1"), ["2:13-16 small"]),
        ((HEAD, "2026-01-02,EUR,Dollar,1.1"), ["2:16-22 currency"]),
        ((HEAD, "2026-01-02,EUR,USD,0"), ["2:20-21 rate"]),
        ((HEAD, "2026-01-02,EUR,USD,-1"), ["2:20-22 rate"]),
        ((HEAD, "2026-01-02,EUR,USD,$1.1"), ["2:20-24 rate"]),
        ((HEAD, "2026-01-02,EUR,USD,"), ["2:20-21 rate"]),
        ((HEAD, '"2026-01-02","EUR","USD","1,1"'), ["2:26-31 rate"]),
        ((HEAD, "2026-01-02,EUR,EUR,1.1"), ["2:16-19 same"]),
        ((HEAD, "x,y,z,0"), ["2:1-2 day", "2:3-4 currency", "2:5-6 currency", "2:7-8 rate"]),
        ((HEAD, "2026-01-02,EUR,USD,1", "2026-01-02,EUR,USD,2"), ["3:1-11 twice"]),
        ((HEAD, "2026-01-02,EUR,USD,1", "2026-01-02,EUR,USD,1.0"), []),
        ((HEAD, *["x"] * 500), [f"{n}:1-2 cells" for n in range(2, 102)]),
    ],
)  # fmt: skip
def test_faults_have_their_place(lines: tuple[str, ...], wanted: list[str]) -> None:
    assert faults(*lines) == wanted


def test_columns_in_any_order_and_others_passed_over() -> None:
    found = parse_rates(["Rate, source ,TO,From,Date", "1.25,ECB,USD,EUR,2026-01-02"])
    assert found.pairs == {("EUR", "USD"): {date(2026, 1, 2): Decimal("1.25")}}


def test_a_wrong_line_costs_itself() -> None:
    found = parse_rates([HEAD, "2026-01-02,EUR,USD,1.1", "oops", "2026-01-03,EUR,USD,1.2"])
    assert found.series("EUR", "USD") == ("2026-01-02 1.1 2026-01-03 1.2", False)
    assert found.series("USD", "EUR") == ("2026-01-02 1.1 2026-01-03 1.2", True)
    assert found.series("USD", "CHF") is None


@given(st.dictionaries(st.dates(), st.decimals("0.0001", 10**6), min_size=1), st.dates())
def test_the_newest_rate_on_or_before(rates: dict[date, Decimal], day: date) -> None:
    found = parse_rates([HEAD, *(f"{d},EUR,USD,{r:f}" for d, r in rates.items())])
    assert not found.faults
    series = found.series("EUR", "USD")
    assert series is not None
    before = [d for d in rates if d <= day]
    assert rate_at(series[0], day) == (rates[max(before)] if before else None)
    assert rate_at(series[0], None) == rates[max(rates)]


@given(
    st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n"), max_size=30), max_size=6)
)
def test_no_text_raises(lines: list[str]) -> None:
    for head in ([], [HEAD]):
        for one in parse_rates([*head, *lines]).faults:
            assert 1 <= one.line <= len(lines) + 1 and 1 <= one.column <= one.end


def _loaded(data: bytes) -> list[str]:
    project = b"fields: {v: {type: currency, currency: EUR}, f: {type: conversion, of: v, to: USD}}"
    found = load_config({"p/project.yaml": project, "rates.csv": data})
    return [f"{p.path}:{p.line}:{p.column} {p.code.code}" for p in found.problems]


def test_bytes_as_other_programs_leave_them() -> None:
    line = b"2026-01-02,EUR,USD,1.1"
    assert _loaded(b"\xef\xbb\xbf" + HEAD.encode() + b"\r\n" + line + b"\r\n") == []
    assert _loaded(HEAD.encode() + b"\r" + line) == []
    assert _loaded(HEAD.encode() + b"\n\xff\n") == ["rates.csv:2:1 BF101"]
    assert _loaded(HEAD.encode() + b"\r\n" + line + b"x\r\n") == [
        "p/project.yaml:1:79 BF245", "rates.csv:2:20 BF246"
    ]  # fmt: skip
    assert _loaded(b"a,b\n") == ["rates.csv:1:1 BF246"]


def test_a_table_that_nobody_asks_for_is_nobodys_business() -> None:
    found = load_config({"p/project.yaml": b"name: P", "rates.csv": b"a;b\n"})
    assert found.problems == () and not found.broken
    assert [p for p in ("rates.csv", "p/rates.csv", "p/my-rates.csv", "p/deals.csv", "p/_files/x/rates.csv",
                        ".x/rates.csv") if is_config(p)] == ["rates.csv", "p/rates.csv", "p/my-rates.csv"]  # fmt: skip


def test_many_rates_are_quickly_read() -> None:
    start = date(2000, 1, 1)
    lines = [HEAD, *(f"{start + timedelta(n)},EUR,USD,1.{n:05}" for n in range(9000))]
    found = parse_rates(lines)
    series = found.series("EUR", "USD")
    assert series is not None and rate_at(series[0], date(2010, 1, 1)) == Decimal("1.03653")
