"""Journal: what was appended is read once, in order, whatever was torn or trimmed."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.adapters.journal import Entry, Journal

ENTRIES = st.builds(
    Entry,
    at=st.floats(0, 1e10),
    command=st.sampled_from(["set", "move", "new"]),
    path=st.sampled_from(["a.md", "sales/Open deals/Renewal – Acme.md", "caf\udce9.md", "a\nb"]),
    to=st.none() | st.just("b.md"),
    before_sha=st.none() | st.just("00"),
    after_sha=st.none() | st.just("ff"),
    before=st.none() | st.binary(max_size=80),
)


def entry(number: int, command: str = "set", size: int = 10) -> Entry:
    return Entry(float(number), command, f"{number}.md", before=b"x" * size)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "git" / "bluefs" / "journal"


def test_no_journal_is_empty(file: Path) -> None:
    journal = Journal(str(file))
    assert journal.since(0) == ([], 0)
    assert journal.since(99) == ([], 0)
    assert journal.last_run() == []
    journal.append([])
    assert not file.exists()


@settings(max_examples=60, deadline=None)
@given(batches=st.lists(st.lists(ENTRIES, max_size=4), max_size=6))
def test_what_is_appended_is_read_once(
    batches: list[list[Entry]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    journal = Journal(str(tmp_path_factory.mktemp("journal") / "journal"))
    offset, seen = 0, []
    for batch in batches:
        journal.append(batch)
        found, offset = journal.since(offset)
        assert found == batch
        seen += found
    assert journal.since(0) == (seen, offset)
    assert journal.end() == offset


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 400), min_size=1, max_size=30),
    reads=st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_a_reader_who_keeps_up_misses_nothing_in_a_trim(
    sizes: list[int], reads: list[bool], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("journal") / "journal"
    journal = Journal(str(file), limit=2000)
    offset, expected = 0, []
    for number, size in enumerate(sizes):
        expected.append(entry(number, size=size))
        journal.append(expected[-1:])
        assert file.stat().st_size <= 2000 + 100
        if reads[number]:
            found, offset = journal.since(offset)
            assert found == expected[-len(found) :] if found else not expected
            if len(found) < len(expected):  # it had not read for long: the oldest are gone
                assert sum(len(e.before or b"") for e in expected) > 400
            expected = []


def test_a_trim_keeps_the_newest_half(file: Path) -> None:
    journal = Journal(str(file), limit=10_000)
    for number in range(500):
        journal.append([entry(number)])
        assert file.stat().st_size <= 10_000
    found, _ = journal.since(0)
    assert found == [entry(n) for n in range(500 - len(found), 500)]
    assert len(found) > 20


def test_a_trim_never_cuts_the_last_command(file: Path) -> None:
    journal = Journal(str(file), limit=2000)
    big = [Entry(9.0, "rename", f"{n}.md", before=b"y" * 100) for n in range(50)]
    journal.append([entry(1), entry(2)])
    journal.append(big[:25])
    journal.append(big[25:])
    assert journal.last_run() == big
    assert journal.since(0)[0] == big
    journal.append([entry(10)])
    assert journal.last_run() == [entry(10)]
    assert file.stat().st_size <= 2000


def test_offsets_from_before_a_trim_stay_good(file: Path) -> None:
    journal = Journal(str(file), limit=3000)
    journal.append([entry(0)])
    _, offset = journal.since(0)
    for number in range(1, 100):
        journal.append([entry(number)])
        found, offset = journal.since(offset)
        assert found == [entry(number)]


def test_a_torn_line_is_left_and_then_passed_over(file: Path) -> None:
    journal = Journal(str(file))
    journal.append([entry(1)])
    whole = file.read_bytes()
    with file.open("ab") as stream:
        stream.write(b'{"at": 2.0, "comm')
    found, offset = journal.since(0)
    assert (found, offset) == ([entry(1)], len(whole) - len(b'{"base": 0}\n'))
    assert journal.since(offset) == ([], offset)
    journal.append([entry(3)])
    found, offset = journal.since(offset)
    assert found == [entry(3)]
    assert journal.since(0) == ([entry(1), entry(3)], offset)


@pytest.mark.parametrize("torn", [b"", b"{", b'{"base": 0}', b"\n", b"\xff\xfe\n", b"[]\n"])
def test_a_broken_head_hurts_nobody(file: Path, torn: bytes) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(torn)
    journal = Journal(str(file))
    assert journal.since(0)[0] == []
    journal.append([entry(1)])
    assert journal.since(0)[0] == [entry(1)]


@pytest.mark.parametrize(
    "line", [b"null", b"[]", b"{}", b'{"at":1,"command":"c","path":"p","before":"%"}']
)
def test_lines_nobody_can_read_are_passed_over(file: Path, line: bytes) -> None:
    journal = Journal(str(file))
    journal.append([entry(1)])
    with file.open("ab") as stream:
        stream.write(line + b"\n")
    journal.append([entry(2)])
    assert journal.since(0)[0] == [entry(1), entry(2)]


def test_a_deleted_journal_starts_over(file: Path) -> None:
    journal = Journal(str(file))
    journal.append([entry(n) for n in range(20)])
    _, offset = journal.since(0)
    file.unlink()
    assert journal.since(offset) == ([], 0)
    journal.append([entry(50)])
    assert journal.since(offset)[0] == [entry(50)]


def write(file: str, command: str) -> None:
    journal = Journal(file, limit=20_000)
    for number in range(60):
        journal.append([entry(number, command), entry(number, command)])


def test_processes_append_side_by_side(file: Path) -> None:
    """Trims among them: every line that is there is whole, each writer's in its order."""
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=write, args=(str(file), name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    found, _ = Journal(str(file)).since(0)
    assert len(found) == file.read_bytes().count(b"\n") - 1
    for name in ("a", "b"):
        numbers = [e.at for e in found if e.command == name]
        assert numbers == sorted(numbers)
    assert max(e.at for e in found) == 59
