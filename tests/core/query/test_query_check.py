"""Names that do not exist, and values that cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bluefs.core.model import Config
from bluefs.core.query import parse_query
from tests.core.query.query_help import CONFIG, SALES, WORK

FAULTS = [
    ("dead_value:3", 1, 11, "BF353", "deal_value"),
    ("is:open duee:today", 9, 13, "BF353", "due"),
    ("12:30", 1, 3, "BF353", '"12:30"'),
    ("has:emial", 5, 10, "BF353", "email"),
    ("sort:du", 6, 8, "BF353", "due"),
    ("sort:title,-du", 13, 15, "BF353", "due"),
    ("-tag:Urgnt", 6, 11, "BF354", "Urgent"),
    ("tag:Silent,Urgnt", 12, 17, "BF354", "Urgent"),
    ("list:Clsed", 6, 11, "BF354", "Closed won"),
    ("list:nowhere", 6, 13, "BF354", "Open deals, Proposal"),
    ("list:closed", 6, 12, "BF354", "in full"),
    ("assignee:bob", 10, 13, "BF354", "bo"),
    ("assignee:l", 10, 11, "BF354", "in full"),
    ("project:salse", 9, 14, "BF354", "sales"),
    ("color:rde", 7, 10, "BF354", "red"),
    ("deal_value:abc", 12, 15, "BF355", ""),
    ("deal_value:1..x", 12, 16, "BF355", ""),
    ("deal_value>abc", 12, 15, "BF355", ""),
    ("due:xyz", 5, 8, "BF355", ""),
    ("start:+7d..+1d", 7, 15, "BF355", ""),
    ("closing:soon", 9, 13, "BF355", ""),
    ("due:2026-02-30", 5, 15, "BF355", "no calendar"),
    ("closing:2026-12-01..2026-13-05", 9, 31, "BF355", "no calendar"),
    ("list:Opne", 6, 10, "BF354", "Open deals"),
    ("nda:perhaps", 5, 12, "BF355", ""),
    ("done:perhaps", 6, 13, "BF355", ""),
    ("deal_value:5..1", 12, 16, "BF355", "first"),
    ("next_step:a..z", 11, 15, "BF355", "quotes"),
    ("title:wait..", 7, 13, "BF355", "quotes"),
    ("tag<a", 5, 6, "BF355", "tag:a,b"),
    ("next_step>=a", 12, 15, "BF355", ""),
    ("due~fri", 4, 5, "BF350", "`:`"),
    ("is:open Deal_value!3", 19, 20, "BF350", "`!=`"),
    ("title!~acme", 6, 8, "BF350", "`!=`"),
    ("tag^Urgent", 4, 5, "BF350", "tag:"),
    ('"deal_value > 3"', 1, 17, "BF350", "`deal_value>3`"),
    ('"due <= fri"', 1, 13, "BF350", "`due<=fri`"),
    ('"due ~ fri"', 1, 12, "BF350", "`:`"),
]


@pytest.mark.parametrize(("text", "column", "end", "code", "hint"), FAULTS)
def test_fault(text: str, column: int, end: int, code: str, hint: str) -> None:
    (fault,) = parse_query(text).check(CONFIG, [SALES])
    assert (fault.column, fault.end, fault.code.code) == (column, end, code)
    assert hint in (fault.hint or "")
    assert fault.message and "{" not in fault.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a~b",
        '"a > b"',
        "text:due~fri",
        'text:"due > fri"',
        "due-diligence",
        "C^2",
        '"due - or not"',
        'tag:Urgent list:"Open deals" due:..+7d deal_value:1000.. assignee:me is:open has:email '
        'not (tag:a or tag:b) -tag:Silent sort:-due "free text"',
        "tag:key-account list:open assignee:sales assignee:nobody assignee:everyone",
        "assignee:Ana assignee:actor color:gray color:#ff0000 id:zzzz path:x blocked_by:any",
        'due:none deal_value<5 score>=2 closing:"next fri".. done:yes nda:no position:a..b',
        'text:x title:"a..b" comments:x checklist:x description:x repeat:x remind:x',
        "sort:title,-deal_value,list,assignee",
        "has:tag,assignee,comment,checklist,body,due,blocked_by,nda",
        "project:sales project:WORK",
    ],
)
def test_no_fault(text: str) -> None:
    assert parse_query(text).check(CONFIG, SALES) == ()


def test_faults_are_in_the_order_of_the_text() -> None:
    query = parse_query("sort:du tag:x duee:1 list:y -has:z")
    assert [fault.column for fault in query.check(CONFIG, [SALES])] == [6, 13, 15, 27, 34]


def test_one_of_several_projects_is_enough() -> None:
    query = parse_query("list:Backlog email:*acme* deal_value:about")
    assert [fault.column for fault in query.check(CONFIG, [SALES])] == [6, 38]
    assert query.check(CONFIG, [SALES, WORK]) == ()
    assert query.check(CONFIG) == ()


def test_a_tag_may_be_new_unless_every_project_is_strict() -> None:
    query = parse_query("tag:brand-new")
    assert query.check(CONFIG, [SALES])
    assert query.check(CONFIG, [replace(SALES, strict=False)]) == ()
    assert query.check(CONFIG, [SALES, WORK]) == ()


def test_without_projects_built_in_keys_are_known() -> None:
    query = parse_query("due:today is:open email:x")
    (fault,) = query.check(Config())
    assert (fault.column, fault.message) == (19, "`email` is not a key of any project")


def test_a_fault_names_the_project() -> None:
    (fault,) = parse_query("list:Nowhere").check(CONFIG, WORK)
    assert fault.message == "`Nowhere` is not a list of Work"
    assert fault.hint == "There are Backlog, Live."


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("due:this", True),
        ("due:Next", True),
        ("due:cette", True),
        ("due:nope", False),
        ("due:x..", False),
    ],
)
def test_a_date_of_several_words_wants_quotes(text: str, quotes: bool) -> None:
    (fault,) = parse_query(text).check(CONFIG, [SALES])
    assert ("need quotes" in (fault.hint or "")) is quotes
