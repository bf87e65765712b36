"""The time of day that a person types: ``15:00``, ``9am``, ``9:30 pm``, ``15h``, ``15h30``,
``noon``, ``midi``, with ``at`` or ``à`` before it.

Refuses a bare number (``at 9`` of which half of the day?) and midnight (of which day?).
"""

from __future__ import annotations

import re
from datetime import time

from bluefs.core.patterns import pattern

_TIME = (
    r"(?:(?:at|a) )?(?:(?P<hour>[0-9]{1,2})"
    r"(?:[:](?P<minute>[0-9]{2})(?:[:](?P<second>[0-9]{2}))?(?: ?(?P<half>[ap])m)?"
    r"|h(?P<past>[0-9]{2})?"
    r"| ?(?P<lone>[ap])m)"
    r"|(?P<noon>noon|midi))"
)
_LAST = pattern(rf"(?:(?P<rest>.*?)[ t])??{_TIME}")
_FIRST = pattern(rf"{_TIME}(?: (?P<rest>.+))?")


def _time(found: re.Match[str]) -> time | None:
    if found["noon"]:
        return time(12)
    hour, half = int(found["hour"]), found["half"] or found["lone"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(found["minute"] or found["past"] or 0), int(found["second"] or 0))
    except ValueError:
        return None


def split_time(words: str) -> tuple[str, time | None]:
    """Folded words without the time of day at their end or beginning, and that time (None
    where there is none, or none that a clock shows: then the words come back whole)."""
    for form in (_LAST, _FIRST):
        found = form.fullmatch(words)
        clock = _time(found) if found else None
        if found is not None and clock is not None:
            return (found["rest"] or "").strip(), clock
    return words, None
