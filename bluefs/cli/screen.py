"""The screen: colour that only repeats what words say, glyphs a plain locale can show, and
tables as wide as the terminal. Piped text has no colour, no truncation and no padding lost.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from bluefs.core.frozen import dataclass, replace
from bluefs.core.hints import TextIO

#: name -> SGR parameters. Red late, error, lost; yellow held, blocked, today; green fired,
#: sent, done; dim ids, times, labels; bold titles.
STYLES = {
    "red": "31", "yellow": "33", "green": "32", "dim": "2", "bold": "1", "cyan": "36",
    "blue": "34", "purple": "35", "teal": "36", "grey": "90", "orange": "38;5;208",
    "amber": "38;5;214", "lime": "38;5;148", "indigo": "38;5;62", "pink": "38;5;205",
    "brown": "38;5;130", "black": "90", "white": "97",
}  # fmt: skip
#: What stands for our glyphs where the locale cannot show them.
PLAIN = {
    "→": "->",
    "·": "-",
    "–": "-",
    "…": "...",
    "€": "EUR",
    "“": '"',
    "”": '"',
    "’": "'",
    "«\u00a0": '"',
    "\u00a0»": '"',
    "«": '"',
    "»": '"',
    "\u202f": " ",
    "\u00a0": " ",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """``unicode``: whether our glyphs can be shown; what people wrote is shown as far as the
    stream's encoding goes. ``width`` in columns, None where nothing is cut (a pipe)."""

    out: TextIO
    colour: bool
    unicode: bool
    width: int | None

    @classmethod
    def of(cls, out: TextIO) -> Screen:
        """How this stream can be written to. NO_COLOR and TERM=dumb are honoured (click does
        not by itself); FORCE_COLOR colours a pipe."""
        tty = out.isatty()
        wanted = tty or bool(os.environ.get("FORCE_COLOR"))
        colour = wanted and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        width = None
        if tty:
            from shutil import get_terminal_size

            width = get_terminal_size((100, 24)).columns
        return cls(out, colour, _is_utf8(out) and not _is_plain(os.environ), width)

    def line(self, text: str = "") -> None:
        """Write a line and flush it, so that whoever reads us sees it at once."""
        self.out.write(self.plain(text) + "\n")
        self.out.flush()

    def exact(self, path: str) -> None:
        """Write a path as the disk has it, whatever the locale: a script is to find it."""
        try:
            self.out.write(f"{path}\n")
        except UnicodeEncodeError:
            self.out.flush()
            self.out.buffer.write(f"{path}\n".encode())
        self.out.flush()

    def plain(self, text: str) -> str:
        """``text`` with only what the locale's stream can show."""
        if self.unicode:
            return text
        for glyph, ascii_ in PLAIN.items():
            text = text.replace(glyph, ascii_)
        if text.isascii() or _is_utf8(self.out):
            return text
        bare = "".join(
            c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
        )
        return bare.encode("ascii", "replace").decode()

    def paint(self, text: str, style: str | None) -> str:
        """``text`` in a style of ``STYLES`` or ``#rrggbb``; unchanged without colour."""
        if not self.colour or not style or not text:
            return text
        code = STYLES.get(style)
        if code is None and style.startswith("#") and len(style) == 7:
            red, green, blue = (int(style[i : i + 2], 16) for i in (1, 3, 5))
            code = f"38;2;{red};{green};{blue}"
        return f"\x1b[{code}m{text}\x1b[0m" if code else text

    def table(
        self,
        header: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        right: frozenset[int] = frozenset(),
        flexible: int = 1,
        below: Sequence[str] = (),
    ) -> None:
        """Columns aligned by their display width. On a terminal the ``flexible`` column (the
        title) is cut so that a row fits; in a pipe nothing is cut. ``below`` are finished lines,
        one for each row; an empty one is not shown."""
        head = [Cell(name, "dim") for name in header]
        body = [self._shown(row) for row in [head, *rows]]
        spans = [[columns(cell.text) for cell in row] for row in body]
        widths = [max(column) for column in zip(*spans, strict=True)]
        spare = (self.width or 10**9) - sum(widths) - 2 * (len(widths) - 1)
        if spare < 0:
            widths[flexible] = max(12, widths[flexible] + spare)
        lines = []
        for n, (row, taken) in enumerate(zip(body, spans, strict=True), -1):
            lines.append(self._row(row, taken, widths, right))
            if 0 <= n < len(below) and below[n]:
                lines.append(self.plain(below[n]))
        self.out.write("\n".join([*lines, ""]))
        self.out.flush()

    def _shown(self, row: Sequence[Cell]) -> Sequence[Cell]:
        if self.unicode:
            return row
        return [replace(cell, text=self.plain(cell.text)) for cell in row]

    def _row(
        self, row: Sequence[Cell], taken: Sequence[int], widths: Sequence[int],
        right: frozenset[int],
    ) -> str:  # fmt: skip
        cells = []
        for i, (cell, span, width) in enumerate(zip(row, taken, widths, strict=True)):
            text = cell.text
            if span > width:
                text = cut(text, width)
                span = columns(text)
            pad = " " * (width - span)
            painted = self.paint(text, cell.style)
            cells.append(pad + painted if i in right else painted + pad)
        return self.plain("  ".join(cells).rstrip())


def _is_utf8(out: TextIO) -> bool:
    return (out.encoding or "ascii").lower().replace("-", "").startswith("utf")


def _is_plain(env: Mapping[str, str]) -> bool:
    """Whether somebody asked for the plain locale, C or POSIX. Python writes UTF-8 in it all
    the same and sets LC_CTYPE=C.UTF-8 by itself (PEP 538, 540), so that one does not count."""
    ctype = env.get("LC_CTYPE")
    asked = env.get("LC_ALL") or (ctype if ctype != "C.UTF-8" else None) or env.get("LANG")
    return asked in ("C", "POSIX")


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    style: str | None = None


def columns(text: str) -> int:
    """Terminal columns a text takes: wide East Asian characters and emoji two, combining
    marks none (Unicode Standard Annex 11)."""
    if text.isascii():
        return len(text)
    # Below U+0300 nothing combines and nothing is wide.
    return sum(1 if c < "\u0300" else _column(c) for c in text)


def _column(char: str) -> int:
    if unicodedata.combining(char) or char in "\u200b\u200d\u2060\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns, with an ellipsis where it is cut."""
    if columns(text) <= width:
        return text
    kept, used = [], 0
    for char in text:
        if used + _column(char) > width - 1:
            break
        kept.append(char)
        used += _column(char)
    return "".join(kept).rstrip() + "…"
