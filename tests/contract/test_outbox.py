"""Outbox: legal transitions only, one sender for each letter, nothing lost by a crash."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from bluefs.adapters.memory import MemoryClock, MemoryOutbox
from bluefs.adapters.outbox import VERSION, SqliteOutbox, message_id
from bluefs.core.effects import TRANSITIONS
from bluefs.core.errors import BluefsError, IllegalTransition, OutboxDamaged
from bluefs.core.ports import Letter, OutboxState

Box = SqliteOutbox | MemoryOutbox
STATES: tuple[OutboxState, ...] = get_args(OutboxState)
#: A way into every state, through legal transitions.
WAYS: dict[OutboxState, tuple[OutboxState, ...]] = {
    "planned": (),
    "held": ("held",),
    "pending": ("pending",),
    "sending": ("pending", "sending"),
    "sent": ("pending", "sending", "sent"),
    "unknown": ("pending", "sending", "unknown"),
    "dead": ("pending", "sending", "dead"),
    "dropped": ("dropped",),
}


def letter(key: str, nonce: str = "n1") -> Letter:
    return Letter(key, nonce, "c0ffee", "sales/Offer", "k7h3kq0m2x", "Renewal – Acme", "{}")


def file_of(tmp_path: Path) -> Path:
    return tmp_path / "common" / "outbox.db"


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock(1000.0)


@pytest.fixture(params=["sqlite", "memory"])
def box(request: pytest.FixtureRequest, tmp_path: Path, clock: MemoryClock) -> Iterator[Box]:
    sqlite = request.param == "sqlite"
    box: Box = SqliteOutbox(str(file_of(tmp_path)), clock) if sqlite else MemoryOutbox(clock)
    yield box
    box.close()


def bring(box: Box, key: str, state: OutboxState) -> None:
    box.plan([letter(key)])
    for step in WAYS[state]:
        box.set(key, step)


def state_of(box: Box, key: str) -> OutboxState:
    found = box.get(key)
    assert found is not None
    return found.state


def test_empty(box: Box) -> None:
    assert box.letters() == []
    assert box.planned() == []
    assert box.get("a") is None
    assert not box.claim("a")
    assert box.release("n1") == []
    assert box.recover() == []
    assert box.sent_since(0) == 0


def test_a_planned_letter_is_kept_as_it_is(box: Box) -> None:
    one = replace(letter("a"), state="sent", at=5.0, tries=3)
    box.plan([one])
    expected = replace(one, state="planned", at=1000.0, message_id=message_id("a"))
    assert box.get("a") == expected
    assert box.planned() == [expected]


def test_a_key_planned_again_takes_the_new_nonce(box: Box) -> None:
    box.plan([letter("a", "n1"), letter("b", "n1")])
    box.plan([letter("a", "n2")])
    assert [(x.key, x.nonce) for x in box.planned()] == [("a", "n2"), ("b", "n1")]


@pytest.mark.parametrize("state", [s for s in STATES if s != "planned"])
def test_a_key_in_another_state_is_left_alone(box: Box, state: OutboxState) -> None:
    bring(box, "a", state)
    before = box.get("a")
    box.plan([letter("a", "n2")])
    assert box.get("a") == before
    box.release("n2")
    assert box.get("a") == before


@pytest.mark.parametrize("state", ["pending", "held"])
def test_release_frees_what_this_nonce_planned(
    box: Box, clock: MemoryClock, state: OutboxState
) -> None:
    box.plan([letter("b", "n1"), letter("a", "n1"), letter("c", "n2")])
    clock.advance(5)
    released = box.release("n1", state)
    assert [(x.key, x.state, x.at) for x in released] == [
        ("b", state, 1005.0),
        ("a", state, 1005.0),
    ]
    assert [x.key for x in box.letters(state)] == ["b", "a"]
    assert [x.key for x in box.planned()] == ["c"]


def test_release_goes_nowhere_else(box: Box) -> None:
    box.plan([letter("a")])
    with pytest.raises(IllegalTransition):
        box.release("n1", "sent")
    assert state_of(box, "a") == "planned"


def test_discarded_plans_can_be_made_again(box: Box) -> None:
    box.plan([letter("a", "n1"), letter("b", "n2")])
    box.discard_planned("n1")
    assert [x.key for x in box.letters()] == ["b"]
    box.plan([letter("a", "n3")])
    assert [x.key for x in box.release("n3")] == ["a"]
    box.discard_planned("n3")
    assert state_of(box, "a") == "pending"


@pytest.mark.parametrize("new", STATES)
@pytest.mark.parametrize("old", STATES)
def test_legal_transitions_only(box: Box, old: OutboxState, new: OutboxState) -> None:
    bring(box, "a", old)
    before = box.get("a")
    if new in TRANSITIONS[old]:
        box.set("a", new)
        assert state_of(box, "a") == new
    else:
        with pytest.raises(IllegalTransition):
            box.set("a", new)
        assert box.get("a") == before


def test_fields_of_a_transition(box: Box, clock: MemoryClock) -> None:
    bring(box, "a", "sending")
    clock.advance(1)
    box.set("a", "pending", error="450 busy", place="smtp://h:25")
    found = box.get("a")
    assert found is not None
    assert (found.tries, found.error, found.place) == (1, "450 busy", "smtp://h:25")
    assert found.at == 1001.0
    box.set("a", "sending")
    box.set("a", "sent", place="smtp://i:25", at=7.0)
    found = box.get("a")
    assert found is not None
    assert (found.tries, found.error, found.place, found.at) == (1, None, "smtp://i:25", 7.0)


def test_each_delay_counts_and_a_retry_by_hand_starts_over(box: Box) -> None:
    bring(box, "a", "pending")
    for tries in (1, 2, 3):
        assert box.claim("a")
        box.set("a", "pending", error="later")
        assert box.letters("pending")[0].tries == tries
    box.claim("a")
    box.set("a", "dead")
    assert box.letters("dead")[0].tries == 3
    box.set("a", "pending")
    assert box.letters("pending")[0].tries == 0


def test_what_cannot_be_set(box: Box) -> None:
    bring(box, "a", "pending")
    with pytest.raises(TypeError):
        box.set("a", "dropped", effect="{}")
    with pytest.raises(BluefsError):
        box.set("never", "dropped")
    assert state_of(box, "a") == "pending"


def test_claim_takes_a_pending_letter_once(box: Box) -> None:
    for state in STATES:
        bring(box, state, state)
    assert [state for state in STATES if box.claim(state)] == ["pending"]
    assert not box.claim("pending")
    assert state_of(box, "pending") == "sending"


def test_letters_by_state(box: Box) -> None:
    for state in STATES:
        bring(box, state, state)
    assert [x.key for x in box.letters()] == list(STATES)
    assert [x.key for x in box.letters("unknown", "dead")] == ["unknown", "dead"]


def test_the_cap_counts_what_may_have_left(box: Box, clock: MemoryClock) -> None:
    for state in STATES:
        bring(box, state, state)
    assert box.sent_since(1000.0) == 3  # sending, sent, unknown
    assert box.sent_since(1000.5) == 0
    clock.advance(10)
    bring(box, "later", "sent")
    assert box.sent_since(1000.5) == 1


def test_message_ids_are_fixed_and_differ() -> None:
    assert message_id("c:r:k:0") == message_id("c:r:k:0")
    assert message_id("c:r:k:0") != message_id("c:r:k:1")
    name, _, domain = message_id("a", "acme.example").strip("<>").partition("@")
    assert (len(name), domain) == (32, "acme.example")


def test_it_lasts(tmp_path: Path, clock: MemoryClock) -> None:
    first = SqliteOutbox(str(file_of(tmp_path)), clock)
    bring(first, "a", "unknown")
    before = first.letters()
    first.close()
    again = SqliteOutbox(str(file_of(tmp_path)), clock)
    assert again.letters() == before
    again.close()


# --- crashes ------------------------------------------------------------------------------

CLAIMER = """
import sys
from bluefs.adapters.clock import SystemClock
from bluefs.adapters.outbox import SqliteOutbox
box = SqliteOutbox(sys.argv[1], SystemClock())
print("ready", flush=True)
sys.stdin.readline()
for letter in box.letters("pending"):
    if box.claim(letter.key):
        print(letter.key, flush=True)
        if sys.argv[2] == "hang":
            sys.stdin.readline()
        box.set(letter.key, "sent")
