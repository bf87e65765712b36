"""The manual page is true: its commands and examples are read, its messages are the messages."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from bluefs.core.query import QueryError, join_words, parse_query
from bluefs.core.query.names import ALIASES, READERS
from bluefs.core.query.tree import IS_WORDS
from tests.core.query.query_help import CONFIG, SALES, context, record

PAGE = (Path(__file__).parents[3] / "docs" / "queries.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def _commands() -> list[str]:
    lines = re.findall(r"^\$ bluefs list (.+)$", PAGE, re.MULTILINE)
    return lines + re.findall(r"`bluefs list (\S[^`]*)`", PAGE)


def _examples() -> list[str]:
    rows = re.findall(r"^\|[^|]+\|[^|]+\| (.*) \|$", PAGE.partition("## ")[0], re.MULTILINE)
    found = [span for row in rows for span in re.findall(r"`([^`]+)`", row)]
    return found + re.findall(r"`(\w+:[^`\s]\S*)`", PAGE)


def _errors() -> list[tuple[str, str]]:
    block = PAGE.partition("```text\n")[2].partition("```")[0]
    return [tuple(pair.splitlines()) for pair in block.strip().split("\n\n")]  # type: ignore[misc]


def test_the_page_has_examples_of_each_sort() -> None:
    assert len(_commands()) >= 6 and len(_examples()) >= 30 and len(_errors()) == 6


@pytest.mark.parametrize("line", _commands())
def test_a_command_is_a_query_without_faults(line: str) -> None:
    query = parse_query(join_words(shlex.split(line)))
    assert query.check(CONFIG, [SALES]) == ()


LATER = ("created:", "updated:", "completed:")


@pytest.mark.parametrize("text", [text for text in _examples() if text not in LATER])
def test_an_example_is_read(text: str) -> None:
    if text == "key:value":
        return
    query = parse_query(text)
    query.matches(record({}), context())
    assert query.check(CONFIG, [SALES]) == ()


@pytest.mark.parametrize("line", re.findall(r"^(?:if|filter): (.+)$", PAGE, re.MULTILINE))
def test_a_query_in_a_file_is_read(line: str) -> None:
    assert parse_query(line.strip("'"), words=False).check(CONFIG, [SALES]) == ()


@pytest.mark.parametrize(("text", "message"), _errors())
def test_an_error_reads_as_on_the_page(text: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert str(caught.value) == message


def test_every_key_is_on_the_page() -> None:
    keys = _section("Keys")
    for key in READERS:
        short = {long: alias for alias, long in ALIASES.items()}.get(key, key)
        assert f"`{key}`" in keys or f"`{short}`" in keys, key
    for word in IS_WORDS:
        assert f"`{word}`" in keys, word
