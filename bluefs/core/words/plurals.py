"""Which plural form a number takes, by CLDR's rules.

Owns the rules of our languages, as babel spells them, and their reading (Unicode Technical
Standard 35, part 3, "Language Plural Rules"). They are copied from babel, whose import takes
longer than a whole command; a test compares them with babel's, form by form, and reads the rules
of every other language as well.
"""

from __future__ import annotations

import re
from decimal import Decimal

#: language -> form -> rule; what no rule fits is ``other``. A test writes what is right here.
RULES = {
    "en": {"one": "i in 1 and v in 0"},
    "fr": {
        "one": "i in 0,1",
        "many": "e in 0 and i not in 0 and i mod 1000000 in 0 and v in 0 or e not in 0..5",
    },
}
_RELATION = re.compile(r"([nivwftec])(?: mod (\d+))?( not)? (in|within) ([\d.,]+)")


def category(number: Decimal | int, language: str) -> str:
    """``zero one two few many other``: the form for this number, its decimals as written (1
    and 1.0 differ in English). ``other`` for a language without rules here."""
    values = operands(number)
    for form, rule in RULES.get(language, {}).items():
        if holds(rule, values):
            return form
    return "other"


def operands(number: Decimal | int) -> dict[str, Decimal]:
    """The operands of the standard: the number n, its whole part i, its decimals f and how many
    of them v, both without zeros at the end t and w; e and c are of compact forms, which we
    never write."""
    whole, _, decimals = format(abs(Decimal(number)), "f").partition(".")
    bare = decimals.rstrip("0")
    found: dict[str, str | int] = {
        "n": f"{whole}.{decimals}", "i": whole, "v": len(decimals), "w": len(bare),
        "f": decimals or 0, "t": bare or 0, "e": 0, "c": 0,
    }  # fmt: skip
    return {name: Decimal(value) for name, value in found.items()}


def holds(rule: str, operands: dict[str, Decimal]) -> bool:
    """Whether a condition such as ``i in 1 and v in 0 or n mod 10 in 2..4`` holds."""
    return any(
        all(_is_true(relation, operands) for relation in part.split(" and "))
        for part in rule.split(" or ")
    )


def _is_true(relation: str, operands: dict[str, Decimal]) -> bool:
    read = _RELATION.fullmatch(relation.strip())
    if read is None:
        raise ValueError(relation)
    value = operands[read[1]]
    if read[2]:
        value %= int(read[2])
    whole = read[4] == "in"
    return _among(value, read[5], whole=whole) != bool(read[3])


def _among(value: Decimal, ranges: str, *, whole: bool) -> bool:
    """Whether a value is one of ``0,2..4``; ``whole``: of a range only its whole numbers."""
    for part in ranges.split(","):
        low, _, high = part.partition("..")
        fits = not whole or value == value.to_integral_value()
        if fits and int(low) <= value <= int(high or low):
            return True
    return False
