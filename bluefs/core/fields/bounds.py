"""What a query may ask of a value that has an order: ``a..b``, ``a..``, ``..b``, ``>=a``."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bluefs.core.frozen import dataclass
from bluefs.core.hints import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds(Generic[T]):
    """Both ends included unless ``open_low``/``open_high``; None: no bound on that side."""

    low: T | None
    high: T | None
    open_low: bool = False
    open_high: bool = False


def holds(bounds: Bounds[Decimal], value: Decimal) -> bool:
    """Whether the number lies between the bounds."""
    low, high = bounds.low, bounds.high
    if low is not None and (value < low or (bounds.open_low and value == low)):
        return False
    return high is None or value < high or (not bounds.open_high and value == high)


def parse_bounds(operand: str, read: Callable[[str], T | None]) -> Bounds[T] | None:
    """The bounds of a query's operand, each end read by ``read``; None where one cannot be
    read or neither is there."""
    text = operand.strip()
    for sign in (">=", "<=", ">", "<", "="):
        if text.startswith(sign):
            return _signed(sign, read(text[len(sign) :].strip()))
    low_text, dots, high_text = text.partition("..")
    low = read(low_text.strip()) if low_text.strip() else None
    if not dots:
        return None if low is None else Bounds(low, low)
    high = read(high_text.strip()) if high_text.strip() else None
    unread = (low is None) == bool(low_text.strip()) or (high is None) == bool(high_text.strip())
    return None if unread or (low is None and high is None) else Bounds(low, high)


def _signed(sign: str, end: T | None) -> Bounds[T] | None:
    if end is None:
        return None
    low = end if sign in (">=", ">", "=") else None
    high = end if sign in ("<=", "<", "=") else None
    return Bounds(low, high, sign == ">", sign == "<")
