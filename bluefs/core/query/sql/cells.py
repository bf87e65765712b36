"""Values as text whose order is theirs.

Owns the form in which a value stands in a query table. Laws: two values of a kind compare as
their cells do (SQLite's BINARY, which for UTF-8 is Python's order of ``str``), exactly, however
many digits a number has; kinds rank as ``sorting`` ranks them; no cell holds a character below
U+0004 except as a separator, so SQLite's text functions, which stop at NUL, see all of it.
Refuses REAL: 0.1 + 0.2 is not 0.3 there.

======  =============================================================================
not set NULL
bool    ``1`` and 0 or 1
number  ``2``, sign, exponent, digits
date    ``3``, its day, 0 for a day or 1 and the instant, the first and the last instant
set     ``4`` and each member as a text, between ``MEMBER``
text    ``5``, its search form, ``RAW``, itself
======  =============================================================================
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from bluefs.core.hints import Final
from bluefs.core.model import Span, Value
from bluefs.core.patterns import pattern
from bluefs.core.query.folding import needle
from bluefs.core.query.sorting import moment_of
from bluefs.core.when import first_instant, last_instant

#: Stands before and behind each member of a set, and between texts that are searched alike.
MEMBER: Final = "\x01"
#: Stands between a text's search form and the text.
RAW: Final = "\x02"

_BOOL, _NUMBER, _DATE, _SET, _TEXT = "12345"
#: Where the parts of a date's cell begin (from 1) and how long they are.
ORDER: Final = (1, 30)
FIRST: Final = (31, 18)
LAST: Final = (49, 18)

_START = datetime.min.replace(tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_UNSAFE = pattern("[\x00-\x03\ud800-\udfff]")
_MOST = 5_000_000  # powers of ten either way; a file's numbers have 64 digits at most


def plain(text: str) -> str:
    """The text without NUL, separators and what is no Unicode text (a lone half of a
    surrogate pair). One to one, and in the same order, for all that files can hold."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\x03{code + 4:c}" if code < 4 else f"\U0010fffd{code:04x}"


def text_cell(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:  # most are
        return f"{_TEXT}{text.lower().strip(' ')}{RAW}{text}"
    return _TEXT + _pair(text)


def _pair(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:  # most are
        return f"{text.lower().strip(' ')}{RAW}{text}"
    return f"{needle(text)}{RAW}{plain(text)}"


@lru_cache(maxsize=4096)
def set_cell(texts: tuple[str, ...]) -> str:
    return f"{_SET}{MEMBER}{''.join(_pair(text) + MEMBER for text in texts)}"


def member(text: str) -> str:
    """What a set's cell holds if this very text is among its members."""
    return f"{MEMBER}{_pair(text)}{MEMBER}"


def bool_cell(value: bool) -> str:
    return _BOOL + ("1" if value else "0")


def number_cell(number: Decimal) -> str:
    """Of a number 0.d₁d₂… × 10ⁿ the sign, n, then the digits; below zero both are taken from
    nines, and an end mark above all digits makes the shorter the greater."""
    written = str(number)
    if written.isdigit() and written[0] != "0":  # the same, quicker
        return f"{_NUMBER}c{len(written) + _MOST:07}{written.rstrip('0')}"
    sign, digits, exponent = number.as_tuple()
    shown = "".join(map(str, digits)).lstrip("0")
    if not shown or not isinstance(exponent, int):
        return f"{_NUMBER}b"
    power = min(max(len(shown) + exponent + _MOST, 0), 9_999_999)
    shown = shown.rstrip("0")
    if not sign:
        return f"{_NUMBER}c{power:07}{shown}"
    return f"{_NUMBER}a{9_999_999 - power:07}{shown.translate(_NINES)}~"


def written_cell(number: str) -> str:
    """The same of one that is written out, begins with a digit above 0 and has no exponent."""
    whole, _, decimals = number.partition(".")
    return f"{_NUMBER}c{len(whole) + _MOST:07}{(whole + decimals).rstrip('0')}"


_NINES = str.maketrans("0123456789", "9876543210")


@lru_cache(maxsize=16384)
def date_cell(value: date | Span, zone: tzinfo) -> str:
    start = value.start if isinstance(value, Span) else value
    day, is_moment, at = moment_of(start, zone)
    first, last = instant(first_instant(value, zone)), instant(last_instant(value, zone))
    return f"{_DATE}{day.isoformat()}{is_moment:d}{at:018}{first}{last}"


def instant(moment: datetime) -> str:
    """Microseconds since the year 1 in 18 digits: as text in the order of time."""
    return f"{(moment - _START) // _TICK:018}"


def cell(value: Value, zone: tzinfo) -> str | None:
    """The cell of any value; None for one that is not set."""
    if isinstance(value, str):
        return text_cell(value)
    if value is None:
        return None
    if isinstance(value, tuple):
        return set_cell(value) if value else None
    if isinstance(value, bool):
        return bool_cell(value)
    if isinstance(value, Decimal):
        return number_cell(value)
    return date_cell(value, zone)
