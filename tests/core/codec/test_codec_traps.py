"""Every trap of docs/format.md: what is typed, what is found where, what --fix makes of it."""

from __future__ import annotations

import pytest
import yaml

from bluefs.core.codec.compose import Malformed, compose, examine
from bluefs.core.codec.text import Lines
from bluefs.core.nodes import Map, Scalar
from bluefs.core.problems import Fix, Problem


def apply(text: str, *fixes: Fix) -> str:
    lines = Lines(text)
    for fix in sorted(fixes, key=lambda f: (f.line, f.column), reverse=True):
        start = lines.offset(fix.line, fix.column)
        end = lines.offset(fix.end_line, fix.end_column)
        text = text[:start] + fix.text + text[end:]
    return text


def fixed(text: str, problems: tuple[Problem, ...]) -> str:
    return apply(text, *(p.fix for p in problems if p.fix is not None))


def faults(text: str) -> list[tuple[str, int, int]]:
    return [(p.code.code, p.line, p.column) for p in examine(text).problems]


#: source, code, line, column, source after --fix (None: only a person can tell)
TRAPS = [
    ("title: @ana", "BF113", 1, 8, 'title: "@ana"'),
    ("title: `x`", "BF113", 1, 8, 'title: "`x`"'),
    ("title: %x", "BF113", 1, 8, 'title: "%x"'),
    ("title: >3 days", "BF113", 1, 8, 'title: ">3 days"'),
    ("title: |x", "BF113", 1, 8, 'title: "|x"'),
    ("title: - x", "BF113", 1, 8, 'title: "- x"'),
    ("title: ]x", "BF113", 1, 8, 'title: "]x"'),
    ("@ana: x", "BF113", 1, 1, '"@ana": x'),
    ("assignees: [li, @ana]", "BF113", 1, 17, 'assignees: [li, "@ana"]'),
    ("tags:\n  - ok\n  - @x", "BF113", 3, 5, 'tags:\n  - ok\n  - "@x"'),
    ("title: Re: hello", "BF111", 1, 10, 'title: "Re: hello"'),
    ("title: Re: hello  # mail", "BF111", 1, 10, 'title: "Re: hello"  # mail'),
    ("title: Priorité : haute", "BF111", 1, 17, 'title: "Priorité : haute"'),
    ("title: so:", "BF111", 1, 10, 'title: "so:"'),
    ("title: 𝄞: hello", "BF111", 1, 9, 'title: "𝄞: hello"'),
    ("title: x\n  due: y", "BF111", 2, 6, None),
    ("title: [urgent] call", "BF116", 1, 8, 'title: "[urgent] call"'),
    ("title: {a} b", "BF116", 1, 8, 'title: "{a} b"'),
    ("title: 'tis", "BF115", 1, 8, "title: \"'tis\""),
    ("title: 'tis\ndue: it's", "BF115", 1, 8, "title: \"'tis\"\ndue: it's"),
    ('title: "open\ndue: x', "BF115", 1, 8, "title: '\"open'\ndue: x"),
    ('title: "hi" he said', "BF114", 1, 8, "title: '\"hi\" he said'"),
    ("title: 'a' 'b'", "BF114", 1, 8, "title: \"'a' 'b'\""),
    ("tags: [a, b\ndue: x", "BF117", 1, 7, "tags: [a, b]\ndue: x"),
    ("title: [a, b\ndue: x", "BF117", 1, 8, 'title: "[a, b"\ndue: x'),
    ("title:x\ndue: y", "BF118", 1, 1, "title: x\ndue: y"),
    ("due: y\ntitle:x", "BF118", 2, 1, "due: y\ntitle: x"),
    ("title:\xa0x\ndue: y", "BF118", 1, 1, "title: x\ndue: y"),
    ("tags:\n\t- a", "BF119", 2, 1, "tags:\n  - a"),
    ("\ttitle: a\ndue: b", "BF119", 1, 1, "title: a\ndue: b"),
    ("due: x\n\ttitle: y", "BF119", 2, 1, "due: x\ntitle: y"),
    ("due: x\n\ttitle: y\nstart: z", "BF119", 2, 1, "due: x\ntitle: y\nstart: z"),
    ("due: x\n \ttitle: Re: y", "BF119", 2, 2, None),
    ('title: "C:\\Users"', "BF126", 1, 8, "title: 'C:\\Users'"),
    ("color: #ff0000", "BF112", 1, 8, 'color: "#ff0000"'),
    ("title: Fix #12 login", "BF112", 1, 12, 'title: "Fix #12 login"'),
    ("title: Fix\n  it #12 now", "BF112", 2, 6, 'title: "Fix it #12 now"'),
    ('title: Say "hi" #1', "BF112", 1, 17, "title: 'Say \"hi\" #1'"),
    ("tags: [a, #b]", "BF112", 1, 11, 'tags: [a, "#b"]'),
    ("tags: [a #b, c]", "BF112", 1, 10, 'tags: ["a #b", c]'),
    ("tags:\n  - #b", "BF112", 2, 5, 'tags:\n  - "#b"'),
    ("title: !important", "BF120", 1, 8, 'title: "!important"'),
    ("title: !important x", "BF120", 1, 8, 'title: "!important x"'),
    ("title: &co Ltd", "BF120", 1, 8, 'title: "&co Ltd"'),
    ("title: *x*", "BF120", 1, 8, 'title: "*x*"'),
    ("title: *x", "BF120", 1, 8, 'title: "*x"'),
    ("title: a\ntitle: b", "BF121", 2, 1, None),
    ("e\u0301: a\n\xe9: b", "BF121", 2, 1, None),
    ("a: 1\n---\nb: 2", "BF122", 2, 1, None),
    ("[a]: b", "BF123", 1, 1, None),
    ("title: a\0b", "BF108", 1, 9, None),
    ("title: a\x7fb", "BF108", 1, 9, None),
    ("title: a\n<<<<<<< HEAD\ndue: x\n=======\ndue: y\n>>>>>>> z", "BF109", 2, 1, None),
    ("due: x\nno key here\ntitle: y", "BF125", 2, 1, None),
    ("a:\n    - b\n  - c", "BF110", 3, 3, None),
    ("- " * 30, "BF105", 1, 41, None),
    ("[" * 30, "BF105", 1, 21, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "column", "after"), TRAPS)
