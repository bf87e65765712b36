"""Weeks, months and years as a query asks for them: ``this week``, ``le mois dernier``.

Owns `typed_period`: the first and the last day. To a command, which wants one day, ``next week``
is its Monday (`days`); a query that asks for next week means all of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from bluefs.core.model import Span
from bluefs.core.when.names import Languages, periods
from bluefs.core.when.offsets import add_months

_periods = lru_cache(maxsize=4)(periods)


def typed_period(words: str, today: date, languages: Languages) -> Span | None:
    """The days that these folded words name, None if they name none. Raises OverflowError at
    the ends of the calendar."""
    found = _periods(languages).get(words)
    if found is None:
        return None
    unit, away = found
    if unit == "weekend":
        saturday = today + timedelta(days=5 - today.weekday() + 7 * away)
        return Span(saturday, saturday + timedelta(days=1))
    if unit == "week":
        monday = today + timedelta(days=7 * away - today.weekday())
        return Span(monday, monday + timedelta(days=6))
    months = 12 if unit == "year" else 1
    first = today.replace(day=1, month=1 if unit == "year" else today.month)
    first = add_months(first, months * away)
    return Span(first, add_months(first, months) - timedelta(days=1))
