"""A plain locale's screen, and what is said to words that no command takes."""

from __future__ import annotations

import io

import pytest

from bluefs.cli.screen import Cell, Screen, columns
from tests.cli.conftest import Run


def test_a_plain_locale_has_names_for_our_glyphs() -> None:
    out = io.StringIO()
    screen = Screen(out, colour=False, unicode=False, width=None)
    screen.line("12 000 € → 14 000 € · …")
    screen.table(
        ["A", "B", "C"], [[Cell("€1"), Cell("x"), Cell("y")], [Cell("…"), Cell("–"), Cell("y")]]
    )
    first, head, *rows = out.getvalue().splitlines()
    assert first == "12 000 EUR -> 14 000 EUR - ..."
    assert out.getvalue().isascii()
    assert {row.index("y") for row in rows} == {head.index("C")}
    assert columns(rows[0]) == columns(rows[1])


@pytest.mark.parametrize(("words", "message", "command"), [
    (("show", "a", "b"), "Got unexpected extra argument (b)", "bluefs show"),
    (("check", "--nosuch"), "--nosuch", "bluefs check"),
    (("nosuch",), "nosuch", "bluefs"),
    (("-Z",), "-Z", "bluefs"),
    (("outbox", "nosuch"), "nosuch", "bluefs outbox"),
])  # fmt: skip
def test_a_slip_of_the_pen_is_one_line_and_its_help(
    run: Run, words: tuple[str, ...], message: str, command: str
) -> None:
    result = run(*words)
    said, remedy = result.err.splitlines()
    assert (result.code, result.out) == (2, "")
    assert message in said
    assert remedy == f"How it is used: {command} --help"
