"""From a shell's words to a query."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.query import QueryError, join_words, parse_query
from bluefs.core.query.tree import Compare, Has, Is, Range, Search, Text, both, negate, render


@pytest.mark.parametrize(
    ("line", "query"),
    [
        (
            r"tag:Urgent list:Open\ deals due:..+7d -tag:Silent",
            'tag:Urgent list:"Open deals" due:..+7d -tag:Silent',
        ),
        ('list:"Open deals","Closed won"', 'list:"Open deals","Closed won"'),
        ("'list:\"Open deals\"'", 'list:"Open deals"'),
        ('"free text" -"no no"', '"free text" -"no no"'),
        ("free text", "free text"),
        ("not tag:a or tag:b", "not tag:a or tag:b"),
        ("'not (tag:a or tag:b)'", "not (tag:a or tag:b)"),
        ("'tag:a is:open'", "tag:a is:open"),
        ("'is:open renewal'", "is:open renewal"),
        ("'has:email -tag:a'", "has:email -tag:a"),
        ("'renewal is:open'", "renewal is:open"),
        (r"due:next\ fri..in\ 2\ weeks", 'due:"next fri".."in 2 weeks"'),
        ("list:'Fees, taxes'", 'list:"Fees, taxes"'),
        ("list:'Research and development'", 'list:"Research and development"'),
        ("'deal_value>=1000' due\\<today", "deal_value>=1000 due<today"),
        ("'due<=next fri'", 'due<="next fri"'),
        ("a '' b '  '", "a b"),
        ("-list:'Open deals'", '-list:"Open deals"'),
        ("", ""),
    ],
)
def test_words(line: str, query: str) -> None:
    joined = join_words(shlex.split(line))
    assert joined == query
    parse_query(joined)


def test_columns_point_into_what_was_typed() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(join_words(["tag:Urgent", "list:Open deals", "is:opne"]))
    assert caught.value.column == len('tag:Urgent list:"Open deals" is:') + 1


WORD = st.from_regex(r"[A-Za-zé]{2,6}", fullmatch=True).filter(
    lambda word: word.lower() not in ("or", "and", "not", "none", "is", "has", "sort", "created")
)
PHRASE = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
KEYS = st.sampled_from(["tag", "list", "title", "next_step"])
TERMS = st.one_of(
    st.builds(Compare, KEYS, PHRASE.map(Text)),
    st.builds(Compare, KEYS, st.builds(Range, PHRASE, st.none() | PHRASE)),
    st.builds(Search, PHRASE),
    st.builds(Is, st.just("open")),
    st.builds(Has, WORD),
)


@given(st.lists(st.one_of(TERMS, TERMS.map(negate)), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_what_a_shell_unquoted_is_quoted_again(parts: list[Compare]) -> None:
    tree = both(parts)
    assert parse_query(join_words(shlex.split(render(tree)))).tree == tree


@given(st.lists(st.text(max_size=12), max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_words_make_a_query_or_a_query_error(words: list[str]) -> None:
    text = join_words(words)
    try:
        parse_query(text)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1
