"""Days and moments as values and as ISO 8601 text; what a zone makes of a wall clock.

Owns: `parse_when`/`render_when`, the rules for days on which the clocks change, and order.
Refuses: words, guesses and relative dates (``typed``, ``near``), and any clock of its own.

A day is a ``date``. A moment is an aware ``datetime`` whose tzinfo is the *fixed offset* that
the workspace's zone has at that moment. So ``.date()`` and ``.hour`` read as on the wall, and
equality and hash go by the instant. (With zoneinfo's own tzinfo they do not: PEP 495 lets the
two 02:30 of an autumn night be equal, and never equal to the same instant written elsewhere.)

A wall clock without an offset follows RFC 5545 §3.3.5: a time that the clocks skip in spring
is read with the offset before the gap (02:30 is 03:30), one that they show twice in autumn is
the first of the two. The second can only be written with its offset; both are rendered so.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from bluefs.core.model import Span
from bluefs.core.patterns import pattern

When = date | datetime

_DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_CLOCK = r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
_OFFSET = r"([Zz]|[+-][0-9]{2}(?::?[0-9]{2}(?::[0-9]{2})?)?)"
_WHEN = pattern(rf"{_DAY}(?:(?:[Tt]| +){_CLOCK}(?: ?{_OFFSET})?)?")

#: JSON Schema pattern of what `parse_when` reads (ECMA 262, as editors want it).
PATTERN = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"( ?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?))?)?"
)

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo | None:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, not a relative path, a folder
        return None


def zone(name: str) -> tzinfo:
    """The time zone of this IANA name, UTC for an unknown one (`is_zone` tells; the reader
    of bluefs.yaml reports it)."""
    return _zone(name) or UTC


def is_zone(name: str) -> bool:
    """Whether the IANA database knows this name."""
    return _zone(name) is not None


def zone_of(now: datetime) -> tzinfo:
    """The zone of an aware moment. Raises ValueError for a naive one (a bug)."""
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    return now.tzinfo


def moment(value: datetime, zone: tzinfo) -> datetime:
    """The same instant as a moment of this zone: wall clock and fixed offset. Raises
    OverflowError where it falls out of the years 1 to 9999."""
    wall = value.astimezone(UTC).astimezone(zone)
    offset = wall.utcoffset() or timedelta()
    return wall.replace(tzinfo=timezone(offset), fold=0)


def on(day: date, clock: time, zone: tzinfo) -> datetime:
    """The moment at which the clocks of this zone show this time on this day."""
    return moment(datetime.combine(day, clock, zone), zone)


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(6, "0")
    hours, minutes, seconds = (int(digits[n : n + 2]) for n in (0, 2, 4))
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError(text)
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-span if text[0] == "-" else span)


def parse_when(text: str, zone: tzinfo) -> When | None:
    """A day (``2026-12-01``) or a moment (``2026-12-01T15:00``, with seconds, a space for
    the T, its own offset or ``Z``); None for anything else. Without an offset a moment is
    meant in ``zone``."""
    found = _WHEN.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        on_day = date(int(year), int(month), int(day))
        if hour is None:
            return on_day
        micro = int((fraction or "").ljust(6, "0"))
        clock = time(int(hour), int(minute), int(second or 0), micro)
        own = zone if offset is None else _offset(offset)
        return moment(datetime.combine(on_day, clock, own), zone)
    except (ValueError, OverflowError):
        return None


def parse_span(text: str, zone: tzinfo) -> Span | None:
    """``a/b``, both ends included, or a lone day or moment (from it to itself). None where an
    end cannot be read or the end comes before the start."""
    low, slash, high = text.partition("/")
    start = parse_when(low, zone)
    end = parse_when(high, zone) if slash else start
    if start is None or end is None or not in_order(start, end, zone):
        return None
    return Span(start, end)


def _clock(wall: datetime) -> str:
    spec = "microseconds" if wall.microsecond else "seconds" if wall.second else "minutes"
    return wall.replace(tzinfo=None).isoformat(timespec=spec)


def _is_twofold(wall: datetime, zone: tzinfo) -> bool:
    naive = wall.replace(tzinfo=zone, fold=0)
    return naive.utcoffset() != naive.replace(fold=1).utcoffset()


def render_when(value: When | Span, zone: tzinfo) -> str:
    """As a file says it. A moment stands in the workspace's zone without an offset, except
    where the clocks show that time twice."""
    if isinstance(value, Span):
        low, high = render_when(value.start, zone), render_when(value.end, zone)
        return low if value.start == value.end else f"{low}/{high}"
    if not isinstance(value, datetime):
        return value.isoformat()
    wall = moment(value, zone)
    if not _is_twofold(wall, zone):
        return _clock(wall)
    return _clock(wall) + wall.isoformat()[len(wall.replace(tzinfo=None).isoformat()) :]


def iso_when(value: When | Span, zone: tzinfo) -> str:
    """As JSON says it: a moment with seconds and offset (``2026-11-24T15:00:00+01:00``)."""
    if isinstance(value, Span):
        low, high = iso_when(value.start, zone), iso_when(value.end, zone)
        return low if value.start == value.end else f"{low}/{high}"
    if not isinstance(value, datetime):
        return value.isoformat()
    return moment(value, zone).isoformat()


def _midnight(day: date, zone: tzinfo) -> datetime:
    try:
        return on(day, time(), zone)
    except OverflowError:
        return _FIRST if day.year < 5000 else _LAST


def first_instant(value: When | Span, zone: tzinfo) -> datetime:
    """When it begins: a day at its midnight in this zone."""
    if isinstance(value, Span):
        return first_instant(value.start, zone)
    return value if isinstance(value, datetime) else _midnight(value, zone)


def last_instant(value: When | Span, zone: tzinfo) -> datetime:
    """When it ends: a day one microsecond before the next midnight, a moment at itself."""
    if isinstance(value, Span):
        return last_instant(value.end, zone)
    if isinstance(value, datetime):
        return value
    if value == date.max:
        return _LAST
    return _midnight(value + timedelta(days=1), zone) - _TICK


def in_order(start: When, end: When, zone: tzinfo) -> bool:
    """Whether a span may go from ``start`` to ``end`` (the whole last day included)."""
    return first_instant(start, zone) <= last_instant(end, zone)


def compare(a: When | Span, b: When | Span, zone: tzinfo) -> int:
    """-1, 0 or 1: by when they begin, then a day before a moment, then by when they end. A
    total order; 0 only for equal values."""
    left, right = (
        (first_instant(v, zone), isinstance(v, datetime), last_instant(v, zone), _rank(v))
        for v in (a, b)
    )
    return (left > right) - (left < right)


def _rank(value: When | Span) -> tuple[bool, bool, bool]:
    """Tells apart what begins and ends at the same instants: a day, a span of one day, a
    span that says so in moments."""
    if isinstance(value, Span):
        return True, isinstance(value.start, datetime), isinstance(value.end, datetime)
    return False, False, False


def within(value: When | Span, low: When | None, high: When | None, zone: tzinfo) -> bool:
    """Whether some part of the value lies between the bounds, both included (None: open). A
    day as a bound counts with its whole day."""
    if low is not None and last_instant(value, zone) < first_instant(low, zone):
        return False
    return high is None or first_instant(value, zone) <= last_instant(high, zone)
