"""State: one transaction for each change, found again as it was; lost is rebuilt."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.adapters.memory import MemoryState
from bluefs.adapters.state import VERSION, SqliteState
from bluefs.core.errors import Refused, StateLost, Unwritable
from bluefs.core.ports import Handled, Pending, Stat, State, StateChange

STAT = Stat(5, 1_700_000_000_123_456_789, 1_700_000_000_123_456_790, 2**64 - 1)


def handled(path: str, data: bytes = b"data", record: str | None = None) -> Handled:
    return Handled(path, data, hashlib.sha256(data).hexdigest(), record, STAT, 12.5, False, "o.md")


def pending(path: str, target: bytes = b"new") -> Pending:
    return Pending(path, b"old", f"to/{path}", target, "sales/Offer,Won")


@pytest.fixture(params=["sqlite", "memory"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    made = SqliteState(str(tmp_path / "git" / "state.db")) if request.param == "sqlite" else None
    chosen = made or MemoryState()
    yield chosen
    chosen.close()


def test_nothing_is_there_at_first(state: State) -> None:
    assert state.all() == {}
    assert state.get("a.md") is None
    assert state.by_record("k7h3kq0m2x") == []
    assert state.pending() == []
    assert state.note("mark") is None


@pytest.mark.parametrize(
    "one",
    [
        handled("a.md"),
        handled("sales/Open deals/Renewal – Acme.md", b"\x00\xff\r\n", "k7h3kq0m2x"),
        handled("caf\udce9.md", b""),
        Handled("a.md", b"x", "sha", None),
        replace(handled("a.md"), stat=Stat(0, -1, 0, 0), committed=True, origin=None),
    ],
)
def test_what_was_put_is_got(state: State, one: Handled) -> None:
    state.apply(StateChange(put=[one]))
    assert state.get(one.path) == one
    assert state.all() == {one.path: replace(one, data=b"")}


def test_by_record_finds_every_copy(state: State) -> None:
    a, b, c = handled("a.md", record="one"), handled("b.md", record="one"), handled("c.md")
    state.apply(StateChange(put=[b, a, c]))
    assert state.by_record("one") == [a, b]


def test_a_move_drops_and_puts_at_once(state: State) -> None:
    state.apply(StateChange(put=[handled("a.md")]))
    state.apply(StateChange(put=[handled("b.md")], drop=["a.md", "never.md"]))
    assert list(state.all()) == ["b.md"]
    assert state.get("a.md") is None


def test_a_path_dropped_and_put_is_there(state: State) -> None:
    state.apply(StateChange(put=[handled("a.md", b"1")]))
    state.apply(StateChange(put=[handled("a.md", b"2")], drop=["a.md"]))
    assert state.get("a.md") == handled("a.md", b"2")


def test_pending_keeps_its_order_and_has_no_doubles(state: State) -> None:
    state.apply(StateChange(pend=[pending("b.md"), pending("a.md"), pending("b.md")]))
    state.apply(StateChange(pend=[pending("a.md"), pending("a.md", b"newer")]))
    assert state.pending() == [pending("b.md"), pending("a.md"), pending("a.md", b"newer")]
    state.apply(StateChange(done=[pending("a.md"), pending("never.md")]))
    assert state.pending() == [pending("b.md"), pending("a.md", b"newer")]
    state.apply(StateChange(done=[pending("b.md")], pend=[pending("b.md")]))
    assert state.pending() == [pending("a.md", b"newer"), pending("b.md")]


def test_notes(state: State) -> None:
    state.apply(StateChange(notes={"brake": "on", "empty": ""}))
    state.apply(StateChange(notes={"brake": None, "never": None}))
    assert state.note("brake") is None
    assert state.note("empty") == ""


NAMES = st.sampled_from(["a.md", "b/a.md", "b/ü.md"])
CHANGES = st.builds(
    StateChange,
    put=st.lists(
        st.builds(handled, NAMES, st.binary(max_size=5), st.sampled_from([None, "x", "y"]))
    ),
    drop=st.lists(NAMES),
    pend=st.lists(st.builds(pending, NAMES, st.binary(max_size=1)), max_size=3),
    done=st.lists(st.builds(pending, NAMES, st.binary(max_size=1)), max_size=3),
    notes=st.dictionaries(st.sampled_from("mn"), st.none() | st.text("ab", max_size=2)),
)


@settings(max_examples=40, deadline=None)
@given(changes=st.lists(CHANGES, max_size=6))
def test_the_twin_is_a_twin(
    changes: list[StateChange], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = str(tmp_path_factory.mktemp("state") / "state.db")
    real, twin = SqliteState(file), MemoryState()
    for change in changes:
        real.apply(change)
        twin.apply(change)
    real.close()
    again = SqliteState(file)
    assert list(again.all().items()) == list(twin.all().items())
    assert [again.get(p) for p in twin.all()] == [twin.get(p) for p in twin.all()]
    assert again.by_record("x") == twin.by_record("x")
    assert again.pending() == twin.pending()
    assert [again.note(n) for n in "mn"] == [twin.note(n) for n in "mn"]
    again.close()


def test_a_change_that_fails_leaves_nothing(tmp_path: Path) -> None:
    state = SqliteState(str(tmp_path / "state.db"))
    state.apply(StateChange(put=[handled("a.md", b"1")]))
    bad = Handled("c.md", b"", None, None)  # type: ignore[arg-type]
    with pytest.raises(Unwritable):
        state.apply(StateChange(put=[handled("a.md", b"2"), bad], drop=["a.md"]))
    assert state.get("a.md") == handled("a.md", b"1")
    state.apply(StateChange(put=[handled("d.md")]))
    assert list(state.all()) == ["a.md", "d.md"]


def test_it_is_opened_when_first_used(tmp_path: Path) -> None:
    file = tmp_path / "git" / "state.db"
    state = SqliteState(str(file))
    assert not file.exists()
    state.all()
    assert file.exists()


def test_another_process_sees_what_was_applied(tmp_path: Path) -> None:
    file = str(tmp_path / "state.db")
    engine, command = SqliteState(file), SqliteState(file, writer=False)
    assert command.all() == {}
    assert not Path(file).exists()
    engine.apply(StateChange(put=[handled("a.md")]))
    assert list(command.all()) == ["a.md"]
    with pytest.raises(Refused):
        command.apply(StateChange(drop=["a.md"]))


def garble(file: Path) -> None:
    file.write_bytes(b"this is no database, it is a text of some length" * 100)


def head_of_zeros(file: Path) -> None:
    file.write_bytes(bytes(4096) + file.read_bytes()[4096:])


def other_version(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()


def foreign_tables(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE cats (name)")
    connection.close()


def table_gone(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE content")
    connection.close()


HARM = [garble, head_of_zeros, other_version, foreign_tables, table_gone]


@pytest.mark.parametrize("harm", HARM)
def test_a_file_that_is_no_use_is_made_anew(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    file = tmp_path / "state.db"
    first = SqliteState(str(file))
    first.apply(StateChange(put=[handled("a.md")]))
    first.close()
    harm(file)
    command = SqliteState(str(file), writer=False)
    assert command.get("a.md") is None
    command.close()
    again = SqliteState(str(file))
    assert again.get("a.md") is None
    assert again.rebuilt
    again.apply(StateChange(put=[handled("b.md")]))
    again.close()
    third = SqliteState(str(file))
    assert list(third.all()) == ["b.md"]
    assert not third.rebuilt
    third.close()


def test_damage_while_in_use_is_told(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    state = SqliteState(str(file))
    state.apply(StateChange(put=[handled("a.md")]))
    table_gone(file)
    with pytest.raises(StateLost):
        state.get("a.md")
    assert state.all() == {}
    state.apply(StateChange(put=[handled("b.md")]))
    assert list(state.all()) == ["b.md"]


def test_a_folder_that_cannot_be_is_unwritable(tmp_path: Path) -> None:
    (tmp_path / "git").write_text("a file")
    with pytest.raises(Unwritable):
        SqliteState(str(tmp_path / "git" / "state.db")).all()


def test_a_hundred_thousand_rows_are_quick(tmp_path: Path) -> None:
    file = str(tmp_path / "state.db")
    state = SqliteState(file)
    rows = [handled(f"sales/Open deals/{n:06}.md", b"x" * 400, f"r{n}") for n in range(100_000)]
    state.apply(StateChange(put=rows))
    state.close()
    begun = time.perf_counter()
    again = SqliteState(file)
    assert len(again.all()) == 100_000
    assert time.perf_counter() - begun < 10  # half a second: room for a busy machine
    again.close()


APPLIER = """
import sys
from bluefs.adapters.state import SqliteState
from bluefs.core.ports import Handled, Pending, StateChange
state = SqliteState(sys.argv[1])
generation = int(state.note("generation") or 0)
while True:
    old, generation = str(generation), generation + 1
    text = str(generation)
    state.apply(StateChange(
        put=[Handled(f"{n}.md", text.encode() * 50, text, text) for n in range(60)],
        pend=[Pending(f"{n}.md", b"", "", text.encode(), "") for n in range(20)],
        done=[Pending(f"{n}.md", b"", "", old.encode(), "") for n in range(20)],
        notes={"generation": text},
    ))
    print(text, flush=True)
"""


def test_kill_leaves_the_old_or_the_new_state(tmp_path: Path) -> None:
    """20 times, at a moment of its own each time."""
    file, chance, done = str(tmp_path / "state.db"), random.Random(7), 0
    for _ in range(20):
        child = subprocess.Popen(
            [sys.executable, "-c", APPLIER, file], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        for _ in range(chance.randint(1, 3)):
            done = int(child.stdout.readline())
        spin = time.perf_counter() + chance.random() * 0.01
        while time.perf_counter() < spin:
            pass
        child.kill()
        done = max([done, *(int(line) for line in child.stdout if line.endswith("\n"))])
        child.wait()
        child.stdout.close()
        _check_whole(file, done)


def _check_whole(file: str, done: int) -> None:
    """All of one generation, and none that was reported is lost."""
    state = SqliteState(file)
    generation = state.note("generation")
    assert generation is not None and int(generation) in (done, done + 1)
    rows = state.all()
    assert len(rows) == 60 and {h.sha for h in rows.values()} == {generation}
    assert {h.data for h in state.by_record(generation)} == {generation.encode() * 50}
    assert [p.target for p in state.pending()] == [generation.encode()] * 20
    assert not state.rebuilt
    state.close()
