"""Pieces of SQL with their parameters.

Owns how pieces are put together: parameters stay in the order of their marks, every condition is
0 or 1 and never NULL, and long chains are balanced, because SQLite counts the depth of an
expression (1,000 at most). Refuses to write a value into the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain

from bluefs.core.frozen import dataclass

Parameter = str | int | bytes | None


@dataclass(frozen=True, slots=True)
class Clause:
    """SQL, and what stands for each ``?`` in it."""

    text: str
    parameters: tuple[Parameter, ...] = ()

    def __and__(self, other: Clause) -> Clause:
        return clause("({} AND {})", self, other)

    def __or__(self, other: Clause) -> Clause:
        return clause("({} OR {})", self, other)

    def __invert__(self) -> Clause:
        return clause("(NOT {})", self)


NO, YES, NULL = Clause("0"), Clause("1"), Clause("NULL")


def clause(text: str, *parts: Clause | str | int) -> Clause:
    """The text with a piece, or the mark of a value, for each ``{}``."""
    pieces = [part if isinstance(part, Clause) else Clause("?", (part,)) for part in parts]
    return Clause(
        text.format(*(piece.text for piece in pieces)),
        tuple(chain.from_iterable(piece.parameters for piece in pieces)),
    )


def sure(part: Clause) -> Clause:
    """NULL counts as no."""
    return clause("ifnull({}, 0)", part)


def every(parts: Sequence[Clause]) -> Clause:
    return _balanced(parts, " AND ", YES)


def some(parts: Sequence[Clause]) -> Clause:
    return _balanced(parts, " OR ", NO)


def _balanced(parts: Sequence[Clause], word: str, nothing: Clause) -> Clause:
    if len(parts) < 2:
        return parts[0] if parts else nothing
    half = len(parts) // 2
    left, right = _balanced(parts[:half], word, nothing), _balanced(parts[half:], word, nothing)
    return clause(f"({{}}{word}{{}})", left, right)


#: Cases that SQLite prepares at once; the time grows with their square (6 s for 10,000).
_FEW = 200


def ranked(on: str, values: Sequence[str]) -> Clause:
    """The number of the column's text among the values, NULL where it is none of them. Many
    values are a table of their own, for which SQLite makes an index (0.1 s for 100,000 rows and
    10,000 values); ``MATERIALIZED`` is of SQLite 3.35."""
    if len(values) <= _FEW:
        whens = " ".join(f"WHEN ? THEN {n}" for n in range(len(values)))
        return Clause(f"(CASE {on} {whens} END)", tuple(values))
    table = "WITH p AS MATERIALIZED (SELECT key AS n, value AS name FROM json_each(?))"
    return Clause(f"({table} SELECT n FROM p WHERE p.name = {on})", (json.dumps(values),))


def choice(on: str, cases: Iterable[tuple[str, Clause]], otherwise: Clause) -> Clause:
    """By the value of the column ``on``; cases that are as ``otherwise`` are left out."""
    apart = [(value, then) for value, then in cases if then != otherwise]
    if not apart:
        return otherwise
    whens = [clause("WHEN {} THEN {}", value, then) for value, then in apart]
    return clause(f"(CASE {on} {' '.join(['{}'] * len(whens))} ELSE {{}} END)", *whens, otherwise)
