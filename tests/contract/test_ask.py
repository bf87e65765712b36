"""Asks: a command asks the engine and waits, but never for the dead."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bluefs.adapters.ask import Asks
from bluefs.adapters.memory import MemoryClock, MemoryLock
from bluefs.core.errors import Refused

DEADLINE = 10.0


@pytest.fixture
def lock() -> MemoryLock:
    return MemoryLock(MemoryClock())


@pytest.fixture
def engine(lock: MemoryLock) -> Iterator[ExitStack]:
    """Runs until it is closed."""
    held = lock.acquire()
    assert held is not None
    with ExitStack() as stack:
        stack.enter_context(held)
        yield stack


@pytest.fixture
def asks(tmp_path: Path, lock: MemoryLock) -> Asks:
    return Asks(str(tmp_path / "ask"), lock)


def requests(asks: Asks, count: int) -> list[tuple[str, str]]:
    deadline = time.monotonic() + DEADLINE
    while len(asks.pending()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return asks.pending()


class Client(threading.Thread):
    """A command that waits for its answer."""

    def __init__(self, asks: Asks, kind: str, timeout: float = DEADLINE) -> None:
        super().__init__(daemon=True)
        self.asks, self.kind, self.timeout = asks, kind, timeout
        self.answer: object = "none yet"

    def run(self) -> None:
        self.answer = self.asks.ask(self.kind, self.timeout)


def ask(asks: Asks, kind: str) -> Client:
    client = Client(asks, kind)
    client.start()
    return client


def test_the_answer_comes_back(tmp_path: Path, asks: Asks, engine: ExitStack) -> None:
    client = ask(asks, "finish")
    [(token, kind)] = requests(asks, 1)
    assert kind == "finish"
    asks.answer(token, {"commits": ["a81c0de"], "sent": 2})
    client.join(DEADLINE)
    assert client.answer == {"commits": ["a81c0de"], "sent": 2}
    assert list((tmp_path / "ask").iterdir()) == []


def test_each_gets_its_own_answer(asks: Asks, engine: ExitStack) -> None:
    one = ask(asks, "finish")
    requests(asks, 1)
    two = ask(asks, "status")
    for token, kind in requests(asks, 2):
        asks.answer(token, {"to": kind})
    one.join(DEADLINE)
    two.join(DEADLINE)
    assert (one.answer, two.answer) == ({"to": "finish"}, {"to": "status"})


def test_nobody_runs(asks: Asks) -> None:
    assert asks.ask("finish", DEADLINE) is None
    assert asks.pending() == []


def test_an_engine_that_dies_is_not_waited_for(
    tmp_path: Path, asks: Asks, engine: ExitStack
) -> None:
    client = ask(asks, "finish")
    requests(asks, 1)
    engine.close()
    client.join(DEADLINE)
    assert client.answer is None
    assert list((tmp_path / "ask").iterdir()) == []


def test_an_answer_given_just_before_the_end_counts(asks: Asks, engine: ExitStack) -> None:
    client = ask(asks, "finish")
    [(token, _)] = requests(asks, 1)
    asks.answer(token, {"ok": True})
    engine.close()
    client.join(DEADLINE)
    assert client.answer == {"ok": True}


def test_patience_ends(tmp_path: Path, asks: Asks, engine: ExitStack) -> None:
    with pytest.raises(Refused):
        asks.ask("finish", 0.05)
    assert list((tmp_path / "ask").iterdir()) == []


def test_an_answer_nobody_waits_for_is_not_kept(
    tmp_path: Path, asks: Asks, engine: ExitStack
) -> None:
    asks.answer("gone", {"ok": True})
    assert not (tmp_path / "ask").exists() or list((tmp_path / "ask").iterdir()) == []


def test_leftovers_of_the_killed_are_swept(tmp_path: Path, asks: Asks) -> None:
    folder = tmp_path / "ask"
    folder.mkdir()
    (folder / "half.json").write_text("{")
    (folder / "old.done").write_text("{}")
    (folder / "new.done").write_text("{}")
    (folder / "killed.json").write_text('{"kind": "finish"}')
    os.utime(folder / "old.done", (1.0, 1.0))
    assert asks.pending() == [("killed", "finish")]
    asks.answer("killed", {})
    assert sorted(p.name for p in folder.iterdir()) == ["half.json", "killed.done", "new.done"]
