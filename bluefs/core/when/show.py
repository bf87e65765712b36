"""How a person reads a date: ``today 15:00``, ``Fri 27 Nov``, ``1 Dec 2027``, ``3 days late``.

Within a week of today, before or after it, the weekday says most and the year nothing;
further off it is the other way round. In full it does not rest on a present moment. Languages without a table here read English.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from bluefs.core.model import Span
from bluefs.core.when.moments import When, moment, zone_of
from bluefs.core.when.names import SHORT_DAYS, SHORT_MONTHS
from bluefs.core.words import plural, say

_WEEK = 7  # days: "+7d" still shows its weekday


def _language(language: str) -> str:
    short = language.replace("_", "-").partition("-")[0].lower()
    return short if short in SHORT_DAYS else "en"


def _day(day: date, today: date, language: str) -> str:
    if day == today:
        return say("dates.today", language=language)
    text = f"{day.day} {SHORT_MONTHS[language][day.month - 1]}"
    if abs((day - today).days) <= _WEEK:
        return f"{SHORT_DAYS[language][day.weekday()]} {text}"
    return f"{text} {day.year}"


def show_when(value: When | Span, now: datetime, language: str = "en") -> str:
    """For a person, seen from ``now`` (aware, in the workspace's zone)."""
    if isinstance(value, Span):
        low, high = (show_when(end, now, language) for end in (value.start, value.end))
        return low if value.start == value.end else f"{low} – {high}"
    zone, known = zone_of(now), _language(language)
    if not isinstance(value, datetime):
        return _day(value, _today(now, zone), known)
    wall = _wall(value, zone)
    return f"{_day(wall.date(), _today(now, zone), known)} {wall:%H:%M}"


def show_in_full(value: When | Span, zone: tzinfo, language: str = "en") -> str:
    """For who reads it on any day, in a mail: ``Fri 27 Nov 2026 15:00``, in the workspace's
    zone."""
    if isinstance(value, Span):
        low, high = (show_in_full(end, zone, language) for end in (value.start, value.end))
        return low if value.start == value.end else f"{low} – {high}"
    if isinstance(value, datetime):
        wall = _wall(value, zone)
        return f"{show_in_full(wall.date(), zone, language)} {wall:%H:%M}"
    known = _language(language)
    weekday, month = SHORT_DAYS[known][value.weekday()], SHORT_MONTHS[known][value.month - 1]
    return f"{weekday} {value.day} {month} {value.year}"


def _wall(value: datetime, zone: tzinfo) -> datetime:
    try:
        return moment(value, zone)
    except OverflowError:  # the first or the last hours of the calendar
        return value


def _today(now: datetime, zone: tzinfo) -> date:
    return now.astimezone(zone).date()


def late(value: When | Span, now: datetime, language: str = "en") -> str | None:
    """How late it is (``3 days late``), None if it is not. A day is late once it is over; a
    moment at once, counted in minutes and hours on its own day."""
    end = value.end if isinstance(value, Span) else value
    zone, known = zone_of(now), _language(language)
    today = _today(now, zone)
    day = _wall(end, zone).date() if isinstance(end, datetime) else end
    if day < today:
        return plural("dates.late.days", (today - day).days, language=known)
    if not isinstance(end, datetime) or end >= now:
        return None
    minutes = int((now - end).total_seconds()) // 60
    if minutes >= 60:
        return plural("dates.late.hours", minutes // 60, language=known)
    return plural("dates.late.minutes", max(1, minutes), language=known)
