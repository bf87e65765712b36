"""What is wrong with a query: the error that stops reading it, the faults found by checking.

Owns ``QueryError`` and ``QueryFault``. Both hold the column (characters, from 1), a message in
words, a hint and the permanent code, so that an edge can draw a caret and a checker can make a
Problem of them.
"""

from __future__ import annotations

from bluefs.core.codes.query import UNREADABLE
from bluefs.core.errors import BluefsError
from bluefs.core.frozen import dataclass
from bluefs.core.hints import Any
from bluefs.core.problems import Code
from bluefs.core.words import has, say


class QueryError(BluefsError):
    """A text that is no query. ``1 <= column <= len(text) + 1``."""

    def __init__(
        self, column: int, message: str, hint: str | None = None, *, code: Code = UNREADABLE
    ) -> None:
        super().__init__("query.error", column=column, message=message, hint=hint)
        self.column = column
        self.message = message
        self.hint = hint
        self.code = code

    def __str__(self) -> str:
        return say("query.error", column=self.column, message=self.message)


@dataclass(frozen=True, slots=True)
class QueryFault:
    """A query that can be read but names what does not exist, or asks what cannot be asked.
    ``end`` is the column after the last character at fault."""

    column: int
    message: str
    hint: str | None
    code: Code
    end: int


def syntax(column: int, key: str, code: Code = UNREADABLE, /, **fields: Any) -> QueryError:
    """The error of this catalogue key; ``key.hint`` is its remedy where there is one."""
    name = f"query.{key}"
    hint = say(f"{name}.hint", **fields) if has(f"{name}.hint") else None
    return QueryError(column, say(name, **fields), hint, code=code)
