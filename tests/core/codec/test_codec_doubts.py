"""Entries in doubt, read alone, say what the text as a whole says of them."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bluefs.core.codec import doubts, record
from bluefs.core.codec.plan import plan_of
from bluefs.core.codec.record import Reading, read_record
from bluefs.core.model import Config
from tests.core.codec.test_codec_laws import CONFIG, KEYS, PROJECT, STRICT, WORDS
from tests.core.codec.test_codec_quick import ENTRIES, NEWLINES, made
from tests.core.codec.test_codec_quick import KEYS as OTHER_KEYS

#: What is sure, and in which something else may end that began above.
SOUND = st.sampled_from(
    ["id: k7h3kq0m2x", "tags: [Urgent, x]", "tags:\n  - Urgent\n  - 'x'", "note: x]", 'note: a "b"',
     "note: it's", 'note: "x"', "note: 'x'", "seats: 3", "nda: true", "due: 2026-12-01", "done:",
     "color: red # x", "amount: 12", "assignees: [ana]", "note: a }", "note: x,", "position: a0"]
)  # fmt: skip
FAULTY = st.one_of(
    st.builds("{}: {}".format, KEYS, WORDS),
    st.builds("{}: {}".format, KEYS, WORDS),
    st.builds("{}: {}\n  {}".format, KEYS, WORDS, WORDS),
    st.builds("{}:\n  - {}\n  - {}".format, KEYS, WORDS, WORDS),
    st.builds("{}:\n  x: {}\n  y: {}".format, KEYS, WORDS, WORDS),
    st.builds("{}:\n\tx: {}\n\ty: {}".format, KEYS, WORDS, WORDS),
    st.builds("{}: |\n  {}\n  {}".format, KEYS, WORDS, WORDS),
    st.builds("{}: [{}, {}]{}".format, KEYS, WORDS, WORDS, st.sampled_from(["", " x", "]", " #x"])),
    st.builds('{}: "{}\n{}"'.format, KEYS, WORDS, WORDS),
    st.builds('"{}": {}'.format, KEYS, WORDS),
    st.builds("{}:{}".format, KEYS, WORDS),
    st.builds("# {}".format, WORDS),
    WORDS,
    ENTRIES,
    st.builds("{}: {}".format, OTHER_KEYS, WORDS),
)
FRONTS = st.tuples(
    st.lists(SOUND, max_size=4, unique_by=lambda one: one[:4]),
    FAULTY,
    st.lists(st.one_of(SOUND, FAULTY), max_size=3),
).map(lambda parts: "\n".join([*parts[0], parts[1], *parts[2]]))


def read(data: bytes, config: Config) -> Reading:
    return read_record("p/l/r.md", data, config)


def read_whole(data: bytes, config: Config) -> Reading:
    """Nothing but the parser over the whole text."""
    with (
        patch.object(record, "read_quick", lambda *_: None),
        patch.object(record, "read_doubts", lambda *_: None),
        patch.object(record, "read_bulk", lambda *_: None),
    ):
        return read(data, config)


@given(FRONTS, NEWLINES, st.booleans())
@example('note: "a\ncolor: red\ntitle: b"', "\n", False)
@example("title: [a, b\ntags: [x]\nnote: c]", "\n", False)
@example("title: 'a\nnote: it's", "\n", False)
@example("title: [a, b\nnote: c", "\n", False)
@example("color: #ff0000\ntitle: Re: x", "\n", False)
@example("tags: [a] #x\ntitle: @x", "\n", False)
@example("Due: x\ndue: 2026-12-01", "\n", False)
@example("# x\n\nzzz: 1\nnote: a\n# y", "\r\n", True)
@example("note: x\n- a\nDue: 1", "\n", False)
@settings(max_examples=1000, deadline=None)
def test_it_says_the_same(front: str, newline: str, strict: bool) -> None:
    """Record, Problems with their places and words, and the order of the keys."""
    data, config = made(front, newline), STRICT if strict else CONFIG
    whole = read_whole(data, config)
    for _ in range(2):
        found = read(data, config)
        assert found == whole
        if found.record is not None and whole.record is not None:
            assert list(found.record.values) == list(whole.record.values)
            assert list(found.record.unknown) == list(whole.record.unknown)


SURE = "id: k7h3kq0m2x\ntags: [Urgent]\n{}\ndue: 2026-12-01\nnote: x\n"


@pytest.mark.parametrize(
    "entry",
    ["title: Re: hello", "color: #ff0000", "title: @ana asks", "start: 12/01/2026", "zzz: green",
     "title: 'a", 'title: "a" b', "note2: |\n  a: b", "assignees: {a: b}", "seats: many",
     "done: perhaps", "# remark", "échéance: 2026-12-01", "title: a\tb: c"],
)  # fmt: skip
def test_what_it_takes(entry: str) -> None:
    """Whoever loses the short way for what people get wrong most should hear of it."""
    found = doubts.read_doubts(SURE.format(entry), 2, plan_of(CONFIG, PROJECT))
    assert found is not None
    assert found.values["tags"] == ("Urgent",)


@pytest.mark.parametrize(
    "front",
    ["note: x\nnote: y", "title:x", "a\nnote: x", " note: x", "note: \0", "note: x\rnda: true",
     "<<<<<<< a", "title: 'a\nnote: b'", "title: Re: x\ncolor: Re: y",
     "\n".join(f"z{number}: 'it''s'" for number in range(5)), "note: " + "x" * 9_000],
)  # fmt: skip
def test_what_it_leaves_alone(front: str) -> None:
    assert doubts.read_doubts(f"{front}\n", 2, plan_of(CONFIG, PROJECT)) is None
