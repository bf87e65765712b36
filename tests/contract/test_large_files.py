"""Files in pieces: ``digest``, ``bring`` and ``drop`` of the worktree and its twin."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from bluefs.adapters.files import Files
from bluefs.adapters.large import PIECE
from bluefs.adapters.memory_files import MemoryFiles
from bluefs.core import ports
from bluefs.core.errors import BluefsError, Changed, Unreadable

Put = Callable[[bytes], str]


@pytest.fixture(params=["disk", "memory"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[ports.Files, Put]:
    """The worktree, and a way to have a file elsewhere on the machine: its absolute path."""
    if request.param == "memory":
        files = MemoryFiles()

        def put(data: bytes) -> str:
            files.outside["/else/where.bin"] = data
            return "/else/where.bin"

        return files, put
    root, outside = tmp_path / "w", tmp_path / "where.bin"
    root.mkdir()

    def write(data: bytes) -> str:
        outside.write_bytes(data)
        return str(outside)

    return Files(root, fsync=False), write


def sha(data: bytes) -> str:
    return sha256(data).hexdigest()


@pytest.mark.parametrize("data", [b"", b"x", b"ab" * PIECE + b"!"])
def test_what_is_brought_is_the_source(world: tuple[ports.Files, Put], data: bytes) -> None:
    files, put = world
    source = put(data)
    assert files.digest(source) == (len(data), sha(data))
    files.bring(source, "p/_files/a/b.bin", sha(data))
    assert files.read("p/_files/a/b.bin") == data
    assert files.digest("p/_files/a/b.bin") == (len(data), sha(data))
    files.bring("p/_files/a/b.bin", "p/_files/c/b.bin", sha(data))
    assert files.read("p/_files/c/b.bin") == data


def test_nothing_is_overwritten(world: tuple[ports.Files, Put]) -> None:
    files, put = world
    files.write("p/a.bin", b"there", None)
    with pytest.raises(Changed):
        files.bring(put(b"new"), "p/a.bin", sha(b"new"))
    assert files.read("p/a.bin") == b"there"


def test_a_source_that_changed_is_not_taken(world: tuple[ports.Files, Put]) -> None:
    files, put = world
    source = put(b"one")
    put(b"two")
    with pytest.raises(Changed):
        files.bring(source, "p/a.bin", sha(b"one"))
    assert files.scan() == {} and "p" not in files.folders()


def test_what_is_not_there_is_named(world: tuple[ports.Files, Put]) -> None:
    files, _ = world
    for name in ("/no/such/file", "p/none.bin"):
        with pytest.raises(Unreadable) as caught:
            files.digest(name)
        assert caught.value.fields["path"] == name


def test_only_what_is_known_is_dropped(world: tuple[ports.Files, Put]) -> None:
    files, _ = world
    files.write("p/a.bin", b"one", None)
    with pytest.raises(Changed):
        files.drop("p/a.bin", sha(b"two"))
    assert files.read("p/a.bin") == b"one"
    files.drop("p/a.bin", sha(b"one"))
    assert files.read("p/a.bin") is None
    with pytest.raises(Changed):
        files.drop("p/a.bin", sha(b"one"))


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    files = Files(tmp_path, fsync=False)
    for name in (str(tmp_path), str(tmp_path / "pipe")):
        with pytest.raises(BluefsError):
            files.digest(name)


def test_memory_stays_small(tmp_path: Path) -> None:
    """A sparse file far larger than what may be held: the peak stays near one piece."""
    import tracemalloc

    source = tmp_path / "big.bin"
    with source.open("wb") as file:
        file.truncate(64 * PIECE)
    root = tmp_path / "w"
    root.mkdir()
    files = Files(root, fsync=False)
    tracemalloc.start()
    size, found = files.digest(str(source))
    files.bring(str(source), "p/big.bin", found)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 64 * PIECE and (root / "p/big.bin").stat().st_size == size
    assert peak < 8 * PIECE
