"""The quick way through front matter reads what the exact way reads, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bluefs.core.codec import quick, record
from bluefs.core.codec.plan import plan_of
from bluefs.core.codec.record import Reading, read_record
from bluefs.core.model import Config, FieldDef, ListDef, Person, Project, Workspace

PROJECT = Project(
    "p",
    "P",
    lists={"l": ListDef("l", "l")},
    tags={"Urgent": None, "Key account": None},
    fields={
        "note": FieldDef("note", "text", "note"),
        "amount": FieldDef("amount", "currency", "amount", options={"currency": "EUR"}),
        "nda": FieldDef("nda", "checkbox", "nda"),
        "closing": FieldDef("closing", "date", "closing", options={"range": True}),
    },
)
CONFIG = Config(
    Workspace(people={"ana": Person("ana", "Ana"), "li": Person("li", "Li")}), {"p": PROJECT}
)

KEYS = st.sampled_from(
    ["id", "title", "tags", "due", "assignees", "done", "blocked_by", "position", "note", "amount",
     "nda", "closing", "aliases", "zzz", "Due", "note2", "_x", "true", "null", "x" * 70]
)  # fmt: skip
#: Values that a person means well, and characters on which readers disagree.
GOOD = st.sampled_from(
    ["a", "Urgent", "key-account", "ana", "2026-12-01", "2026-12-01T15:00", "12000", "1.10", "-5",
     "+33612345678", "true", "yes", "null", "~", "k7h3kq0m2x", "a0V", "https://x.example/?a=1&b=2",
     "2026-12-01/2026-12-05", "Call Marie", "(a)", ".5", "é", "Zoé–Ana", "12:30", "C:\\x", "R&D"]
)  # fmt: skip
WILD = st.text("ab1 :#-?,[]{}\"'\\|>!&*@%`~+(/._\xa0\x85\u2028\ufeff\te\u0301é😀", max_size=9)
VALUES = st.one_of(GOOD, GOOD, WILD)
SPACES = st.sampled_from(["", " ", "  "])
ENTRIES = st.one_of(
    st.builds("{}: {}".format, KEYS, VALUES),
    st.builds("{}: {}{}".format, KEYS, VALUES, SPACES),
    st.builds("{}:  {} # {}".format, KEYS, VALUES, WILD),
    st.builds("{}: {} #{}".format, KEYS, VALUES, WILD),
    st.builds('{}: "{}"{}'.format, KEYS, VALUES, SPACES),
    st.builds("{}: '{}'{}# x".format, KEYS, VALUES, SPACES),
    st.builds("{}: [{},{}{}]".format, KEYS, VALUES, SPACES, VALUES),
    st.builds("{}: [{}]{}# x".format, KEYS, VALUES, SPACES),
    st.builds("{0}:\n{1}- {2}\n{1}- {3}".format, KEYS, SPACES, VALUES, VALUES),
    st.builds("{}: {}\n{}- {}\n{}- {}".format, KEYS, SPACES, SPACES, VALUES, SPACES, VALUES),
    st.builds("{}: # x\n- {}\n# y\n- '{}'".format, KEYS, VALUES, VALUES),
    st.builds("{}: {}\n  {}".format, KEYS, VALUES, VALUES),
    st.builds("#{}".format, WILD),
    st.just(""),
    st.just("  "),
)
FRONTS = st.lists(ENTRIES, max_size=5).map("\n".join)
NEWLINES = st.sampled_from(["\n", "\n", "\r\n", "\r"])


def made(front: str, newline: str) -> bytes:
    return f"---\n{front}\n---\nbody\n".replace("\n", newline).encode("utf-8", "replace")


def read(data: bytes, config: Config = CONFIG) -> Reading:
    return read_record("p/l/r.md", data, config)


def read_exactly(data: bytes, config: Config = CONFIG) -> Reading:
    with (
        patch.object(record, "read_quick", lambda *_: None),
        patch.object(record, "read_doubts", lambda *_: None),
        patch.object(record, "read_bulk", lambda *_: None),
    ):
        return read(data, config)


@given(FRONTS, NEWLINES)
@example('tags: [a,\nb: "c"]', "\n")
@example('note: "x\namount: 1"', "\n")
@example("note: a\n  b\nnda: true", "\n")
@example("note: a\n note: b", "\n")
@example("# x\n note: a\nnda: true", "\n")
@example("note: x\n- a", "\n")
@example("tags:\n- a\n - b", "\n")
@example("note: a\nnote: a", "\n")
@example("due:\nnote: x", "\r\n")
@settings(max_examples=800, deadline=None)
def test_it_reads_the_same(front: str, newline: str) -> None:
    """Also when every entry is known already, and the order of the keys is the file's."""
    data = made(front, newline)
    exact = read_exactly(data)
    for _ in range(2):
        found = read(data)
        assert found == exact
        if found.record is not None and exact.record is not None:
            assert list(found.record.values) == list(exact.record.values)


@given(FRONTS, FRONTS)
@settings(max_examples=200, deadline=None)
def test_what_one_file_taught_is_true_of_the_next(first: str, second: str) -> None:
    read(made(first, "\n"))
    both = made(f"{second}\n{first}", "\n")
    assert read(both) == read_exactly(both)


@pytest.mark.parametrize(
    "front",
    [
        "id: k7h3kq0m2x\ntags: [Urgent, Key account]\ndue: 2026-12-01\nnote: Call Ana",
        "note: R&D", "note: a  # why", "note: 'a: b'", 'note: "a #b"', "amount: 12000 ",
        "tags:\n  - Urgent\n  - Key account  # x", "tags:\n- Urgent", "due:", "tags: []",
        "note: https://x.example/?a=1&b=2#c", "closing:   2026-12-01/2026-12-05",
    ],
)  # fmt: skip
def test_what_it_takes(front: str) -> None:
    """Whoever loses the quick way for what people write most should hear of it."""
    assert quick.read_quick(f"{front}\n", plan_of(CONFIG, PROJECT)) is not None


@pytest.mark.parametrize(
    "front",
    ["note: Call: no", "note: Fix #12", "note: *x*", "note: |\n  a", "note: 'it''s'",
     'note: "a\\n"', "échéance: x", "zzz: 1", "amount: 12,000", "tags: [a, b", "note: a\tb"],
)  # fmt: skip
def test_what_it_leaves_alone(front: str) -> None:
    assert quick.read_quick(f"{front}\n", plan_of(CONFIG, PROJECT)) is None


def test_what_is_known_belongs_to_the_settings() -> None:
    """A tag spelled as the project declares it, in another project or after a change."""
    data = made("tags: [key-account]", "\n")
    other = replace(PROJECT, tags={"KEY ACCOUNT": None})
    config = Config(CONFIG.workspace, {"p": other})
    for _ in range(2):
        assert read(data).record.values == {"tags": ("Key account",)}  # type: ignore[union-attr]
        assert read(data, config).record.values == {"tags": ("KEY ACCOUNT",)}  # type: ignore[union-attr]


def test_what_is_known_does_not_grow_without_end() -> None:
    plan = plan_of(CONFIG, PROJECT)
    for number in range(10_000):
        assert quick.read_quick(f"amount: {number}\n", plan) is not None
    assert len(plan.known) <= 4_096
