"""Lock: one holder, known to all, gone with its process."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bluefs.adapters.lock import FileLock
from bluefs.adapters.memory import MemoryClock, MemoryLock
from bluefs.core.errors import Unwritable
from bluefs.core.ports import Lock

Pair = tuple[Lock, Lock]


@pytest.fixture(params=["file", "memory"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    """Two who want the same lock."""
    clock = MemoryClock(1234.5)
    if request.param == "memory":
        one = MemoryLock(clock)
        return one, one.beside(2)
    file = str(tmp_path / "git" / "bluefs" / "lock")
    return FileLock(file, clock), FileLock(file, clock)


def test_nobody_holds_it_at_first(pair: Pair) -> None:
    assert pair[0].holder() is None


def test_one_at_a_time(pair: Pair) -> None:
    one, other = pair
    held = one.acquire()
    assert held is not None
    assert other.acquire() is None
    with held:
        assert other.acquire() is None
        assert one.acquire() is None
        holder = other.holder()
        assert holder is not None and holder.keys() == {"pid", "host", "since"}
        assert holder["since"] == 1234.5
    assert other.holder() is None
    again = other.acquire()
    assert again is not None
    with again:
        assert one.acquire() is None


def test_an_error_inside_frees_it(pair: Pair) -> None:
    held = pair[0].acquire()
    assert held is not None
    with pytest.raises(ZeroDivisionError), held:
        _ = 1 / 0
    assert pair[1].holder() is None


def test_the_holder_says_who(tmp_path: Path) -> None:
    lock = FileLock(str(tmp_path / "lock"), MemoryClock(5.0))
    held = lock.acquire()
    assert held is not None
    with held:
        assert lock.holder() == {"pid": os.getpid(), "host": socket.gethostname(), "since": 5.0}


HOLDER = """
import sys
from bluefs.adapters.clock import SystemClock
from bluefs.adapters.lock import FileLock
held = FileLock(sys.argv[1], SystemClock()).acquire()
print("held" if held else "not", flush=True)
sys.stdin.readline()
"""


def test_death_frees_it(tmp_path: Path) -> None:
    file = str(tmp_path / "lock")
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None and child.stdout.readline() == "held\n"
    lock = FileLock(file, MemoryClock())
    holder = lock.holder()
    assert holder is not None and holder["pid"] == child.pid
    assert lock.acquire() is None
    child.kill()
    child.communicate()
    assert lock.holder() is None
    held = lock.acquire()
    assert held is not None
    with held:
        pass


def test_a_child_does_not_inherit_it(tmp_path: Path) -> None:
    """A Git that outlives the engine must not keep its lock."""
    lock = FileLock(str(tmp_path / "lock"), MemoryClock())
    held = lock.acquire()
    assert held is not None
    with held:
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False)
    assert lock.holder() is None
    child.communicate()


def test_asking_who_holds_it_keeps_nobody_from_it(tmp_path: Path) -> None:
    file, clock, end = str(tmp_path / "lock"), MemoryClock(), threading.Event()

    def ask() -> None:
        while not end.is_set():
            FileLock(file, clock).holder()

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        for _ in range(200):
            held = FileLock(file, clock).acquire()
            assert held is not None
            with held:
                assert FileLock(file, clock).acquire() is None
    finally:
        end.set()
        for asker in askers:
            asker.join()


def contend(file: str, log: str, rounds: int) -> None:
    lock = FileLock(file, MemoryClock())
    done = 0
    while done < rounds:
        held = lock.acquire()
        if held is None:
            continue
        with held, open(log, "a+") as stream:
            stream.write("in ")
            stream.flush()
            stream.write("out ")
        done += 1


def test_processes_exclude_each_other(tmp_path: Path) -> None:
    file, log = str(tmp_path / "lock"), tmp_path / "log"
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=contend, args=(file, str(log), 50)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert log.read_text() == "in out " * 100


def test_a_garbled_lock_file_hurts_nobody(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    file.write_bytes(b"\xff not json")
    lock = FileLock(str(file), MemoryClock())
    assert lock.holder() is None
    held = lock.acquire()
    assert held is not None
    with held:
        file.write_bytes(b"[]")
        assert lock.holder() == {}


def test_a_place_that_cannot_be_is_unwritable(tmp_path: Path) -> None:
    (tmp_path / "git").write_text("a file")
    with pytest.raises(Unwritable):
        FileLock(str(tmp_path / "git" / "lock"), MemoryClock()).acquire()
