"""A Problem: bad data as a value. It names its place and, where it can, its mending."""

from __future__ import annotations

from bluefs.core.frozen import dataclass
from bluefs.core.hints import Literal
from bluefs.core.words import say

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Code:
    """A permanent name of one kind of defect. What it means stands in the catalogue of words."""

    code: str  # "BF112"
    severity: Severity

    @property
    def title(self) -> str:
        """``A comment swallowed the rest of a value``, in the language spoken."""
        return say(f"codes.{self.code}.title")

    @property
    def doc(self) -> str:
        """Its manual page (Markdown), in the language spoken."""
        return say(f"codes.{self.code}.doc")


@dataclass(frozen=True, slots=True)
class Fix:
    """Replace the characters from (line, column) up to (end_line, end_column) by ``text``.

    Lines and columns count characters from 1 in the decoded file (a BOM is not counted);
    the end is exclusive. Line endings inside ``text`` are ``\n``; applying the fix turns
    them into the file's own.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect at one place. Lines and columns count characters from 1; ``end`` is the
    column after the last character at fault, on the same line."""

    code: Code
    path: str
    line: int
    column: int
    end: int
    message: str
    hint: str | None = None
    fix: Fix | None = None
    severity: Severity | None = None  # where a project's `strict` changes the code's own

    @property
    def level(self) -> Severity:
        return self.severity or self.code.severity

    @property
    def fixable(self) -> bool:
        return self.fix is not None

    def at(self, path: str) -> Problem:
        return Problem(
            self.code, path, self.line, self.column, self.end, self.message, self.hint, self.fix,
            self.severity,
        )  # fmt: skip
