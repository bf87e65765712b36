"""What is read without the parser is what the parser reads, to the column."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from bluefs.core.codec.block import read_block
from bluefs.core.codec.events import Broken, parse

ROOT = Path(__file__).parents[3]
KEYS = ["name", "when", "then", "Open deals", "Écrit", "'in quotes'", '"so"', "a.b", "-1", "x y", "null", "1", "E\u0301crit", "<<", "😀 Done", "to", "a-", "a - b"]  # fmt: skip
VALUES = ["", "", "a", "Proposal", "12.50", "-5", "- 5", "2026-12-01", "null", "~", "'quoted'", '"quoted"', '"esc\\n"', "'it''s'", "a # b", "a #b", "a#b", "# c", "#c", "x: y", "x:", "x:y", "https://a.example/#b?c=[d]", "${title}", "a, b", "a [b]", "[a, b]", "[a,b]", "[ a , 'b' ]", "[]", "{}", "{a: b}", "{a: b, c: [d, {e: f}]}", "{ a: b }", "{a: b,}", "[a, b,]", "[a: b]", "{a}", "{a: }", "{a:b}", "{a: b, a: c}", "[a, b", "a]", "[a] b", "[a]# b", "[a] # b", "[a b, c  d ]", "[-1, -a, - a]", "[a#b, c #d]", "[@a]", "|", ">-", "&a", "*a", "!t a", "? a", "% a", "`a`", "@a", "a  ", "'a' b", "'a'#b", "'a' # b", "é  # ü", "[é, ü]", "...", "---", "--- a", ", a", "a\tb", "\u00a0a", "\u2028", "\x85", "😀", "😀: x", "[😀]", "[a?, b!]", '["a, b", c]', "[[a, b], [c]]", "..5", "-.5", "--", "-a", "-", "?", "::a", ":a", "a:b:c", "a : b"]  # fmt: skip


SANE = ["", "a", "Proposal", "12.50", "2026-12-01", "'quoted'", "a # b", "[a, b]", "{a: b, c: [d]}", "-5", "a, b"]  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Mostly as people write; each draw may bring something odd."""

    def one(usual: list[str], odd: list[str]) -> str:
        return draw(st.sampled_from(odd if draw(st.integers(0, 14)) == 7 else usual))

    lines: list[str] = []
    column, opened = 0, False
    for number in range(draw(st.integers(1, 8))):
        steps = [column + 2] if opened else [column, column, column - 2, 0]
        column = max(0, draw(st.sampled_from(steps)))
        if draw(st.integers(0, 14)) == 7:
            column += draw(st.integers(0, 3))
        dashes = one(["", "", "- "], ["-   ", "- - ", "-", "--"])
        key = one([f"k{number}: ", f"k{number}: ", ""], [f"{k}:" for k in KEYS])
        value = one(SANE, VALUES)
        opened = bool(key) and value == ""
        lines.append(" " * column + dashes + key + value + one([""], ["\n", "\n  # c", " ", "\r"]))
        column += len(dashes) if key else 0
    return "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n\n"]))


@given(texts(), st.sampled_from([1, 2]))
@example("a:\n- b\n- c:\n  - d\ne:\n", 1)
@example("- a: 1\n  b:\n    c: {d: [e, 'f']}\n-\n- - x\n  - y\n", 1)
@example("a: b\n  c\n", 1)
@example("a:\n  b\n", 1)
@example("a:\n    b: 1\n  c: 2\n", 1)
@settings(max_examples=1500, deadline=None)
def test_it_is_what_the_parser_reads(text: str, first_line: int) -> None:
    found = read_block(text, first_line)
    event("read" if found is not None else "left to the parser")
    if found is None:
        return
    try:
        tree = parse(text, first_line)
    except Broken as broken:
        raise AssertionError(f"the parser refuses it: {broken.what}") from broken
    assert not tree.problems
    assert found == (tree.node, tree.begun)


def test_it_reads_what_people_write() -> None:
    """Or it would be of no use: all settings of the sample without a text of many lines."""
    read = left = 0
    for path in sorted((ROOT / "sample-workspace").rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        found = read_block(text)
        if found is not None:
            assert found == ((tree := parse(text)).node, tree.begun), path
            read += 1
        elif "|" not in text and ">" not in text:
            left += 1
    assert read >= 5 and not left


@pytest.mark.parametrize(
    "text",
    [
        f"a: {'b ' * 20_000}", "a: b\n" * 6_000, f"a: {'[' * 400}", f"a: [{'b, ' * 300}",
        "".join(f"{' ' * n}a:\n" for n in range(300)), f"a: {'# ' * 400}:", f"a: {' ' * 900}b  :",
        "\n".join(f"k{n}: [a, b]" for n in range(3_000)), f"a: b{': c' * 300}", f"a: '{'b' * 900}",
        "- " * 450, f"a: b{' ' * 450}#{' #' * 200}x",
    ],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    taken = []
    for _ in range(3):
        began = time.process_time()
        read_block(text)
        taken.append(time.process_time() - began)
    assert min(taken) < 0.05
