"""Text to tree: what the parser reduces is put together here.

Owns the reading of a query's text. It refuses to know any project: which keys, lists or
people exist is ``checking``'s business. Raises nothing but QueryError for any text, in lark's
account of what did not fit: only that imports lark.
"""

from __future__ import annotations

import re
import unicodedata

from bluefs.core.codes.query import BARE_WORDS, LATER
from bluefs.core.frozen import dataclass
from bluefs.core.patterns import pattern
from bluefs.core.query.driving import Stuck, Token, drive
from bluefs.core.query.errors import syntax
from bluefs.core.query.tree import (
    IS_WORDS,
    THOUSANDS,
    And,
    Compare,
    Has,
    Is,
    Operand,
    Operator,
    Range,
    Search,
    SortKey,
    Text,
    Tree,
    Unset,
    both,
    either,
    leaves,
    negate,
    render_value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: A quoted text, closed or not, or a bracket outside of one.
BRACKETS = pattern(r'"(?:[^"\\]|\\.)*"?|[()]', re.DOTALL)
#: Brackets inside one another. Trees are walked recursively; nobody writes more by hand.
DEPTH = 40
#: Keys whose answer is not in the record: reserved, so that they can be added later.
LATER_KEYS = frozenset({"created", "updated", "completed", "completed_by", "attachments"})

#: What begins an operator, and so no value behind one but ``:`` (there, ``>=10`` is a range).
SIGNS = ("=", "<", ">", "!", "~", ":")
#: What stands between a key and ``=`` in other languages, as in ``score+=3``.
ODD = "~+*/%^&|;"

_ESCAPE = pattern(r"\\(.)", re.DOTALL)
_KEY = pattern(r"(.*?)(<=|>=|!=|[:=<>])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Sorts:
    """What ``sort:`` leaves in the place of a term."""

    keys: tuple[SortKey, ...]
    column: int


@dataclass(frozen=True, slots=True)
class _Ordered:
    """A part of the query and the sorts that stood in it."""

    tree: Tree | None
    sorts: tuple[_Sorts, ...] = ()


def parse(text: str, *, words: bool = True) -> tuple[Tree, tuple[SortKey, ...]]:
    """The tree and the order asked for. ``words`` allows words without a key. Raises
    QueryError."""
    _check_depth(text)
    try:
        found: _Ordered = drive(text, _Builder())
    except Stuck:
        from bluefs.core.query.complaints import complaint

        raise complaint(text) from None
    tree = found.tree if found.tree is not None else And(())
    if not words:
        _refuse_words(tree)
    return tree, tuple(key for sorts in found.sorts for key in sorts.keys)


def _check_depth(text: str) -> None:
    """Too deep a nest never reaches the parser."""
    depth = 0
    for match in BRACKETS.finditer(text) if "(" in text else ():
        depth += (match[0] == "(") - (match[0] == ")" and depth > 0)
        if depth > DEPTH:
            raise syntax(match.start() + 1, "depth", most=DEPTH)


def _refuse_words(tree: Tree) -> None:
    for leaf in leaves(tree):
        if isinstance(leaf, Search):
            raise syntax(
                leaf.column, "bare", BARE_WORDS, word=leaf.text, value=render_value(leaf.text)
            )


def _unquoted(token: Token) -> str:
    if token.type in ("QUOTED", "PHRASE"):
        inner = _ESCAPE.sub(r"\1", token[1:-1])
        if not inner.strip():
            raise syntax(_column(token), "empty_quotes")
        return inner
    return str(token)


def _column(token: Token) -> int:
    return token.start_pos + 1


class _Builder:
    """Called by the parser at each reduction, by the rule's name or alias."""

    def start(self, parts: list[_Ordered]) -> _Ordered:
        return parts[0] if parts else _Ordered(None)

    def disjunction(self, parts: list[_Ordered | Token]) -> _Ordered:
        sides = parts[::2]
        for n, side in enumerate(sides):
            if len(sides) > 1 and isinstance(side, _Ordered) and side.tree is None:
                _missing(parts, n)
        trees = [s.tree for s in sides if isinstance(s, _Ordered) and s.tree is not None]
        sorts = tuple(sort for s in sides if isinstance(s, _Ordered) for sort in s.sorts)
        return _Ordered(either(trees) if trees else None, sorts)

    def conjunction(self, parts: list[Tree | _Sorts | Token]) -> _Ordered:
        trees = [p for p in parts if not isinstance(p, (_Sorts, Token))]
        sorts = tuple(p for p in parts if isinstance(p, _Sorts))
        return _Ordered(both(trees) if trees else None, sorts)

    def group(self, parts: list[Any]) -> Tree:
        inner: _Ordered = parts[1]
        if inner.sorts:
            raise syntax(inner.sorts[0].column, "sort_place")
        assert inner.tree is not None  # without sorts, a disjunction has a part
        return inner.tree

    def negation(self, parts: list[Any]) -> Tree:
        part = _sortless(parts[-1])
        return negate(part, _column(parts[0])) if len(parts) % 2 == 0 else part

    def minus(self, parts: list[Any]) -> Tree:
        return negate(_sortless(parts[1]), _column(parts[0]))

    def word(self, parts: list[Token]) -> Tree:
        return Search(_unquoted(parts[0]), _column(parts[0]))

    def single(self, parts: list[Token]) -> tuple[str, Operand]:
        token, column = parts[0], _column(parts[0])
        if token == "none":
            return "none", Unset(column)
        return _raw(parts), Text(_unquoted(token), column)

    def low(self, parts: list[Token]) -> tuple[str, Operand]:
        high = _unquoted(parts[2]) if len(parts) > 2 else None
        return _raw(parts), Range(_unquoted(parts[0]), high, _column(parts[0]))

    def high(self, parts: list[Token]) -> tuple[str, Operand]:
        return _raw(parts), Range(None, _unquoted(parts[1]), _column(parts[0]))

    def comparison(self, parts: list[Any]) -> Tree | _Sorts:
        key, operator = _key_of(parts[0])
        column = _column(parts[0])
        values: list[tuple[str, Operand]] = parts[1::2]
        _check_thousands(key, values)
        operands = [operand for _, operand in values]
        if operator != ":" and values[0][0].startswith(SIGNS):
            from bluefs.core.query.operators import mistaken

            raise mistaken(key, operator, values[0][0], column)
        word = key.casefold()
        if word in ("is", "has", "sort"):
            return _special(word, operator, operands, column)
        if word in LATER_KEYS:
            raise syntax(column, "later", LATER, key=key)
        if operator not in (":", "=", "!="):
            return _ordering(key, operator, operands, column)
        tree = either(_equal(key, operand, operator, column) for operand in operands)
        return negate(tree, column) if operator == "!=" else tree


def _missing(parts: list[_Ordered | Token], side: int) -> None:
    """One side of an ``or`` held nothing but sorts."""
    before = side < len(parts) // 2
    token = parts[2 * side + 1] if before else parts[2 * side - 1]
    assert isinstance(token, Token)
    if before:
        raise syntax(_column(token), "before", word=str(token))
    raise syntax(token.end_pos + 1, "after", word=str(token))


def _sortless(part: Tree | _Sorts) -> Tree:
    if isinstance(part, _Sorts):
        raise syntax(part.column, "sort_place")
    return part


def _raw(tokens: list[Token]) -> str:
    return "".join('""' if token.type == "QUOTED" else str(token) for token in tokens)


def _key_of(token: Token) -> tuple[str, str]:
    match = _KEY.fullmatch(token)
    assert match is not None  # the terminal's own shape
    key, operator = unicodedata.normalize("NFC", match[1]), match[2]
    if not _is_key(key):
        stem = key.rstrip(ODD)
        if stem != key and _is_key(stem):
            from bluefs.core.query.operators import mistaken

            raise mistaken(stem, key[len(stem) :] + operator, "", _column(token))
        raise syntax(_column(token), "key", operator=operator)
    return key, operator


def _is_key(text: str) -> bool:
    """Letters, marks and digits of any script, ``_`` and ``-``."""
    return bool(text) and all(c in "_-" or unicodedata.category(c)[0] in "LMN" for c in text)


def _check_thousands(key: str, values: list[tuple[str, Operand]]) -> None:
    if len(values) < 2:
        return
    match = THOUSANDS.search(",".join(raw for raw, _ in values))
    if match:
        plain = match[0].replace(",", "")
        raise syntax(values[0][1].column, "thousands", plain=plain, key=key)


def _ordering(key: str, operator: str, operands: list[Operand], column: int) -> Tree:
    """``<=`` and ``>=`` are ranges; ``<`` and ``>`` stay, for their end is left out."""
    operand = operands[0]
    if len(operands) > 1 or not isinstance(operand, Text):
        raise syntax(operand.column, "one_value", before=key + operator, key=key)
    if operator == "<=":
        return Compare(key, Range(None, operand.text, operand.column), ":", column)
    if operator == ">=":
        return Compare(key, Range(operand.text, None, operand.column), ":", column)
    strict: Operator = "<" if operator == "<" else ">"
    return Compare(key, operand, strict, column)


def _equal(key: str, operand: Operand, operator: str, column: int) -> Tree:
    """``=`` and ``!=`` want the whole of a text; else they are ``:``."""
    whole = operator != ":" and isinstance(operand, Text)
    return Compare(key, operand, "=" if whole else ":", column)


def _special(word: str, operator: str, operands: list[Operand], column: int) -> Tree | _Sorts:
    if operator not in (":", "="):
        raise syntax(column + len(word), "operator", key=word, operator=operator)
    names = [_name(word, operand) for operand in operands]
    if word == "sort":
        return _Sorts(tuple(_sort_key(name) for name in names), column)
    if word == "is":
        return either(Is(_is_word(name), name.column) for name in names)
    for name in names:
        if name.text.casefold() in LATER_KEYS:
            raise syntax(name.column, "later", LATER, key=name.text)
    return either(Has(name.text, name.column) for name in names)


def _name(word: str, operand: Operand) -> Text:
    if isinstance(operand, Unset):
        return Text("none", operand.column)
    text = unicodedata.normalize("NFC", operand.text) if isinstance(operand, Text) else ""
    if word != "is" and not _is_key(text.removeprefix("-") if word == "sort" else text):
        raise syntax(operand.column, "sort_key" if word == "sort" else "plain", key=word)
    return Text(text, operand.column)


def _is_word(name: Text) -> str:
    word = name.text.casefold()
    if word in IS_WORDS:
        return IS_WORDS[word]
    from bluefs.core.matching import nearest
    from bluefs.core.synonyms import state_for

    near = state_for(word) or nearest(word, IS_WORDS)
    words = ", ".join(IS_WORDS)
    if near is None:
        raise syntax(name.column, "is", words=words)
    raise syntax(name.column, "is_near", words=words, near=near)


def _sort_key(name: Text) -> SortKey:
    key = name.text.removeprefix("-")
    if key.casefold() in LATER_KEYS:
        raise syntax(name.column, "later", LATER, key=key)
    return SortKey(key, name.text.startswith("-"), name.column)
