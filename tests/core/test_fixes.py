"""Splicing Fixes: everything else stays to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.codec.text import Lines
from bluefs.core.fixes import apply_fixes
from bluefs.core.problems import Fix


@pytest.mark.parametrize(
    ("data", "fixes", "expected"),
    [
        (b"a: b\n", [Fix(1, 4, 1, 5, '"b"')], b'a: "b"\n'),
        (b"\xef\xbb\xbfa: b\r\nc: d\r\n", [Fix(2, 4, 2, 5, "x\ny")], b"\xef\xbb\xbfa: b\r\nc: x\r\ny\r\n"),
        (b"ab", [Fix(1, 2, 1, 3, "X"), Fix(1, 1, 1, 2, "Y")], b"YX"),
        (b"abc", [Fix(1, 1, 1, 3, "X"), Fix(1, 2, 1, 4, "Y")], b"Xc"),
        (b"abc", [Fix(1, 1, 1, 2, "X"), Fix(1, 1, 1, 2, "X")], b"Xbc"),
        (b"ab", [Fix(1, 3, 1, 3, "!")], b"ab!"),
        (b"\xff", [Fix(1, 1, 1, 2, "X")], b"\xff"),
        ("é☕x".encode(), [Fix(1, 3, 1, 4, "y")], "é☕y".encode()),
        (b"ab", [], b"ab"),
    ],
)  # fmt: skip
def test_fixes_are_spliced(data: bytes, fixes: list[Fix], expected: bytes) -> None:
    assert apply_fixes(data, fixes) == expected


@given(
    st.text(alphabet="ab\né☕", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.text(alphabet="xy", max_size=3))),
)
def test_what_no_fix_names_survives(text: str, spans: list[tuple[int, int, str]]) -> None:
    """Without the characters of the Fixes' own alphabet, what is left are pieces of the text
    in their order."""
    lines = Lines(text)
    fixes = []
    for start, length, new in spans:
        at, to = min(start, len(text)), min(start + length, len(text))
        fixes.append(Fix(*lines.place(at), *lines.place(to), new))
    result = apply_fixes(text.encode(), fixes).decode()
    left = iter(text)
    assert all(char in left for char in result if char not in "xy")
    removed = sum(min(s + n, len(text)) - min(s, len(text)) for s, n, _ in spans)
    assert sum(char not in "xy" for char in result) >= len(text) - removed
