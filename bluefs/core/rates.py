"""Exchange rates: a table of lines ``date,from,to,rate``, and the rate of a day.

Owns the reading of such a file, with every fault at its place, and which rate counts: the newest on
or before the day, without a day the newest of all; that of the inverse pair where the file has
no other. Exact decimals; refuses to round and to chain pairs (EUR→GBP→USD is a guess about who
trades what).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from bluefs.core.fields.decimals import LONGEST, parse_decimal
from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import Any
from bluefs.core.money import CURRENCIES
from bluefs.core.patterns import pattern

COLUMNS = ("date", "from", "to", "rate")
#: Faults that are told of one file; nobody mends more before looking again.
_MOST = 100
#: A cell of a line: with quotes (doubled inside), or up to the next comma.
_CELL = pattern(r'[ \t]*("(?:[^"]|"")*"|[^,"]*)[ \t]*(,|\Z)')
_DAY = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LineFault:
    """``key`` is one of the catalogue, with its fields; columns count from 1, ``end`` is
    exclusive."""

    line: int
    column: int
    end: int
    key: str
    fields: Mapping[str, Any]


@dataclass(slots=True)
class Rates:
    """What a file holds: pair -> day -> rate. ``broken``: it cannot be read as a whole, and what
    it lacks is no fault of its own."""

    pairs: dict[Pair, dict[date, Decimal]] = field(default_factory=dict)
    faults: list[LineFault] = field(default_factory=list)
    broken: bool = False

    def series(self, source: str, target: str) -> tuple[str, bool] | None:
        """What `rate_at` wants of a pair, and whether it is that of the inverse pair; None where
        the file has neither. A text, so that settings are quickly kept and compared."""
        for pair, inverse in (((source, target), False), ((target, source), True)):
            days = self.pairs.get(pair)
            if days:
                return " ".join(f"{day} {days[day]}" for day in sorted(days)), inverse
        return None


def rate_at(series: str, day: date | None) -> Decimal | None:
    """The newest rate on or before the day, of all for None; None before the first."""
    days, rates = _listed(series)
    at = len(days) if day is None else bisect_right(days, day)
    return rates[at - 1] if at else None


@lru_cache(maxsize=64)
def _listed(series: str) -> tuple[list[date], list[Decimal]]:
    words = series.split(" ")
    return [*map(date.fromisoformat, words[::2])], [*map(Decimal, words[1::2])]


def parse_rates(lines: Sequence[str]) -> Rates:
    """The file's lines, without a byte order mark. Wrong lines cost themselves. Never raises."""
    found = Rates()
    numbered = ((n, line) for n, line in enumerate(lines, 1) if line.strip(" \t,"))
    first = next(numbered, None)
    order = None if first is None else _order(*first, found)
    if order is None:
        found.broken = True
        if not found.faults:
            found.faults.append(_header(1, 1, 2, ", ".join(COLUMNS)))
        return found
    for number, line in numbered:
        if len(found.faults) >= _MOST:
            break
        _read_line(number, line, *order, found)
    return found


def _header(line: int, column: int, end: int, missing: str) -> LineFault:
    fields = {"columns": ",".join(COLUMNS), "missing": missing}
    return LineFault(line, column, end, "computed.rates.header", fields)


def _order(number: int, line: str, found: Rates) -> tuple[tuple[int, ...], int] | None:
    """Where each of the four columns stands (others are passed over), and how many there are."""
    names = [text.casefold() for text, _, _ in _cells(line)]
    missing = [one for one in COLUMNS if one not in names]
    if not missing:
        return tuple(names.index(one) for one in COLUMNS), len(names)
    if ";" in line and "," not in line:
        fault = LineFault(
            number, line.index(";") + 1, line.index(";") + 2, "computed.rates.comma", {}
        )
    else:
        fault = _header(number, 1, len(line.rstrip()) + 1, ", ".join(missing))
    found.faults.append(fault)
    return None


def _cells(line: str) -> Iterator[tuple[str, int, int]]:
    """(text, column, end) of each cell; text behind a closing quote makes a cell of its own."""
    if '"' not in line:
        at = 0
        for part in line.split(","):
            text = part.strip(" \t")
            column = at + len(part) - len(part.lstrip(" \t")) + 1
            yield text, column, column + max(len(text), 1)
            at += len(part) + 1
        return
    at = 0
    while at <= len(line):
        cell = _CELL.match(line, at)
        if cell is None:
            yield line[at:], at + 1, len(line) + 1
            return
        text = cell[1].strip(" \t")
        inner = text[1:-1].replace('""', '"').strip(" \t") if text[:1] == '"' else text
        yield (
            inner,
            cell.start(1) + 1,
            max(cell.start(1) + len(text), cell.start(1) + 1) + 1 - (not text),
        )
        at = cell.end()
        if not cell[2]:
            return


def _read_line(number: int, line: str, order: tuple[int, ...], count: int, found: Rates) -> None:
    cells = list(_cells(line))
    more = any(text for text, _, _ in cells[count:])  # a decimal comma, most likely
    if len(cells) <= max(order) or more:
        fields = {"count": len(cells), "wanted": count}
        end = len(line.rstrip()) + 1
        found.faults.append(LineFault(number, 1, end, "computed.rates.cells", fields))
        return
    (day_text, *day_place), source, target, (rate_text, *rate_place) = (cells[n] for n in order)
    before = len(found.faults)

    def fault(place: Sequence[int], key: str, text: str) -> None:
        found.faults.append(LineFault(number, place[0], place[1], key, {"text": text[:60]}))

    day, rate = _day(day_text), parse_decimal(rate_text)
    if day is None:
        fault(day_place, "computed.rates.day", day_text)
    for code, *place in (source, target):
        if code not in CURRENCIES:
            key = (
                "computed.rates.small" if code.upper() in CURRENCIES else "computed.rates.currency"
            )
            fault(place, key, code)
    if rate is None or rate <= 0 or len(rate_text) > LONGEST:
        fault(rate_place, "computed.rates.rate", rate_text)
    elif source[0] == target[0] and source[0] in CURRENCIES:
        fault(target[1:], "computed.rates.same", target[0])
    if len(found.faults) > before or day is None or rate is None:
        return
    days = found.pairs.setdefault((source[0], target[0]), {})
    if days.setdefault(day, rate) != rate:
        fault(day_place, "computed.rates.twice", f"{day} {source[0]} {target[0]}")


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
