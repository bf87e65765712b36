"""Markdown on a terminal: as much of it as our own manual pages use.

Headings, paragraphs filled to the width, lists, tables, fenced code, `code` and *words*. Where
there is no colour the marks of headings and code stay, for they carry meaning. It refuses HTML
and everything else Markdown can do.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from bluefs.cli.screen import Screen, columns
from bluefs.core.patterns import pattern

#: Wide enough to read, and no wider.
WIDEST = 88
_ITEM = pattern(r"(\s*(?:[-*]|\d+\.) )(.*)")
_CODE = pattern(r"(`+)(.+?)\1")
_STRONG = pattern(r"\*\*([^*]+)\*\*|(?<![\w*])\*([^*\s][^*]*)\*(?!\w)")
_LINK = pattern(r"\[([^\]]+)\]\([^)]*\)")
_PAINT = pattern(r"\x1b\[[0-9;]*m")
_RULE = pattern(r"\|[\s:|-]+\|")


def show_markdown(screen: Screen, text: str) -> None:
    """Print a page."""
    for block in _blocks(text):
        for line in _shown(screen, block):
            screen.line(line)


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines that belong together, an empty one standing for a gap."""
    block: list[str] = []
    fence = False
    for line in text.strip("\n").split("\n"):
        if line.startswith("```"):
            if not fence and block:
                yield block
                block = []
            fence = not fence
            block.append(line)
            if not fence:
                yield block
                block = []
        elif fence:
            block.append(line)
        elif not line.strip() or line.startswith("#") or _ITEM.match(line):
            if block:
                yield block
            block = [line] if line.strip() else []
            if not line.strip():
                yield []
            elif line.startswith("#"):
                yield block
                block = []
        else:
            block.append(line)
    if block:
        yield block


def _shown(screen: Screen, block: list[str]) -> Iterator[str]:
    width = min(screen.width or WIDEST, WIDEST)
    if not block:
        yield ""
    elif block[0].startswith("```"):
        for line in block[1:-1]:
            yield "    " + screen.paint(line, "cyan")
    elif block[0].startswith("#"):
        title = block[0] if not screen.colour else block[0].lstrip("#").strip()
        yield screen.paint(_plain(screen, title), "bold")
    elif block[0].startswith("|"):
        yield from _table(screen, block, width)
    else:
        item = _ITEM.match(block[0])
        lead = item[1] if item else ""
        words = " ".join([item[2] if item else block[0], *(line.strip() for line in block[1:])])
        yield from _filled(screen, words, lead, width)


def _filled(screen: Screen, words: str, lead: str, width: int) -> Iterator[str]:
    """Lines no wider than ``width``. Spaces inside `code` do not break."""
    kept = _CODE.sub(lambda m: m[0].replace(" ", "\0"), _LINK.sub(r"\1", words))
    lines = textwrap.wrap(
        kept, width, initial_indent=lead, subsequent_indent=" " * len(lead),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    for line in lines:
        yield _styled(screen, line.replace("\0", " "))


def _styled(screen: Screen, line: str) -> str:
    parts = []
    at = 0
    for code in _CODE.finditer(line):
        shown = screen.paint(code[2], "cyan") if screen.colour else code[0]
        parts += [_emphasised(screen, line[at : code.start()]), shown]
        at = code.end()
    return "".join([*parts, _emphasised(screen, line[at:])])


def _emphasised(screen: Screen, text: str) -> str:
    return _STRONG.sub(lambda m: screen.paint(m[1] or m[2], "bold"), text)


def _plain(screen: Screen, text: str) -> str:
    """A text as it is shown, without colour: for measuring."""
    bare = _CODE.sub(r"\2", text) if screen.colour else text
    return _STRONG.sub(lambda m: m[1] or m[2], bare)


def _table(screen: Screen, block: list[str], width: int) -> Iterator[str]:
    """Columns as wide as what they hold, or so narrow that all fit the width."""
    rows = [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        for line in block
        if not _RULE.fullmatch(line.strip())
    ]
    count = max(map(len, rows))
    rows = [row + [""] * (count - len(row)) for row in rows]
    sizes = [max(columns(_LINK.sub(r"\1", row[n])) for row in rows) for n in range(count)]
    floors = [max(_longest(row[n]) for row in rows) for n in range(count)]
    sizes = _shares(sizes, floors, width - 2 * (count - 1))
    for n, row in enumerate(rows):
        cells = [list(_filled(screen, cell, "", size)) for cell, size in zip(row, sizes)]
        for at in range(max(1, *map(len, cells))):
            line = "  ".join(
                _padded(cell[at] if at < len(cell) else "", size)
                for cell, size in zip(cells, sizes)
            ).rstrip()
            yield screen.paint(line, "dim") if n == 0 else line


def _padded(shown: str, size: int) -> str:
    """A line of a cell, painted already, filled up."""
    return shown + " " * (size - columns(_PAINT.sub("", shown)))


def _longest(cell: str) -> int:
    """Columns of the longest piece that does not break."""
    kept = _CODE.sub(lambda m: m[0].replace(" ", "\0"), _LINK.sub(r"\1", cell))
    return max(map(columns, kept.split()), default=0)


def _shares(sizes: list[int], floors: list[int], room: int) -> list[int]:
    """The widest column gives way first, none below what does not break."""
    shares = list(sizes)
    while sum(shares) > room:
        spare = [n for n in range(len(shares)) if shares[n] > floors[n]]
        if not spare:
            break
        shares[max(spare, key=lambda n: shares[n])] -= 1
    return shares
