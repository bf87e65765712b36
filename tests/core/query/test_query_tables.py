"""The stored parse tables are those of the grammar, driven as lark would; heavy imports wait until
they are used."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from lark import Token as LarkToken
from lark import Tree
from lark.exceptions import UnexpectedInput

from bluefs.core.codes.query import CODES
from bluefs.core.query import tables
from bluefs.core.query.building import build, digest, written
from bluefs.core.query.driving import Stuck, Token, drive
from tests.core.query.test_query_parse import FULL

_PIECES = (
    "a", "bc", "due", "or", "and", "not", "OR", "nota", "(", ")", "-", "--", " ", "  ", ":", "=",
    "!=", "<", "<=", ">", ",", "..", "...", '"', '"x y"', "\\", '\\"', "é", "|", "&", "!", "1", "\n",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join) | st.text(max_size=12)


def test_the_tables_are_of_this_grammar() -> None:
    assert digest() == tables.GRAMMAR, "the grammar changed: write tables.py anew (see building)"


class Recorder:
    """A builder that makes the tree."""

    def __getattr__(self, name: str) -> Callable[[list[Any]], Any]:
        return lambda parts: (name, *map(_plain, parts))


def _plain(part: Any) -> Any:
    if isinstance(part, (Token, LarkToken)):
        return part.type, str(part), part.start_pos, part.end_pos
    return (part.data, *map(_plain, part.children)) if isinstance(part, Tree) else part


def by_lark(text: str) -> Any:
    try:
        return _plain(build().parse(text))
    except UnexpectedInput:
        return None


def by_tables(text: str) -> Any:
    try:
        return drive(text, Recorder())
    except Stuck:
        return None


@given(TEXTS)
@example("")
@example(FULL)
@example("a or (b,c) -x:1..2")
@example('not(a)b -due:1..,"x, y",..3 or sort:a')
def test_the_tables_read_as_lark_does(text: str) -> None:
    assert by_tables(text) == by_lark(text)


def test_the_tables_can_be_written_anew() -> None:
    """lark numbers its states as it likes: the rest is the same every time."""
    names: dict[str, Any] = {}
    exec(written(), names)
    for name in ("GRAMMAR", "TERMINALS", "IGNORED", "RULES"):
        assert names[name] == getattr(tables, name), name
    assert len(names["STATES"]) == len(tables.STATES)


def test_a_terminal_matches_something() -> None:
    """Else the driver would stand still."""
    for name, expression in tables.TERMINALS:
        assert re.fullmatch(expression, "") is None, name


def test_lark_is_loaded_only_to_say_what_does_not_fit() -> None:
    code = (
        "import sys; from bluefs.core.query import QueryError, parse_query\n"
        "parse_query(' '); parse_query('is:open -tag:x due:1..2 or (b \"c d\")')\n"
        "assert 'lark' not in sys.modules\n"
        "try: parse_query('a or')\n"
        "except QueryError: pass\n"
        "assert 'lark' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_codes_are_in_their_range_and_documented() -> None:
    numbers = [int(code.code.removeprefix("BF")) for code in CODES]
    assert numbers == sorted(set(numbers)) and min(numbers) >= 350 and max(numbers) <= 369
    assert all(code.title and len(code.doc) > 80 for code in CODES)
