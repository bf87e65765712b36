"""Which plural form a number takes, by CLDR's rules.

Owns the rules of our languages, as babel spells them, and their reading (Unicode Technical
Standard 35, part 3, "Language Plural Rules"). They are copied from babel, whose import takes
longer than a whole command; a test compares them with babel's, form by form, and reads the rules
of every other language as well.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from bluefs.core.patterns import pattern

#: language -> form -> rule; what no rule fits is ``other``. A test writes what is right here.
RULES = {
    "en": {"one": "i in 1 and v in 0"},
    "fr": {
        "one": "i in 0,1",
        "many": "e in 0 and i not in 0 and i mod 1000000 in 0 and v in 0 or e not in 0..5",
    },
}
_RELATION = pattern(r"([nivwftec])(?: mod (\d+))?( not)? (in|within) ([\d.,]+)")


def category(number: Decimal | int, language: str) -> str:
    """``zero one two few many other``: the form for this number, its decimals as written (1
    and 1.0 differ in English). ``other`` for a language without rules here."""
    values = operands(number)
    for form, rule in RULES.get(language, {}).items():
        if holds(rule, values):
            return form
    return "other"


def operands(number: Decimal | int) -> dict[str, Decimal | int]:
    """The operands of the standard: the number n, its whole part i, its decimals f and how many
    of them v, both without zeros at the end t and w; e and c are of compact forms, which we
    never write."""
    if isinstance(number, int):
        whole = abs(number)
        return {"n": whole, "i": whole, "v": 0, "w": 0, "f": 0, "t": 0, "e": 0, "c": 0}
    text, _, decimals = format(abs(number), "f").partition(".")
    bare = decimals.rstrip("0")
    found: dict[str, str | int] = {
        "n": f"{text}.{decimals}", "i": text, "v": len(decimals), "w": len(bare),
        "f": decimals or 0, "t": bare or 0, "e": 0, "c": 0,
    }  # fmt: skip
    return {name: Decimal(value) for name, value in found.items()}


def holds(rule: str, operands: dict[str, Decimal | int]) -> bool:
    """Whether a condition such as ``i in 1 and v in 0 or n mod 10 in 2..4`` holds."""
    return any(all(relation.holds(operands) for relation in part) for part in _read(rule))


class _Relation:
    """``n mod 10 not in 2..4,9``; ``whole``: of a range only its whole numbers."""

    def __init__(self, text: str) -> None:
        read = _RELATION.fullmatch(text.strip())
        if read is None:
            raise ValueError(text)
        self.operand, self.modulus, self.negated = read[1], int(read[2] or 0), bool(read[3])
        self.whole = read[4] == "in"
        parts = (part.partition("..") for part in read[5].split(","))
        self.ranges = [(int(low), int(high or low)) for low, _, high in parts]

    def holds(self, operands: dict[str, Decimal | int]) -> bool:
        value = operands[self.operand]
        if self.modulus:
            value %= self.modulus
        fits = not self.whole or value == int(value)
        among = fits and any(low <= value <= high for low, high in self.ranges)
        return among != self.negated


@cache
def _read(rule: str) -> tuple[tuple[_Relation, ...], ...]:
    """The alternatives of a rule, each a tuple of what must hold."""
    alternatives = rule.split(" or ")
    return tuple(tuple(map(_Relation, part.split(" and "))) for part in alternatives)
