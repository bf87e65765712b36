"""Why a record matches: the terms and the values that decided."""

from __future__ import annotations

import pytest

from bluefs.core.query import Term, parse_query
from tests.core.query.query_help import RENEWAL, context, record


@pytest.mark.parametrize(
    ("text", "holds", "detail"),
    [
        ("has:email", True, "marie@acme.example"),
        ("-tag:Silent", True, "tags: Urgent, Key account"),
        ("list:Proposal", False, "list: Open deals"),
        ("due:today", True, "due: today 15:00"),
        ("closing:..+7d", False, "no closing"),
        ("has:closing", False, "no closing"),
        ("assignee:bo", False, "assignees: ana, li"),
        ("deal_value:1000..", True, "deal_value: €12,000"),
        ("is:open", True, "open"),
        ("done:yes", False, "done: open"),
        ("is:overdue", False, "due: today 15:00"),
        ("is:blocked", True, "waits for Buy a Mac"),
        ("renewal", True, "in the title"),
        ("debut", True, "in the text"),
        ('"net 60"', True, "in a comment by ana"),
        ("elsewhere", False, "not in the title, text or comments"),
        ("tag:a or list:open", True, "tags: Urgent, Key account · list: Open deals"),
        ("not (tag:a is:done)", True, "tags: Urgent, Key account · open"),
        ("no_such_key:1", False, "`no_such_key` is not a key of Sales"),
        ("body:début", True, ""),
    ],
)
def test_one_term(text: str, holds: bool, detail: str) -> None:
    assert parse_query(text).explain(RENEWAL, context()) == (Term(text, holds, detail),)


def test_terms_stand_in_the_order_of_the_query() -> None:
    terms = parse_query("has:email -tag:Silent is:done").explain(RENEWAL, context())
    assert [(term.text, term.holds) for term in terms] == [
        ("has:email", True),
        ("-tag:Silent", True),
        ("is:done", False),
    ]


def test_the_empty_query_has_no_terms() -> None:
    assert parse_query("").explain(RENEWAL, context()) == ()


def test_a_long_value_is_cut_and_kept_on_one_line() -> None:
    one = record({"next_step": "call\nher " + "again " * 30})
    (term,) = parse_query("has:next_step").explain(one, context())
    assert len(term.detail) == 60 and term.detail.startswith("call her again")
