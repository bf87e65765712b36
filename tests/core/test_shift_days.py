"""Days in a text move together, and nothing else does."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.when.shifting import shift_days

MOVED = [
    ("due: 2026-11-24", "due: 2026-12-01"),
    ("due: '2026-11-24 10:30'", "due: '2026-12-01 10:30'"),
    ("due: 2026-11-24T18:00:00+01:00", "due: 2026-12-01T18:00:00+01:00"),
    ("{due: 2026-11-24, start: 2026-11-23}", "{due: 2026-12-01, start: 2026-11-30}"),
    ("closing: 2026-12-28/2027-01-04", "closing: 2027-01-04/2027-01-11"),
    ("- [ ] Send it @li due:2026-11-24", "- [ ] Send it @li due:2026-12-01"),
    ("- [ ] Send it 📅 2026-11-24", "- [ ] Send it 📅 2026-12-01"),
    ("### ana · 2026-11-24 09:12", "### ana · 2026-12-01 09:12"),
    ("### ana, 2026-02-26 09:12", "### ana, 2026-03-05 09:12"),
    ("It was 2026-11-24.", "It was 2026-12-01."),
    ("(2026-11-24)\r\n2026-11-24", "(2026-12-01)\r\n2026-12-01"),
]
KEPT = [
    "2026-11-24.pdf", "https://x.example/2026-11-24", "notes/2026-11-24 is a path", "v2026-11-24",
    "2026-11-24-b", "12026-11-24", "2026-11-240", "2026-13-40", "2026-02-30", "2026-11", "9999-12-31",
    "k.2026-11-24", "2026-11-24/b",
]  # fmt: skip


@pytest.mark.parametrize(("text", "later"), MOVED)
def test_a_day_by_itself_moves(text: str, later: str) -> None:
    assert shift_days(text, 7) == later
    assert shift_days(later, -7) == text


@pytest.mark.parametrize("text", KEPT)
def test_part_of_something_else_stays(text: str) -> None:
    assert shift_days(text, 7) == text


@given(
    st.text(st.sampled_from(list("ab: -[]x\n\r.#é🚀0123456789T/")), max_size=30),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.integers(-5000, 5000),
)
def test_it_goes_there_and_back(noise: str, day: date, days: int) -> None:
    text = f"{noise}\ndue: {day}\n{noise}"
    there = shift_days(text, days)
    assert f"due: {day + timedelta(days=days)}\n" in there
    assert re.sub(r"\d", "", there) == re.sub(r"\d", "", text)
    assert len(there) == len(text)
    if "-" not in noise:
        assert shift_days(there, -days) == text
