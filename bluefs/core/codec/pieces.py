"""A YAML text cut where its entries begin, so that each can be judged by itself.

Owns lines and indentation, nothing else: which line begins the next entry of a map or item of a
list, and which lines lie inside of one. It never parses. A line that begins nothing for certain
(a text without a colon, a closing bracket) stays with the entry above it.
"""

from __future__ import annotations

from bluefs.core.patterns import pattern

#: A key with its colon: a plain word, or one in quotes.
_KEY = pattern(
    r"""(?:[^\s#:,\[\]{}'"&*!|>%@`-][^:#]*|"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')[ \t]*:(?=[ \t]|$)"""
)
#: Nothing, or a comment: a `#` that is glued to a word was meant as text.
_REST = pattern(r"[ \t]*(?:#(?:[ \t#].*)?)?$")

_BLOCK = pattern(r":[ \t]+[|>][-+0-9]{0,2}[ \t]*$")

Piece = tuple[int, int]


def indent_of(line: str) -> int | None:
    """How far a line is indented, None for one without content."""
    bare = line.lstrip(" \t")
    return None if not bare or bare[0] == "#" else len(line) - len(bare)


def indent_of_all(lines: list[str]) -> int:
    """How far entries are indented: as the first is, unless a tab pushes that in."""
    found = [(own, line) for line in lines if (own := indent_of(line)) is not None]
    pushed = bool(found) and "\t" in found[0][1][: found[0][0]]
    return min(own for own, _ in found) if pushed else found[0][0] if found else 0


def is_item(line: str) -> bool:
    bare = line.strip(" \t")
    return bare == "-" or bare[:2] == "- "


def first_content(lines: list[str]) -> int | None:
    return next((n for n, line in enumerate(lines) if indent_of(line) is not None), None)


def split(lines: list[str]) -> list[Piece]:
    """(first line, line behind the last) of each entry, without a gap between them."""
    first = first_content(lines)
    if first is None:
        return [(0, len(lines))]
    indent, items = indent_of_all(lines), is_item(lines[first])
    starts, above = [0], lines[first]
    for n, line in enumerate(lines[first + 1 :], first + 1):
        own = indent_of(line)
        if own is None:
            continue
        begins = own == indent and (is_item(line) if items else _begins(line, own, above))
        if not begins and not items and own > indent and "\t" in line[:own]:
            begins = _is_pushed_in(line, own, lines[starts[-1]], above, indent)
        if begins:
            starts.append(n)
        above = line
    return list(zip(starts, [*starts[1:], len(lines)]))


def _begins(line: str, indent: int, above: str) -> bool:
    """Whether a line begins an entry: it has a key; or it should have one, and does not go on
    with brackets that are open above."""
    if _KEY.match(line, indent):
        return True
    return line[indent].isalnum() and not _goes_on(above) and not line.rstrip(" \t").endswith(",")


def _is_pushed_in(line: str, own: int, start: str, above: str, indent: int) -> bool:
    """Whether a key is pushed in by a tab below an entry (it begins with the line ``start``)
    that is complete: it is one line, or a block of text."""
    if not _KEY.match(line, own):
        return False
    if _BLOCK.search(start):
        return line[indent] == "\t"
    if indent_of(above) != indent:
        return False
    key = _KEY.match(above, indent)
    complete = key is None or not _REST.match(above, key.end())
    return complete and not _goes_on(above)


def _goes_on(line: str) -> bool:
    return line.rstrip(" \t").endswith((",", "[", "{", "|", ">"))


def key_of(line: str) -> str | None:
    """The key that a line begins with, colon included, as it stands behind its indentation."""
    found = _KEY.match(line, len(line) - len(line.lstrip(" \t")))
    return found.group() if found else None


def inside(lines: list[str]) -> tuple[int, list[str]] | None:
    """What lies inside of one entry, if that is entries again: the number of its first line,
    and its lines. Of an item, the dash becomes a blank, so that its first key stands above the
    others. None for a value that is one piece."""
    first = first_content(lines)
    if first is None or first_content(lines[first + 1 :]) is None:
        return None
    line = lines[first]
    start = indent_of(line) or 0
    if is_item(line):
        if _REST.match(line, start + 1):
            return first + 1, lines[first + 1 :]
        opened = f"{line[:start]} {line[start + 1 :]}"
        return (first, [opened, *lines[first + 1 :]]) if key_of(opened) else None
    key = _KEY.match(line, start)
    return (first + 1, lines[first + 1 :]) if key and _REST.match(line, key.end()) else None
