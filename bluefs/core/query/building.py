"""From the grammar to a parser, the short way where there is one.

Building a parser from the grammar's text takes lark about 30 ms, loading the finished tables
2 ms (measured; importing lark takes another 32). So the tables are kept in ``tables.py`` with
the version of lark that made them; any other version builds from the grammar, which stays the
only source. After a change of the grammar::

    python -c "from bluefs.core.query.building import written; print(written(), end='')" \
        > tables.new && mv tables.new bluefs/core/query/tables.py
"""

from __future__ import annotations

import pprint
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import lark
from lark import Lark, Transformer

from bluefs.core.query.grammar import GRAMMAR

_HEAD = '''"""The grammar's parse tables, made by ``building.written``. Not to be edited by hand."""

# fmt: off
# ruff: noqa

from __future__ import annotations

from typing import Any

'''


def build(transformer: Transformer[Any, Any] | None = None) -> Lark:
    """The parser, from the grammar's text."""
    return Lark(
        GRAMMAR,
        parser="lalr",
        lexer="contextual",
        maybe_placeholders=False,
        transformer=transformer,
    )


def load(transformer: Transformer[Any, Any]) -> Lark:
    """The parser, from the tables where they fit the lark that is installed."""
    from bluefs.core.query import tables

    if lark.__version__ != tables.LARK:
        return build(transformer)
    # What lark's own standalone parsers call; the version above holds it to what was tried.
    loaded: Callable[..., Lark] = Lark._load_from_dict
    return loaded(tables.DATA, tables.MEMO, transformer=transformer)


def digest() -> str:
    """SHA-256 of the grammar: the tables say of which one they are."""
    return sha256(GRAMMAR.encode()).hexdigest()


def written() -> str:
    """The text of ``tables.py`` for this grammar and this lark."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, memo = build().memo_serialize([TerminalDef, Rule])
    parts = [f"LARK = {lark.__version__!r}", f"GRAMMAR = {digest()!r}"]
    for name, value in (("DATA", data), ("MEMO", memo)):
        text = pprint.pformat(value, width=160, compact=True, sort_dicts=False)
        parts.append(f"{name}: dict[Any, Any] = {text}")
    return _HEAD + "\n".join(parts) + "\n"
