"""Reading a query: what the text becomes, and every error at its very column."""

from __future__ import annotations

import pytest

from bluefs.core.query import QueryError, parse_query
from bluefs.core.query.tree import (
    And,
    Compare,
    Has,
    Is,
    Not,
    Or,
    Range,
    Search,
    SortKey,
    Text,
    Unset,
    render,
)
from bluefs.core.words.en.query import MESSAGES

FULL = (
    'tag:Urgent list:"Open deals" due:..+7d deal_value:1000.. assignee:me is:open has:email '
    'not (tag:a or tag:b) -tag:Silent sort:-due "free text"'
)


def tag(name: str) -> Compare:
    return Compare("tag", Text(name))


def test_the_example_of_the_manual() -> None:
    query = parse_query(FULL)
    assert query.tree == And(
        (
            tag("Urgent"),
            Compare("list", Text("Open deals")),
            Compare("due", Range(None, "+7d")),
            Compare("deal_value", Range("1000", None)),
            Compare("assignee", Text("me")),
            Is("open"),
            Has("email"),
            Not(Or((tag("a"), tag("b")))),
            Not(tag("Silent")),
            Search("free text"),
        )
    )
    assert query.sort == (SortKey("due", descending=True),)


def test_columns_are_those_of_the_text() -> None:
    tree = parse_query('-tag:Silent  "free text" due:..+7d').tree
    assert isinstance(tree, And)
    silent, words, due = tree.parts
    assert isinstance(silent, Not) and isinstance(silent.part, Compare)
    assert (silent.column, silent.part.column, silent.part.operand.column) == (1, 2, 6)
    assert words.column == 14
    assert isinstance(due, Compare) and (due.column, due.operand.column) == (26, 30)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("  \t\n", ""),
        ("a b", "a b"),
        ("a and b AND c", "a b c"),
        ("a or b c", "a or b c"),
        ("(a or b) c", "(a or b) c"),
        ("a (b c)", "a b c"),
        ("a or (b or c)", "a or b or c"),
        ("not a b", "-a b"),
        ("not (a b)", "not (a b)"),
        ("not not a", "a"),
        ("not -a", "a"),
        ("NOT(a or b)", "not (a or b)"),
        ("(a)(b)c", "a b c"),
        ("tag:a or(tag:b)and c", "tag:a or tag:b c"),
        ("tag:a,b", "tag:a,b"),
        ("tag:a or tag:b", "tag:a,b"),
        ("-tag:a,b", "-tag:a,b"),
        ('tag:"a b",c is:late', 'tag:"a b",c is:overdue'),
        ("due<=+7d", "due:..+7d"),
        ("deal_value>=1000", "deal_value:1000.."),
        ("deal_value=5", "deal_value=5"),
        ("deal_value<5 deal_value>1", "deal_value<5 deal_value>1"),
        ("list!=Proposal", "-list=Proposal"),
        ('due:"next fri".."in 2 weeks"', 'due:"next fri".."in 2 weeks"'),
        ("due:2026-12-01T15:00..", "due:2026-12-01T15:00.."),
        ("probability:-10..-5", "probability:-10..-5"),
        ("website:https://x.example/?a=b", "website:https://x.example/?a=b"),
        ("due:none", "due:none"),
        ('source:"none"', 'source:"none"'),
        ('title:"a, b"', 'title:"a, b"'),
        ('title:"1,000"', 'title:"1,000"'),
        (r'title:"say \"hi\" \\o/"', r'title:"say \"hi\" \\o/"'),
        ('k<"=5"', 'k<"=5"'),
        ('"or" "-x" "a:b" "("', '"or" "-x" "a:b" "("'),
        ("échéance:x Priorité:1", "échéance:x Priorité:1"),
        ("c++ #12 @ana 50% a-b x,y ..", "c++ #12 @ana 50% a-b x,y .."),
        ("IS:Open Has:email", "is:open has:email"),
        ("notify order android", "notify order android"),
        ("tag:a\n  is:open", "tag:a is:open"),
        ("tag:a\u00a0is:open", "tag:a is:open"),
        ('-"free text"', '-"free text"'),
    ],
)
def test_plainest_form(text: str, plain: str) -> None:
    assert render(parse_query(text).tree) == plain


def test_none_is_a_word_only_in_quotes() -> None:
    assert parse_query("due:none").tree == Compare("due", Unset())
    assert parse_query('tag:"none"').tree == Compare("tag", Text("none"))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("sort:due", "due"),
        ("a sort:-due,title", "-due title"),
        ("sort:list a sort:-due", "list -due"),
        ("a or b sort:due", "due"),
        ("a sort:due or b", "due"),
    ],
)
def test_sorts_are_gathered_in_order(text: str, keys: str) -> None:
    assert " ".join(str(key) for key in parse_query(text).sort) == keys


def test_a_sort_leaves_nothing_in_the_tree() -> None:
    assert parse_query("sort:due").tree == And(())
    assert parse_query("a sort:due or b").tree == parse_query("a or b").tree


