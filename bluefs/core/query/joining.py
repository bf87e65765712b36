"""One query out of a shell's words.

A shell takes quotes away: ``list:"Open deals"`` and ``list:Open\\ deals`` arrive as the word
``list:Open deals``, ``"free text"`` as ``free text``. ``join_words`` puts the quotes back, so
that what was one word stays one value. It refuses to guess further: a word that holds quotes,
brackets or a second key is a piece of a query and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bluefs.core.patterns import pattern

_TERM = pattern(r'(-?[^\s()":=<>!,\-][^\s()":=<>!,]*(?:<=|>=|!=|[:=<>]))(.+)', re.DOTALL)
_SECOND = pattern(r'(?:^|\s)-?[^\s()":=<>!,\-][^\s()":=<>!,]*(?:<=|>=|!=|[:=<>])\S')
_BETWEEN = pattern(r"(,(?!\s)|\.\.)")


def join_words(words: Sequence[str]) -> str:
    """The query that these command-line words make. Columns of its errors count in the
    result, which is what the words look like with one space between them.

    >>> join_words(["tag:Urgent", "list:Open deals", "free text"])
    'tag:Urgent list:"Open deals" "free text"'
    """
    return " ".join(_restored(word) for word in words if word.strip())


def _restored(word: str) -> str:
    if not any(c.isspace() for c in word) or any(c in word for c in '"()'):
        return word
    term = _TERM.fullmatch(word)
    if term is None:
        return word if _SECOND.search(word) else _phrase(word)
    key, value = term.groups()
    if _SECOND.search(" " + value) or value[0].isspace() or key.strip("-:=").casefold() in _PLAIN:
        return word
    pieces = _BETWEEN.split(value)
    return key + "".join(_value(piece) for piece in pieces)


_PLAIN = frozenset({"is", "has", "sort"})  # their values never hold spaces


def _value(piece: str) -> str:
    return _quote(piece) if any(c.isspace() for c in piece) else piece


def _phrase(word: str) -> str:
    text = word.strip()
    if text.startswith("-") and not text[1:2].isspace():
        return "-" + _quote(text[1:])  # -"free text"
    if re.match(r"(?:not|NOT)\s", text):
        return word
    return _quote(text)


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\") + '"'
