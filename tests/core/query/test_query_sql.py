"""The two ways to run a query are one: random workspaces, random queries, answers and order."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.fields import known_kinds
from bluefs.core.formula.parsing import Parsed, parse_formula
from bluefs.core.model import (
    Comment,
    Config,
    Context,
    FieldDef,
    Item,
    ListDef,
    Project,
    Record,
    Span,
    Value,
)
from bluefs.core.query import Query, SortKey, parse_query
from bluefs.core.query.sql import DELETES, compile_sql
from bluefs.core.query.sql.cells import number_cell
from bluefs.core.query.tree import Compare, Has, Is, Range, Search, Text, Unset, render
from bluefs.core.worked import whole
from tests.core.query.query_help import CONFIG, NOW
from tests.core.query.sql_help import database, in_memory, in_sql
from tests.core.query.test_query_laws import trees_of

LAW = settings(max_examples=int(os.environ.get("BLUEFS_EXAMPLES", "250")), deadline=None)

OPTIONS = {
    "Web": "blue",
    "Référence": None,
    "[a-z]?": None,
    "a": None,
    "Fair: Lyon": None,
    "Fair: Été": None,
}
#: Fields of one name and several kinds in three projects.
KINDS = {
    "sales": {"amount": "currency", "note": "text", "when": "date", "flag": "checkbox",
              "pick": "select", "several": "multi_select", "phone": "unknown", "go": "button",
              "usd": "conversion", "worth": "formula"},
    "work": {"amount": "text", "note": "multiline", "when": "text", "flag": "number",
             "pick": "text", "several": "unknown", "comment": "text", "mail": "email"},
    "": {"note": "number", "amount": "percent", "when": "date", "pick": "rating", "site": "url",
         "phone": "phone", "land": "country", "lands": "country", "spot": "location", "paper": "file",
         "papers": "file", "serial": "unique_id", "took": "duration", "times": "time_in_list", "sum": "formula"},
}  # fmt: skip
#: What is worked out: the options of these fields as the settings complete them.
DERIVED: dict[str, dict[str, object]] = {
    "usd": {"of": "amount", "currency": "USD", "at": "when", "source": "EUR",
            "series": "2026-11-20 1.125 2026-11-24 1.2 2026-11-28 0.3333"},
    "worth": {"formula": "(amount - 9) / 3 + AVERAGE(usd, amount)", "show": "currency", "currency": "EUR"},
    "sum": {"formula": "note * 1.5 - SUM(amount, pick) ^ 2 / 7"},
}  # fmt: skip


def _options(name: str) -> dict[str, object]:
    found = dict(DERIVED.get(name, {}))
    if "formula" in found:
        parsed = parse_formula(str(found["formula"]))
        assert isinstance(parsed, Parsed)
        found |= {"program": parsed.program, "uses": parsed.names}
    return found


def _project(key: str, kinds: dict[str, str]) -> Project:
    """More fields than there are columns: the first ones are padding in one project."""
    padding = {f"p{n}": "text" for n in range(22)} if key == "work" else {}
    fields = {
        name: FieldDef(name, kind, name, options=_options(name) or {
            "options": OPTIONS, "range": True, "currency": "EUR", "country": "FR", "prefix": "A-",
            "digits": 2, "many": name in ("lands", "papers"),
        })
        for name, kind in (padding | kinds).items()
    }  # fmt: skip
    lists = {
        name: ListDef(name, name, done=name == "Done") for name in ("Open", "Opened", "Done", "Été")
    }
    return Project(key, key or "Root", lists=lists, tags={"Key account": None}, fields=fields)


WORLD = Config(CONFIG.workspace, {key: _project(key, kinds) for key, kinds in KINDS.items()})
WHERE = Context(WORLD, NOW, me="ana", actor="li")

WORDS = ["a", "A", "call Anna", "Début", "de\u0301but", "Straße", "œuf", "x\x00y", "\x01", "\x02", "😀",
         "50%", "[a-z]?", "a*b", "*", "Renewal of\nthe  contract", "l’été", "ﬁn", "\u0301", " ", "ß", "İ", "ana",
         "K\u0307", "Open", "no", "2026-12-01", "12", "'", '"', "\\", "%_", "zoë@x.example", "\U0010ffff", "ａ", "＊"]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
    st.text(max_size=8),
)
NUMBERS = st.one_of(
    st.sampled_from([Decimal(t) for t in ("0", "1", "1.0", "10", "9", "-1", "-1.05", "0.1", "1E+20",
                                          "0.30000000000000000000001", "0.3", "12345678901234567890.5")]),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-2000, max_value=2000),
)  # fmt: skip
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-11))])
DAYS = st.one_of(
    st.integers(-9, 20).map(lambda n: date(2026, 11, 24) + timedelta(days=n)),
    st.sampled_from([date.min, date.max, date(2026, 3, 29), date(2026, 10, 25)]),
)
MOMENTS = st.one_of(
    st.builds(lambda n, zone: (NOW + timedelta(hours=n)).astimezone(zone), st.integers(-99, 99), ZONES),
    st.sampled_from([NOW, NOW + timedelta(microseconds=1), datetime(9999, 12, 31, 23, 30, tzinfo=UTC),
                     datetime(1, 1, 1, tzinfo=UTC), datetime(2026, 11, 24, 23, 30, tzinfo=UTC)]),
)  # fmt: skip
WHENS = DAYS | MOMENTS
SPANS = st.builds(
    lambda day, n: Span(day, day + timedelta(days=n)),
    st.integers(-9, 20).map(lambda n: date(2026, 11, 24) + timedelta(days=n)), st.integers(0, 5),
)  # fmt: skip
SETS = st.lists(TEXTS, min_size=1, max_size=3, unique=True).map(tuple)
BY_KIND: dict[str, st.SearchStrategy[Value]] = {
    **dict.fromkeys(("currency", "number", "percent", "rating"), NUMBERS),
    **dict.fromkeys(("text", "multiline", "email", "url"), TEXTS),
    "date": DAYS | MOMENTS | SPANS, "checkbox": st.booleans(), "button": st.just(True),
    "select": st.sampled_from([*OPTIONS, "gone"]),
    "multi_select": st.lists(st.sampled_from([*OPTIONS, "gone"]), min_size=1, unique=True).map(tuple),
    "unknown": TEXTS | SETS, "phone": st.sampled_from(["+33612345678", "+442079460958", "06"]),
    "country": st.sampled_from(["FR", "NO", ("FR",), ("BE", "NO")]),
    "location": st.sampled_from(["48.8566, 2.3522", "0, 0", "-90, 180"]),
    "file": st.sampled_from(["Offer.pdf", "Été.png", ("Offer.pdf", "12"), ("a", "b.pdf")]),
    "unique_id": st.sampled_from(["A-07", "A-7", "A-123", "A-10", "B-9", "old"]),
    "duration": st.integers(-90, 300000).map(Decimal),
    "time_in_list": st.sampled_from([("30 Open",), ("30 Open", "7+ Done")]),
}  # fmt: skip
IDS = ["m4xq7c2p0d", "m4xq7c2p0e", "R3n", "x", "é1"]
REFERENCES = st.sampled_from(
    [*IDS, "a", "A", "[[call Anna]]", "Début", "nothing", "sales/Open/a.md", "a.md", "sales/open/a",
     "[[a|b]]", "x\x00y", " a "]
)  # fmt: skip
BUILT_IN = {
    "tags": st.lists(st.sampled_from(["Key account", "key-account", "a", "B", "É", "x\x01y"]),
                     min_size=1, max_size=3, unique=True).map(tuple),
    "assignees": st.lists(st.sampled_from(["ana", "LI", "lise", "zoé@x.example"]),
                          min_size=1, max_size=2, unique=True).map(tuple),
    "color": st.sampled_from(["red", "grey", "#ff0000"]), "start": WHENS, "due": WHENS,
    "done": st.booleans(), "position": st.sampled_from(["a0", "a1", "Zz", "a0V", "0"]),
    "blocked_by": st.lists(REFERENCES, min_size=1, max_size=2, unique=True).map(tuple),
    "repeat": TEXTS, "remind": SETS,
}  # fmt: skip


@st.composite
def records(draw: st.DrawFn) -> Record:
    key = draw(st.sampled_from(["sales", "work", "", "gone"]))
    kinds = KINDS.get(key, {})
    values: dict[str, Value] = {}
    known = {**BUILT_IN, **{name: BY_KIND[kind] for name, kind in kinds.items() if kind in BY_KIND}}
    for name in draw(st.lists(st.sampled_from(sorted(known)), max_size=8, unique=True)):
        values[name] = draw(known[name])
    if draw(st.integers(0, 9)) == 0 and kinds:  # left over from another kind
        values[draw(st.sampled_from(sorted(kinds)))] = draw(st.one_of(*BY_KIND.values()))
    title = draw(TEXTS)
    place = draw(st.sampled_from(["Open", "Opened", "Done", "Été", "elsewhere", "OTHER", None]))
    comments = tuple(Comment("ana", NOW, text) for text in draw(st.lists(TEXTS, max_size=2)))
    items = tuple(Item("", text, False) for text in draw(st.lists(TEXTS, max_size=2)))
    body = draw(TEXTS | st.just(""))
    if comments and draw(st.booleans()):  # as they stand in a file
        body += "\n\n## Comments\n\n" + "".join(f"### ana · x\n{one.text}\n" for one in comments)
    path = "/".join(filter(None, [key, place, f"{title.replace('/', '-')}.md"]))
    record = Record(
        path, key, place, draw(st.sampled_from([*IDS, None, None])), title, values,
        body, list_done=place == "Done", comments=comments, items=items,
    )  # fmt: skip
    return whole(record, WORLD)


WORLDS = st.lists(records(), max_size=6, unique_by=lambda r: r.path)
KEYS = [
    *sorted({name for kinds in KINDS.values() for name in kinds} | set(BUILT_IN)),
    "id", "title", "path", "project", "list", "body", "text", "comments", "checklist", "tag",
    "assignee", "AMOUNT", "nope",
]  # fmt: skip
OPERANDS = st.one_of(
    TEXTS,
    st.sampled_from(["today", "+7d", "-3d", "yesterday", "now", "fri", "this week", "cette semaine", "next month", "2026-11-24T10:12", "me", "nobody", "everyone",
                     "sales-team", "actor", "l", "open", "done", "sales", "yes", "no", "1", "9", "1.0", "0.3", "-1",
                     "-1.05", "10", "12", "120.00", "..0", "Web", "reference", "réf", "fair", "LYO", "ete", "fair: l", "air", "gone", "key_account", "red", "gray", "m4xq7c2p0d", "m4x",
                     "*a*", "call*", "*", "[a*", "a?", "a0", "a0V", "sales/Open", "[[a]]", "zoe",
                     "06 12 34 56 78", "0612", "+33*", "france", "fr", "no", "Atlantis", "48,8566 2,3522", "0,0",
                     "offer", "*.pdf", "7", "A-07", "123", "2 days", "1h", "-1h"]),
    NUMBERS.map(str), DAYS.map(str),
).filter(lambda text: bool(text.strip()))  # fmt: skip
LEAVES = st.one_of(
    st.builds(Compare, st.sampled_from(KEYS), OPERANDS.map(Text), st.sampled_from([":", ":", "=", "<", ">"])),
    st.builds(Compare, st.sampled_from(KEYS), st.one_of(
        st.builds(Range, OPERANDS, st.none()), st.builds(Range, st.none(), OPERANDS),
        st.builds(Range, OPERANDS, OPERANDS), st.just(Unset()))),
    st.builds(Is, st.sampled_from(["open", "done", "overdue", "today", "blocked", "unblocked"])),
    st.builds(Has, st.sampled_from(KEYS)),
    st.builds(Search, OPERANDS),
)  # fmt: skip
SORTS = st.lists(st.builds(SortKey, st.sampled_from(KEYS), st.booleans()), max_size=3).map(tuple)


@given(WORLDS, st.lists(st.tuples(trees_of(LEAVES), SORTS), min_size=1, max_size=4))
@LAW
def test_memory_and_sql_are_one(world, asked) -> None:  # type: ignore[no-untyped-def]
    connection = database(world, WHERE)
    try:
        for tree, sort in asked:
            query = Query(render(tree), tree, sort)
            assert in_sql(connection, query, WHERE) == in_memory(world, query, WHERE), str(query)
    finally:
        connection.close()


@given(
    st.lists(NUMBERS | st.decimals(allow_nan=False, allow_infinity=False), min_size=2, max_size=6)
)
@LAW
def test_cells_of_numbers_have_their_order(numbers: list[Decimal]) -> None:
    for one in numbers:
        for other in numbers:
            assert (number_cell(one) < number_cell(other)) is (one < other)
            assert (number_cell(one) == number_cell(other)) is (one == other)


#: (query, titles in order): by hand, so that both ways cannot be wrong together.
BY_HAND = [
    ("is:open", "a call Renewal Début"),
    ("", "a call Renewal won Début"),
    ("sort:-amount", "Renewal a call won Début"),
    ("sort:amount", "a Renewal call won Début"),
    ("amount:0.3", "a"),
    ("amount:0.3..", "a Renewal"),
    ("amount<0.30000000000000000000001", "a"),
    ("-amount:0.3..", "call won Début"),
    ("sales-nothing:1", ""),
    ("note:anna", "call"),
    ("note=anna", ""),
    ('note="Call  ANNA"', "call"),
    ("note:*anna", "call"),
    ("note:call*anna", "call"),
    ("note:anna*", ""),
    ("debut", "Début a"),
    ("-debut is:open", "call Renewal"),
    ("contract", "Renewal call"),
    ('"of the contract"', "Renewal"),
    ("due:today", "call"),
    ("due:..today", "a call"),
    ("is:overdue", "a"),
    ("is:today", "call"),
    ("is:blocked", "Renewal won Début"),
    ("is:unblocked is:open", "a call"),
    ("blocked_by:call", "Début"),
    ("blocked_by:m4xq7", "Renewal won"),
    ('blocked_by:"[[a]]"', "Renewal won Début"),
    ("tag:key_account", "a"),
    ("tag:none is:open", "call Renewal Début"),
    ("list:op", ""),
    ("list:opened", "Renewal"),
    ("list:ÉTÉ", "Début"),
    ("project:root", "Début"),
    ("assignee:sales-team", "a call"),
    ("assignee:nobody is:open", "Renewal Début"),
    ("has:due -assignee:me", "call"),
    ("pick:reference", "a"),
    ("pick:réf", "a"),
    ("pick:éren", ""),
    ("several:we", "a"),
    ('due:"this week"', "a call"),
    ('due:"cette semaine"', "a call"),
    ('due:"last week"', ""),
    ('due:.."this week"', "a call"),
    ('due<"this week"', ""),
    ('when:"next week"', "a"),
    ('when:"this month"', ""),
    ("several:web,a", "a"),
    ("when:2026-12-03", "a"),
    ("when<2026-12-03", ""),
    ("flag:no", "a call Renewal won"),
]  # fmt: skip


def _by_hand() -> list[Record]:
    def one(title: str, place: str, values: dict[str, Value], **more: object) -> Record:
        project = "" if place == "Été" else "sales"
        path = "/".join(filter(None, [project, place, f"{title}.md"]))
        return replace(
            Record(path, project, place, None, title, values, list_done=place == "Done"), **more
        )  # type: ignore[arg-type]

    span = Span(date(2026, 12, 1), date(2026, 12, 5))
    return [
        one("a", "Open", {"amount": Decimal("0.3"), "tags": ("Key account",), "due": date(2026, 11, 23),
                          "assignees": ("ana",), "pick": "Référence", "several": ("a", "Web"), "when": span,
                          "position": "a0"},
            id="m4xq7c2p0d", body="un\ndébut"),
        one("call", "Open", {"note": "Call Anna", "assignees": ("li",), "position": "a1",
                             "due": datetime(2026, 11, 24, 22, 30, tzinfo=UTC)},
            comments=(Comment("ana", NOW, "contract"),)),
        one("Début", "Été", {"blocked_by": ("[[call]]",)}),
        one("Renewal", "Opened", {"blocked_by": ("m4xq7c2p0d",), "amount": Decimal("0.30000000000000000000001")},
            body="of\n  the contract"),
        one("won", "Done", {"blocked_by": ("a",)}),
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "titles"), BY_HAND)
def test_both_ways_by_hand(text: str, titles: str) -> None:
    world = _by_hand()
    query = parse_query(text)
    found = in_sql(database(world, WHERE), query, WHERE)
    assert " ".join(world[n].title for n in found) == titles
    assert in_memory(world, query, WHERE) == found


def test_ten_thousand_options_keep_their_order() -> None:
    """SQLite takes seconds to prepare so many cases; they are a table of one parameter."""
    names = [f"Option {n}" for n in range(10_000, 0, -1)]
    field = FieldDef("f", "select", "f", options={"options": dict.fromkeys(names)})
    where = Context(Config(projects={"p": Project("p", "p", fields={"f": field})}), NOW)
    world = [
        Record(f"p/A/{n}.md", "p", "A", None, str(n), {"f": name} if name else {})
        for n, name in enumerate(["Option 7", "Option 9999", "gone", None, "Option 12"])
    ]
    connection = database(world, where)
    for text, order in (("sort:f", [1, 4, 0, 2, 3]), ("sort:-f", [2, 0, 4, 1, 3])):
        found = compile_sql(parse_query(text), where)
        assert found is not None and len(found.parameters) < 50
        query = parse_query(text)
        assert in_sql(connection, query, where) == in_memory(world, query, where) == order


def test_every_kind_can_be_asked_in_sql() -> None:
    """A kind that SQL does not know is asked in memory: slower, never wrong."""
    for kind in known_kinds():
        field = FieldDef("f", kind, "f", options={"options": OPTIONS, "currency": "EUR"})
        config = Config(projects={"p": Project("p", "p", fields={"f": field})})
        found = compile_sql(parse_query("f:a or f:1.."), Context(config, NOW))
        assert found is not None, kind


def test_one_project_and_a_limit() -> None:
    world = _by_hand()
    connection = database(world, WHERE)
    for project, limit, titles in (("sales", None, "a call Renewal won"), ("sales", 2, "a call"),
                                   ("", None, "Début"), ("gone", None, "")):  # fmt: skip
        found = compile_sql(parse_query("has:title"), WHERE, project=project, limit=limit)
        assert found is not None
        rows = connection.execute(found.sql, found.parameters).fetchall()
        assert " ".join(world[n].title for n, _ in rows) == titles
        assert [path.decode() for _, path in rows] == [world[n].path for n, _ in rows]


def test_a_long_query_is_not_too_deep_for_sqlite() -> None:
    query = parse_query("tag:" + ",".join(f"t{n}" for n in range(3000)) + " " + "is:open " * 2000)
    assert in_sql(database(_by_hand(), WHERE), query, WHERE) == []


def test_what_a_row_holds_goes_with_it() -> None:
    world = _by_hand()
    connection = database(world, WHERE)
    for statement in DELETES:
        connection.execute(statement, (0,))
    assert in_sql(connection, parse_query("is:blocked"), WHERE) == [2]
    for table in ("q_record", "q_text", "q_more", "q_edge"):
        assert not connection.execute(f"SELECT 1 FROM {table} WHERE rec = 0").fetchone()
