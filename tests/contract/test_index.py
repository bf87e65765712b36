"""The contract of ``Index``, over SQLite and over its twin; then what only a file can suffer."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest

from bluefs.adapters import index as index_adapter
from bluefs.adapters import index_lock
from bluefs.adapters.index import SqliteIndex
from bluefs.adapters.memory_index import MemoryIndex
from bluefs.core.errors import IndexLost
from bluefs.core.ports import Index
from bluefs.core.seen import Entry, IndexChange, Known, Row, Stat

STAT = Stat(5, 1_700_000_000_123_456_789, -1, 2**64 - 1)


def entry(path: str, name: str | None = None, marks: int = 0, packed: bytes = b"[]") -> Entry:
    known = Known(path, STAT, f"blob of {path!a}", b"scope", marks, "basis")
    return Entry(known, Row(path, name, packed))


@pytest.fixture(params=["sqlite", "memory"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    file = str(tmp_path / "git" / "bluefs" / "index.sqlite")
    made: Index = SqliteIndex(file, "1") if request.param == "sqlite" else MemoryIndex()
    look(made).close()
    yield made
    made.close()


def look(index: Index):  # type: ignore[no-untyped-def]
    view = index.view()
    assert view is not None
    return view


def test_nothing_is_there_at_first(index: Index) -> None:
    view = look(index)
    assert (view.seals(), view.note("a"), view.inside("a"), view.marked(255)) == ({}, None, {}, [])
    assert (list(view.rows()), view.blobs(), view.by_id("x"), view.ids()) == ([], {}, [], [])


def test_what_was_put_is_found(index: Index) -> None:
    one, two = entry("a/é.md", "id1", 2), entry("a/b/c.md", "id2", 4)
    gone = Entry(Known("a/gone.md", STAT, "", b"", 16))
    assert index.apply(IndexChange(put=[one, two, gone], seals={"a": b"s"}, notes={"k": "v"}))
    view = look(index)
    assert view.seals() == {"a": b"s"}
    assert view.note("k") == "v"
    assert view.inside("a") == {"a/é.md": one.known, "a/gone.md": gone.known}
    assert view.marked(2 | 16) == [gone.known, one.known]
    assert list(view.rows()) == [two.row, one.row]
    assert list(view.rows(["a/é.md", "a/gone.md", "none"])) == [one.row]
    assert view.blobs() == {"a/é.md": one.known.blob, "a/b/c.md": two.known.blob}
    assert view.by_id("id2") == [two.row]
    assert sorted(view.ids()) == ["id1", "id2"]


def test_the_ids_around_others(index: Index) -> None:
    """Enough to tell how much of an id names it; also of one that is not there."""
    names = ["aaaa", "aabb", "aabb", "bbbb", "cccc"]
    index.apply(IndexChange(put=[entry(f"{n}.md", name) for n, name in enumerate(names)]))
    index.apply(IndexChange(put=[entry("none.md")]))
    view = look(index)
    assert view.around(["aabb"]) == ["aaaa", "aabb", "bbbb"]
    assert view.around(["aaaa", "cccc"]) == ["aaaa", "aabb", "bbbb", "cccc"]
    assert view.around(["abab"]) == ["aabb", "abab", "bbbb"]
    assert view.around([]) == []


def test_of_many_ids_at_once(index: Index) -> None:
    index.apply(IndexChange(put=[entry(f"{n}.md", f"{n:05}") for n in range(3000)]))
    wanted = [f"{n:05}" for n in range(1, 3000, 2)]
    assert look(index).around(wanted) == [f"{n:05}" for n in range(3000)]


def test_many_paths_at_once(index: Index) -> None:
    index.apply(IndexChange(put=[entry(f"a/{n:05}.md") for n in range(3000)]))
    assert len(list(look(index).rows(f"a/{n:05}.md" for n in range(0, 3000, 2)))) == 1500


def test_put_replaces_touch_keeps_drop_forgets(index: Index) -> None:
    index.apply(IndexChange(put=[entry("a.md", "x"), entry("b.md", "y")]))
    moved = entry("a.md").known._replace(stat=Stat(1, 2, 3, 4), marks=1, basis="else")
    index.apply(IndexChange(put=[entry("b.md", "z")], touch=[moved], drop=["c.md"]))
    view = look(index)
    assert view.inside("") == {"a.md": moved, "b.md": entry("b.md").known}
    assert [row.id for row in view.rows()] == ["x", "z"]
    index.apply(IndexChange(drop=["a.md"], seals={"": None}, notes={"k": None}))
    assert list(look(index).inside("")) == ["b.md"]


def test_dropped_and_put_in_one_change_is_there(index: Index) -> None:
    index.apply(IndexChange(put=[entry("a.md", "x")], drop=["a.md"]))
    assert [row.id for row in look(index).rows()] == ["x"]


def test_names_that_are_no_text_on_disk(index: Index) -> None:
    index.apply(IndexChange(put=[entry("caf\udce9/a.md", "x")], seals={"caf\udce9": b"1"}))
    assert list(look(index).inside("caf\udce9")) == ["caf\udce9/a.md"]


def test_a_view_is_one_moment(index: Index) -> None:
    index.apply(IndexChange(put=[entry("a.md", "x")]))
    before = look(index)
    index.apply(IndexChange(drop=["a.md"], put=[entry("b.md", "y")]))
    assert [row.path for row in before.rows()] == ["a.md"]
    assert [row.path for row in look(index).rows()] == ["b.md"]


def test_discarded_is_empty_and_of_use_again(index: Index) -> None:
    index.apply(IndexChange(put=[entry("a.md", "x")]))
    index.discard()  # type: ignore[attr-defined]
    with pytest.raises(IndexLost):  # it would be the part of a whole that is gone
        index.apply(IndexChange(put=[entry("b.md", "y")]))
    assert list(look(index).rows()) == []
    assert index.apply(IndexChange(put=[entry("b.md", "y")]))
    assert look(index).ids() == ["y"]


def test_a_change_rests_on_what_its_maker_saw(index: Index) -> None:
    other: Index = (
        SqliteIndex(index.file, "1") if isinstance(index, SqliteIndex)
        else MemoryIndex(index)  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(IndexLost):
        other.apply(IndexChange(notes={"a": "blind"}))
    look(other).close()
    assert index.apply(IndexChange(notes={"a": "1"}))
    with pytest.raises(IndexLost):
        other.apply(IndexChange(notes={"a": "2"}))
    look(other).close()
    assert other.apply(IndexChange(notes={"a": "2"}))
    assert other.apply(IndexChange(notes={"b": "3"}))
    with pytest.raises(IndexLost):
        index.apply(IndexChange(notes={"a": "4"}))
    assert look(index).note("a") == "2"
    other.close()


# -- a file --------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "bluefs" / "index.sqlite"
    one = SqliteIndex(str(made), "1")
    look(one).close()
    assert one.apply(IndexChange(put=[entry(f"a/{n}.md", f"id{n}") for n in range(300)]))
    one.close()
    return made


def ids(file: Path, version: str = "1") -> int:
    found = SqliteIndex(str(file), version)
    count = len(look(found).ids())
    found.close()
    return count


def test_it_is_kept(file: Path) -> None:
    assert ids(file) == 300
    assert ids(file) == 300


def test_another_reader_starts_over(file: Path) -> None:
    assert ids(file, "2") == 0
    assert ids(file, "1") == 0


@pytest.mark.parametrize("seed", range(12))
def test_bytes_from_elsewhere_are_found_out_wherever_they_are(file: Path, seed: int) -> None:
    """Also those that SQLite would take for a title."""
    chance = random.Random(seed)
    with file.open("r+b") as opened:
        opened.seek(chance.randrange(file.stat().st_size))
        opened.write(bytes([chance.randrange(256)]))
    assert ids(file) == 0


def test_a_title_changed_in_the_file_is_not_believed(tmp_path: Path) -> None:
    made = tmp_path / "bluefs" / "index.sqlite"
    one = SqliteIndex(str(made), "1")
    look(one).close()
    one.apply(IndexChange(put=[entry("a.md", "x", packed=b"the title")]))
    one.close()
    data = made.read_bytes()
    assert data.count(b"the title") == 1
    made.write_bytes(data.replace(b"the title", b"our title"))
    assert sqlite3.connect(made).execute("SELECT packed FROM file").fetchone() == (b"our title",)
    assert list(look(SqliteIndex(str(made), "1")).rows()) == []


def test_cut_short_emptied_or_a_folder(file: Path) -> None:
    for ruin in (
        lambda: os.truncate(file, 5000),
        lambda: file.write_bytes(b""),
        lambda: file.write_bytes(b"no database" * 1000),
        lambda: (file.unlink(), (file / "x").mkdir(parents=True)),
        lambda: file.with_name("index.seal").write_bytes(b"?"),
        lambda: file.with_name("index.seal").unlink(),
    ):
        ruin()
        assert ids(file) == 0
        one = SqliteIndex(str(file), "1")
        look(one).close()
        assert one.apply(IndexChange(put=[entry("a.md", "x")]))
        one.close()
        assert ids(file) == 1


def test_a_log_that_was_cut_is_left_out(file: Path) -> None:
    """What was in it is missing, so those files are read again."""
    held = SqliteIndex(str(file), "1")
    view = look(held)
    other = SqliteIndex(str(file), "1")
    look(other).close()
    assert other.apply(IndexChange(put=[entry("b.md", "new")]))
    log = Path(f"{file}-wal").read_bytes()
    copy = file.parent.parent / "copy"
    copy.mkdir()
    for name in ("index.sqlite", "index.lock"):
        (copy / name).write_bytes((file.parent / name).read_bytes())
    (copy / "index.sqlite-wal").write_bytes(log[: len(log) - 100])
    view.close()
    other.close()
    alone = SqliteIndex(str(copy / "index.sqlite"), "1")
    alone._put_seal()
    assert len(look(alone).ids()) == 300


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    one = SqliteIndex(str(blocked / "bluefs" / "index.sqlite"), "1")
    assert one.view() is None
    assert not one.apply(IndexChange(notes={"a": "b"}))
    one.discard()
    one.close()


def test_who_waits_too_long_does_without(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_lock, "PATIENCE", 0.05)
    with index_lock.IndexLock(str(file.with_name("index.lock"))).exclusive():
        begun = time.monotonic()
        one = SqliteIndex(str(file), "1")
        assert one.view() is None
        assert not one.apply(IndexChange(notes={"a": "b"}))
        assert time.monotonic() - begun < 2
    assert ids(file) == 300


def test_a_foreign_lock_on_the_database_is_not_waited_for_long(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    one = SqliteIndex(str(file), "1")
    assert len(look(one).ids()) == 300
    begun = time.monotonic()
    assert not one.apply(IndexChange(notes={"a": "b"}))
    assert time.monotonic() - begun < 6
    other.execute("ROLLBACK")
    other.close()


def test_a_row_that_makes_no_sense_is_lost_not_an_error(file: Path) -> None:
    one = SqliteIndex(str(file), "1")
    view = look(one)
    with one._lock.exclusive(), one._sealing():
        one._connection().execute("UPDATE file SET stat = x'00'")
    view = look(one)
    with pytest.raises(IndexLost):
        view.inside("a")
    assert look(one).ids() == []


def test_a_search_without_end_is_given_up(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_adapter, "_LONGEST", 0.05)
    view = look(SqliteIndex(str(file), "1"))
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x FROM n WHERE x < 0"
    assert view.search(endless, ()) is None
    assert view.search("SELECT number, path FROM file WHERE id = ?", ("id7",)) == ["a/7.md"]
    with pytest.raises(IndexLost):
        view.search("SELECT nothing", ())


def _write_on(file: str, number: int) -> None:
    one = SqliteIndex(file, "1")
    for n in range(1_000_000):
        put = [entry(f"{number}/{n % 50}-{m}.md", f"{n}", packed=b"x" * 900) for m in range(60)]
        view = one.view()
        if view is not None:
            view.close()
            with suppress(IndexLost):
                one.apply(IndexChange(put=put, notes={f"turn {number}": str(n)}))
        if n % 7 == 0:
            one.close()


@pytest.mark.parametrize("seed", range(3))
def test_writers_killed_at_any_moment_leave_whole_transactions_or_nothing(
    file: Path, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(5):
        writers = [
            get_context("spawn").Process(target=_write_on, args=(str(file), n)) for n in (1, 2)
        ]
        for writer in writers:
            writer.start()
        time.sleep(0.4 + chance.random() * 0.4)  # the moment is the point of the test
        for writer in writers:
            assert writer.pid is not None
            os.kill(writer.pid, signal.SIGKILL)
            writer.join()
        view = look(SqliteIndex(str(file), "1"))
        for number in (1, 2):
            turn = view.note(f"turn {number}")
            if turn is not None:
                last = int(turn) % 50
                rows = [r for r in view.rows() if r.path.startswith(f"{number}/{last}-")]
                assert {row.id for row in rows} == {turn}
                assert len(rows) == 60
        view.close()


def test_it_costs_no_import_of_what_is_not_needed() -> None:
    code = "import bluefs.adapters.index, sys; print('subprocess' in sys.modules, 'yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
