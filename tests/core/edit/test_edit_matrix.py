"""Every edit on every odd file of the corpus: set, add, remove and clear, of every key that
stands there and of one that does not. Whatever happens, it is one of two things: the edit is
refused and says why, or the key reads as asked, every other key and the body are what they
were, and no line is touched but the key's own.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

from bluefs.core.codec.compose import examine
from bluefs.core.codec.keys import plain_of
from bluefs.core.codec.text import Decoded, Lines, decode, split
from bluefs.core.edit import EditRefused, add_items, apply_changes, remove_items
from bluefs.core.nodes import Map, Node, Plain
from bluefs.core.words import say

CORPUS = sorted(Path(__file__).with_name("corpus").glob("*.md"))
ABSENT = "zz_absent"
#: A body, an empty file and the like are odd without any key.
WITHOUT_KEYS = 6

Edit = Callable[[bytes, str], bytes]
EDITS: dict[str, Edit] = {
    "set a date": lambda data, key: apply_changes(data, {key: Plain("2027-01-02")}),
    "set a text": lambda data, key: apply_changes(data, {key: "Re: #1 it's"}),
    "set lines": lambda data, key: apply_changes(data, {key: "one\ntwo: x\n"}),
    "set a set": lambda data, key: apply_changes(data, {key: ("new", "a, b")}),
    "add": lambda data, key: add_items(data, key, ["new", "a, b"]),
    "clear": lambda data, key: apply_changes(data, {key: None}),
}


def body_of(data: bytes) -> str:
    decoded = decode(data)
    assert isinstance(decoded, Decoded)
    return split(decoded.text).body


def nodes(data: bytes) -> dict[str, Node]:
    decoded = decode(data)
    if not isinstance(decoded, Decoded):
        return {}
    node = examine(split(decoded.text).yaml, first_line=2).node
    return {k.text: v for k, v in node.entries} if isinstance(node, Map) else {}


def members(node: Node | None) -> list[object]:
    said = None if node is None else plain_of(node)
    return list(said) if isinstance(said, tuple) else [] if said is None else [said]


def lines_of(data: bytes) -> list[str]:
    return Lines(data.decode().removeprefix("\ufeff")).all()


def touched(old: bytes, new: bytes) -> set[int]:
    """The lines (from 1) of ``old`` that are not in ``new``."""
    matcher = difflib.SequenceMatcher(None, lines_of(old), lines_of(new), autojunk=False)
    return {n + 1 for tag, a, b, *_ in matcher.get_opcodes() if tag != "equal" for n in range(a, b)}


def own_lines(data: bytes, key: str) -> range:
    """From the key's line to the one before the next key's, comments and blanks included."""
    decoded = decode(data)
    assert isinstance(decoded, Decoded)
    front = split(decoded.text)
    node = examine(front.yaml, first_line=2).node
    if not isinstance(node, Map) or key not in {k.text for k, _ in node.entries}:
        return range(0)
    starts = [k.line for k, _ in node.entries]
    at = next(k.line for k, _ in node.entries if k.text == key)
    if node.flow:  # its commas and braces are shared
        return range(node.line, node.end_line + 1)
    end = Lines(front.yaml).place(len(front.yaml.rstrip()))[0] + 1
    return range(at, min((n for n in starts if n > at), default=end + 1))


def check(old: bytes, new: bytes, key: str) -> None:
    before, after = nodes(old), nodes(new)
    assert body_of(new) == body_of(old)
    assert {k: plain_of(v) for k, v in before.items() if k != key} == {
        k: plain_of(v) for k, v in after.items() if k != key
    }
    assert touched(old, new) <= set(own_lines(old, key)) | _last(old, new, key)


def _last(old: bytes, new: bytes, key: str) -> set[int]:
    """A new key between braces goes behind the last one's comma."""
    front = split(old.decode().removeprefix("\ufeff"))
    node = examine(front.yaml, first_line=2).node
    flow = isinstance(node, Map) and node.flow and key not in nodes(old)
    return set(range(node.line, node.end_line + 1)) if flow and node is not None else set()


