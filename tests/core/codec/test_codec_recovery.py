"""A record with ten faults reports ten: each entry is judged by itself, whatever is wrong with the
others, and nothing sound is blamed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.codec.compose import examine
from bluefs.core.codec.record import read_record
from bluefs.core.config import load_config

BASE = Path(__file__).parents[2] / "examples/base"
CONFIG = load_config(
    {p.relative_to(BASE).as_posix(): p.read_bytes() for p in BASE.rglob("*.yaml")}
).config

SOUND = (
    "note: Call Marie", "seats: 3", "tags: [Urgent]", "tags:\n  - Urgent\n  - Key account",
    "story: |\n  One line\n  and: another\n\n  # third", "chance: 40", "due: 2026-12-01",
    "assignees: [ana, li]", "source: Web", "nda: true", 'website: "https://acme.example"',
    "products:\n- Basic\n- Pro", "email: 'ana@acme.example'", "aliases: {a: b, c: [d]}",
    "title: A long\n  title of two lines", "# a comment", "# a: comment",
)  # fmt: skip
#: What is wrong, and on which of its lines (from 0).
BROKEN = (
    ('title: "unclosed', 0), ("note: 'tis late", 0), ('website: "https', 0),
    ("tags: [Urgent, Key account", 0), ("aliases: {a: b", 0), ("note: Re: hello", 0),
    ("title: @ana", 0), ("color: #ff0000", 0), ("seats:3", 0), ("\tseats: 3", 0),
    ('paper: "C:\\Users"', 0), ('note: "hi" he said', 0), ("Due: 2026-12-01", 0),
    ("no key here", 0), ("aliases: {a: b, , c}", 0), ("title: !important", 0),
    ("title: &co Ltd", 0), ("note: *x*", 0), ("products:\n- Basic\n Pro: x", 2),
    ("value: 12,000", 0), ("start: 12/01/2026", 0), ("chance: 140", 0),
    ("assignees: [ana, bob]", 0), ("email: nobody", 0), ("title: [urgent] call", 0),
    ("note: - x", 0), ("note: | x", 0), ("tags:\n\t- Urgent", 1),
    ("closing: 2026-12-05/2026-12-01", 0), ("sates: 3", 0), ("cssclasses: [a,, b]", 0),
    ("publish: %x", 0), ("description: a: b: c", 0), ("image: >3 days", 0), ("permalink: ]", 0),
    ("visit: x", 0), ('story: "a\n  b', 0), ("cover: {a: [b}", 0),
)  # fmt: skip


def _key(entry: str) -> str:
    return entry.strip().partition(":")[0].lower()


ENTRIES = st.lists(
    st.one_of(st.sampled_from(BROKEN), st.sampled_from(SOUND).map(lambda text: (text, -1))),
    min_size=1, max_size=14, unique_by=lambda entry: _key(entry[0]),
)  # fmt: skip


@given(ENTRIES, st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=300, deadline=None)
def test_each_broken_entry_is_named_and_no_other(
    entries: list[tuple[str, int]], newline: str
) -> None:
    lines, wanted = ["---", "id: a7h3kq0m2x"], set()
    for text, fault in entries:
        if fault >= 0:
            wanted.add(len(lines) + 1 + fault)
        lines += text.split("\n")
    data = newline.join([*lines, "---", ""]).encode()
    found = read_record("sales/Open/A.md", data, CONFIG)
    assert {problem.line for problem in found.problems} == wanted


def test_entries_of_entries_too() -> None:
    text = (
        "fields:\n  a: {type: text\n  b: number\n  c: @x\n  d:\n    type: select\n"
        "    options: [A, B\n    name: 'x\nlists:\n  - @a\n  - b\n  - [c\n"
    )
    assert [p.line for p in examine(text).problems] == [2, 4, 7, 8, 10, 12]
    rules = "- name: A\n  when: {moved: X\n  then: complete\n- name: @B\n  when: created\n"
    assert [p.line for p in examine(rules).problems] == [2, 4]


@pytest.mark.parametrize(("front", "found"), [
    # what the parser loses stands before the line where it gives up
    ("products: [Basic, *x]\nsource: Wbe\ntitle: `x`", ["BF120 2:19 fix", "BF203 3:9", "BF113 4:8 fix"]),
    # a tab before the first key says nothing about those below it
    ("\tnote: x\nvisit: soon\nseats: ten", ["BF119 2:1 fix", "BF204 3:8", "BF201 4:8"]),
    # a key is judged where a comment took its value, by what it is to be
    ("vlaue: 12000 #net", ["BF131 2:1 fix", "BF112 2:14 fix"]),
    ("Color: #ff0000", ["BF130 2:1", "BF112 2:8 fix"]),
    ("note: x\nnote: @ana", ["BF121 3:1", "BF113 3:7 fix"]),
])  # fmt: skip
def test_faults_side_by_side(front: str, found: list[str]) -> None:
    data = f"---\n{front}\n---\n".encode()
    problems = read_record("sales/Open/A.md", data, CONFIG).problems
    told = [f"{p.code.code} {p.line}:{p.column}{' fix' * p.fixable}" for p in problems]
    assert told == found
