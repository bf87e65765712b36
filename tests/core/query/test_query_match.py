"""What a query means: one row for each way of asking, and for each trap."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bluefs.core.model import Comment, Context, Record, Span
from bluefs.core.query import parse_query
from tests.core.query.query_help import BLOCKER, CONFIG, NOW, RENEWAL, context, holds, record

YES = [
    "",
    'tag:Urgent list:"Open deals" due:..+7d deal_value:1000.. assignee:me has:email '
    'not (tag:a or tag:b) -tag:Silent sort:-due "free text"',
    # tags: any case, space = - = _
    "tag:urgent", "tags:URGENT", "tag:key-account", "tag:Key_Account", "tag:Silent,Urgent",
    # lists and projects: key or name, any case, unique beginning
    "list:open", 'list:"OPEN DEALS"', "list:open_deals", "project:sales", "project:Sa",
    # people
    "assignee:ana", "assignee:@Ana", 'assignee:"Ana Ruiz"', "assignee:ana@acme.example",
    "assignee:sales-team", "assignee:SALES_TEAM", "assignee:everyone", "assignees:li",
    "assignee:me", "-assignee:nobody", "-assignee:none", "-assignee:bo",
    # dates: a day counts whole
    "due:today", "due:..today", "due:today..", "due:2026-11-24", "due:..+7d", "due<=today",
    "due>=2026-11-24T15:00", "due<2026-11-24T15:01", "due>2026-11-24T14:59", "-due>today",
    "-due<today", "start<today", "start:-1w..today", 'start:"20 nov 2026"', "due<tomorrow",
    # numbers
    "deal_value:12000", 'deal_value:"12,000"', "deal_value:1000..", "deal_value:..12000",
    "deal_value>=12000", "deal_value<=12000", "deal_value<12000.01", "deal_value>11999.99",
    "-deal_value<12000", "-deal_value>12000", "score:4..", "score:1,4", "deal_value!=5",
    # texts
    "title:renewal", "title:ACME", 'title:"renewal – acme"', "title:Renewal*", "text:offer or a",
    "body:debut", "text:début", "debut", "DÉBUT", '"free text"', '"net 60"', "comment:net",
    "comments:60", 'checklist:"the contract"', "description:debut", "next_step:*offer*",
    "email:marie@acme.example", "email:*@acme.example",
    # the rest
    "id:r3n3", "id:R3N3W0C4TZ", "path:sales/", "color:red", "colour:RED", "nda:yes", "nda:true",
    "done:no", "position:a0V", "blocked_by:m4x", 'blocked_by:"buy a"', "Deal_Value:12000",
    "is:open", "is:today", "is:blocked", "-is:overdue", "is:open,done", "-is:unblocked",
    "has:due", "has:tags,closing", "has:comments", "has:checklist", "has:body", "has:list",
    "has:blocked_by", "-has:closing", "-has:done", "closing:none", "-due:none", "-has:priorité",
    # and, or, not
    "tag:a or tag:Urgent", "tag:a or is:open tag:Urgent", "not tag:a", "-(tag:a or tag:b)",
    # what makes no sense does not hold, so its negation does
    "-no_such_key:1", "-deal_value:abc", "-closing:..+7d", "-tag<a", "-due:nonsense",
    "-title:a..z", "-due:+7d..+1d",
]  # fmt: skip
NO = [
    "tag:urg", "tag:none", "list:o-deals", "list:Closed", "list:Proposal", "project:work",
    "assignee:bo", "assignee:nobody", "assignee:l", "assignee:none", "due:tomorrow..", "due>today",
    "due<today", "due:none", "due:..yesterday", "start:today..", "deal_value:..11999",
    "deal_value<12000", "deal_value>12000", "deal_value:12001", "deal_value:none", "score:5",
    "title:renewals", "title:Acme*", 'title:"acme renewal"', "comment:contract", "next_step=offer",
    "id:r3", "id:3n3w", "color:blue", "nda:no", "done:yes", "is:done", "is:overdue",
    "is:unblocked", "has:closing", "has:done", "no_such_key:1", "-has:due", "deal_value:abc",
    "closing:..+7d", "closing<2030-01-01", "closing>2030-01-01", "tag<z", "email=acme", "email:acme*", "nda:maybe",
    "has:no_such_key", "list:none", "position<a0V", "position>a0V", "blocked_by:none",
]  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_holds(text: str) -> None:
    assert holds(text)
    if text:
        assert not holds(f"not ({text.partition(' sort:')[0]})")


@pytest.mark.parametrize("text", NO)
def test_does_not_hold(text: str) -> None:
    assert not holds(text)
    assert holds(f"not ({text})")


def test_everything_is_unset_in_an_empty_record() -> None:
    empty = record({}, title="x", id=None)
    for key in ("tag", "assignee", "due", "start", "color", "deal_value", "email", "closing",
                "blocked_by", "id", "body", "comments", "checklist", "next_step"):  # fmt: skip
        assert holds(f"{key}:none", empty), key
        assert holds(f"-has:{key}", empty), key
    assert holds("nda:no -tag:a assignee:nobody is:open is:unblocked -is:today", empty)


def test_done_is_the_records_own_or_its_lists() -> None:
    won = record({}, list="Closed won", list_done=True)
    again = record({"done": False}, list="Closed won", list_done=True)
    assert holds("is:done done:yes -has:done", won)
    assert holds("is:open done:no has:done", again)


@pytest.mark.parametrize(
    ("due", "late"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),
        (NOW - timedelta(minutes=1), True),
        (NOW + timedelta(minutes=1), False),
        (datetime(2026, 11, 24, 8, 11, tzinfo=UTC), True),
    ],
)
def test_overdue(due: date, late: bool) -> None:
    assert holds("is:overdue", record({"due": due})) is late
    assert holds("is:late", record({"due": due})) is late
    assert not holds("is:overdue", record({"due": due, "done": True}))


def test_today_is_the_day_of_the_workspace() -> None:
    """23:30 UTC on the 23rd is half past midnight on the 24th in Paris."""
    assert holds("is:today due:today", record({"due": datetime(2026, 11, 23, 23, 30, tzinfo=UTC)}))
    assert not holds("is:today", record({"due": datetime(2026, 11, 24, 23, 30, tzinfo=UTC)}))


def test_a_span_matches_if_a_part_of_it_does() -> None:
    one = record({"closing": Span(date(2026, 12, 1), date(2026, 12, 5))})
    for text in ("closing:2026-12-03", "closing:2026-12-05..", "closing:..2026-12-01"):
        assert holds(text, one), text
    for text in ("closing<2026-12-01", "closing<2026-12-05", "closing>2026-12-04"):
        assert not holds(text, one), text
    assert holds("closing<2026-12-06 closing>2026-11-30", one)


def test_blocked_by_what_is_known_and_not_done() -> None:
    done = record({"done": True}, id=BLOCKER.id)
    assert holds("is:blocked", where=context(known=(BLOCKER,)))
    assert holds("is:unblocked", where=context(known=(done,)))
    assert holds("is:unblocked", where=context(known=()))


def test_who_asks_is_the_contexts_affair() -> None:
    assert holds("assignee:me", where=context(me="li"))
    assert not holds("assignee:me", where=context(me="bo"))
    assert not holds("assignee:me", where=context(me=None))
    assert holds("assignee:actor", where=context(actor="li"))


def test_a_stranger_is_found_by_what_stands_in_the_file() -> None:
    one = record({"assignees": ("zoé@x.example",)})
    assert holds("assignee:ZOÉ@x.example", one)


def test_a_beginning_that_fits_two_names_none() -> None:
    won = record({}, list="Closed won")
    assert not holds("list:closed", won) and holds("list:closed-w", won)
    assert not holds("assignee:l", record({"assignees": ("lise",)}))
    assert holds("assignee:lis", record({"assignees": ("lise",)}))


def test_an_undeclared_list_goes_by_its_folder() -> None:
    assert holds("list:ELSEWHERE", record({}, list="Elsewhere"))


def test_one_key_may_be_of_several_kinds() -> None:
    text = record({"deal_value": "about 5"}, project="work", list="Backlog")
    number = record({"deal_value": Decimal(5)})
    query = parse_query('deal_value:5 or deal_value:"about 5"')
    assert query.matches(text, context()) and query.matches(number, context())
    assert [holds("deal_value:5", one) for one in (text, number)] == [True, True]
    assert [holds("deal_value=5", one) for one in (text, number)] == [False, True]


def test_a_field_wins_over_a_short_form() -> None:
    one = record({"comment": "by hand"}, project="work", list="Backlog",
                 comments=(Comment("ana", NOW, "said"),))  # fmt: skip
    assert holds('comment:"by hand" -comment:said comments:said', one)


def test_a_project_that_is_gone_knows_only_built_in_keys() -> None:
    one = record({"tags": ("a",), "deal_value": Decimal(1)}, project="gone")
    assert holds("tag:a project:gone -deal_value:1 -has:deal_value", one)


def test_an_answer_belongs_to_its_circumstances() -> None:
    """The same Query is asked in turn by two people, at two times, of two projects."""
    query = parse_query("assignee:me due:..today")
    other = record({"assignees": ("bo",), "due": date(2026, 11, 26)}, project="work")
    later = NOW + timedelta(days=3)
    for _ in range(2):
        assert query.matches(RENEWAL, context())
        assert not query.matches(other, context(me="bo"))
        assert query.matches(other, context(me="bo", now=later))
        assert not query.matches(RENEWAL, context(me="bo", now=later))


def test_find_is_asked_anew_each_time() -> None:
    query = parse_query("is:blocked")
    assert query.matches(RENEWAL, context())
    assert not query.matches(RENEWAL, context(known=()))


def test_a_query_is_a_value() -> None:
    query = parse_query("assignee:me")
    assert query.matches(RENEWAL, context())
    copy = pickle.loads(pickle.dumps(query))
    assert copy == query and hash(copy) == hash(query) and copy.matches(RENEWAL, context())
    assert parse_query("a") != parse_query("b")


def test_letters_that_do_not_come_apart() -> None:
    one = record({}, title="L’œuvre de Łukasz, Straße ﬁnale", body="a\n  b")
    assert holds('oeuvre lukasz STRASSE finale "l\'oeuvre" "a b" -"ab"', one)


def test_select_keeps_what_matches_in_order() -> None:
    records = [record({"score": Decimal(n % 3)}, title=f"R{n}", id=f"r{n}00") for n in range(6)]
    found = parse_query("score:1.. sort:-score,title").select(records, context())
    assert [one.title for one in found] == ["R2", "R5", "R1", "R4"]


def test_ten_thousand_records_cost_little() -> None:
    """A count of work, not a clock: each value is looked at once, whoever shares it."""
    asked: list[object] = []

    class Counted(str):
        def isascii(self) -> bool:
            asked.append(self)
            return super().isascii()

    red = Counted("red")
    records = [record({"color": red}, title=str(n)) for n in range(1000)]
    query = parse_query("color:red")
    assert all(query.matches(one, where) for where in [context()] for one in records)
    assert len(asked) == 1


def _never(_: str) -> Record | None:
    raise AssertionError("nothing asked for another record")


def test_only_is_blocked_looks_at_other_records() -> None:
    where = Context(CONFIG, NOW, me="ana", find=_never)
    assert parse_query("is:open tag:urgent due:today").matches(RENEWAL, where)
