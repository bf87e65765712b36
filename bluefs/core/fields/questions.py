"""What a query asks of one value: a few questions, which every kind puts in its own words.

Owns the questions alone. A kind's ``ask`` chooses one for an operand; ``query.comparing`` answers
it from values in memory and ``query.sql.answering`` from the query tables, so that a new kind
needs neither to know it. Refuses to read operands.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bluefs.core.frozen import dataclass
from bluefs.core.model import FieldDef
from bluefs.core.when import When


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands behind a key: ``text`` is the operand (``a``, ``a..b``, ``a..``), ``operator``
    one of ``:``, ``=``, ``<`` and ``>``."""

    text: str
    operator: str = ":"

    @property
    def bounds(self) -> str:
        """The range from which a value lies apart: ``<5`` is set, and not ``5..``."""
        if self.operator == "<":
            return f"{self.text}.."
        return f"..{self.text}" if self.operator == ">" else self.text

    @property
    def is_apart(self) -> bool:
        return self.operator in ("<", ">")


@dataclass(frozen=True, slots=True)
class Never:
    """No value will do."""


@dataclass(frozen=True, slots=True)
class Set:
    """Whether there is a value (``held``), or none."""

    held: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """Yes or no; not set is no."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Dates:
    """Whether some part of a date lies between the bounds, both included (None: open), or,
    where ``outside``, whether none does."""

    low: When | None
    high: When | None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """As ``Dates``, of numbers."""

    low: Decimal | None
    high: Decimal | None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """A position between bounds that are included, unless ``apart``; None: open."""

    low: str | None
    high: str | None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """As every text is asked: a part of it; with ``*``, or where ``whole``, all of it. How a
    search sees texts is for the query to know, which makes a ``Part``, ``Whole`` or ``Like`` of
    it."""

    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The needle stands somewhere in the text, or in one of several."""

    needle: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The text, or one of several, is the needle."""

    needle: str


@dataclass(frozen=True, slots=True)
class Begins:
    """The text begins with the needle."""

    needle: str


@dataclass(frozen=True, slots=True)
class Like:
    """The whole text, or one of several, is like the operand with its stars."""

    operand: str


@dataclass(frozen=True, slots=True)
class Exactly:
    """The text, or one of several, is this very one."""

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """The text, or one of several, folds to one of these names."""

    fold: Callable[[str], str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Blocker:
    """One of the records it waits for has this id, a title or path with it, or is written so."""

    needle: str


@dataclass(frozen=True, slots=True)
class Referred:
    """One of the records of the project (its key) that the field names has this id, is called so
    (``whole``: exactly so; with ``*``: like it), or is written so. How a search sees the text is
    for the query to know."""

    text: str
    project: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Each:
    """The question of each value in a set of them, which the lookup keeps as texts: whether one
    of them will do."""

    field: FieldDef
    asked: Dates | Numbers | Truth


@dataclass(frozen=True, slots=True)
class OfKind:
    """What only the field's kind can tell. It cannot be asked in SQL."""

    field: FieldDef
    operand: str


Question = (
    Never | Set | Truth | Dates | Numbers | Places | Written | Part | Whole | Begins | Like
    | Exactly | Named | Blocker | Referred | Each | OfKind
)  # fmt: skip
