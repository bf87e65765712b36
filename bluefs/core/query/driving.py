"""The tables of the grammar, driven without lark.

Owns what lark's lexer and parser do with them: the next token is the first terminal, of those that
fit the parser's state, that matches; each finished rule calls a method of the builder, so there is
no tree and no recursion. Refuses to explain: where a text does not fit it raises `Stuck`, and who
wants to know why asks lark.
"""

from __future__ import annotations

import re
from functools import cache

from bluefs.core.query.tables import END, IGNORED, RULES, START, STATES, TERMINALS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Stuck(Exception):
    """The text is not of the grammar."""


class Token(str):
    """A piece of the text: which terminal it is, and [start, end) in characters."""

    __slots__ = ("end_pos", "start_pos", "type")
    type: str
    start_pos: int
    end_pos: int

    def __new__(cls, type: str, text: str, start: int) -> Token:
        made = super().__new__(cls, text)
        made.type, made.start_pos, made.end_pos = type, start, start + len(text)
        return made


@cache
def _pattern(number: int) -> Callable[[str, int], re.Match[str] | None]:
    return re.compile(TERMINALS[number][1]).match


@cache
def _fitting(state: int) -> tuple[tuple[int, str], ...]:
    """(number, name) of the terminals that may come."""
    here = STATES[state]
    named = ((n, name) for n, (name, _) in enumerate(TERMINALS))
    return tuple((n, name) for n, name in named if name in here or name in IGNORED)


def drive(text: str, builder: Any) -> Any:
    """What the builder's ``start`` makes of the text. Raises Stuck, and what the builder does."""
    states = [START]
    values: list[Any] = []
    at = 0
    while True:
        token, at = _next(text, at, states[-1])
        kind = "$END" if token is None else token.type
        while True:
            to = STATES[states[-1]].get(kind)
            if to is None:
                raise Stuck(text)
            if to >= 0:
                states.append(to)
                values.append(token)
                break
            _reduce(~to, states, values, builder)
            if token is None and states[-1] == END:
                return values[-1]


def _next(text: str, at: int, state: int) -> tuple[Token | None, int]:
    """The token at this offset, None at the end of the text, and where it ends. Raises Stuck."""
    while at < len(text):
        name, found = _first(text, at, state)
        at = found.end()
        if name not in IGNORED:
            return Token(name, found[0], found.start()), at
    return None, at


def _first(text: str, at: int, state: int) -> tuple[str, re.Match[str]]:
    for number, name in _fitting(state):
        found = _pattern(number)(text, at)
        if found is not None:
            return name, found
    raise Stuck(text)


def _reduce(number: int, states: list[int], values: list[Any], builder: Any) -> None:
    """Put the value of a finished rule in the place of its parts."""
    name, size, call = RULES[number]
    parts: list[Any] = []
    for part in values[len(values) - size :]:
        parts += part if type(part) is list else (part,)  # a list: of a rule that joins this one
    del states[len(states) - size :], values[len(values) - size :]
    states.append(STATES[states[-1]][name])
    if call is None:
        values.append(parts)
    else:
        values.append(getattr(builder, call)(parts) if call else parts[0])
