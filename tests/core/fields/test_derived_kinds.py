"""Formula and conversion: what is wrong in project.yaml and where, what a record gets, and how it
is shown."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.codec.record import read_record, read_whole
from bluefs.core.config import Loaded, load_config
from bluefs.core.config.keep import keep, kept
from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.model import Project, Value
from bluefs.core.worked import as_written, whole

RATES = """\
date,from,to,rate
2026-01-02,EUR,USD,1.10
2026-02-02,EUR,USD,1.20
2026-03-02,GBP,EUR,1.25
2026-01-02,EUR,JPY,161.5
"""
FIELDS = """\
  v: {type: currency, currency: EUR}
  c: {type: currency, currency: GBP}
  p: percent
  n: number
  s: rating
  day: date
  term: {type: date, range: true}
  note: text
"""


def load(fields: str, rates: str | bytes = RATES, **more: str) -> Loaded:
    files = {
        "bluefs.yaml": b"bluefs: 1\ntimezone: Europe/Paris\n",
        "p/project.yaml": f"lists: {{Open: }}\nfields:\n{FIELDS}{fields}".encode(),
        "rates.csv": rates if isinstance(rates, bytes) else rates.encode(),
    }
    return load_config(files | {path: text.encode() for path, text in more.items()})


def values(fields: str, front: str, rates: str | bytes = RATES, **more: str) -> dict[str, Value]:
    config = load(fields, rates, **more).config
    record = read_whole("p/Open/A.md", f"---\n{front}\n---\n".encode(), config).record
    assert record is not None
    return dict(record.values)


def told(fields: str, rates: str = RATES, **more: str) -> list[str]:
    """``line:column-end code`` of each Problem; line 1 is the first of ``fields``."""
    above = 2 + FIELDS.count("\n")
    return [
        f"{p.line - (above if p.path == 'p/project.yaml' else 0)}:{p.column}-{p.end} {p.code.code}"
        for p in load(fields, rates, **more).problems
    ]


# where faults are


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ("  f: {type: formula, formula: v + w}\n", ["1:35-36 BF241"]),
        ("  f: {type: formula, formula: 'v + w'}\n", ["1:36-37 BF241"]),
        ('  f: {type: formula, formula: "v \\u002b w"}\n', ["1:41-42 BF241"]),
        ("  f:\n    type: formula\n    formula: |\n      v +\n        ww\n", ["5:9-11 BF241"]),
        ("  f:\n    type: formula\n    formula: >-\n      v +\n      ww\n", ["5:7-9 BF241"]),
        ("  f:\n    type: formula\n    formula: v +\n      ww\n", ["4:7-9 BF241"]),
        ("  f: {type: formula, formula: (v + }\n", ["1:35-36 BF240"]),
        ("  f: {type: formula, formula: note + day + due}\n", ["1:31-35 BF241", "1:38-41 BF241", "1:44-47 BF241"]),
        ("  f: {type: formula, formula: v v}\n", ["1:33-34 BF240"]),
        ("  f: formula\n", ["1:6-13 BF240"]),
        ("  f: {type: formula, formula: }\n", ["1:31-31 BF240"]),
        ("  f: {type: formula, formula: [v]}\n", ["1:31-34 BF240"]),
        ("  f: {type: formula, formula: n + f}\n", ["1:35-36 BF242"]),
        ("  f: {type: formula, formula: g}\n  g: {type: formula, formula: h}\n  h: {type: formula, formula: n * f}\n",
         ["3:35-36 BF242"]),
        ("  f: {type: formula, formula: v + c, show: currency}\n", ["1:44-52 BF243"]),
        ("  f: {type: formula, formula: n, show: currency}\n", ["1:40-48 BF243"]),
        ("  f: {type: formula, formula: v + c, show: currency, currency: CHF}\n", []),
        ("  f: {type: formula, formula: n, show: curency}\n", ["1:40-47 BF220"]),
        ("  f: {type: formula, formula: n, show: currency, currency: eur}\n", ["1:60-63 BF220"]),
        ("  f: {type: formula, formula: n, currency: EUR}\n", ["1:44-47 BF220"]),
        ("  f: {type: formula, formula: n, decimals: 13}\n", ["1:44-46 BF220"]),
        ("  f: {type: formula, formula: n, default: 1}\n", ["1:34-41 BF318"]),
        ("  f: {type: conversion, of: v, to: USD, at: day}\n", []),
        ("  f: {type: conversion, of: c, to: EUR}\n  g: {type: conversion, of: f, to: USD}\n", []),
        ("  f: {type: conversion, of: n, to: USD}\n", ["1:29-30 BF241"]),
        ("  f: {type: conversion, of: vv, to: USD}\n", ["1:29-31 BF241"]),
        ("  f: {type: conversion, of: v, to: usd}\n", ["1:36-39 BF220"]),
        ("  f: {type: conversion, of: v, to: USD, at: note}\n", ["1:45-49 BF241"]),
        ("  f: {type: conversion, of: v, to: USD, at: created}\n", []),
        ("  f: {type: conversion, of: v, to: USD, at: completed}\n", ["1:45-54 BF241"]),
        ("  f: {type: conversion, of: v, to: CHF}\n", ["1:36-39 BF245"]),
        ("  f: {type: conversion, of: v, to: USD, rates: my-rates.csv}\n", ["1:48-60 BF244"]),
        ("  f: {type: conversion, of: v, to: USD, rates: ../rates.csv}\n", ["1:48-60 BF220"]),
        ("  f: {type: conversion, of: v, to: USD, rates: table.csv}\n", ["1:48-57 BF220"]),
        ("  f: {type: conversion, of: f, to: USD}\n", ["1:29-30 BF242"]),
        ("  f: conversion\n", ["1:6-16 BF220", "1:6-16 BF220"]),
    ],
)  # fmt: skip
def test_faults_have_their_place(fields: str, wanted: list[str]) -> None:
    assert told(fields) == wanted


def test_a_circle_costs_only_those_in_it() -> None:
    fields = """\
  last: {type: formula, formula: mid + 1}
  mid: {type: formula, formula: n * 2}
  round: {type: formula, formula: trip}
  trip: {type: formula, formula: round}
  after: {type: formula, formula: trip + n}
