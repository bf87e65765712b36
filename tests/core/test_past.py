"""Since when a record is there: the walk over commits, first as laws, then trap by trap."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.config import load_config
from bluefs.core.model import Record
from bluefs.core.past import (
    Life,
    Past,
    Walk,
    dated,
    differing,
    fold,
    id_in,
    may_be_record,
    pack,
    undated,
    unpack,
)
from bluefs.core.ports import Step

A, B, C = "aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"
#: blob -> the id in it: a blob is called by its id, a colon and what else it says.
Tree = dict[str, str]


def ids_of(*trees: Tree) -> dict[str, str | None]:
    return {blob: blob.partition(":")[0] or None for tree in trees for blob in tree.values()}


def steps_of(*trees: Tree, cut: bool = False) -> list[Step]:
    """A commit for each state, one a day."""
    found, before = [], Tree()
    for n, tree in enumerate(trees, 1):
        changes = {
            path: (before.get(path), tree.get(path))
            for path in sorted({*before, *tree}) if before.get(path) != tree.get(path)
        }  # fmt: skip
        found.append(Step(f"c{n}", n, changes, cut and n == 1))
        before = tree
    return found


def past_of(*trees: Tree, cut: bool = False) -> Past:
    return fold(None, steps_of(*trees, cut=cut), ids_of(*trees))


PATHS = st.sampled_from([f"p/{folder}/{name}.md" for folder in "xy" for name in "abc"])
BLOBS = st.tuples(st.sampled_from(["", "", A, B, C]), st.sampled_from("123")).map(":".join)
TREES = st.lists(st.dictionaries(PATHS, BLOBS, max_size=5), min_size=1, max_size=7)


@given(TREES, st.integers(0, 7), st.booleans())
@settings(max_examples=300)
def test_to_go_on_is_to_begin_anew(trees: list[Tree], at: int, cut: bool) -> None:
    steps, ids = steps_of(*trees, cut=cut), ids_of(*trees)
    whole = fold(None, steps, ids)
    known = unpack(pack(fold(None, steps[:at], ids)))
    assert known is not None
    later = fold(known, steps[at:], ids)
    assert (later.head, later.lives, later.gone) == (whole.head, whole.lives, whole.gone)


@given(TREES)
@settings(max_examples=300)
def test_each_file_of_the_last_state_has_one_life(trees: list[Tree]) -> None:
    found = past_of(*trees)
    assert found.lives.keys() == trees[-1].keys()
    held = [life.id for life in found.lives.values() if life.id is not None]
    assert len(held) == len(set(held)), "of two files of one id one is a copy"
    for path, life in found.lives.items():
        assert life.created is not None and life.updated is not None
        assert 1 <= life.created <= life.updated <= len(trees)
        since = range(life.updated - 1, len(trees))
        assert len({trees[n].get(path) for n in since}) == 1, "nothing has changed since"


@given(TREES)
@settings(max_examples=300)
def test_an_id_that_only_one_file_holds_at_a_time_came_when_it_was_first_seen(
    trees: list[Tree],
) -> None:
    states = [[blob.partition(":")[0] for blob in tree.values()] for tree in trees]
    found = past_of(*trees)
    for life in found.lives.values():
        if life.id is not None and all(state.count(life.id) <= 1 for state in states):
            first = next(n for n, state in enumerate(states, 1) if life.id in state)
            assert life.created is not None and life.created <= first


@given(TREES, TREES, st.sampled_from([None, A, B]), PATHS)
@settings(max_examples=300)
def test_what_differs_is_all_that_may_be_told_otherwise(
    one: list[Tree], other: list[Tree], id: str | None, path: str
) -> None:
    first, second = past_of(*one), past_of(*other)
    paths, ids = differing(first, second)
    if path not in paths and id not in ids:
        before, after = first.of(id, path), second.of(id, path)
        assert before == after


X, Y, Z = "p/x/a.md", "p/x/b.md", "p/y/c.md"


@pytest.mark.parametrize(
    ("trees", "path", "life"),
    [
        pytest.param([{X: f"{A}:1"}], X, Life(A, 1, 1), id="new"),
        pytest.param([{X: f"{A}:1"}, {X: f"{A}:2"}], X, Life(A, 1, 2), id="edited"),
        pytest.param([{X: f"{A}:1"}, {}, {X: f"{A}:1"}], X, Life(A, 1, 3), id="back again"),
        pytest.param([{X: ":1"}, {}, {X: ":1"}], X, Life(None, 3, 3), id="back without an id"),
        pytest.param([{X: f"{A}:1"}, {Z: f"{A}:1"}], Z, Life(A, 1, 2), id="moved"),
        pytest.param([{X: f"{A}:1"}, {Z: f"{A}:2"}], Z, Life(A, 1, 2), id="moved and edited"),
        pytest.param([{X: ":1"}, {Z: ":1"}], Z, Life(None, 1, 2), id="moved, equal bytes"),
        pytest.param([{X: ":1"}, {Z: ":2"}], Z, Life(None, 2, 2), id="no id, moved and edited"),
        pytest.param([{X: ":1"}, {X: f"{A}:1"}], X, Life(A, 1, 2), id="given its id"),
        pytest.param([{X: f"{A}:1"}, {X: ":1"}], X, Life(None, 1, 2), id="id taken out"),
        pytest.param([{X: f"{A}:1"}, {X: f"{B}:1"}], X, Life(B, 2, 2), id="another record"),
        pytest.param(
            [{X: f"{A}:1", Y: f"{B}:1"}, {X: f"{B}:1", Y: f"{A}:1"}], X, Life(B, 1, 2), id="swapped"
        ),
        pytest.param(
            [{X: f"{A}:1"}, {X: f"{A}:1", Y: f"{A}:1"}], Y, Life(None, 2, 2), id="a copy"
        ),
        pytest.param(
            [{X: f"{A}:1"}, {X: f"{A}:1", Y: f"{A}:1"}], X, Life(A, 1, 1), id="and its original"
        ),
        pytest.param(
            [{X: f"{A}:1"}, {X: f"{A}:1", Y: f"{A}:1"}, {X: f"{A}:1", Y: f"{B}:1"}],
            Y, Life(B, 2, 3), id="a copy, given its own id",
        ),
    ],
)  # fmt: skip
def test_the_life_of_a_record(trees: list[Tree], path: str, life: Life) -> None:
    assert past_of(*trees).lives[path] == life


def test_what_a_shallow_clone_cannot_know() -> None:
    found = past_of(
        {X: f"{A}:1", Y: f"{B}:1"}, {X: f"{A}:2", Y: f"{B}:1", Z: f"{C}:1"}, cut=True
    ).lives  # fmt: skip
    assert found == {X: Life(A, None, 2), Y: Life(B, None, None), Z: Life(C, 2, 2)}


def test_whose_life_it_is() -> None:
    found = past_of({X: f"{A}:1", Y: ":1"})
    assert found.of(A, X) == found.of(None, X) == found.of(A, "p/y/moved.md") == Life(A, 1, 1)
    assert found.of("derivedid0", Y) == Life(None, 1, 1)
    assert found.of(B, X) is None, "another record stands there now"
    assert found.of(B, "p/y/new.md") is found.of(None, "p/y/new.md") is None


def test_only_what_may_be_a_record_is_followed() -> None:
    walk = Walk()
    walk.take(Step("c", 1, {"p/x/a.txt": (None, "1"), "p/_files/a.md": (None, "2")}), {})
    assert not walk.past().lives
    assert may_be_record("a.md") and not may_be_record(".obsidian/a.md")


def test_each_commit_says_which_file_is_which() -> None:
    """What other values of the history will want to know."""
    trees: list[Tree] = [{X: f"{A}:1"}, {Z: f"{A}:2", Y: f"{B}:1"}]
    first, second = steps_of(*trees)
    walk = Walk()
    assert walk.take(first, ids_of(*trees)).created == (X,)
    found = walk.take(second, ids_of(*trees))
    assert (found.moved, found.created) == (((X, Z),), (Y,))


def test_an_id_stands_in_the_front_matter() -> None:
    assert id_in(b"---\nid: aaaaaaaaaa\n---\n") == A
    assert id_in(b"\xef\xbb\xbf---\r\ntitle: x\r\nid: 'aaaaaaaaaa'\r\n---\r\n") == A
    assert id_in(b"id: aaaaaaaaaa\n") is id_in(b"---\n---\nid: aaaaaaaaaa\n") is None


def test_what_was_kept_is_whole_or_nothing() -> None:
    text = pack(past_of({X: f"{A}:1"}, {Y: f"{B}:1"}))
    assert unpack(text) is not None
    assert unpack(text.replace('"c2"', '"c3"')) is unpack(text[:-1]) is unpack("") is None
    assert unpack(None) is None


SETTINGS = {
    "bluefs.yaml": b"timezone: Europe/Paris\n",
    "rates.csv": b"date,from,to,rate\n2026-01-01,EUR,USD,1.1\n2026-02-01,EUR,USD,1.2\n",
    "p/project.yaml": b"lists: {x: }\nfields:\n  amount: {type: currency, currency: EUR}\n"
    b"  usd: {type: conversion, of: amount, to: USD, at: updated}\n",
    "q/project.yaml": b"lists: {x: }\nfields:\n  of: {type: reference, project: r}\n"
    b"  since: {type: lookup, through: of, get: created}\n",
    "r/project.yaml": b"lists: {x: }\n",
}


def test_only_what_somebody_asks_for_is_put_into_records() -> None:
    config = load_config(SETTINGS, frozenset({"p", "q", "r", "p/x", "q/x", "r/x"})).config
    assert {key: p.dated for key, p in config.projects.items()} == {
        "p": ("updated",), "q": (), "r": ("created",),
    }  # fmt: skip
    assert config.asks_history
    seconds = int(datetime(2026, 1, 31, 23, 30, tzinfo=UTC).timestamp())  # February in Paris
    past = Past("c", {"p/x/a.md": Life(A, 0, seconds)})
    record = Record("p/x/a.md", "p", "x", A, "a", {"amount": Decimal(10)})
    found = dated(record, past, config)
    assert found.values["usd"] == 12
    assert found.values["updated"] == datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    assert "created" not in found.values
    assert undated(found, config) == record
    assert dated(found, Past(), config) == record
    endless = Past("c", {"p/x/a.md": Life(A, 0, 10**17)})
    assert dated(record, endless, config) == record, "no calendar has that day"
