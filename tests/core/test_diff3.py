"""Three-way merge of text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.diff3 import Lost, align, lines_of, merge3

LINE = st.sampled_from(["", "a", "b", "c", "- [ ] x", "\u2028", "d e"])
TEXT = st.builds(
    lambda lines, newline, end: newline.join(lines) + (newline if end and lines else ""),
    st.lists(LINE, max_size=9),
    st.sampled_from(["\n", "\n", "\r\n"]),
    st.booleans(),
)
SIDE = st.sampled_from(["ours", "theirs"])
LF_TEXT = TEXT.map(lambda text: text.replace("\r\n", "\n"))


@given(TEXT, TEXT, SIDE)
def test_one_sided_changes_win(base: str, text: str, prefer: str) -> None:
    assert merge3(base, text, text, prefer) == (text, ())  # type: ignore[arg-type]
    assert merge3(base, base, text, prefer) == (text, ())  # type: ignore[arg-type]
    assert merge3(base, text, base, prefer) == (text, ())  # type: ignore[arg-type]


@given(TEXT, TEXT, TEXT, SIDE)
@settings(max_examples=300)
def test_swapping_sides_and_preference_changes_nothing(
    base: str, ours: str, theirs: str, prefer: str
) -> None:
    other = {"ours": "theirs", "theirs": "ours"}
    text, lost = merge3(base, ours, theirs, prefer)  # type: ignore[arg-type]
    text2, lost2 = merge3(base, theirs, ours, other[prefer])  # type: ignore[arg-type]
    assert text == text2
    assert [(x.text, x.base, x.kept) for x in lost] == [(x.text, x.base, x.kept) for x in lost2]


@given(LF_TEXT, LF_TEXT, LF_TEXT, SIDE)
@settings(max_examples=300)
def test_no_line_of_a_side_is_lost_in_silence(
    base: str, ours: str, theirs: str, prefer: str
) -> None:
    text, lost = merge3(base, ours, theirs, prefer)  # type: ignore[arg-type]
    there = {x.text for x in lines_of(text)}
    there |= {x.text for hunk in lost for x in lines_of(hunk.text)}
    before = {x.text for x in lines_of(base)}
    for side in (ours, theirs):
        assert {x.text for x in lines_of(side)} - before <= there
    assert all(hunk.side != prefer for hunk in lost)


@given(st.lists(LINE, max_size=12), st.lists(LINE, max_size=12))
def test_alignment_is_ascending_and_of_equal_lines(one: list[str], two: list[str]) -> None:
    pairs = align(one, two)
    assert all(one[a] == two[b] for a, b in pairs)
    assert all(x[0] < y[0] and x[1] < y[1] for x, y in pairwise(pairs))


BASE = "one\ntwo\nthree\nfour\nfive\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        pytest.param("1\ntwo\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\n5\n",
                     "1\ntwo\nthree\nfour\n5\n", id="far apart"),
        pytest.param("zero\n" + BASE, BASE + "six\n", "zero\n" + BASE + "six\n", id="two ends"),
        pytest.param(BASE + "six\n", BASE + "six\n", BASE + "six\n", id="both added the same"),
        pytest.param(BASE + "six\n", BASE + "six\nseven\n", BASE + "six\nseven\n",
                     id="both added the same, one went on"),
        pytest.param("one\ntwo\nfour\nfive\n", BASE + "six\n", "one\ntwo\nfour\nfive\nsix\n",
                     id="deleted and added"),
        pytest.param(BASE[:-1], "zero\n" + BASE, "zero\n" + BASE[:-1], id="final newline taken"),
        pytest.param(BASE.replace("\n", "\r\n"), "zero\n" + BASE,
                     ("zero\n" + BASE).replace("\n", "\r\n"), id="line endings converted"),
        pytest.param("one\n", BASE.replace("one", "1"), "one\n",
                     id="an edit beside lines taken out is a conflict, as in git"),
    ],
)  # fmt: skip
def test_table(ours: str, theirs: str, expected: str) -> None:
    assert merge3(BASE, ours, theirs)[0] == expected


def test_a_conflict_keeps_the_preferred_side_and_names_the_other() -> None:
    ours, theirs = BASE.replace("three", "3"), BASE.replace("three", "III")
    assert merge3(BASE, ours, theirs, "ours") == (
        ours, (Lost("theirs", "III\n", "three\n", "3\n"),),
    )  # fmt: skip
    assert merge3(BASE, ours, theirs, "theirs")[0] == theirs


def test_a_last_line_without_a_newline_gets_one_when_text_follows() -> None:
    assert merge3("a\nb", "z\na\nb", "a\nb\nc")[0] == "z\na\nb\nc"


def test_a_megabyte_of_blank_lines_takes_no_time() -> None:
    base = "\n" * 300_000
    started = time.process_time()
    text, _ = merge3(base, "a\n" + base, base + "b\n")
    assert text == "a\n" + base + "b\n"
    middle = base[:150_000] + "x\n" + base[:150_000]
    merge3(base, middle, middle + "\n" * 9 + "y\n" + base)
    assert time.process_time() - started < 20
