"""What a person types for a date, on a command line, in a rule or in a query.

Owns `typed_when`, `typed_bound` and `typed_range`. Relative words are counted from the caller's ``now``; its
tzinfo is the zone in which clocks are read. Refuses what has two readings (``1/12``): None.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from bluefs.core.model import Span
from bluefs.core.when.clock import split_time
from bluefs.core.when.days import typed_day
from bluefs.core.when.moments import When, in_order, moment, on, parse_when, zone_of
from bluefs.core.when.names import Languages, fold_words
from bluefs.core.when.near import near_when
from bluefs.core.when.offsets import BOTH, apply_offset, parse_offset

_LONGEST = 80  # characters; no date is longer


def typed_when(text: str, now: datetime, languages: Languages = BOTH) -> When | None:
    """The day or moment that a person means: ``fri``, ``tomorrow 9am``, ``+3d``, ``in 3
    hours``, ``1 dec``, ``2026-12-01 15:00``, ``demain à 15h30``. A lone time is today's. None
    where nothing, or more than one thing, could be meant."""
    zone = zone_of(now)
    if len(text) > _LONGEST:
        return None
    exact = parse_when(text, zone)
    if exact is not None:
        return exact
    words = fold_words(text)
    if not words:
        return None
    try:
        return _relative(words, now, zone, languages) or _only(near_when(text, zone, languages))
    except (OverflowError, ValueError):
        return None


def _only(readings: tuple[When, ...]) -> When | None:
    return readings[0] if len(readings) == 1 else None


def _relative(words: str, now: datetime, zone: tzinfo, languages: Languages) -> When | None:
    minute = moment(now, zone).replace(second=0, microsecond=0)
    if words in ("now", "maintenant"):
        return minute
    found = _offset(words, minute, zone, languages)
    if found is not None:
        return found
    rest, clock = split_time(words)
    day = _offset(rest, minute, zone, languages) or typed_day(rest, minute.date(), languages)
    if clock is None or day is None:
        return day
    return None if isinstance(day, datetime) else on(day, clock, zone)


def _offset(words: str, now: datetime, zone: tzinfo, languages: Languages) -> When | None:
    offset = parse_offset(words, languages, signed=True)
    if offset is None:
        return None
    return apply_offset(now if offset.elapsed else now.date(), offset, zone)


def typed_bound(text: str, now: datetime, languages: Languages = BOTH) -> When | Span | None:
    """What a query may have for an end or a whole: a day, a moment, or a period (``this week``),
    which counts from its first day to its last."""
    from bluefs.core.when.periods import typed_period

    try:
        words = fold_words(text) if len(text) <= _LONGEST else ""
        found = typed_period(words, moment(now, zone_of(now)).date(), languages)
    except (OverflowError, ValueError):
        return None
    return found or typed_when(text, now, languages)


def typed_range(
    text: str, now: datetime, languages: Languages = BOTH
) -> tuple[When | None, When | None] | None:
    """The bounds that a person means, None for an open end: ``fri..``, ``..+7d``,
    ``today..eom``; a lone day or moment is both bounds, a period (``this week``) from its first
    day to its last. None as a whole where an end cannot be read, both are open, or they are in
    the wrong order. See `within` for what lies inside."""
    low_text, dots, high_text = text.partition("..")
    if not dots:
        high_text = low_text
    first = typed_bound(low_text, now, languages) if low_text.strip() else None
    last = typed_bound(high_text, now, languages) if high_text.strip() else None
    low = first.start if isinstance(first, Span) else first
    high = last.end if isinstance(last, Span) else last
    unread = (low is None and low_text.strip()) or (high is None and high_text.strip())
    if unread or (low is None and high is None):
        return None
    if low is not None and high is not None and not in_order(low, high, zone_of(now)):
        return None
    return low, high
