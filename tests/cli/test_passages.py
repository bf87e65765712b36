"""The passages that hold the words, below the rows of a list."""

from __future__ import annotations

import io
import json

from bluefs.cli.passages import Passages
from bluefs.cli.screen import Screen
from bluefs.core.model import Record
from bluefs.core.query import parse_query

ONE = Record(
    "sales/Open/x.md", "sales", "Open", "x", "Renewal", body="Le DE\u0301BUT du\n  contrat. " * 9
)


def _lines(text: str, *, colour: bool = False, width: int | None = 44) -> list[str]:
    screen = Screen(io.StringIO(), colour, True, width)
    return Passages.of(parse_query(text)).lines([ONE], screen)


def test_a_line_as_wide_as_the_screen() -> None:
    (line,) = _lines("contrat")
    assert line == "  Le DE\u0301BUT du contrat. Le DE\u0301BUT du…"
    assert _lines("contrat -x tag:a") == [line]


def test_the_words_are_bold_and_the_rest_dim() -> None:
    (line,) = _lines("debut", colour=True, width=24)
    assert line.startswith("  \x1b[2mLe \x1b[0m\x1b[1mDE\u0301BUT\x1b[0m\x1b[2m du")


def test_nothing_in_a_pipe_without_words_or_for_the_title() -> None:
    assert _lines("contrat", width=None) == []
    assert _lines("is:open") == []
    assert _lines("renewal") == [""]


def test_json_says_where() -> None:
    found = Passages.of(parse_query("debut")).as_json(ONE)["snippet"]
    assert isinstance(found, dict)
    assert found["place"] == "body"
    assert {found["text"][a:b] for a, b in found["marks"]} == {"DE\u0301BUT"}
    assert json.dumps(found)
    assert Passages.of(parse_query("absent or tag:a")).as_json(ONE) == {"snippet": None}
    assert Passages.of(parse_query("is:open")).as_json(ONE) == {}
