"""Work shared out: whoever does it, it is what ``map`` makes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from bluefs.adapters import crew
from bluefs.adapters.crew import share

PARTS = [list(range(n, n + 3)) for n in range(12)]


#: The children that were made; other tests of this process may have left some of their own.
MADE: list[int] = []


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    MADE.clear()
    fork = os.fork

    def noted() -> int:
        pid = fork()
        MADE.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", noted)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})


def square(part: Sequence[int]) -> list[tuple[int, str, bytes, None]]:
    return [(n * n, f"é{n}\ud800", bytes([n]), None) for n in part]


def whose(part: Sequence[int]) -> int:
    return os.getpid()


def no_child_is_left() -> bool:
    """And there were some: a pid that is waited for is free again."""
    return bool(MADE) and not any(Path(f"/proc/{pid}").exists() for pid in MADE)


def test_it_is_map() -> None:
    assert list(share(square, PARTS)) == list(map(square, PARTS))
    assert len(set(share(whose, PARTS)) - {os.getpid()}) == 2
    assert no_child_is_left()


def test_little_work_is_done_here() -> None:
    assert set(share(whose, PARTS[:3])) == {os.getpid()}


def test_other_threads_forbid_copies_of_this_process() -> None:
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        assert set(share(whose, PARTS)) == {os.getpid()}
    finally:
        end.set()
        other.join()


def test_what_a_dead_child_left_is_done_here() -> None:
    here = os.getpid()

    def fragile(part: Sequence[int]) -> int:
        if part[0] == 4 and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return part[0]

    assert list(share(fragile, PARTS)) == [part[0] for part in PARTS]
    assert no_child_is_left()


def test_results_larger_than_a_pipe() -> None:
    def large(part: Sequence[int]) -> bytes:
        return bytes([part[0]]) * 3_000_000

    assert list(share(large, PARTS)) == [large(part) for part in PARTS]


def test_no_process_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    assert list(share(square, PARTS)) == list(map(square, PARTS))


def test_an_error_is_the_callers() -> None:
    def fails(part: Sequence[int]) -> int:
        if part[0] == 5:
            raise ZeroDivisionError
        return part[0]

    made = share(fails, PARTS)
    assert [next(made) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(ZeroDivisionError):
        next(made)
    assert no_child_is_left()


def test_whoever_stops_half_way_leaves_no_child() -> None:
    made = share(square, PARTS)
    next(made)
    made.close()  # type: ignore[attr-defined]
    assert no_child_is_left()


WAITING = f"""
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
sys.path[:0] = {[p for p in sys.path if p]!r}
os.sched_getaffinity = lambda pid: {{0, 1}}
from bluefs.adapters.crew import share
def slow(part):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(60)
for _ in share(slow, list(range(8))):
    pass
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_children_do_not_outlive_their_parent(ending: signal.Signals) -> None:
    """^C is heard by all of a terminal's processes; a parent that is killed alone is noticed at
    the next part, so here its children are told, too."""
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        children = [int(run.stdout.readline()) for _ in range(2)]
        assert run.pid not in children
        if ending is signal.SIGKILL:
            run.send_signal(ending)
            os.killpg(run.pid, signal.SIGINT)
        else:
            os.killpg(run.pid, ending)
        assert run.stdout.read() == b""  # the end: nobody holds the pipe any more
        assert run.wait() != 0


def test_there_are_no_more_than_the_parent_can_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(64)))
    assert len(set(share(whose, PARTS)) - {os.getpid()}) == crew._MOST
