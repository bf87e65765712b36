"""The days in a record's text, moved all together.

Owns what counts as a day in it: ``2026-12-01`` where it stands by itself, as a date, as the
day of a moment, at either end of a span, in a task item, above a comment or in a sentence.
Refuses to touch one that is part of a longer word, a number, a path or a link.
"""

from __future__ import annotations

from datetime import date, timedelta

from bluefs.core.patterns import pattern

_DAY = r"\d{4}-\d{2}-\d{2}"
#: What may follow a day: a time behind ``T``, or nothing that would make it part of a name.
_END = r"(?=T\d{2}:|(?![\w/-]|\.\w))"
_FREE = pattern(rf"(?<![\w/.-])({_DAY})(?:/({_DAY}))?{_END}")


def shift_days(text: str, days: int) -> str:
    """The text with every day in it ``days`` later (earlier where negative); all else stays as
    it was typed. A day that does not exist, or would leave the years 1 to 9999, stays too."""
    return _FREE.sub(lambda m: "/".join(_later(d, days) for d in m.groups() if d), text)


def _later(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return day
