"""The day that a person types: words, weekdays, a day and a month.

Conventions, where a word has more than one reading:
- a weekday alone (``fri``) is the next such day, never today: typed on a Friday it is the one
  in seven days;
- ``next fri`` and ``vendredi prochain`` lie in the week (Monday to Sunday) after this one,
  ``last fri`` and ``vendredi dernier`` are the latest before today, ``this fri`` and ``ce
  vendredi`` the next one, today included;
- ``next week`` is its Monday, ``next month`` its first day, ``next year`` 1 January; ``eow``
  is Sunday, ``eom`` and ``eoy`` the last day of this month and year, ``weekend`` this week's
  Saturday (on a Sunday, the next);
- a day and month without a year (``1 dec``) is the next such date, today included.

Numbers alone (``1/12``, ``12-01``) are refused: half of the world reads them the other way.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from bluefs.core.patterns import pattern
from bluefs.core.when.names import Languages, calendar_days, months, near_days, weekdays
from bluefs.core.when.offsets import add_months

_weekdays = lru_cache(maxsize=4)(weekdays)
_months = lru_cache(maxsize=4)(months)
_near = lru_cache(maxsize=4)(near_days)
_calendar = lru_cache(maxsize=4)(calendar_days)

_NEXT = pattern(r"(?:next|(?:le )?(?=[a-z]+ prochain$)) ?([a-z]+)(?: prochain)?")
_PAST = pattern(r"(?:last|(?:le )?(?=[a-z]+ dernier$)) ?([a-z]+)(?: dernier)?")
_THIS = pattern(r"(?:this|ce|cette) ([a-z]+)")
_DAY_MONTH = pattern(r"(?:le )?([0-9]{1,2})(?:st|nd|rd|th|er)? (?:of )?([a-z]+)(?: ([0-9]{4}))?")
_MONTH_DAY = pattern(r"([a-z]+) ([0-9]{1,2})(?:st|nd|rd|th)?(?: ([0-9]{4}))?")


def typed_day(words: str, today: date, languages: Languages) -> date | None:
    """The day that these folded words name, None if they name none. Raises OverflowError at
    the ends of the calendar."""
    if not words:
        return today
    if words in (near := _near(languages)):
        return today + timedelta(days=near[words])
    if words in (named := _calendar(languages)):
        return _calendar_day(named[words], today)
    return _weekday(words, today, languages) or dated(words, languages, today)


def _calendar_day(name: str, today: date) -> date:
    first = today.replace(day=1)
    if name == "weekend":
        return today + timedelta(days=(5 - today.weekday()) % 7)
    if name in ("week", "eow"):
        return today + timedelta(days=7 - today.weekday() - (name == "eow"))
    if name in ("month", "eom"):
        return add_months(first, 1) - timedelta(days=name == "eom")
    following = date(today.year + 1, 1, 1)
    return following - timedelta(days=name == "eoy")


def _weekday(words: str, today: date, languages: Languages) -> date | None:
    names = _weekdays(languages)
    if words in names:
        return today + timedelta(days=(names[words] - today.weekday() - 1) % 7 + 1)
    if (found := _NEXT.fullmatch(words)) and found[1] in names:
        return today + timedelta(days=7 - today.weekday() + names[found[1]])
    if (found := _PAST.fullmatch(words)) and found[1] in names:
        return today - timedelta(days=(today.weekday() - names[found[1]] - 1) % 7 + 1)
    if (found := _THIS.fullmatch(words)) and found[1] in names:
        return today + timedelta(days=(names[found[1]] - today.weekday()) % 7)
    return None


def dated(words: str, languages: Languages, today: date | None = None) -> date | None:
    """``1 dec 2026``, ``december 1st``, ``tue 1 dec``. Without a year the next such date from
    ``today`` on; None where neither is given, or the weekday before it is another one."""
    first, _, rest = words.partition(" ")
    weekday = _weekdays(languages).get(first)
    if weekday is not None and (found := _day_and_month(rest, languages, today)):
        return found if found.weekday() == weekday else None
    return _day_and_month(words, languages, today)


def _day_and_month(words: str, languages: Languages, today: date | None) -> date | None:
    if found := _DAY_MONTH.fullmatch(words):
        day, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(words):
        name, day, year = found.groups()
    else:
        return None
    month = _months(languages).get(name)
    if month is None:
        return None
    if year:
        return _date(int(year), month, int(day))
    return None if today is None else _coming(month, int(day), today)


def _coming(month: int, day: int, today: date) -> date | None:
    for year in range(today.year, today.year + 9):  # 29 February may be eight years off
        found = _date(year, month, day)
        if found is not None and found >= today:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