ERRORS = [
    # a value is missing
    ("due:", 5, "value"),
    ("due: fri", 5, "value"),
    ("tag:a due:", 11, "value"),
    ("(due:)", 6, "value"),
    ("due<=", 6, "value"),
    ("due:(a)", 5, "value"),
    ("tag:a,", 7, "comma"),
    ("tag:a, b", 7, "comma"),
    ("tag:a,,b", 7, "comma"),
    ("tag:,a", 5, "before_comma"),
    ('title:""', 7, "empty_quotes"),
    ('a "  "', 3, "empty_quotes"),
    # ranges
    ("due:..", 5, "range"),
    ("due:.. a", 5, "range"),
    ("tag:a,..", 7, "range"),
    ("due:a..b..c", 9, "two_ranges"),
    ("due<=a..b", 6, "one_value"),
    ("due<a,b", 5, "one_value"),
    ("due<none", 5, "one_value"),
    ("deal_value:12,000", 12, "thousands"),
    ("deal_value:1,000..2,000", 12, "thousands"),
    # keys
    (":a", 1, "key"),
    ("a =b", 3, "key"),
    ("a.b:c", 1, "key"),
    ("a <3", 3, "key"),
    # quotes
    ('"abc', 1, "open_quote"),
    ('tag:a "x', 7, "open_quote"),
    ('list:"Open deals', 6, "open_quote"),
    (r'"abc\"', 1, "open_quote"),
    ('a"b"', 2, "glued_quote"),
    ('tag:a"b"', 6, "glued_quote"),
    ('"a"b', 4, "glued"),
    ('"a"-b', 4, "glued"),
    # brackets
    ("(", 1, "open_bracket"),
    ("(a", 1, "open_bracket"),
    ("a (b (c)", 3, "open_bracket"),
    ("a)", 2, "close_bracket"),
    (")", 1, "close_bracket"),
    ("()", 2, "empty_group"),
    ("a ( )", 5, "empty_group"),
    ("tag:a(b)", 6, "glued_bracket"),
    ("notify(x)", 7, "glued_bracket"),
    ("(" * 50 + "a" + ")" * 50, 41, "depth"),
    # or, and, not, -
    ("or a", 1, "before"),
    ("(or a)", 2, "before"),
    ("and", 1, "before"),
    ("a or", 5, "after"),
    ("a or ", 5, "after"),
    ("a or or b", 6, "after"),
    ("(a or )", 7, "after"),
    ("a and or b", 7, "after"),
    ("not", 4, "after"),
    ("a not or b", 7, "after"),
    ("a or sort:due", 5, "after"),
    ("sort:due or a", 10, "before"),
    ("-", 2, "minus"),
    ("- a", 2, "minus"),
    ("Renewal - Acme", 10, "minus"),
    ("--a", 2, "minus"),
    ("-not a", 2, "minus"),
    # other tongues
    ("!tag:a", 1, "bang"),
    ("a | b", 3, "sign"),
    ("a && b", 3, "sign"),
    # is, has, sort
    ("is:opne", 4, "is_near"),
    ("is:held", 4, "is"),
    ("is:none", 4, "is"),
    ("is<open", 3, "operator"),
    # an operator that is none
    ("deal_value=>3", 11, "mistaken_near"),
    ("is:open deal_value=<3", 19, "mistaken_near"),
    ("deal_value<>3", 11, "mistaken_near"),
    ("deal_value>>3", 11, "mistaken_near"),
    ("tag==Urgent", 4, "mistaken_near"),
    ("title=~acme", 6, "mistaken_near"),
    ("title~=acme", 6, "mistaken_near"),
    ("title!==acme", 6, "mistaken_near"),
    ("score+=3", 6, "mistaken"),
    ("has:a..b", 5, "plain"),
    ('has:"a b"', 5, "plain"),
    ("sort:a..b", 6, "sort_key"),
    ("is:a..b", 4, "is"),
    ("sort:-", 6, "sort_key"),
    ("sort:due,-", 10, "sort_key"),
    ("(a sort:due)", 4, "sort_place"),
    ("not sort:due", 5, "sort_place"),
    ("-sort:due", 2, "sort_place"),
    # what the record does not hold
    ("created:..-7d", 1, "later"),
    ("is:open updated:today", 9, "later"),
    ("has:attachments", 5, "later"),
    ("sort:-created", 6, "later"),
]


@pytest.mark.parametrize(("text", "column", "key"), ERRORS, ids=[text[:24] for text, *_ in ERRORS])
def test_every_error_has_its_column(text: str, column: int, key: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert caught.value.column == column
    fixed = MESSAGES[f"query.{key}"].partition("{")[0]
    assert caught.value.message.startswith(fixed)
    assert f"query.{key}.hint" not in MESSAGES or caught.value.hint


def test_every_message_about_the_text_has_a_row() -> None:
    """Messages of reading stand before those about names in the catalogue."""
    names = [key.removeprefix("query.") for key in MESSAGES]
    reading = {
        name
        for name in names[: names.index("unknown_key")]
        if not name.endswith(".hint") and name not in ("error", "term", "bare")
    }
    assert reading == {key for *_, key in ERRORS}


@pytest.mark.parametrize(
    "text", ['title=">3"', 'title="=a"', "title:=>x", "due:>today", "title=a=>b", "a~b"]
)
def test_what_is_no_operator_may_be_a_value(text: str) -> None:
    query = parse_query(text)
    assert parse_query(query.render()).tree == query.tree


def test_an_error_in_words() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("due:")
    assert str(caught.value) == "expected a value after `due:` at column 5"
    assert caught.value.code.code == "BF350"


def test_the_words_behind_is_are_listed() -> None:
    with pytest.raises(QueryError, match="open, done, overdue, late, today, blocked, unblocked"):
        parse_query("is:held")


@pytest.mark.parametrize(
    ("text", "column"),
    [("renewal", 1), ("is:open renewal", 9), ('tag:a or -"free text"', 11), ("is open", 1)],
)
def test_bare_words_are_refused_in_files(text: str, column: int) -> None:
    parse_query(text)
    with pytest.raises(QueryError) as caught:
        parse_query(text, words=False)
    assert (caught.value.column, caught.value.code.code) == (column, "BF351")
    assert "text:" in (caught.value.hint or "")


def test_a_file_writes_the_search_out() -> None:
    query = parse_query('is:open text:renewal or text:"free text"', words=False)
    assert query.render() == 'is:open text:renewal or text:"free text"'
