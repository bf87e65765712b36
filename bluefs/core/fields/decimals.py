"""Exact numbers from source text, and what an almost-number most likely means.

No float anywhere: ``1.10`` is 1.10. Owns reading and writing, and the guess behind the mending
of ``12,000``. Refuses a guess where two readings are equally likely.
"""

from __future__ import annotations

import re
from decimal import Decimal

from bluefs.core.patterns import pattern

#: Characters of a number written out; keeps every later step exact and fast.
LONGEST = 64

#: What YAML 1.2 reads as a decimal number.
PLAIN = r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?"
_PLAIN = pattern(PLAIN)
#: What other programs put between thousands or for a minus.
_ALIKE = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "’": "'", "−": "-"}
)
_SIGNED = pattern(r"([-+]?) *([0-9.,_' ]*[0-9.])")
_WHOLE = {
    "": r"0*(?P<w>[0-9]+)",
    **{g: rf"(?P<w>[1-9][0-9]{{0,2}}(?:{re.escape(g)}[0-9]{{3}})+)" for g in " _'."},
    # Indian lakhs too: 1,20,000
    ",": r"(?P<w>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})",
}


def render_decimal(number: Decimal) -> str:
    """Digits, point, minus: never an exponent. `parse_decimal` gives the same number back."""
    return format(number, "f")


def parse_decimal(text: str) -> Decimal | None:
    """The number that a file says, with all its digits: what YAML 1.2 reads as a decimal
    number. None for anything else, leading zeros and separators included, and for one
    that is longer than `LONGEST` when written out."""
    if len(text) > LONGEST or not _PLAIN.fullmatch(text):
        return None
    number = Decimal(text)
    number = number if number else number.copy_abs()
    return number if len(render_decimal(number)) <= LONGEST else None


def is_too_long(text: str) -> bool:
    """Whether only its length keeps the text from being a number."""
    return bool(_PLAIN.fullmatch(text)) and parse_decimal(text) is None


def guess_decimal(text: str, *, comma: bool, digits: int | None = None) -> Decimal | None:
    """What an almost-number means: ``12,000`` ``1_000`` ``12 000,50`` ``0,5`` ``007``. None
    where it has no reading or two. ``comma`` is True where people write a decimal comma:
    there ``12,500`` stays in doubt, unless the field has fewer decimals (``digits``)."""
    tidy = text.strip().translate(_ALIKE)
    found = _SIGNED.fullmatch(tidy)
    if found is None or len(tidy) > LONGEST:
        return None
    exact = parse_decimal(tidy)
    if exact is not None:
        return exact
    grouped, pointed = _readings(found[2], digits)
    if grouped is not None and pointed is not None and comma:
        return None
    number = grouped if grouped is not None else pointed
    return number if number is None or found[1] != "-" or not number else number.copy_negate()


def _readings(body: str, digits: int | None) -> tuple[Decimal | None, Decimal | None]:
    """What it is if its separators stand between thousands (a decimal mark other than those
    allowed), and if they are but a decimal mark."""
    grouped = pointed = None
    for group, whole in _WHOLE.items():
        for mark in ".,":
            if mark == group:
                continue
            found = re.fullmatch(rf"{whole}(?:{re.escape(mark)}(?P<f>[0-9]+))?", body)
            if found is None or (digits is not None and len(found["f"] or "") > digits):
                continue
            number = Decimal(re.sub(r"[^0-9]", "", found["w"]) + "." + (found["f"] or ""))
            if group:
                grouped = number
            else:
                pointed = number
    return grouped, pointed
