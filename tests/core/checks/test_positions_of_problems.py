"""Where a Problem stands, rule by rule (docs/format.md, "Where a Problem is shown"): lines and
columns count characters from 1 in the file, one fault is one Problem, on its own line, and the
parser's follow-ups are not shown."""

from __future__ import annotations

import pytest

from tests.core.checks.check_help import brief, found

A = "sales/Open/A.md"
#: What the front matter says, and every place told.
RECORDS: list[tuple[str, str, list[str]]] = [
    ("the first character of the scalar", "value: twelve", ["2:8-14 BF201"]),
    ("its quote included", 'value: "twelve"', ["2:8-16 BF201"]),
    ("single quotes too", "value:   'x'", ["2:10-13 BF201"]),
    ("of an unknown key, the key", "nonsense: 1", ["2:1-9 BF131"]),
    ("of an unknown key in quotes, its quote", '"nonsense": 1', ["2:1-11 BF131"]),
    ("of a misspelt key, the key", "id: a000000001\nDue: 2026-12-01", ["3:1-4 BF130"]),
    ("of duplicates, the second", "color: red\nstart: 2026-12-01\ncolor: blue", ["4:1-6 BF121"]),
    ("of three, the second and the third", "color: red\ncolor: a\ncolor: b", ["3:1-6 BF121", "4:1-6 BF121"]),
    ("of a swallowed value, the #", "title: Fix #12 login", ["2:12-21 BF112"]),
    ("of a swallowed whole value, the #", "color: #ff0000", ["2:8-15 BF112"]),
    ("of a swallowed member, the #", "tags:\n  - a\n  - #b", ["4:5-7 BF112"]),
    ("behind brackets, the #", "tags: [a] #b", ["2:11-13 BF112"]),
    ("of a stray colon, the colon", "title: Re: hello", ["2:10-11 BF111"]),
    ("of a stray colon with a blank, the colon", "title: Priorité : haute", ["2:17-18 BF111"]),
    ("of a member, the member", "assignees: [ana, bob]", ["2:18-21 BF212"]),
    ("of a member on its own line, the member", "assignees:\n  - ana\n  - bob", ["4:5-8 BF212"]),
    ("characters, not bytes", "title: 😀é\nvalue: é😀", ["3:8-10 BF201"]),
    ("characters before a fault", "title: 😀é: x", ["2:10-11 BF111"]),
    ("of text in one-line fields, its mark", "value: |\n  12\n  13", ["2:8-9 BF201"]),
    ("of a list where one value stands, the bracket", "value: [1, 2]", ["2:8-14 BF210"]),
    ("of a value begun with a reserved sign, the value", "title: @ana", ["2:8-12 BF113"]),
    ("of an unclosed quote, the quote's value", "title: 'tis\ncolor: red", ["2:8-12 BF115"]),
    ("of an unclosed bracket, the bracket", "tags: [a, b\ncolor: red", ["2:7-8 BF117"]),
    ("of text behind a quote, the value", 'title: "hi" he', ["2:8-15 BF114"]),
    ("of a missing space, the line", "title:x\ncolor: red", ["2:1-8 BF118"]),
    ("of a tab, the tab", "color: red\n\ttitle: x", ["3:1-2 BF119"]),
    ("of an anchor, the value", "title: &co Ltd", ["2:8-15 BF120"]),
    ("of a line without a key, its text", "color: red\n  \nno key\ntitle: x", ["4:1-7 BF125"]),
    ("of a control character, the character", "title: a\x07b", ["2:9-10 BF108"]),
    ("of a conflict, its first marker", "color: red\n<<<<<<< a\ntitle: x\n=======\n>>>>>>> b", ["3:1-8 BF109"]),
    ("of a second document, nothing: the front matter ends", "color: red\n---\ntitle: x", []),
    ("of an id, the id", "id: a b", ["2:5-8 BF133"]),
    ("of too deep a nesting, the twenty-first", "zz: " + "[" * 25, ["2:24-25 BF105"]),
    ("of a dangling reference, the reference", "blocked_by: [nobody00x]", ["2:14-23 BF420"]),
    (
        "each of several faults on its own line, none of them twice",
        "title: Re: x\ncolor: #f00\nvalue: twelve\nassignees: [@ana, bob]\nnonsense: 'tis",
        ["2:10-11 BF111", "3:8-12 BF112", "4:8-14 BF201", "5:13-17 BF113", "6:11-15 BF115"],
    ),
    ("a fault is not told again for what it hides", "title: Re: x\n  y\ncolor: red", ["2:10-11 BF111"]),
    ("an unclosed quote takes nothing with it", 'title: "x\ncolor: red\nvalue: 12\nnote2: y', ["2:8-10 BF115", "5:1-6 BF131"]),
    ("blanks before a key do not count as its", "  color: rde", ["2:10-13 BF213"]),
]  # fmt: skip


def _told(front: str, newline: str = "\n", bom: bool = False) -> list[str]:
    text = f"---\n{front}\n---\nbody\n".replace("\n", newline)
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    return [
        line.partition(":")[2] for line in brief({A: data}) if line.startswith(f"{A}:")
    ]  # fmt: skip


@pytest.mark.parametrize(("rule", "front", "places"), RECORDS, ids=[r[0] for r in RECORDS])
def test_place(rule: str, front: str, places: list[str]) -> None:
    assert _told(front) == places, rule


@pytest.mark.parametrize(("rule", "front", "places"), RECORDS, ids=[r[0] for r in RECORDS])
def test_place_with_crlf_and_a_mark(rule: str, front: str, places: list[str]) -> None:
    """A byte order mark is no character, a CR LF one line's end."""
    assert _told(front, "\r\n", bom=True) == places, rule


SETTINGS = [
    ("sales/project.yaml", "name: Sales\nlists: {Open: }\nfields:\n  v: txet\n", ["4:6-10 BF313"]),
    ("sales/project.yaml", "name: Sales\nnaem: x\n", ["2:1-5 BF303"]),
    ("sales/project.yaml", "name: Re: x\n", ["1:9-10 BF111"]),
    ("sales/project.yaml", "name: a\nname: b\n", ["2:1-5 BF121"]),
    ("sales/project.yaml", "name: Sales #1\n", ["1:13-15 BF112"]),
    ("sales/project.yaml", "name: a\n---\nname: b\n", ["2:1-4 BF122"]),
    ("sales/project.yaml", "? [a]\n: b\n", ["1:3-6 BF123"]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "places"), SETTINGS)
def test_place_in_settings(path: str, text: str, places: list[str]) -> None:
    told = [
        f"{p.line}:{p.column}-{p.end} {p.code.code}" for p in found({path: text}) if p.path == path
    ]
    assert told == places
