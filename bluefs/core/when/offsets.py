"""Distances in time: ``+7d``, ``-1 week``, ``in 3 days``, ``1 day``, ``dans 3 jours``.

Owns `parse_offset` and `shift`. Days, weeks, months and years move the calendar and leave the
wall clock alone, over a change of the clocks too; hours and minutes are elapsed time. A month
further from the 31st is the last day of a shorter month. Refuses fractions and unit-less
numbers (``+3`` of what?).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from bluefs.core.frozen import dataclass
from bluefs.core.patterns import pattern
from bluefs.core.when.moments import When, moment, on
from bluefs.core.when.names import Languages, fold_words, units

BOTH: Languages = ("en", "fr")

_SIGNED = pattern(r"([+-]?) ?([0-9]{1,6}) ?([a-z]+)")
_AHEAD = pattern(r"(?:in|dans|d'ici) ([0-9]{1,6}) ?([a-z]+)")
_AGO = pattern(r"([0-9]{1,6}) ?([a-z]+) ago|il y a ([0-9]{1,6}) ?([a-z]+)")
_ONE = pattern(r"\b(?:a|an|un|une)\b(?= [a-z])")


@dataclass(frozen=True, slots=True)
class Offset:
    """Calendar months and days, and elapsed minutes; negative into the past."""

    months: int = 0
    days: int = 0
    minutes: int = 0

    @property
    def elapsed(self) -> bool:
        """True for hours and minutes: the result is a moment."""
        return self.minutes != 0

    def negated(self) -> Offset:
        return Offset(-self.months, -self.days, -self.minutes)


@lru_cache(maxsize=4)
def _units(languages: Languages) -> dict[str, tuple[int, int, int]]:
    return units(languages)


def _made(count: int, unit: str, languages: Languages) -> Offset | None:
    one = _units(languages).get(unit)
    return None if one is None else Offset(*(count * part for part in one))


def parse_offset(text: str, languages: Languages = BOTH, *, signed: bool = False) -> Offset | None:
    """The distance this says, None if it says none. With ``signed`` a bare ``3d`` is none
    either: there a date is wanted, and only ``+3d``, ``in 3 days`` and the like are one."""
    words = fold_words(text)
    if found := _SIGNED.fullmatch(words):
        sign, count, unit = found.groups()
        if signed and not sign:
            return None
        return _made(-int(count) if sign == "-" else int(count), unit, languages)
    words = _ONE.sub("1", words)
    if found := _AHEAD.fullmatch(words):
        return _made(int(found[1]), found[2], languages)
    if found := _AGO.fullmatch(words):
        return _made(-int(found[1] or found[3]), found[2] or found[4], languages)
    return None


def add_months(day: date, months: int) -> date:
    """Raises ValueError or OverflowError out of the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    from calendar import monthrange  # imports locale: most commands reckon with no months

    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _calendar(day: date, offset: Offset) -> date:
    return add_months(day, offset.months) + timedelta(days=offset.days)


def apply_offset(value: When, offset: Offset, zone: tzinfo) -> When | None:
    """That much later: a day stays a day unless hours are added (counted from its midnight),
    a moment a moment. None where it leaves the years 1 to 9999."""
    try:
        if not isinstance(value, datetime):
            day = _calendar(value, offset)
            return day if not offset.elapsed else _elapsed(on(day, time(), zone), offset, zone)
        wall = moment(value, zone)
        if offset.months or offset.days:
            wall = on(_calendar(wall.date(), offset), wall.time(), zone)
        return _elapsed(wall, offset, zone)
    except (OverflowError, ValueError):
        return None


def _elapsed(value: datetime, offset: Offset, zone: tzinfo) -> datetime:
    if not offset.elapsed:
        return value
    return moment(value.astimezone(UTC) + timedelta(minutes=offset.minutes), zone)


def shift(value: When, offset_text: str, zone: tzinfo | None = None) -> When | None:
    """The value moved by what a person wrote: ``shift(date(2026, 11, 24), "+7d")``. A bare
    ``1 day`` moves forward. ``zone`` is where the wall clock stands (a moment's own offset
    where it is left out, UTC for a day). None for text that is no distance, or out of the
    years 1 to 9999."""
    offset = parse_offset(offset_text)
    if offset is None:
        return None
    own = value.tzinfo if isinstance(value, datetime) else None
    return apply_offset(value, offset, zone or own or UTC)
