"""Operators that are none: ``==``, ``=>``, ``due~fri``, ``"due <= fri"``.

Owns which operator was meant. What cannot be anything else is refused as soon as the text is read
(`mistaken`); a word is a slip only where its beginning is a key (`slip`).
"""

from __future__ import annotations

from collections.abc import Callable

from bluefs.core.codes.query import UNREADABLE
from bluefs.core.patterns import pattern
from bluefs.core.query.errors import QueryError, QueryFault, syntax
from bluefs.core.query.tree import Search, quoted
from bluefs.core.words import say

_RUN = pattern(r"[=<>!~:]+")
_WORD = pattern(r"([\w-]+)(\s*)([=<>!~:^]+)\s*(\S.*)")
_VALID = (":", "=", "!=", "<", "<=", ">", ">=")
_MEANT = {"~": ":", "~=": ":", "=~": ":", "::": ":", "!~": "!=", "!": "!=", "!:": "!=", "<>": "!=",
          "><": "!=", "=!": "!=", "=>": ">=", "=<": "<=", ">>": ">", "<<": "<"}  # fmt: skip


def _meant(operator: str) -> str | None:
    """The nearest operator: the one known for it, else the one it is made of."""
    known = _MEANT.get(operator)
    if known is None and set(operator) == {"="}:
        known = "="
    if known is None and "!" in operator and set(operator) <= {"!", "="}:
        known = "!="
    return known


def mistaken(key: str, operator: str, value: str, column: int) -> QueryError:
    """The error of a key, at this column, with what is no operator, and what follows it."""
    run = _RUN.match(value)
    whole = operator + (run[0] if run else "")
    near = _meant(whole)
    name = "mistaken" if near is None else "mistaken_near"
    return syntax(column + len(key), name, operator=whole, near=near)


def slip(leaf: Search, is_key: Callable[[str], bool]) -> QueryFault | None:
    """What is wrong with a word that begins with a key and what is, or would be, an operator."""
    match = _WORD.fullmatch(leaf.text)
    if match is None or not is_key(match[1]):
        return None
    key, gap, operator, value = match.groups()
    near = operator if operator in _VALID else _meant(operator)
    column, end = leaf.column + len(key), leaf.column + len(key) + len(operator)
    if gap:
        column, end = leaf.column, leaf.column + len(quoted(leaf.text))
    if gap and operator in _VALID:
        message = say("query.spaced", key=key, operator=operator)
        hint = say("query.spaced.hint", term=f"{key}{operator}{value}", text=quoted(leaf.text))
    else:
        message = say("query.mistaken", operator=operator)
        name = "query.mistaken.hint" if near is None else "query.mistaken_near.hint"
        hint = say(name, near=near)
    return QueryFault(column, message, hint, UNREADABLE, end)
