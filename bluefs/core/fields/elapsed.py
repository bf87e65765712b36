"""Spans of time as values: whole seconds as exact numbers, read and shown by people.

Owns the seven forms of display and the reading of ``30 days``. Refuses months and years as lengths:
they have none.
"""

from __future__ import annotations

from decimal import Decimal

from bluefs.core.money import decimal_mark
from bluefs.core.when.offsets import parse_offset
from bluefs.core.words import plural, say

#: The forms of a duration, as format.md names them.
FORMS = ("full", "compact", "clock", "days", "hours", "minutes", "seconds")
#: Unit -> its seconds, and the words for several, for a part of one, and for few letters.
_UNITS = {
    "days": (86400, "values.unit.days", "values.part.days", "values.short.days"),
    "hours": (3600, "values.unit.hours", "values.part.hours", "values.short.hours"),
    "minutes": (60, "values.unit.minutes", "values.part.minutes", "values.short.minutes"),
    "seconds": (1, "values.unit.seconds", "values.part.seconds", "values.short.seconds"),
}
_SHORT = 2  # units that the short form says: 3 days and 4 hours, not the minutes too


def parse_elapsed(text: str) -> Decimal | None:
    """The seconds of ``30 days``, ``2h`` or ``1 semaine``; None for what has no length."""
    found = parse_offset(text)
    if found is None or found.months or text.strip()[:1] in "+-":
        return None
    seconds = found.days * 86400 + found.minutes * 60
    return Decimal(seconds) if seconds > 0 else None


def show_elapsed(seconds: Decimal, form: str, language: str) -> str:
    """``3 days 4 hours``, ``3d 4h``, ``76:05:00``, ``3.2 days`` and so on."""
    whole = int(seconds)
    if form == "clock":
        hours, rest = divmod(abs(whole), 3600)
        return f"{'-' if whole < 0 else ''}{hours}:{rest // 60:02}:{rest % 60:02}"
    if form in _UNITS:
        return _in_one(seconds, form, language)
    return _in_parts(whole, form, language)


def _in_one(seconds: Decimal, unit: str, language: str) -> str:
    """One unit, with a decimal where it is not whole."""
    size, several, part, _ = _UNITS[unit]
    number = (seconds / size).quantize(Decimal("0.1"))
    if number == number.to_integral_value():
        return plural(several, int(number), language=language)
    shown = format(number, "f").replace(".", decimal_mark(language))
    return say(part, language=language, number=shown)


def _in_parts(whole: int, form: str, language: str) -> str:
    rest, said = abs(whole), []
    for unit, (size, *_) in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            said.append((unit, count))
    said = (said[:_SHORT] if form == "compact" else said) or [("seconds", 0)]
    minus = "-" if whole < 0 else ""
    if form == "compact":
        return minus + " ".join(say(_UNITS[u][3], language=language, count=n) for u, n in said)
    return minus + " ".join(plural(_UNITS[u][1], n, language=language) for u, n in said)