"""


def start_claimer(file: Path, mode: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CLAIMER, str(file), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None and child.stdout.readline() == "ready\n"
    return child


def test_two_processes_send_each_letter_once(tmp_path: Path, clock: MemoryClock) -> None:
    file = file_of(tmp_path)
    box = SqliteOutbox(str(file), clock)
    keys = [f"k{n}" for n in range(150)]
    box.plan([letter(key) for key in keys])
    box.release("n1")
    children = [start_claimer(file, "send") for _ in range(2)]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    taken = [child.communicate(timeout=60)[0].split() for child in children]
    assert sorted(taken[0] + taken[1]) == sorted(keys)
    assert len(box.letters("sent")) == 150
    box.close()


def test_a_letter_whose_sender_died_is_unknown(tmp_path: Path, clock: MemoryClock) -> None:
    file = file_of(tmp_path)
    box = SqliteOutbox(str(file), clock)
    box.plan([letter("a"), letter("b")])
    box.release("n1")
    child = start_claimer(file, "hang")
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write("go\n")
    child.stdin.flush()
    assert child.stdout.readline() == "a\n"
    assert box.recover() == []  # it lives, and may be in the middle of sending
    assert state_of(box, "a") == "sending"
    child.kill()
    child.communicate()
    assert [(x.key, x.state) for x in box.recover()] == [("a", "unknown")]
    assert state_of(box, "b") == "pending"
    assert list(Path(f"{file}.senders").iterdir()) == []
    box.close()


def test_own_letters_in_the_middle_are_not_recovered(tmp_path: Path, clock: MemoryClock) -> None:
    file = str(file_of(tmp_path))
    mine, other = SqliteOutbox(file, clock), SqliteOutbox(file, clock)
    bring(mine, "a", "pending")
    assert mine.claim("a")
    assert mine.recover() == []
    assert other.recover() == []
    mine.close()
    assert [x.key for x in other.recover()] == ["a"]
    other.close()


def test_the_twin_takes_every_one_in_the_middle_for_crashed(clock: MemoryClock) -> None:
    box = MemoryOutbox(clock)
    bring(box, "a", "sending")
    assert [(x.key, x.state) for x in box.recover()] == [("a", "unknown")]


SENDER = """
import os, sys
from bluefs.adapters.clock import SystemClock
from bluefs.adapters.outbox import SqliteOutbox
from bluefs.core.ports import Letter
box = SqliteOutbox(sys.argv[1], SystemClock())
box.recover()
log = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
number = len(box.letters())
print("ready", flush=True)
while True:
    keys = [f"k{number + n}" for n in range(5)]
    number += 5
    box.plan([Letter(k, "n", "c", "r", "x", "t", "{}") for k in keys])
    for letter in [*box.release("n"), *box.letters("pending")]:
        if box.claim(letter.key):
            os.write(log, letter.key.encode() + b"\\n")
            box.set(letter.key, "sent")
