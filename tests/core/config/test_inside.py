"""Where a character of a scalar's text stands in the file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.codec.compose import compose
from bluefs.core.codec.text import Lines
from bluefs.core.config.inside import place_in
from bluefs.core.config.reader import Reader
from bluefs.core.nodes import Map, Scalar


def scalar(yaml: str) -> tuple[Reader, Scalar]:
    node = compose(yaml)
    assert isinstance(node, Map)
    value = node.entries[-1][1]
    assert isinstance(value, Scalar)
    return Reader("x", tuple(Lines(yaml).all())), value


@pytest.mark.parametrize(
    ("yaml", "mark", "place"),
    [
        ("if: is:open ^x", "^", (1, 13)),
        ("a: b\nif:   tag:^x", "^", (2, 11)),
        ("if: 'it''s ^x'", "^", (1, 12)),
        ('if: "list:\\"Open\\" ^x"', "^", (1, 20)),
        ('if: "\\x41\\u00e9\\U0001f600^x"', "^", (1, 26)),
        ("if: is:open\n  has:due ^x", "^", (2, 11)),
        ("if: 'is:open\n\n  has:due ^x'", "^", (3, 11)),
        ("if: |\n  is:open\n  ^x\n", "^", (3, 3)),
        ("if: >-\n    is:open\n    has:due ^x\n", "^", (3, 13)),
        ("if: |2\n    is:open ^x\n", "^", (2, 13)),
    ],
)
def test_place_of_a_mark(yaml: str, mark: str, place: tuple[int, int]) -> None:
    reader, value = scalar(yaml)
    assert place_in(reader, value, value.text.index(mark)) == place


def test_behind_the_end_and_without_a_position() -> None:
    reader, value = scalar("if: 'abc'")
    assert place_in(reader, value, 3) == (1, 9)
    assert place_in(reader, value, 99) == (1, 9)
    assert place_in(reader, Scalar("abc"), 1) == (1, 1)


@given(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc", "Cs"]),
        max_size=20,
    ),
    st.data(),
)
def test_the_place_holds_that_very_character(text: str, data: st.DataObject) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    for source in (quoted, json.dumps(text, ensure_ascii=False)):
        reader, value = scalar(f"a: 1\nkey: {source}\n")
        assert value.text == text
        if not text:
            continue
        offset = data.draw(st.integers(0, len(text) - 1))
        line, column = place_in(reader, value, offset)
        found = reader.lines[line - 1][column - 1 :]
        assert found.startswith(text[offset]) or found[:2] == "\\" + text[offset]
