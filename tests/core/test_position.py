"""Positions: a key between any two, in byte order, and short."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.position import DIGITS, after_last, between, is_position, spread

TYPED = st.text(alphabet=DIGITS, min_size=1, max_size=6)


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=300))
@settings(max_examples=60, deadline=None)
def test_random_inserts_keep_the_order_and_stay_short(places: list[float]) -> None:
    keys: list[str] = []
    for place in places:
        n = int(place * (len(keys) + 1))
        key = between(keys[n - 1] if n else None, keys[n] if n < len(keys) else None)
        assert is_position(key)
        keys.insert(n, key)
    assert keys == sorted(keys, key=str.encode)
    assert len(set(keys)) == len(keys)
    # The worst case halves the same gap each time: one digit for five inserts or so.
    assert max(map(len, keys)) <= 4 + len(keys) / 4


@pytest.mark.parametrize("end", ["first", "last"])
def test_ten_thousand_at_one_end_stay_within_five_characters(end: str) -> None:
    key = between(None, None)
    for _ in range(10_000):
        new = between(None, key) if end == "first" else between(key, None)
        assert (new < key) == (end == "first")
        key = new
    assert len(key) <= 5


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (None, None, "a0"),
        ("a0", None, "a1"),
        (None, "a0", "Zz"),
        ("a0", "a1", "a0V"),
        ("a0V", "a1", "a0k"),
        ("a0", "a0V", "a0F"),
        ("az", None, "b00"),
        ("Zz", None, "a0"),
        ("Zz", "a1", "a0"),
        (None, "Z0", "Yzz"),
        ("a1", "a3", "a2"),
        ("b00", None, "b01"),
        ("bzz", None, "c000"),
        (None, "a0V", "a0"),
        ("z" * 27, None, "z" * 27 + "V"),
        (None, "A" + "0" * 25 + "1", "A" + "0" * 26 + "V"),
        (None, "A" + "0" * 26 + "V", "A" + "0" * 26 + "F"),
    ],
)
def test_known_keys(a: str | None, b: str | None, expected: str) -> None:
    assert between(a, b) == expected


@given(TYPED, TYPED)
def test_between_any_two_that_people_typed(one: str, two: str) -> None:
    a, b = sorted((one, two))
    if a.rstrip("0") == b.rstrip("0"):
        with pytest.raises(ValueError):
            between(a, b)
    else:
        key = between(a, b)
        assert a < key < b
        assert is_position(key)


@given(TYPED)
def test_before_and_after_what_people_typed(typed: str) -> None:
    assert between(typed, None) > typed
    if typed.strip("0"):
        assert between(None, typed) < typed


@pytest.mark.parametrize(
    ("a", "b"), [("a1", "a0"), ("a0", "a0"), ("", None), ("é", None), (None, "0"), ("a-0", "b")]
)
def test_what_has_no_place_between_is_a_value_error(a: str | None, b: str | None) -> None:
    with pytest.raises(ValueError):
        between(a, b)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("a0", True), ("a0V", True), ("b00", True), ("5", True), ("Zz", True), ("m", True),
        ("", False), ("a0V0", False), ("50", False), ("0", False), ("-1", False), ("1.5", False),
        ("é", False), ("a 0", False), ("A" + "0" * 26, False),
    ],
)  # fmt: skip
def test_is_position(text: str, valid: bool) -> None:
    assert is_position(text) is valid


def test_after_last_ignores_records_without_a_position() -> None:
    assert after_last([None, "a3", "a1", None]) == "a4"
    assert after_last([]) == "a0"


@given(
    st.integers(0, 60), st.sampled_from([(None, None), ("a0", None), (None, "a0"), ("a0", "a1")])
)
def test_spread_gives_ascending_keys(count: int, ends: tuple[str | None, str | None]) -> None:
    keys = spread(*ends, count)
    low, high = ends
    whole = [*([low] if low else []), *keys, *([high] if high else [])]
    assert len(keys) == count
    assert whole == sorted(set(whole))
    if low and high:
        assert max(map(len, keys), default=0) <= 4
