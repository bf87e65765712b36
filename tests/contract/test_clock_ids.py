"""Clock and Ids, real and in memory."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from bluefs.adapters.clock import SystemClock
from bluefs.adapters.ids import DIGITS, LETTERS, SystemIds, make_id
from bluefs.adapters.memory import MemoryClock, MemoryIds
from bluefs.core.ports import Clock, Ids


@pytest.mark.parametrize("clock", [SystemClock(), MemoryClock(1_764_000_000.25)])
def test_a_moment_is_now_in_utc(clock: Clock) -> None:
    before, moment, after = clock.now(), clock.moment(), clock.now()
    assert moment.utcoffset() == timedelta(0)
    assert before - 1e-3 <= moment.timestamp() <= after + 1e-3


def test_the_systems_clock_tells_the_time() -> None:
    assert abs(SystemClock().now() - time.time()) < 5


def test_the_twin_is_set_and_advanced() -> None:
    clock = MemoryClock()
    clock.set(datetime(2026, 11, 24, 9, tzinfo=UTC))
    clock.advance(60)
    assert clock.moment() == datetime(2026, 11, 24, 9, 1, tzinfo=UTC)
    clock.set(5.0)
    assert clock.now() == 5.0


def test_crockfords_digits() -> None:
    assert len(DIGITS) == 32 == len(set(DIGITS))
    assert len(LETTERS) == 22
    assert not set("ilou") & set(DIGITS)


@pytest.mark.parametrize("ids", [SystemIds(), MemoryIds(1)])
def test_ids_have_their_form_and_do_not_repeat(ids: Ids) -> None:
    made = [ids.new() for _ in range(2000)]
    assert len(set(made)) == 2000
    assert all(re.fullmatch(f"[{LETTERS}][{DIGITS}]{{9}}", one) for one in made)
    assert {one[0] for one in made} == set(LETTERS)
    assert {c for one in made for c in one[1:]} == set(DIGITS)
    nonces = [ids.nonce() for _ in range(500)]
    assert len(set(nonces)) == 500
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in nonces)


def test_a_seed_gives_its_sequence() -> None:
    one, same, other = MemoryIds(7), MemoryIds(7), MemoryIds(8)
    assert [one.new(), one.nonce(), one.new()] == [same.new(), same.nonce(), same.new()]
    assert MemoryIds(7).new() != other.new()


def test_make_id_asks_for_each_place() -> None:
    assert make_id(lambda letters: letters[0]) == "a000000000"
