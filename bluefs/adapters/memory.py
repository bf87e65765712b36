"""In-memory twins of the adapters, for tests of the engine: the same contract, no disk, no
network, no waiting.

Owns nothing that lasts. Refuses to be more forgiving than the real ones: tests/contract runs
the same suites over both. (The twins of Files and Git are in ``memory_files``, ``memory_git``.)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

from bluefs.adapters.ids import make_id
from bluefs.adapters.mail import NOBODY
from bluefs.adapters.message import build_envelope
from bluefs.adapters.outbox import SETTABLE, message_id
from bluefs.adapters.watch import merge
from bluefs.core.effects import MAY_HAVE_LEFT, check_transition, decode_effect, tries_after
from bluefs.core.errors import BluefsError
from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.ports import Clock, Handled, Letter, Notice, OutboxState, Pending, StateChange


class MemoryClock:
    """Clock that stands still until it is set. ``at`` in seconds since the epoch."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at

    def now(self) -> float:
        return self.at

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def set(self, at: float | datetime) -> None:
        self.at = at.timestamp() if isinstance(at, datetime) else at

    def advance(self, seconds: float) -> None:
        self.at += seconds


class MemoryIds:
    """Ids of a seeded sequence: the same seed gives the same ids."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def new(self) -> str:
        return make_id(self._random.choice)

    def nonce(self) -> str:
        return f"{self._random.getrandbits(64):016x}"


class MemoryState:
    """State in dictionaries."""

    def __init__(self) -> None:
        self._handled: dict[str, Handled] = {}
        self._pending: dict[Pending, None] = {}
        self._notes: dict[str, str] = {}

    def all(self) -> Mapping[str, Handled]:
        paths = sorted(self._handled, key=lambda p: p.encode("utf-8", "surrogateescape"))
        return {path: replace(self._handled[path], data=b"") for path in paths}

    def get(self, path: str) -> Handled | None:
        return self._handled.get(path)

    def by_record(self, record: str) -> Sequence[Handled]:
        return [self._handled[path] for path, h in self.all().items() if h.record == record]

    def pending(self) -> Sequence[Pending]:
        return list(self._pending)

    def note(self, key: str) -> str | None:
        return self._notes.get(key)

    def apply(self, change: StateChange) -> None:
        for path in change.drop:
            self._handled.pop(path, None)
        for handled in change.put:
            self._handled[handled.path] = handled
        for pending in change.done:
            self._pending.pop(pending, None)
        for pending in change.pend:
            self._pending.setdefault(pending)
        for key, value in change.notes.items():
            if value is None:
                self._notes.pop(key, None)
            else:
                self._notes[key] = value

    def close(self) -> None:
        """Nothing is held."""


class MemoryOutbox:
    """Outbox in a dictionary. ``recover`` takes every letter in ``sending`` for one whose
    sender has died: call it only where a crash is meant."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._letters: dict[str, Letter] = {}

    def plan(self, letters: Sequence[Letter]) -> None:
        for letter in letters:
            found = self._letters.get(letter.key)
            if found is None:
                fixed = letter.message_id or message_id(letter.key)
                at = self._clock.now()
                self._letters[letter.key] = replace(
                    letter, state="planned", message_id=fixed, at=at
                )
            elif found.state == "planned":
                self._letters[letter.key] = replace(found, nonce=letter.nonce)

    def release(self, nonce: str, state: OutboxState = "pending") -> Sequence[Letter]:
        check_transition(nonce, "planned", state)
        keys = [letter.key for letter in self.planned() if letter.nonce == nonce]
        for key in keys:
            self.set(key, state)
        return [self._letters[key] for key in keys]

    def planned(self) -> Sequence[Letter]:
        return self.letters("planned")

    def letters(self, *states: OutboxState) -> Sequence[Letter]:
        return [x for x in self._letters.values() if not states or x.state in states]

    def get(self, key: str) -> Letter | None:
        return self._letters.get(key)

    def set(self, key: str, state: OutboxState, **fields: object) -> None:
        if not fields.keys() <= SETTABLE:
            raise TypeError(f"not to be set: {sorted(fields.keys() - SETTABLE)}")
        letter = self._letters.get(key)
        if letter is None:
            raise BluefsError("errors.outbox.absent", letter=key)
        check_transition(key, letter.state, state)
        values: dict[str, object] = {
            "at": self._clock.now(),
            "tries": tries_after(letter.tries, letter.state, state),
        }
        if state == "sent":
            values["error"] = None
        self._letters[key] = replace(letter, state=state, **{**values, **fields})  # type: ignore[arg-type]

    def claim(self, key: str) -> bool:
        letter = self._letters.get(key)
        if letter is None or letter.state != "pending":
            return False
        self.set(key, "sending")
        return True

    def recover(self) -> Sequence[Letter]:
        keys = [letter.key for letter in self.letters("sending")]
        for key in keys:
            self.set(key, "unknown")
        return [self._letters[key] for key in keys]

    def sent_since(self, moment: float) -> int:
        return sum(letter.at >= moment for letter in self.letters(*MAY_HAVE_LEFT))

    def discard_planned(self, nonce: str) -> None:
        for letter in self.planned():
            if letter.nonce == nonce:
                del self._letters[letter.key]

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class SentMail:
    """What a MemoryMailer was given."""

    letter: Letter
    sender: str | None
    at: datetime


@dataclass(slots=True)
class MemoryMailer:
    """Mailer that keeps the letters in ``sent``. ``fault`` may raise one of the mail errors
    for a letter: before it is kept, but for MailUnknown, which no test may rely upon."""

    sent: list[SentMail] = field(default_factory=list)
    fault: Callable[[Letter], None] | None = None

    def send(self, letter: Letter, sender: str | None, at: datetime) -> str:
        build_envelope(decode_effect(letter.effect), sender or NOBODY)
        if self.fault is not None:
            self.fault(letter)
        self.sent.append(SentMail(letter, sender, at))
        return "memory"


class MemoryWatch:
    """Watch that a test feeds. It never waits: with a ``clock`` an empty ``wait`` lets the
    whole timeout pass on it."""

    def __init__(self, clock: MemoryClock | None = None, *, alive: bool = True) -> None:
        self._clock = clock
        self._alive = alive
        self._fed: list[Notice] = []
        self.reason: str | None = None if alive else "test"

    def start(self) -> bool:
        return self._alive

    def feed(self, *notices: Notice) -> None:
        self._fed.extend(notices)

    def wait(self, timeout: float) -> Sequence[Notice]:
        notices, self._fed = merge(self._fed), []
        if not notices and self._clock is not None:
            self._clock.advance(timeout)
        return notices

    def stop(self) -> None:
        self._fed.clear()


class MemoryLock:
    """Lock in memory. ``beside`` makes the lock of another process on the same workspace."""

    def __init__(self, clock: Clock, pid: int = 1, host: str = "test") -> None:
        self._clock = clock
        self._entry: dict[str, object] = {"pid": pid, "host": host}
        self._place: list[dict[str, object]] = []

    def beside(self, pid: int) -> MemoryLock:
        other = MemoryLock(self._clock, pid)
        other._place = self._place
        return other

    def acquire(self) -> AbstractContextManager[None] | None:
        if self._place:
            return None
        self._place.append({**self._entry, "since": self._clock.now()})
        return self._held()

    def holder(self) -> Mapping[str, object] | None:
        return dict(self._place[0]) if self._place else None

    @contextmanager
    def _held(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._place.clear()
