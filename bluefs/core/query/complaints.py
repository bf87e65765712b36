"""What a parser's stop means to a person: what was expected, and at which column.

Owns the reading of lark's complaints. The last token that fitted and the character that did
not tell what was left out; the names of terminals never reach anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from bluefs.core.query.building import build
from bluefs.core.query.errors import QueryError, syntax
from bluefs.core.query.parsing import BRACKETS

_CLOSED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_KEYWORD = re.compile(r"or|OR|and|AND|not|NOT")


def complaint(text: str) -> QueryError:
    """Of a text that is not of the grammar."""
    try:
        build().parse(text)
    except UnexpectedInput as error:
        return _explained(text, error)
    raise AssertionError("lark reads what its own tables do not")


def _explained(text: str, error: UnexpectedInput) -> QueryError:
    """Where lark stopped, and the token before, tell what the person left out."""
    at, last = _stop(text, error)
    if text.startswith('"', at) and not _CLOSED.match(text, at):
        return syntax(at + 1, "open_quote")
    before = _after_token(text, at, last)
    if before is not None:
        return before
    return _at_character(text, at, last)


def _stop(text: str, error: UnexpectedInput) -> tuple[int, Token | None]:
    """The offset of the first character that does not fit, and the last token that did."""
    if isinstance(error, UnexpectedCharacters):
        history = error.token_history
        return error.pos_in_stream or 0, history[-1] if history else None
    assert isinstance(error, UnexpectedToken)
    if error.token.type == "$END":
        return len(text), _lexed(error)
    return error.token.start_pos or 0, _lexed(error)


def _lexed(error: UnexpectedToken) -> Token | None:
    history = error.token_history
    last = history[-1] if history else error.state.lexer.state.last_token
    return last if isinstance(last, Token) else None  # None: nothing fitted yet


def _after_token(text: str, at: int, last: Token | None) -> QueryError | None:
    """The token before wanted something that is not there."""
    kind = last.type if last is not None else ""
    end = (last.end_pos or 0) + 1 if last is not None else 1
    if kind == "KEY":
        if text[at : at + 1] == ",":
            return syntax(at + 1, "before_comma")
        return syntax(end, "value", before=str(last))
    if kind == "COMMA":
        return syntax(end, "comma")
    if kind in ("OR", "AND", "NOT"):
        return syntax(end if at >= len(text) else at + 1, "after", word=str(last))
    if kind == "MINUS":
        return syntax(end, "minus")
    if kind == "RANGE" and last is not None:
        alone = text[(last.start_pos or 0) - 1] in ":=<>,"
        return syntax((last.start_pos or 0) + 1, "range") if alone else None
    return None


def _at_character(text: str, at: int, last: Token | None) -> QueryError:
    """What stands at the offset has no place there."""
    column, rest = at + 1, text[at:]
    if not rest:
        return syntax(_open_bracket(text), "open_bracket")
    if rest.startswith(".."):
        return syntax(column, "two_ranges")
    sign = _SIGNS.get(rest[0])
    if sign is not None:
        return sign(text, at, last)
    word = _KEYWORD.match(rest)
    if word:
        return syntax(column, "before", word=word[0])
    if at and not text[at - 1].isspace():
        return syntax(column, "glued")
    return syntax(column, "term", found=rest.split()[0])


def _open_bracket(text: str) -> int:
    """The column of the innermost bracket that is never closed; 1 if there is none."""
    opened: list[int] = []
    for match in BRACKETS.finditer(text):
        if match[0] == "(":
            opened.append(match.start() + 1)
        elif match[0] == ")" and opened:
            opened.pop()
    return opened[-1] if opened else 1


def _at_close(text: str, at: int, last: Token | None) -> QueryError:
    empty = last is not None and last.type == "LPAR"
    return syntax(at + 1, "empty_group" if empty else "close_bracket")


def _at_dash(text: str, at: int, last: Token | None) -> QueryError:
    if at and not (text[at - 1].isspace() or text[at - 1] in "()"):
        return syntax(at + 1, "glued")
    return syntax(at + 2, "minus")


def _at_operator(text: str, at: int, last: Token | None) -> QueryError:
    return syntax(at + 1, "key", operator=text[at])


_SIGNS: dict[str, Callable[[str, int, Token | None], QueryError]] = {
    '"': lambda text, at, last: syntax(at + 1, "glued_quote"),
    "(": lambda text, at, last: syntax(at + 1, "glued_bracket"),
    ")": _at_close,
    "-": _at_dash,
    "!": lambda text, at, last: syntax(at + 1, "bang"),
    "|": lambda text, at, last: syntax(at + 1, "sign", sign="|", word="or"),
    "&": lambda text, at, last: syntax(at + 1, "sign", sign="&", word="and"),
    **dict.fromkeys(":=<>", _at_operator),
}
