"""The value that every format renders, and what several of them need of it.

Owns fingerprints: what makes a fault the same fault in the next run. Refuses to read files.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bluefs.core.frozen import dataclass
from bluefs.core.problems import Problem
from bluefs.core.sums import blake2b


@dataclass(frozen=True, slots=True)
class Finding:
    """A Problem; the line of the file it stands on (None where there is no such line), and
    whether ``--fix`` can mend it."""

    problem: Problem
    line: str | None = None
    fixable: bool = False

    @property
    def excerpt(self) -> str:
        """The characters at fault, "" where the Problem points at none."""
        line = self.line or ""
        return line[self.problem.column - 1 : self.problem.end - 1]


@dataclass(frozen=True, slots=True)
class Report:
    """``findings`` in their order, ``files`` the paths of everything that was examined.
    ``summary`` is the last line of the screen, ``at`` when it was made (aware), ``version``
    bluefs' own. ``ascii_only``: the reader can take nothing else (where a format can say so)."""

    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    summary: str
    at: datetime
    version: str
    ascii_only: bool = False


def fingerprints(report: Report) -> tuple[str, ...]:
    """One for each finding, all different, of 32 hexadecimal digits.

    It rests on the code, the path, the line's text and the part of it at fault, so that it stays
    when lines above come or go. Where nothing is underlined the message tells faults apart. Equal
    faults are counted from above, so of two the first keeps its own when the second goes."""
    seen: Counter[str] = Counter()
    found = []
    for finding in report.findings:
        problem = finding.problem
        said = finding.excerpt or problem.message
        mark = "\0".join((problem.code.code, problem.path, (finding.line or "").strip(), said))
        found.append(_digest(f"{mark}\0{seen[mark]}"))
        seen[mark] += 1
    return tuple(found)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def shown(text: str, newlines: str = "\n\r") -> str:
    """Text in which nothing is invisible to a log or a parser: control characters, separators of
    lines and halves of characters (a name on disk that is not UTF-8) stand as ``\\x1b`` and
    ``\\ud83d`` do in Python. ``newlines`` are kept."""
    if text.isprintable():
        return text
    return "".join(c if _is_plain(c) or c in newlines else _escaped(c) for c in text)


def _is_plain(char: str) -> bool:
    code = ord(char)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return char == "\t"
    return not (0xD800 <= code < 0xE000 or code in _SEPARATORS or code & 0xFFFE == 0xFFFE)


#: Separators of lines and paragraphs, and what turns text about (Unicode Standard Annex 9).
_SEPARATORS = frozenset([0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def _escaped(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
