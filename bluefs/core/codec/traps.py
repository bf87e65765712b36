"""A fault that a pattern explains, and the page on which such faults are noted.

Owns `Trap`, and `Page`: a text's lines, where the scan stands, what it found and how far it
may still look ahead. Knows no pattern itself (`codec.trap_lines`, `codec.trap_values`).

Places are (line, column) from 0 here: they are those of the text, not yet of the file.
"""

from __future__ import annotations

from bluefs.core.codes import format as codes
from bluefs.core.frozen import dataclass
from bluefs.core.hints import Any
from bluefs.core.problems import Code
from bluefs.core.words import has, say

#: A text with more faults than this is not examined further (cost, not correctness).
MOST = 40

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trap:
    """One fault. ``column``..``end`` is the character or scalar at fault; ``span`` are the
    columns that ``mends`` (best first; none: only a person can tell) would
    replace; ``neutral`` is what
    takes the span's place, character by character, to see whether the rest is sound."""

    code: Code
    line: int
    column: int
    end: int
    message: str
    hint: str
    span: Span
    mends: tuple[str, ...] = ()
    neutral: str = "x"


def quoted(text: str) -> str:
    """A text in the quotes that YAML 1.1 and YAML 1.2 both read back as that very text."""
    from bluefs.core.quoting import quote

    clean = '"' not in text and "\\" not in text
    return quote(text, '"' if clean else "'")


class Page:
    """``at`` is the line that is looked at. ``ahead`` counts the lines that may still be
    looked at in advance, in search of a quote or bracket that closes: every line a few times
    on the whole, however many open."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.traps: list[Trap] = []
        self.at = 0
        self.key = ""
        self.ahead = 1000 + 2 * len(lines)

    @property
    def full(self) -> bool:
        return len(self.traps) >= MOST

    def reserved(self, line: str, span: Span) -> None:
        """Note a text that begins with a character YAML keeps for itself."""
        text = line[span[0] : span[1]]
        start = text[:2] if text[:2] in ("- ", "? ") else text[:1]
        if start in ("!", "&", "*"):
            self.note(codes.TAG_OR_ANCHOR, *span, "tag", span, quoted(text), start=start)
        else:
            self.note(codes.RESERVED_START, *span, "reserved", span, quoted(text), start=start)

    def note(
        self,
        code: Code,
        column: int,
        end: int,
        words: str,
        span: Span,
        *mends: str,
        neutral: str = "x",
        hint: str | None = None,
        **fields: Any,
    ) -> None:
        if hint is None:
            hint = words if has(f"problems.{words}.hint") else "quote"
        message = say(f"problems.{words}", **fields)
        remedy = say(f"problems.{hint}.hint", **fields)
        trap = Trap(code, self.at, column, end, message, remedy, span, mends, neutral)
        self.traps.append(trap)
