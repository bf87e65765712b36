"""Sizes of files in words: ``312 B``, ``4.1 KB``, ``1.2 GB`` (powers of 1,000, as disks say)."""

from __future__ import annotations

_UNITS = ("B", "KB", "MB", "GB", "TB")


def size(count: int) -> str:
    number, unit = float(count), 0
    while number >= 999.5 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    if unit == 0 or number >= 99.5:
        return f"{number:.0f} {_UNITS[unit]}"
    return f"{number:.1f} {_UNITS[unit]}".replace(".0 ", " ")