"""
    assert values(fields, "n: 5") == {"n": 5, "mid": 10, "last": 11}
    assert told(fields) == ["4:34-39 BF242"]


def test_a_thousand_formulas_in_a_row() -> None:
    rows = [
        f"  f{k}: {{type: formula, formula: f{k + 1} + 1, show: currency}}\n" for k in range(300)
    ]
    fields = "".join(rows) + "  f300: {type: formula, formula: v, show: currency}\n"
    assert values(fields, "v: 1")["f0"] == 301
    assert told(fields) == []
    assert told(fields.replace("formula: v,", "formula: f0,"))[0].endswith("BF242")


# what a record gets


@pytest.mark.parametrize(
    ("formula", "front", "wanted"),
    [
        ("v * p / 100", "v: 12000\np: 40", "4800"),
        ("v * p / 100", "v: 12000", None),
        ("v / n", "v: 1\nn: 0", None),
        ("SUM(v, c, n)", "n: 2", "2"),
        ("s * 2", "s: 4", "8"),
        ("n", "n: wrong", None),
        ("n", "note: x", None),
        ("1 + 1", "note: x", "2"),
        ("v + f_usd", "v: 1", "2.20"),
    ],
)
def test_a_formula_of_a_record(formula: str, front: str, wanted: str | None) -> None:
    fields = f"  f: {{type: formula, formula: '{formula}'}}\n  f_usd: {{type: conversion, of: v, to: USD}}\n"
    found = values(fields, front).get("f")
    assert found == (None if wanted is None else Decimal(wanted))


@pytest.mark.parametrize(
    ("options", "front", "wanted"),
    [
        ("of: v, to: USD, at: day", "v: 100\nday: 2026-01-02", "110.00"),
        ("of: v, to: USD, at: day", "v: 100\nday: 2026-02-01", "110.00"),
        ("of: v, to: USD, at: day", "v: 100\nday: 2026-02-02", "120.00"),
        ("of: v, to: USD, at: day", "v: 100\nday: 2030-01-01", "120.00"),
        ("of: v, to: USD, at: day", "v: 100\nday: 2026-01-01", None),
        ("of: v, to: USD, at: day", "v: 100", None),
        ("of: v, to: USD, at: day", "day: 2026-02-01", None),
        ("of: v, to: USD", "v: 100", "120.00"),
        ("of: v, to: USD, at: term", "v: 100\nterm: 2026-01-05/2026-03-01", "110.00"),
        ("of: v, to: USD, at: due", "v: 100\ndue: 2026-02-02T00:30+02:00", "110.00"),
        ("of: v, to: USD, at: due", "v: 100\ndue: 2026-02-01T23:30Z", "120.00"),
        ("of: v, to: GBP", "v: 100", "80.00"),
        ("of: v, to: GBP", "v: 1.01", "0.81"),
        ("of: v, to: EUR", "v: 1.005", "1.01"),
        ("of: v, to: JPY", "v: 1", "162"),
        ("of: v, to: JPY", "v: -1", "-162"),
        ("of: v, to: USD", "v: 0.001", "0.00"),
    ],
)
def test_a_conversion_of_a_record(options: str, front: str, wanted: str | None) -> None:
    found = values(f"  f: {{type: conversion, {options}}}\n", front).get("f")
    assert (None if found is None else str(found)) == wanted


def test_the_projects_own_file_comes_first() -> None:
    own = {"p/rates.csv": "date,from,to,rate\n2026-01-01,EUR,USD,9\n"}
    field = "  f: {type: conversion, of: v, to: USD}\n"
    assert values(field, "v: 1", **own)["f"] == 9
    named = {"p/ecb-rates.csv": own["p/rates.csv"]}
    more = "  g: {type: conversion, of: v, to: USD, rates: ecb-rates.csv}\n"
    assert values(field + more, "v: 1", **named) == {"v": 1, "f": Decimal("1.20"), "g": 9}


_AMOUNTS = st.decimals(-(10**9), 10**9, places=3)
_RATES = st.decimals("0.001", 1000, places=4).filter(bool)
_DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 20))


@settings(max_examples=100, deadline=None)
@given(_AMOUNTS, st.dictionaries(_DAYS, _RATES, min_size=1), _DAYS, st.booleans())
def test_the_rate_is_the_newest_on_or_before(
    amount: Decimal, rates: dict[date, Decimal], day: date, inverse: bool
) -> None:
    pair = "USD,EUR" if inverse else "EUR,USD"
    table = "date,from,to,rate\n" + "".join(f"{d},{pair},{r}\n" for d, r in rates.items())
    front = f"v: {amount:f}\nday: {day}"
    found = values("  f: {type: conversion, of: v, to: USD, at: day}\n", front, table).get("f")
    before = [d for d in rates if d <= day]
    if not before:
        assert found is None
        return
    rate = rates[max(before)]
    exact = amount / rate if inverse else amount * rate
    assert found == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


# on the screen


@pytest.mark.parametrize(
    ("options", "value", "english", "french"),
    [
        ("formula: n", "1234.5", "1234.5", "1234,5"),
        ("formula: n", "0." + "3" * 28, "0.333333", "0,333333"),
        ("formula: n, decimals: 2", "2.5", "2.50", "2,50"),
        ("formula: n, decimals: 0", "2.5", "3", "3"),
        ("formula: n, decimals: 0", "-0.4", "0", "0"),
        ("formula: n, show: percent", "33.3333333", "33.333333 %", "33,333333\u202f%"),
        ("formula: n, show: percent, decimals: 1", "40", "40.0 %", "40,0\u202f%"),
        ("formula: v, show: currency", "1234.5", "€1,234.50", "1\u202f234,50\xa0€"),
        ("formula: v / 3, show: currency", "0.336", "€0.34", "0,34\xa0€"),
        ("formula: v, show: currency, decimals: 0", "1234.5", "€1,235", "1\u202f235\xa0€"),
        ("formula: n, show: currency, currency: JPY", "12.5", "¥13", "13\xa0JPY"),
    ],
)  # fmt: skip
def test_how_a_formula_is_shown(options: str, value: str, english: str, french: str) -> None:
    for language, wanted in (("en", english), ("fr", french)):
        loaded = load(f"  f: {{type: formula, {options}}}\nlanguage: {language}\n")
        project: Project = loaded.config.projects["p"]
        field, setting = project.fields["f"], Setting(loaded.config, project)
        assert kind_of(field).show(field, Decimal(value), setting) == wanted
        assert kind_of(field).csv(field, Decimal(value), setting) == value


def test_what_is_summed() -> None:
    fields = (
        "  a: {type: formula, formula: v, show: currency}\n  b: {type: formula, formula: n}\n"
        "  f: {type: conversion, of: a, to: USD}\n"
    )
    known = load(fields).config.projects["p"].fields
    assert [kind_of(known[key]).summed for key in "abf"] == [True, False, True]


# written and whole


FRONTS = st.fixed_dictionaries(
    {},
    optional={
        "v": _AMOUNTS.map(str), "p": st.sampled_from(["0", "40", "x"]), "n": st.sampled_from(["0", "3", "-1.5"]),
        "day": _DAYS.map(str), "f": st.just("7"), "note": st.just("hello"),
    },
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(FRONTS)
def test_whole_and_as_written(front: dict[str, str]) -> None:
    config = load(
        "  f: {type: formula, formula: g * p, show: currency}\n"
        "  g: {type: conversion, of: v, to: USD, at: day}\n  h: {type: formula, formula: 1 / n + f}\n"
    ).config
    text = "".join(f"{key}: {one}\n" for key, one in front.items())
    record = read_record("p/Open/A.md", f"---\n{text}---\n".encode(), config).record
    assert record is not None and not {"f", "g", "h"} & record.values.keys()
    seen = whole(record, config)
    assert whole(seen, config) == seen  # nothing old stays
    assert as_written(seen, config) == record
    assert {k: v for k, v in seen.values.items() if k not in "fgh"} == record.values
    stale = record.with_values({"g": Decimal(99), "h": Decimal(99)})
    assert whole(stale, config) == seen


def test_settings_are_kept_with_what_they_were_completed_by() -> None:
    config = load(
        "  f: {type: formula, formula: v + 1, show: currency}\n  g: {type: conversion, of: f, to: USD}\n"
    ).config
    again = kept(keep(config, b"k" * 16), b"k" * 16, lambda: config)
    assert again is not None
    record = read_record("p/Open/A.md", b"---\nv: 9\n---\n", config).record
    assert record is not None
    assert whole(record, again) == whole(record, config) != record


def test_without_such_fields_a_record_is_both() -> None:
    config = load("").config
    record = read_record("p/Open/A.md", b"---\nv: 9\n---\n", config).record
    assert record is not None
    assert whole(record, config) is record and as_written(record, config) is record
