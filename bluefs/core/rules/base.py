"""What a trigger and an action are. Each is one small class whose docstring is its manual."""

from __future__ import annotations

from abc import ABC, abstractmethod

from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import ClassVar
from bluefs.core.model import Context, Event, Outward, Record, Rule
from bluefs.core.rules.shape import Part


@dataclass(frozen=True, slots=True)
class Mention:
    """A name (or a value) that a rule's file says at one place, for checks and renames.

    ``sort`` is that of the option (``bluefs.core.rules.shape``) or ``merge``. ``key`` is the
    field of a ``value`` or an ``operand``. Positions count characters from 1, ``end`` is
    exclusive."""

    sort: str
    name: str
    line: int
    column: int
    end: int
    key: str | None = None


class Trigger(Part, ABC):
    """One shape of ``when``. Pure: sees the event and the state after it."""

    word: ClassVar[str]

    @abstractmethod
    def matches(self, event: Event, record: Record, context: Context) -> bool: ...

    @abstractmethod
    def explain(self) -> str:
        """The trigger in words: "moved to Proposal"."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an action knows: the rule, the event that started it, the record as it is now,
    and the context."""

    rule: Rule
    event: Event
    record: Record
    context: Context


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action wants: a new state of the record (repeat-safe) or outward effects.
    ``notes`` are Problems found only now (a merge field without a value, no recipient)."""

    record: Record
    outward: tuple[Outward, ...] = ()
    notes: tuple[str, ...] = field(default=())


class Action(Part, ABC):
    """One step of ``then``. ``outward`` actions need trust and never run in lane one."""

    word: ClassVar[str]
    outward: ClassVar[bool] = False

    @abstractmethod
    def apply(self, occasion: Occasion) -> Outcome: ...

    @abstractmethod
    def explain(self) -> str:
        """The action in words: "set probability, due"."""
