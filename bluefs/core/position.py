"""Positions: a key between any two keys, so that moving one card writes one file.

A position is text over the digits ``0-9A-Za-z``, whose ASCII order is their order, compared
as bytes. The form is the widely used one of fractional indexing (D. Greenspan, "Implementing
Fractional Indexing"; the npm package ``fractional-indexing``): an *integer part*, whose first
letter says its length (``a``: two characters, ``b``: three, ... ``Z``: two, ``Y``: three, ...
for the numbers below ``a0``), and a *fraction* that never ends in ``0``. So ``a0 < a0V < a1``,
and adding at either end stays short.

People type positions by hand (``position: 5``), so ``between`` also accepts any other base-62
text, as a plain fraction. This module refuses to rebalance: what nobody moved keeps its key.
"""

from __future__ import annotations

from collections.abc import Iterable

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FIRST = "a0"
_VALUE = {digit: n for n, digit in enumerate(DIGITS)}
_SMALLEST = "A" + "0" * 26


def is_position(text: str) -> bool:
    """Whether ``text`` can stand as a position: base-62 digits, not ending in ``0`` unless the
    integer part does (nothing would fit between ``5`` and ``50``)."""
    if not text or any(c not in _VALUE for c in text):
        return False
    return not text.endswith("0") or (_is_key(text) and len(text) == _integer_length(text[0]))


def between(a: str | None, b: str | None) -> str:
    """A short position strictly between ``a`` and ``b``; None is the open end. Without either,
    the first position there is.

    Raises ValueError if ``a >= b``, if one is not base-62 text, or if nothing fits: before a
    hand-typed ``0``, or between two that differ only in trailing zeros.
    """
    _check_order(a, b)
    if (a is None or _is_key(a)) and (b is None or _is_key(b)):
        return _between_keys(a, b)
    if b is None and a is not None and a < FIRST:
        return FIRST
    if a is None and b is not None and b > FIRST:
        return FIRST
    low = a or ""
    if b is not None and low.rstrip("0") == b.rstrip("0"):
        raise ValueError(f"no position fits between {a!r} and {b!r}")
    return _middle(low, b)


def after_last(positions: Iterable[str | None]) -> str:
    """A position after all of these (None, a record without one, does not count)."""
    return between(max((p for p in positions if p), default=None), None)


def spread(a: str | None, b: str | None, count: int) -> tuple[str, ...]:
    """``count`` ascending positions between ``a`` and ``b``, about evenly far apart. Raises
    ValueError as ``between`` does."""
    if count <= 0:
        _check_order(a, b)
        return ()
    if b is None or a is None:
        return _spread_open(a, b, count)
    half = count // 2
    middle = between(a, b)
    return (*spread(a, middle, half), middle, *spread(middle, b, count - half - 1))


def _spread_open(a: str | None, b: str | None, count: int) -> tuple[str, ...]:
    found: list[str] = []
    if b is None:
        for _ in range(count):
            found.append(between(found[-1] if found else a, None))
        return tuple(found)
    for _ in range(count):
        found.append(between(None, found[-1] if found else b))
    return tuple(reversed(found))


def _check_order(a: str | None, b: str | None) -> None:
    for text in (a, b):
        if text is not None and (not text or any(c not in _VALUE for c in text)):
            raise ValueError(f"{text!r} is not a position")
    if a is not None and b is not None and a >= b:
        raise ValueError(f"{a!r} does not come before {b!r}")


def _is_key(text: str) -> bool:
    """Integer part whole, fraction not ending in ``0``, room left below."""
    if not text[0].isalpha() or len(text) < _integer_length(text[0]) or text == _SMALLEST:
        return False
    return len(text) == _integer_length(text[0]) or not text.endswith("0")


def _integer_length(head: str) -> int:
    return ord(head) - ord("a") + 2 if head >= "a" else ord("Z") - ord(head) + 2


def _split(key: str) -> tuple[str, str]:
    length = _integer_length(key[0])
    return key[:length], key[length:]


def _between_keys(a: str | None, b: str | None) -> str:
    if a is None:
        return FIRST if b is None else _before(b)
    whole, part = _split(a)
    if b is None:
        return _step(whole, up=True) or whole + _middle(part, None)
    other, other_part = _split(b)
    if whole == other:
        return whole + _middle(part, other_part)
    following = _step(whole, up=True)
    return following if following and following < b else whole + _middle(part, None)


def _before(b: str) -> str:
    whole, part = _split(b)
    if whole == _SMALLEST:
        return whole + _middle("", part)
    if part:
        return whole
    below = _step(whole, up=False)
    assert below is not None  # only the smallest has nothing below
    # The smallest integer alone is no key: nothing would fit below it.
    return below if below != _SMALLEST else below + _middle("", None)


def _step(whole: str, *, up: bool) -> str | None:
    """The next integer part up or down, None past the last one."""
    head, digits = whole[0], list(whole[1:])
    full, empty = (DIGITS[-1], DIGITS[0]) if up else (DIGITS[0], DIGITS[-1])
    for n in range(len(digits) - 1, -1, -1):
        if digits[n] != full:
            digits[n] = DIGITS[_VALUE[digits[n]] + (1 if up else -1)]
            return head + "".join(digits)
        digits[n] = empty
    return _next_head(head, len(digits), empty, up=up)


def _next_head(head: str, length: int, empty: str, *, up: bool) -> str | None:
    if head == ("z" if up else "A"):
        return None
    if head == ("Z" if up else "a"):
        return ("a" if up else "Z") + empty
    grown = length + (1 if (head >= "a") == up else -1)
    return chr(ord(head) + (1 if up else -1)) + empty * grown


def _middle(a: str, b: str | None) -> str:
    """A fraction strictly between ``a`` and ``b`` (None: 1), as short as can be, not ending in
    ``0``."""
    shared = ""
    while b is not None:
        n = _common(a, b)
        if n == 0:
            break
        shared, a, b = shared + b[:n], a[n:], b[n:]
        if not b:
            raise ValueError("nothing lies between")
    low = _VALUE[a[0]] if a else 0
    high = _VALUE[b[0]] if b else len(DIGITS)
    if high - low > 1:
        return shared + DIGITS[(low + high) // 2]
    if b is not None and len(b) > 1:
        return shared + b[0]
    return shared + DIGITS[low] + _middle(a[1:], None)


def _common(a: str, b: str) -> int:
    """How many digits ``b`` starts with that ``a``, going on in zeros, has too."""
    n = 0
    while n < len(b) and (a[n] if n < len(a) else "0") == b[n]:
        n += 1
    return n
