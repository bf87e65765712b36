"""Dates that are almost right: what a file most likely meant by ``12/01/2026``.

Owns the readings behind the hint and the mending of a bad date. Only texts that name their
year count: ``fri`` in a file means another day each week.
"""

from __future__ import annotations

from datetime import date, time, tzinfo

from bluefs.core.patterns import pattern
from bluefs.core.when.clock import split_time
from bluefs.core.when.days import dated
from bluefs.core.when.moments import When, on, parse_when
from bluefs.core.when.names import Languages, fold_words

_YEAR_FIRST = pattern(r"([0-9]{4})([-/. ])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = pattern(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4})")
_RUN = pattern(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")


def near_when(text: str, zone: tzinfo, languages: Languages = ("en", "fr")) -> tuple[When, ...]:
    """Every day or moment that this text may mean: none, one (then it can be mended) or two
    (day and month could be either). A date that no calendar has (2026-13-45) means none."""
    if len(text) > 80 or parse_when(text, zone) is not None:
        return ()
    words, clock = split_time(fold_words(text))
    days = _days(words.rstrip(" t"), languages)
    if clock is None:
        return days
    return tuple(_moments(days, clock, zone))


def _days(words: str, languages: Languages) -> tuple[date, ...]:
    if found := _YEAR_FIRST.fullmatch(words) or _RUN.fullmatch(words):
        year, month, day = found[1], found[found.re.groups - 1], found[found.re.groups]
        return _valid((int(year), int(month), int(day)))
    if found := _YEAR_LAST.fullmatch(words):
        one, other, year = int(found[1]), int(found[3]), int(found[4])
        return _valid((year, one, other), (year, other, one))
    named = dated(words, languages)
    return () if named is None else (named,)


def _valid(*readings: tuple[int, int, int]) -> tuple[date, ...]:
    found: dict[date, None] = {}
    for year, month, day in readings:
        try:
            found[date(year, month, day)] = None
        except ValueError:
            continue
    return tuple(found)


def _moments(days: tuple[date, ...], clock: time, zone: tzinfo) -> list[When]:
    found: list[When] = []
    for day in days:
        try:
            found.append(on(day, clock, zone))
        except OverflowError:
            continue
    return found
