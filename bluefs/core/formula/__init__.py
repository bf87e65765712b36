"""Formulas: what people write for a number that is worked out of a record's other numbers.

``parsing`` makes a *program* of the text, once, when the settings are read; ``running`` runs it for
each record. A program is a flat tuple in the order of evaluation (operands before what joins
them), made of plain values, so that it can be kept and needs no recursion however deep the
brackets go.
"""

from __future__ import annotations

from decimal import Decimal

#: ``("number", Decimal)``, ``("field", key)``, ``(operator, how many operands)`` or ``(FUNCTION,
#: how many arguments)``.
Step = tuple[str, Decimal | str | int]
Program = tuple[Step, ...]

#: Characters of a formula.
LONGEST_FORMULA = 1_000
#: Function -> the fewest arguments that mean something.
FUNCTIONS = {
    "SUM": 1, "AVERAGE": 1, "AVERAGEA": 1, "COUNT": 1, "COUNTA": 1, "MAX": 1, "MIN": 1, "MINUS": 2,
    "MULTIPLY": 2,
}  # fmt: skip