def test_trap(text: str, code: str, line: int, column: int, after: str | None) -> None:
    assert faults(text) == [(code, line, column)]
    problems = examine(text).problems
    if after is None:
        assert not problems[0].fixable
        assert "--fix" not in (problems[0].hint or "")
        return
    assert fixed(text, problems) == after
    assert faults(after) == []
    assert "--fix" in (problems[0].hint or "")


@pytest.mark.parametrize(("text", "after"), [(t[0], t[4]) for t in TRAPS if t[4] is not None])
def test_fix_says_the_same_in_yaml_1_1(text: str, after: str) -> None:
    """PyYAML reads YAML 1.1: as strings, it must find the very text that our nodes hold."""
    ours = compose(after)
    assert isinstance(ours, Map)
    theirs = yaml.load(after, yaml.BaseLoader)
    for key, value in ours.entries:
        if isinstance(value, Scalar):
            assert theirs[key.text] == value.text


SOUND = [
    "title: |\n  Re: hello: x\n  @ana #12\n  title:x\n\n  'tis\ndue: x",
    "title: >-\n  Fix #12 login\ndue: x",
    "tags:\n  - |\n    a: b: c\n    @x\n  - d",
    'title: "Re: hello\n  @ana: #12 x\n  [y"\ndue: x',
    "title: 'it''s: #12\n  x'\ndue: x",
    "# title: Re: hello\n#glued: comment: here\ntitle: x # Re: real comment",
    "title: http://x.org/#top",
    "title: a#b",
    "deal: 12000   # before tax",
    "deal: 12000 #",
    "tags: [a,  # first\n  b]  # last",
    "tags: [\"#a\", '@b', c]",
    "title: a - b [c] {d} | e > f ! g & h * i % j @k `l`",
    "a:\n  b: c\n  d: [e, {f: g}]",
    "title: x\u0085y\u2028z",
    "quoted key\"s: 'x'",
    "title: 12:30",
    "title: x\r\ndue: y\rstart: z\n",
]


@pytest.mark.parametrize("text", SOUND)
def test_no_trap(text: str) -> None:
    assert examine(text).problems == ()
    broken = text + "\nlast: @x"
    assert [code for code, _, _ in faults(broken)] == ["BF113"]


def test_independent_faults_are_each_reported_once() -> None:
    text = (
        "title: Re: hello # mail\n"
        "color: #ff0000\n"
        "story: |\n"
        "  a: b: c\n"
        "assignees: [@ana, li]\n"
        "due: 'tis\n"
        "note: fine\n"
        "note: again\n"
        "last: &co Ltd\n"
    )
    assert faults(text) == [
        ("BF111", 1, 10),
        ("BF112", 2, 8),
        ("BF113", 5, 13),
        ("BF115", 6, 6),
        ("BF121", 8, 1),
        ("BF120", 9, 7),
    ]
    assert faults(fixed(text, examine(text).problems)) == [("BF121", 8, 1)]


def test_compose_raises_with_the_true_place() -> None:
    with pytest.raises(Malformed) as caught:
        compose("name: Acme\n- x: @y", first_line=1)
    assert caught.value.line == 2
    with pytest.raises(Malformed) as caught:
        compose("title: x\nnext: [a] b", first_line=11)
    found = caught.value
    assert (found.line, found.column, found.code.code) == (12, 7, "BF116")
    assert found.hint
    assert found.message


def test_positions_are_of_characters_in_the_file() -> None:
    node = compose("k\u00e9y: é𝄞b  # x\nb: [one, 'two']\r\nc: |\n  x\n\n  y\n\nd: e", first_line=2)
    assert isinstance(node, Map)
    spans = [(v.line, v.column, v.end_line, v.end_column) for _, v in node.entries]
    assert spans == [(2, 6, 2, 9), (3, 4, 3, 16), (4, 4, 7, 4), (9, 4, 9, 5)]
    assert (node.line, node.column, node.end_line, node.end_column) == (2, 1, 9, 5)