"""


def test_kill_sends_nothing_twice_and_loses_nothing(tmp_path: Path) -> None:
    """A sender is killed 12 times at random moments; every letter is then in the log at most
    once, in it if it counts as sent, and in it if it was in the middle or not."""
    file, log, chance = file_of(tmp_path), tmp_path / "log", random.Random(3)
    log.touch()
    for _ in range(12):
        child = subprocess.Popen(
            [sys.executable, "-c", SENDER, str(file), str(log)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
        target = log.stat().st_size + chance.randint(1, 60)
        while log.stat().st_size < target and child.poll() is None:
            pass
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    _check_log(file, log.read_text().split())


def _check_log(file: Path, sent: list[str]) -> None:
    box = SqliteOutbox(str(file), MemoryClock())
    box.recover()
    states = {x.key: x.state for x in box.letters()}
    assert len(sent) == len(set(sent)) > 12
    assert {k for k, state in states.items() if state == "sent"} <= set(sent)
    assert set(sent) <= {k for k, state in states.items() if state in ("sent", "unknown")}
    assert set(states.values()) <= {"sent", "unknown", "pending", "planned"}
    box.close()


# --- damage -------------------------------------------------------------------------------


def garble(file: Path) -> None:
    file.write_bytes(b"no database at all, only words " * 200)


def truncate(file: Path) -> None:
    file.write_bytes(b"")


def headless(file: Path) -> None:
    file.write_bytes(bytes(200) + file.read_bytes()[200:])


def newer(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()


def no_version(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version=0")
    connection.close()


@pytest.mark.parametrize("harm", [garble, truncate, headless, newer, no_version])
def test_a_damaged_outbox_is_never_made_anew(
    tmp_path: Path, clock: MemoryClock, harm: Callable[[Path], None]
) -> None:
    file = file_of(tmp_path)
    first = SqliteOutbox(str(file), clock)
    bring(first, "a", "sent")
    first.close()
    harm(file)
    before = file.read_bytes()
    box = SqliteOutbox(str(file), clock)
    for use in (box.recover, box.planned, lambda: box.plan([letter("a")])):
        with pytest.raises(OutboxDamaged) as caught:
            use()
        assert caught.value.fields["file"] == str(file)
    assert file.read_bytes() == before
    box.close()


def test_a_damaged_page_is_found_at_the_start(tmp_path: Path, clock: MemoryClock) -> None:
    file = file_of(tmp_path)
    box = SqliteOutbox(str(file), clock)
    box.plan([letter(f"k{n}") for n in range(500)])
    box.close()
    data = bytearray(file.read_bytes())
    data[8192:8292] = b"\xff" * 100
    file.write_bytes(bytes(data))
    again = SqliteOutbox(str(file), clock)
    with pytest.raises(OutboxDamaged):
        again.recover()
    again.close()


def test_several_processes_make_one_outbox(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    children = [start_claimer(file, "send") for _ in range(4)]
    for child in children:
        child.communicate("go\n", timeout=60)
        assert child.returncode == 0
    assert sorted(p.name for p in file.parent.iterdir() if ".new" in p.name) == []


def test_a_hundred_thousand_letters_are_quick(tmp_path: Path, clock: MemoryClock) -> None:
    box = SqliteOutbox(str(file_of(tmp_path)), clock)
    box.plan([letter(f"k{n}", f"n{n % 1000}") for n in range(100_000)])
    begun = time.perf_counter()
    assert len(box.release("n7")) == 100
    assert box.claim("k7")
    assert len(box.letters("pending", "sending")) == 100
    assert box.sent_since(0) == 1
    assert time.perf_counter() - begun < 10  # half a second: room for a busy machine
    box.close()
