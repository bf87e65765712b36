"""Laws of the query language, for random texts, trees and records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.model import Record
from bluefs.core.query import Query, QueryError, SortKey, order, parse_query
from bluefs.core.query.tree import (
    And,
    Compare,
    Has,
    Is,
    Range,
    Search,
    Text,
    Tree,
    Unset,
    both,
    either,
    negate,
    render,
)
from tests.core.query.query_help import NOW, PARIS, context, record

LAW = settings(max_examples=150, deadline=None)  # two busy cores: no deadline

FRAGMENTS = st.sampled_from(
    ["tag:", "due:", "is:", "sort:", "or", "and", "not", "(", ")", "-", '"', ",", "..", " ", "a",
     "open", "none", "<=", "!=", "\\", "1,000", "é", "\u0301", "\x00", "\n", "has:", "+7d", "|"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=30), st.lists(FRAGMENTS, max_size=14).map("".join))


@given(TEXTS, st.booleans())
@settings(LAW, max_examples=1500)
def test_any_text_is_a_query_or_a_query_error(text: str, words: bool) -> None:
    try:
        query = parse_query(text, words=words)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1
        assert error.message and ("{" in text or "{" not in error.message)
    else:
        assert parse_query(query.render()).tree == query.tree


VALUES = st.text(min_size=1, max_size=8).filter(lambda text: text.strip())
NAMES = st.from_regex(r"[a-zA-Zé_0-9]{1,6}", fullmatch=True).filter(
    lambda key: key.casefold() not in {"is", "has", "sort", "created", "updated", "completed"}
)
OPERANDS = st.one_of(
    VALUES.map(Text),
    st.builds(Range, VALUES, st.none()),
    st.builds(Range, st.none(), VALUES),
    st.builds(Range, VALUES, VALUES),
    st.just(Unset()),
)
LEAVES = st.one_of(
    st.builds(Compare, NAMES, OPERANDS),
    st.builds(Compare, NAMES, VALUES.map(Text), st.sampled_from(["<", ">"])),
    st.builds(Is, st.sampled_from(["open", "done", "overdue", "today", "blocked", "unblocked"])),
    st.builds(Has, NAMES),
    st.builds(Search, VALUES),
)


def _grow(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(trees, min_size=1, max_size=3)
    return st.one_of(several.map(both), several.map(either), trees.map(negate))


def trees_of(leaves: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.recursive(leaves, _grow, max_leaves=8)


@given(trees_of(LEAVES))
@settings(LAW, max_examples=500)
def test_what_is_rendered_reads_back(tree: Tree) -> None:
    assert parse_query(render(tree)).tree == tree


@given(trees_of(LEAVES))
@LAW
def test_negation_cancels(tree: Tree) -> None:
    assert negate(negate(tree)) == tree
    assert parse_query(f"not not ({render(tree)})").tree == tree


# Trees and records that have something to do with each other.
QUESTIONS = st.sampled_from(
    [
        "tag:a", "tag:b", "tag:none", "list:open", "list:Closed", "due:..+7d", "due<today",
        "due:none", "deal_value:1000..", "deal_value<1000", "deal_value:none", "assignee:me",
        "assignee:nobody", "assignee:sales-team", "is:open", "is:overdue", "is:today",
        "is:blocked", "has:email", "has:due", "nda:no", "score:2..4", "no_such_key:1",
        "deal_value:nonsense", "email:*acme*", "renewal", "offre", "start>-3d", "project:sales",
    ]
).map(lambda text: parse_query(text).tree)  # fmt: skip

DAYS = st.integers(-10, 20).map(lambda n: date(2026, 11, 24) + timedelta(days=n))
MOMENTS = st.integers(-400, 400).map(lambda n: NOW + timedelta(hours=n))
RECORDS = st.builds(
    lambda values, title, place, n: replace(
        record({k: v for k, v in values.items() if v is not None}, title=title, id=f"r{n:04d}"),
        list=place,
        list_done=place == "Closed won",
        path=f"sales/{place}/{title} {n}.md",
    ),
    st.fixed_dictionaries(
        {
            "tags": st.sampled_from([None, ("a",), ("b",), ("A", "b")]),
            "due": st.one_of(st.none(), DAYS, MOMENTS),
            "start": st.one_of(st.none(), DAYS),
            "deal_value": st.sampled_from([None, Decimal(0), Decimal(1000), Decimal("999.99")]),
            "score": st.sampled_from([None, Decimal(2), Decimal(5)]),
            "assignees": st.sampled_from([None, ("ana",), ("li", "bo"), ("stranger@x.example",)]),
            "done": st.sampled_from([None, True, False]),
            "nda": st.sampled_from([None, True, False]),
            "email": st.sampled_from([None, "marie@acme.example"]),
            "blocked_by": st.sampled_from([None, ("m4xq7c2p0d",), ("unknown000",)]),
            "position": st.sampled_from([None, "a0", "a1", "a0V"]),
        }
    ),
    st.sampled_from(["Renewal", "Offre signée", "a", "A"]),
    st.sampled_from(["Open deals", "Proposal", "Closed won", "Elsewhere"]),
    st.integers(0, 9999),
)


def ask(tree: Tree, one: Record) -> bool:
    return Query(render(tree), tree).matches(one, context())


@given(trees_of(QUESTIONS), trees_of(QUESTIONS), st.lists(RECORDS, min_size=1, max_size=4))
@LAW
def test_and_or_not_are_those_of_logic(a: Tree, b: Tree, records: list[Record]) -> None:
    for one in records:
        left, right = ask(a, one), ask(b, one)
        assert ask(both([a, b]), one) == (left and right)
        assert ask(either([a, b]), one) == (left or right)
        assert ask(negate(a), one) == (not left)


@given(trees_of(QUESTIONS), trees_of(QUESTIONS), RECORDS)
@LAW
def test_de_morgan(a: Tree, b: Tree, one: Record) -> None:
    assert ask(negate(both([a, b])), one) == ask(either([negate(a), negate(b)]), one)
    assert ask(negate(either([a, b])), one) == ask(both([negate(a), negate(b)]), one)


@given(QUESTIONS, QUESTIONS, st.lists(RECORDS, max_size=8))
@LAW
def test_or_is_the_union(a: Tree, b: Tree, records: list[Record]) -> None:
    def found(tree: Tree) -> set[str]:
        return {one.path for one in records if ask(tree, one)}

    assert found(either([a, b])) == found(a) | found(b)


@given(trees_of(QUESTIONS), RECORDS)
@LAW
def test_an_explanation_agrees_with_the_answer(tree: Tree, one: Record) -> None:
    query = Query(render(tree), tree)
    terms = query.explain(one, context())
    assert all(term.holds for term in terms) == query.matches(one, context())
    parts = [parse_query(term.text).tree for term in terms]
    assert both(parts) == tree or tree == And(())


SORTS = st.lists(
    st.builds(
        SortKey,
        st.sampled_from(
            ["due", "start", "deal_value", "title", "list", "tags", "assignee", "done", "nope"]
        ),
        st.booleans(),
    ),
    max_size=3,
)


@given(st.lists(RECORDS, max_size=8, unique_by=lambda r: r.path), SORTS, st.randoms())
@LAW
def test_order_is_total_and_keeps_everything(records, sorts, random) -> None:  # type: ignore[no-untyped-def]
    query = Query("", And(()), tuple(sorts))
    once = order(records, query, context())
    assert sorted(r.path for r in once) == sorted(r.path for r in records)
    shuffled = list(records)
    random.shuffle(shuffled)
    assert order(shuffled, query, context()) == once
    assert order(once, query, context()) == once


@given(st.lists(RECORDS, max_size=8, unique_by=lambda r: r.path), st.booleans())
@LAW
def test_unset_values_come_last_either_way(records: list[Record], descending: bool) -> None:
    found = order(records, Query("", And(()), (SortKey("due", descending),)), context())
    unset = ["due" not in one.values for one in found]
    assert unset == sorted(unset)
    days = [r.values["due"] for r in found if "due" in r.values]
    local = [d.astimezone(PARIS).date() if isinstance(d, datetime) else d for d in days]
    assert local == sorted(local, reverse=descending)
