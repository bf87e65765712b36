"""The ways in which people and programs lay out the same front matter.

Each takes the entries of a record (a value is one text or a list of texts, all of them harmless
as plain scalars) and gives the lines between the two ``---``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

Entry = tuple[str, str | list[str]]


def plain(entries: Sequence[Entry], rng: Random) -> str:
    """As bluefs writes it: a key a line, lists in brackets."""
    return "".join(
        f"{key}: {value if isinstance(value, str) else '[' + ', '.join(value) + ']'}\n"
        for key, value in entries
    )


def block(entries: Sequence[Entry], rng: Random) -> str:
    """Lists below their key, indented."""
    return "".join(_entry(key, value, "  - ") for key, value in entries)


def quoted(entries: Sequence[Entry], rng: Random) -> str:
    """As property editors write it: texts in double quotes, lists below their key."""
    return "".join(
        _entry(key, f'"{value}"' if isinstance(value, str) and " " in value else value, "  - ")
        for key, value in entries
    )


def aligned(entries: Sequence[Entry], rng: Random) -> str:
    """Values in a column, remarks behind some of them."""
    width = max(len(key) for key, _ in entries) + 2
    lines = []
    for key, value in entries:
        shown = value if isinstance(value, str) else "[" + ", ".join(value) + "]"
        remark = "   # to be asked" if rng.random() < 0.2 else ""
        lines.append(f"{key + ':':<{width}}{shown}{remark}\n")
    return "".join(lines)


def loose(entries: Sequence[Entry], rng: Random) -> str:
    """By hand: single quotes, dashes at the margin, blank lines and remarks in between."""
    lines = []
    for key, value in entries:
        if rng.random() < 0.15:
            lines.append(rng.choice(["\n", "# see below\n"]))
        text = f"'{value}'" if isinstance(value, str) and " " in value else value
        lines.append(_entry(key, text, "- "))
    return "".join(lines)


def _entry(key: str, value: str | list[str], dash: str) -> str:
    if isinstance(value, str):
        return f"{key}: {value}\n"
    return f"{key}:\n" + "".join(f"{dash}{text}\n" for text in value)


LAYOUTS: dict[str, Callable[[Sequence[Entry], Random], str]] = {
    "plain": plain, "block": block, "quoted": quoted, "aligned": aligned, "loose": loose,
}  # fmt: skip
#: What ``mixed`` is made of, in hundredths.
MIXED = {"plain": 50, "block": 20, "quoted": 12, "aligned": 10, "loose": 8}
