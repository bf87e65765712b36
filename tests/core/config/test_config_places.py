"""Where two settings files differ: a place in the new one, which an editor can underline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.config.places import first_difference

LINES = st.lists(st.text("ab é:", max_size=6), min_size=1, max_size=5)


@given(LINES, LINES)
def test_all_before_the_line_is_the_same_and_the_place_is_on_it(
    old: list[str], new: list[str]
) -> None:
    line, column, end = first_difference("\n".join(old).encode(), "\n".join(new).encode())
    assert new[: line - 1] == old[: line - 1]
    assert new[line - 1][column - 1 : end - 1] == new[line - 1].strip()


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"a: 1\n", b"a: 2\n", (1, 1, 5)),
        (b"x:\n  a: 1\n", b"x:\n  a: 2\n", (2, 3, 7)),
        (b"a: 1\r\n", b"\xef\xbb\xbfb: 1\r\n", (1, 1, 5)),
        (b"a: 1\nb: 2\n", b"a: 1\n", (2, 1, 1)),  # what went stood at the end
        (b"", b"a: 1\n", (1, 1, 5)),
        (b"a: 1\n", b"", (1, 1, 1)),
        (b"a: 1\n", b"a: \xff\n", (1, 1, 5)),
    ],
)
def test_places(old: bytes, new: bytes, place: tuple[int, int, int]) -> None:
    assert first_difference(old, new) == place
