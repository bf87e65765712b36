"""What hostile text costs: a front matter of 64 KiB, whatever stands in it, is read or refused
in the time that a small multiple of its length takes.

The bound is a ratio to a fixed piece of work on the same machine, the best of several runs, in
CPU time, so that a busy machine does not matter. The texts were found by a search over what
people, fuzzers and YAML bombs are made of; each was at one time the worst.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.codec.record import Reading, read_record
from bluefs.core.codec.text import FRONT_LIMIT
from bluefs.core.config import load_config
from bluefs.core.model import Config, FieldDef, ListDef, Person, Project, Workspace

ROOM = FRONT_LIMIT - 100
PROJECT = Project(
    "p", "P", lists={"l": ListDef("l", "l")}, tags={"Urgent": None},
    fields={
        key: FieldDef(key, kind, key, options=options)
        for key, kind, options in (
            ("note", "text", {}), ("n", "number", {}), ("d", "date", {}), ("e", "email", {}),
            ("amount", "currency", {"currency": "EUR"}), ("u", "url", {}),
            ("s", "multi_select", {"options": {"A": None, "B": None}}),
        )
    },
)  # fmt: skip
CONFIG = Config(Workspace(people={"ana": Person("ana", "Ana")}), {"p": PROJECT})


def filled(unit: str) -> str:
    return unit * (ROOM // len(unit.encode()))


def many(line: str) -> str:
    """Lines made from a pattern with ``{n}``, as many as there is room for."""
    found, size = [], 0
    for n in range(ROOM):
        one = line.format(n=n) + "\n"
        size += len(one.encode())
        if size > ROOM:
            break
        found.append(one)
    return "".join(found)


BOMB = "a0: &a0 [x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 500)
)
HOSTILE = {
    "bomb": BOMB,
    "5,000 digits": "n: " + "9" * 5000,
    "60,000 digits": "n: " + "9" * 60_000,
    "a large exponent": "n: 1e999999999",
    "digits with commas": "amount: " + filled("9,")[:60_000],
    "one long line": "title: " + "x" * 65_000,
    "one long line with a colon": "title: " + filled("x: ")[:65_000],
    "dates": "d: " + filled("2026-")[:65_000],
    "addresses": "e: " + filled("a@b.")[:65_000],
    "links": "u: https://" + filled("a.")[:65_000],
    "dashes": filled("- "),
    "brackets": filled("["),
    "braces": filled("{a: "),
    "pairs": filled("[[],"),
    "questions": filled("?\n"),
    "NUL": filled("\0"),
    "colons": filled(": "),
    "colons in lines": filled("a: b: c\n"),
    "quotes": filled('"'),
    "apostrophes": filled("a: 'x\n"),
    "quotes in lines": many('k{n}: "x'),
    "deep quotes": many('k{n}: "\n x\n y'),
    "hashes": many("- b #c{n}"),
    "hashes in a list": "tags:\n" + many("  - #c{n}"),
    "hashes between brackets": "tags: [" + filled("#, ")[:65_000] + "]",
    "hashes behind keys": many("k{n}: b #c"),
    "one key": filled("a: b\n"),
    "unknown keys": many("k{n}: b"),
    "misspelt keys": many("assigne{n}x: b"),
    "wrong keys": many("Due {n}: b"),
    "anchors": many("k{n}: &x"),
    "tags": many("k{n}: !x"),
    "open lists": "tags:\n" + many("  - [a{n}"),
    "open lists of keys": many("k{n}: [a,\n b"),
    "members": "tags: [" + ",".join(["a"] * 32_000) + "]",
    "undeclared tags": "tags:\n" + many("- t{n}"),
    "wrong options": "s:\n" + many("- t{n}"),
    "strangers": "assignees:\n" + many("- t{n}"),
    "empty lines": filled("\n") + "a: @b",
    "carriage returns": filled("\r") + "a: @b",
    "tabs": "tags:\n" + many("\t- b{n}"),
    "steps": "".join(" " * n + "a:\n" for n in range(340)),
    "a fault at the end": many("k{n}: [b, c]")[:60_000].rpartition("\n")[0] + "\nz: @x",
    "accents": filled("é: é\n"),
    "line separators": "title: " + filled("\u2028")[:20_000],
}  # fmt: skip


def read(front: str) -> Reading:
    data = f"---\n{front}\n---\nbody\n".encode()
    return read_record("p/l/r.md", data, CONFIG)


def cpu(work: Callable[[], object], runs: int = 4) -> float:
    """Seconds of CPU of the best run."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _reference() -> float:
    """About 50 ms on a machine of 2024."""
    return cpu(lambda: sorted(str(n * 7919 % 100_003) for n in range(150_000)), 3)


@pytest.fixture(scope="module")
def bound() -> float:
    read("title: [x]\nq: 'y'")
    return 2 * _reference()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_front_matter_is_cheap(name: str, bound: float) -> None:
    found = read(HOSTILE[name])
    assert found.record is not None or found.problems
    assert len(found.problems) <= 101
    spent = cpu(lambda: read(HOSTILE[name]))
    assert spent < bound, f"{name}: {spent * 1000:.0f} ms of {bound * 1000:.0f}"


PIECES = st.sampled_from(
    [
        "- ", "[", "]", "{", "}", "? ", ": ", "a: ", ",", "'", '"', "#", " #x", "&a ", "*a ", "!t ",
        "|\n", ">\n", "\n", "\n  ", "\t", "\\", "@", "é", "\r", "x", "a: b\n", "- a\n", "k: [\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=5).map("".join), st.sampled_from(["", "tags: ", "- "]))
@settings(max_examples=25, deadline=None)
def test_nothing_repeated_is_dear(unit: str, start: str) -> None:
    text = start + unit * (40_000 // len(unit.encode()))
    found = read(text)
    assert found.record is not None or found.problems
    if cpu(lambda: read(text), 1) > 0.4:
        assert cpu(lambda: read(text)) < 0.4, (start, unit)


def test_larger_than_allowed_costs_nothing() -> None:
    for text in ("a: b\n" * 210_000, "x: [" + "a, " * 100_000 + "]", "title: " + "x" * 1_048_000):
        assert [p.code.code for p in read(text).problems] in (["BF103"], ["BF102"])
        assert cpu(lambda text=text: read(text), 2) < 0.2  # type: ignore[misc]


SETTINGS = {
    "lists": lambda n: "lists:\n" + "".join(f"  l{i}:\n" for i in range(n)),
    "fields": lambda n: "fields:\n" + "".join(f"  l{i}: text\n" for i in range(n)),
    "unknown": lambda n: "".join(f"k{i}: b\n" for i in range(n)),
    "people": lambda n: "people:\n" + "".join(f"  l{i}: {{name: x}}\n" for i in range(n)),
    "handles": lambda n: "groups:\n" + "".join(f"  g{i}: [a]\n" for i in range(n)),
}


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("path", ["bluefs.yaml", "p/project.yaml"])
def test_settings_cost_what_their_length_costs(name: str, path: str) -> None:
    """Eight times the lines take nowhere near 64 times as long."""

    def load(count: int) -> float:
        files = {"bluefs.yaml": b"bluefs: 1\n", path: SETTINGS[name](count).encode()}
        return cpu(lambda: load_config(files, frozenset({"p"})), 2)

    small, large = load(500), load(4000)
    assert large < 20 * small + 0.05, (small, large)


def test_too_many_values_are_a_problem() -> None:
    found = read("tags: [" + ", ".join(["a"] * 6000) + "]")
    assert [(p.code.code, p.line) for p in found.problems] == [("BF127", 2)]
    assert found.record is None
