"""The proof catches a wrong splice; size and depth cannot hurt; an edit costs little."""

from __future__ import annotations

import re
import subprocess
import sys
import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.edit import EditRefused, apply_changes, quote
from bluefs.core.edit.check import check_edit
from bluefs.core.edit.source import Source, open_parts
from bluefs.core.edit.splice import Splice, apply_splices
from bluefs.core.nodes import Plain
from bluefs.core.words import has
from bluefs.core.words.en.errors import MESSAGES

RECORD = b"""---
id: k7h3kq0m2x
tags: [Urgent, Key account]
color: red
start: 2026-11-20
due: 2026-12-01T15:00       # a day, or a moment
assignees: [ana, li]
blocked_by:
  - m4xq7c2p0d              # Buy a Mac
position: a0V
remind: [1 day before due]
deal_value: 12000           # before tax
next_step: "Call: the buyer"
note: It's long
---
Free Markdown.
"""

WRONG = [
    ("red", "red\nnew: x"),
    ("color: red\n", ""),
    ("Urgent, ", ""),
    ("id: k7h3kq0m2x\ntags: [Urgent, Key account]", "tags: [Urgent, Key account]\nid: k7h3kq0m2x"),
    ("Free", "free"),
    ("position: a0V", "position: |\n  a0V"),
    ("next_step: ", "next_step: ["),
    ("a0V", "~"),
    ("color: red", "color: red\n---"),
]


@pytest.mark.parametrize(("old", "new"), WRONG)
def test_a_wrong_splice_is_refused(old: str, new: str) -> None:
    parts = open_parts(RECORD)
    text = RECORD.decode()
    assert text.count(old) == 1
    wrong = open_parts(text.replace(old, new).replace("2026-12-01T15:00", "2027-01-01").encode())
    with pytest.raises(EditRefused, match=re.escape("errors.edit.unsafe")):
        check_edit(Source(parts.yaml, "\n"), parts, wrong, {"due": Plain("2027-01-01")})


def test_the_right_splice_is_not() -> None:
    parts = open_parts(RECORD)
    right = open_parts(RECORD.replace(b"2026-12-01T15:00", b"2027-01-01"))
    check_edit(Source(parts.yaml, "\n"), parts, right, {"due": Plain("2027-01-01")})


@pytest.mark.parametrize(
    "text", ["a: b", "x # c", "[a", "a\nb: c", "'x", "", "|", "- x", "&a x", "[a]", "{a: 1}"]
)
def test_a_plain_that_is_not_what_it_says_is_refused(text: str) -> None:
    with pytest.raises(EditRefused):
        apply_changes(RECORD, {"due": Plain(text)})
    with pytest.raises(EditRefused):
        apply_changes(RECORD, {"tags": (Plain(text),)})


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from(list("a:b -#\n[]{}'\"|>?&*!,\t")), max_size=6),
    st.sampled_from(["due", "tags", "new", "blocked_by"]),
)
def test_any_plain_is_written_as_it_stands_or_refused(text: str, key: str) -> None:
    try:
        result = apply_changes(RECORD, {key: Plain(text)})
    except EditRefused:
        return
    source = Source(open_parts(result).yaml, "\n")
    entry = source.get(key)
    assert entry is not None
    assert source.of(entry.value) == text


@pytest.mark.parametrize(
    "nest",
    ["x: " + "[" * 30_000, "- " * 30_000, "x:\n" + "\n".join(" " * n + "-" for n in range(1, 300))],
)
def test_deep_nesting_is_refused_without_harm(nest: str) -> None:
    code = (
        "import sys\nfrom bluefs.core.edit import EditRefused, apply_changes\n"
        "try: apply_changes(sys.stdin.buffer.read(), {'due': 'x'})\n"
        "except EditRefused as error: print(error.key)\n"
    )
    data = f"---\n{nest}\n---\n".encode()
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.strip() in (
        b"errors.edit.broken",
        b"errors.edit.not_keys",
        b"errors.edit.too_large",
    )


def test_front_matter_does_not_grow_over_its_limit() -> None:
    with pytest.raises(EditRefused, match=re.escape("errors.edit.too_large")):
        apply_changes(RECORD, {"note": "x" * 70_000})


def test_splices_that_overlap_are_a_bug() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_splices("abcd", [Splice(0, 2, ""), Splice(1, 3, "")])
    assert (
        apply_splices("abcd", [Splice(2, 2, "x"), Splice(0, 1, ""), Splice(2, 2, "y")]) == "bxycd"
    )


def test_every_message_has_words() -> None:
    assert all(key.startswith("errors.") for key in MESSAGES)
    assert all(has(key.removesuffix(".remedy")) for key in MESSAGES)


def test_a_long_key_is_refused_or_read() -> None:
    result = apply_changes(b"", {"k" * 900: "x"})
    assert result == b"---\n" + b"k" * 900 + b": x\n---\n"
    with pytest.raises(EditRefused):
        apply_changes(b"", {"k" * 2000: "x"})


def test_price() -> None:
    """One edit of a 13-key file, the proof included: about 0.3 ms where this was written. The
    bound is wide: it is there to notice a parser run ten times, not a slow machine."""
    runs = 200
    cost = min(
        timeit.repeat(
            lambda: apply_changes(RECORD, {"due": Plain("2027-01-01")}), number=runs, repeat=3
        )
    )
    add = min(
        timeit.repeat(lambda: apply_changes(RECORD, {"tags": ("a", "b")}), number=runs, repeat=3)
    )
    print(f"\none scalar: {cost / runs * 1e6:.0f} µs, one set: {add / runs * 1e6:.0f} µs, "
          f"quote: {timeit.timeit(lambda: quote('Key account'), number=1000) * 1e3:.1f} µs")  # fmt: skip
    assert cost / runs < 0.005