CASES = [
    (path.stem, key, name)
    for path in CORPUS
    for key in [*nodes(path.read_bytes()), ABSENT]
    for name in [*EDITS, "remove the first", "remove all"]
]


def _edit(name: str, data: bytes, key: str) -> bytes:
    if name in EDITS:
        return EDITS[name](data, key)
    held = [one for one in members(nodes(data).get(key)) if isinstance(one, str)]
    return remove_items(data, key, held[:1] if name == "remove the first" else held)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_every_edit(path: Path) -> None:
    data = path.read_bytes()
    for _, key, name in (case for case in CASES if case[0] == path.stem):
        try:
            new = _edit(name, data, key)
        except EditRefused as refused:
            assert "{" not in say(refused.key, **refused.fields).replace("{}", "")
            assert "-refused-" in path.stem or _may_refuse(data, key, name), (key, name)
            continue
        check(data, new, key)
        _check_key(name, members(nodes(data).get(key)), members(nodes(new).get(key)))
        assert _edit(name, new, key) == new or name == "remove the first", (key, name)


def _may_refuse(data: bytes, key: str, name: str) -> bool:
    """A map is no set: nothing can be added to it."""
    return name == "add" and isinstance(nodes(data).get(key), Map)


def _check_key(name: str, old: list[object], new: list[object]) -> None:
    texts = [one for one in old if isinstance(one, str)]
    expected: dict[str, list[object]] = {
        "set a date": ["2027-01-02"], "set a text": ["Re: #1 it's"],
        "set lines": ["one\ntwo: x\n"], "clear": [],
    }  # fmt: skip
    new = [one for one in new if one is not None]  # `[~]` is not set, and stays as it is
    if name in expected:
        assert new == expected[name]
    elif name in ("set a set", "add"):
        kept = [_linked(one) for one in old if one is not None] if name == "add" else []
        assert {str(_linked(one)) for one in new} == {str(one) for one in [*kept, "new", "a, b"]}
    elif name == "remove all":
        assert not [one for one in new if isinstance(one, str)]
    else:
        assert not texts[:1] or texts[0] not in new


def _linked(member: object) -> object:
    """``[[Acme SAS]]`` without quotes is a list in a list to YAML, and a link to people."""
    alone = isinstance(member, tuple) and len(member) == 1 and isinstance(member[0], str)
    return f"[[{member[0]}]]" if alone else member


def test_the_corpus_is_odd() -> None:
    """Sixty files by hand, no two alike, and nearly every one holds something that a writer who
    dumps what it parsed would lose."""
    assert len(CORPUS) >= 60
    assert len({path.read_bytes() for path in CORPUS}) == len(CORPUS)
    assert len({_layout(path.read_bytes()) for path in CORPUS}) >= len(CORPUS) - 6
    assert len(CASES) > 1500
    marks = {
        b"\r\n", b"\xef\xbb\xbf", b"|", b">", b"#", b"\t", b"'", b'"', b"[\n", b"{", b"...",
        b"~", b"? ", b"&", b"<<<<<<<", "\u2028".encode(), "e\u0301".encode(), b" :", b"- -",
    }  # fmt: skip
    every = b"".join(path.read_bytes() for path in CORPUS)
    assert [mark for mark in marks if mark not in every] == []
    keyless = [path for path in CORPUS if not nodes(path.read_bytes())]
    assert len([path for path in keyless if "-refused-" not in path.stem]) >= WITHOUT_KEYS


def _layout(data: bytes) -> str:
    """A file with its words taken out: what is left is how it is laid out."""
    text = data.decode("utf-8", "replace")
    out = "".join("w" if c.isalnum() else c for c in text)
    while "ww" in out:
        out = out.replace("ww", "w")
    return out
