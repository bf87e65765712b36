"""The stored parse tables are those of the grammar; heavy imports wait until they are used."""

from __future__ import annotations

import subprocess
import sys

import lark
import pytest

from bluefs.core.codes.query import CODES
from bluefs.core.query import tables
from bluefs.core.query.building import build, digest, load, written
from bluefs.core.query.parsing import _Builder
from tests.core.query.test_query_parse import FULL


def test_the_tables_are_of_this_grammar() -> None:
    assert digest() == tables.GRAMMAR, "the grammar changed: write tables.py anew (see building)"


@pytest.mark.parametrize("text", ["", FULL, "a or (b,c) -x:1..2", "not(a)b"])
def test_loaded_and_built_parsers_agree(text: str) -> None:
    assert load(_Builder()).parse(text) == build(_Builder()).parse(text)


def test_another_lark_builds_from_the_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARK", "0")
    monkeypatch.setattr(tables, "DATA", {})
    assert load(_Builder()).parse("a") == build(_Builder()).parse("a")


def test_the_tables_can_be_written_anew() -> None:
    names: dict[str, object] = {}
    exec(written(), names)
    assert (names["LARK"], names["GRAMMAR"]) == (lark.__version__, digest())


def test_lark_is_loaded_only_to_read_a_query() -> None:
    code = (
        "import sys; from bluefs.core.query import parse_query, join_words, order, Query\n"
        "parse_query(' '); assert 'lark' not in sys.modules\n"
        "parse_query('a'); assert 'lark' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_codes_are_in_their_range_and_documented() -> None:
    numbers = [int(code.code.removeprefix("BF")) for code in CODES]
    assert numbers == sorted(set(numbers)) and min(numbers) >= 350 and max(numbers) <= 369
    assert all(code.title and len(code.doc) > 80 for code in CODES)
