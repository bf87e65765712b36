"""Laws of reading: nothing raises, places lie in the file, mending never harms, and the fast
way and the exact way read the same."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from unittest.mock import patch

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bluefs.core.codec import bulk, record
from bluefs.core.codec.compose import examine
from bluefs.core.codec.keys import plain_of
from bluefs.core.codec.record import Reading, read_record
from bluefs.core.codec.text import Decoded, Lines, decode, split
from bluefs.core.codec.traps import quoted
from bluefs.core.model import Config, FieldDef, ListDef, Person, Project, Workspace
from bluefs.core.nodes import Map, Scalar
from bluefs.core.problems import Fix

PROJECT = Project(
    "p",
    "P",
    lists={"l": ListDef("l", "l")},
    tags={"Urgent": None, "Key account": None},
    fields={
        key: FieldDef(key, kind, key, options=options)
        for key, kind, options in (
            ("note", "text", {}),
            ("amount", "currency", {"currency": "EUR"}),
            ("seats", "number", {}),
            ("nda", "checkbox", {}),
        )
    },
)
CONFIG = Config(Workspace(people={"ana": Person("ana", "Ana")}), {"p": PROJECT})
STRICT = Config(CONFIG.workspace, {"p": replace(PROJECT, strict=True)})

KEYS = st.sampled_from(
    [
        "id",
        "title",
        "tags",
        "color",
        "start",
        "due",
        "assignees",
        "done",
        "blocked_by",
        "position",
        "repeat",
        "remind",
        "note",
        "amount",
        "seats",
        "nda",
        "Due",
        "échéance",
        "labels",
        "zzz",
        "aliases",
        "deadline",
        "Amount",
    ]
)
#: What people type, honest and not.
WORDS = st.sampled_from(
    [
        "x", "Re: hello", "@ana", "#12", "Fix #12 login", "a # b", "'tis", "it's", '"hi" he',
        "[a, b]", "[urgent] call", "[a", "{a: b}", "{", "!important", "&co Ltd", "*x*", "%x",
        "`x`", ">3 days", "|x", "|", ">-", "- x", "? x", "~", "null", "''", '"null"', "'12'",
        "12000", "12,000", "1_000", "+33612345678", "0612", "1.10", "1e3", "0x1F", ".5", "yes",
        "true", "True", "2026-12-01", "2026-12-01T15:00", "12/01/2026", "ana", "Urgent",
        "key-account", "a, b", "[Urgent, 'Key account']", "[2026, x]", "[ana, bob]", "red",
        "#ff0000", "'#ff0000'", "\tx", "x\ty", "x\u0085y", "x\u2028", "\xa0", "", " ", "a:b",
        "http://a.b", "a:", "k7h3kq0m2x", "12:30", "C:\\x", '"C:\\x"', "<<<<<<< a", "\ufeff", "\0",
        "é𝄞", "[x, @y, #z]", "[a #b]", "[[1]]", "x #y", "1 day before due",
    ]
)  # fmt: skip
LINES = st.one_of(
    st.builds("{}: {}".format, KEYS, WORDS),
    st.builds("{}: {}".format, KEYS, WORDS),
    st.builds("{}:{}".format, KEYS, WORDS),
    st.builds("  - {}".format, WORDS),
    st.builds("  {}".format, WORDS),
    st.builds("\t{}".format, WORDS),
    WORDS,
)
CLEAN_WORDS = st.one_of(
    WORDS,
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.integers().map(str),
    st.floats().map(str),
)
CLEAN = st.lists(
    st.one_of(
        st.builds("{}: {}".format, KEYS, CLEAN_WORDS),
        st.builds("{}: {}  # why".format, KEYS, CLEAN_WORDS),
        st.builds("{}: '{}'".format, KEYS, CLEAN_WORDS),
        st.builds('{}: "{}"'.format, KEYS, CLEAN_WORDS),
        st.builds("{}: [{}, {}]".format, KEYS, CLEAN_WORDS, CLEAN_WORDS),
        st.builds("{}:\n  - {}\n  - {}".format, KEYS, CLEAN_WORDS, CLEAN_WORDS),
        st.builds("{}: |\n  {}\n  {}".format, KEYS, CLEAN_WORDS, CLEAN_WORDS),
        st.builds("{}: {}\n  {}".format, KEYS, CLEAN_WORDS, CLEAN_WORDS),
        st.builds("{}:\n  {}: {}".format, KEYS, KEYS, CLEAN_WORDS),
    ),
    max_size=4,
).map("\n".join)


FRONT = st.lists(LINES, max_size=6).map("\n".join)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])
ANY = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=80).map(lambda t: t.encode("utf-8", "replace")),
    st.text("-:#[]{}'\"|>!&*@`%,? \n\r\tab1\u0085\ufeff", max_size=60).map(
        lambda t: f"---\n{t}\n---\n".encode()
    ),
    st.builds(
        lambda text, newline: f"---\n{text}\n---\nbody\n".replace("\n", newline).encode(),
        FRONT,
        NEWLINES,
    ),
)


def read(data: bytes, config: Config = CONFIG) -> Reading:
    return read_record("p/l/r.md", data, config)


def apply(text: str, fixes: list[Fix]) -> str:
    lines = Lines(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    for fix in sorted(fixes, key=lambda f: (f.line, f.column), reverse=True):
        start = lines.offset(fix.line, fix.column)
        end = lines.offset(fix.end_line, fix.end_column)
        text = text[:start] + fix.text.replace("\n", newline) + text[end:]
    return text


@given(ANY, st.sampled_from([CONFIG, STRICT]))
@settings(max_examples=400, deadline=None)
def test_nothing_raises_and_places_lie_in_the_file(data: bytes, config: Config) -> None:
    found = read(data, config)
    assert found.record is not None or found.problems
    decoded = decode(data)
    text = decoded.text if isinstance(decoded, Decoded) else data.decode("utf-8", "replace")
    lines = Lines(text).all()
    for problem in found.problems:
        assert 1 <= problem.line <= len(lines), problem
        width = len(lines[problem.line - 1])
        assert 1 <= problem.column <= width + 1, problem
        assert problem.column <= problem.end <= width + 2, problem
        assert problem.message
        if problem.fix is not None:
            fix = problem.fix
            assert (fix.line, fix.column) <= (fix.end_line, fix.end_column)
            assert fix.end_line <= len(lines)


@given(st.one_of(FRONT, CLEAN), NEWLINES)
@example("blocked_by: [m4xq7c2p0d #Buy a Mac\n ]", "\n")
@settings(max_examples=300, deadline=None)
def test_a_fix_never_makes_it_worse(front: str, newline: str) -> None:
    """A file that can be read stays so, with no more errors than before, whichever of its
    fixes is applied. (Two tags out of one text with a comma may both be undeclared.)"""
    text = f"---\n{front}\n---\nbody\n".replace("\n", newline)
    before = read(text.encode())
    if before.record is None:
        return
    for problem in before.problems:
        if problem.fix is not None:
            after = read(apply(text, [problem.fix]).encode())
            assert after.record is not None
            assert _errors(after) <= _errors(before), (problem, after.problems)


def _errors(reading: Reading) -> int:
    """Each line counts once: what was one wrong text may be a list with two wrong members."""
    return len({problem.line for problem in reading.problems if problem.level == "error"})


@given(FRONT, NEWLINES)
@settings(max_examples=300, deadline=None)
def test_fixing_comes_to_an_end(front: str, newline: str) -> None:
    """Mending one fault may uncover the next, behind which it hid; never the same again."""
    text = f"---\n{front}\n---\nbody\n".replace("\n", newline)
    for _ in range(12):
        found = read(text.encode())
        fixes = [p.fix for p in found.problems if p.fix is not None]
        if not fixes:
            return
        text = apply(text, fixes)
    raise AssertionError((text, found.problems))


@given(CLEAN, NEWLINES)
@settings(max_examples=600, deadline=None)
def test_both_ways_read_the_same(front: str, newline: str) -> None:
    data = f"---\n{front}\n---\n".replace("\n", newline).encode("utf-8", "replace")
    with patch.object(record, "read_doubts", lambda *_: None):
        fast = read(data)
        with patch.object(bulk, "_loader", lambda: None):
            exact = read(data)
    assert fast == exact


@pytest.mark.skipif(find_spec("yaml_rs") is None, reason="one way only without yaml-rs")
@given(CLEAN)
@settings(max_examples=400, deadline=None)
def test_nodes_of_both_ways(front: str) -> None:
    """Stronger than the values: the very nodes, but for their places."""
    text = f"{front}\n"
    node = bulk.read_bulk(text)
    assume(node is not None)
    found = examine(text)
    assert found.problems == ()
    assert isinstance(found.node, Map)
    assert node is not None
    assert plain_of(node) == plain_of(found.node)
    for (_, ours), (_, theirs) in zip(node.entries, found.node.entries, strict=True):
        if isinstance(ours, Scalar) and isinstance(theirs, Scalar) and not ours.is_null:
            assert (ours.text, ours.plain) == (theirs.text, theirs.plain)


def test_the_fast_way_is_taken() -> None:
    if bulk.handler() is None:
        pytest.skip("yaml-rs is not installed")
    for line in (
        "due: 2026-12-01T15:00  # a day", "deal: 12000", "title: l'offre", 'title: "Re: x"',
        "title: 'x'", "done: true", "seats: 1.5", "tags: [a, b]", "blocked_by:\n  - x  # why",
    ):  # fmt: skip
        assert bulk.read_bulk(f"id: k7h3kq0m2x\n{line}\n") is not None, line
    for line in ("seats: 1.10", "seats: 0612", "title: R&D", "color: #f00", "done: True"):
        assert bulk.read_bulk(f"id: k7h3kq0m2x\n{line}\n") is None, line


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_quoted_text_reads_back(text: str) -> None:
    found = examine(f"a: {quoted(text)}")
    assert isinstance(found.node, Map)
    assert found.node.entries[0][1].text == text  # type: ignore[union-attr]
    assert yaml.load(f"a: {quoted(text)}", yaml.BaseLoader) == {"a": text}


@given(st.text("-. \t\r\nab", max_size=40))
def test_split_loses_nothing(text: str) -> None:
    parts = split(text)
    if not parts.present:
        assert parts.body == text
        return
    assert text[parts.start :].startswith(parts.yaml)
    if parts.closed:
        assert text[parts.body_start :] == parts.body
        before = Lines(text[: parts.body_start])
        assert parts.body_line == len(before.starts) or not parts.body
    else:
        assert text[parts.start :] == parts.yaml


def test_frontmatter_library_reads_our_files() -> None:
    import frontmatter

    handler = bulk.handler()
    if handler is None:
        pytest.skip("yaml-rs is not installed")
    post = frontmatter.loads("---\ntitle: x\ndue: 2026-12-01\n---\nBody", handler=handler)
    assert (post.metadata, post.content) == ({"title": "x", "due": "2026-12-01"}, "Body")
    with pytest.raises(NotImplementedError):
        frontmatter.dumps(post)
