"""Packed and unpacked, a record is what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.codec.pack import Spot, pack, unpack
from bluefs.core.model import Comment, Item, Record, Span
from tests.core.strategies import records

OFFSETS = st.sampled_from(
    [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(seconds=75))]
)
MOMENTS = st.datetimes(timezones=OFFSETS)
WHENS = st.dates() | MOMENTS
VALUES = st.one_of(
    st.booleans(), st.text(), st.decimals(), WHENS, st.builds(Span, WHENS, WHENS),
    st.lists(st.text()).map(tuple),
)  # fmt: skip
PLAIN = st.recursive(
    st.none() | st.text(),
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
)


def again(record: Record) -> Record:
    return unpack(pack(record), record.path, Spot(record.project, record.list, record.list_done))


@given(records())
def test_records_as_files_hold_them(record: Record) -> None:
    assert again(record) == record


@given(
    records(), st.dictionaries(st.text(), VALUES), st.dictionaries(st.text(), PLAIN),
    st.frozensets(st.text()), st.booleans(), WHENS | st.none(),
)  # fmt: skip
def test_whatever_a_record_may_hold(record, values, unknown, bad, flag, when) -> None:  # type: ignore[no-untyped-def]
    whole = replace(
        record, values=values, unknown=unknown, bad=bad, title_key=flag,
        comments=(Comment("a", when, "t", 2, 7),), items=(Item("", "t", flag, ("a",), when, 3),),
    )  # fmt: skip
    found = again(whole)
    assert found.bad == whole.bad
    shown = [repr(replace(one, bad=frozenset())) for one in (found, whole)]
    assert shown[0] == shown[1]  # also what no comparison shows: -0, NaN, offsets


def test_the_second_of_two_equal_wall_clocks_stays_the_second() -> None:
    moment = datetime(2026, 10, 25, 2, 30, fold=1)
    record = Record("a/b.md", "a", None, None, "b", {"due": moment, "d": date(1, 1, 1)})
    assert again(record).values["due"].fold == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"{}", b"[]", b"[1,2,{},3,4]", b'[null,"t",{"a":{"n":"x"}},""]']
)
def test_foreign_bytes_only_fail(data: bytes) -> None:
    with pytest.raises((ValueError, TypeError, LookupError, ArithmeticError, AttributeError)):
        unpack(data, "a/b.md", Spot("a", "b", list_done=False))


def test_a_number_keeps_its_digits() -> None:
    record = Record("a/b.md", "a", "b", "x", "b", {"n": Decimal("1.50")})
    assert str(again(record).values["n"]) == "1.50"
