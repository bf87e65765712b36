"""One row for each trap of a value: what people write, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from bluefs.core.fields import BUILT_IN, kind_named, kind_of
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.tags import fold_tag
from bluefs.core.model import Config, FieldDef, Person, Project, Span, Value, Workspace
from bluefs.core.nodes import Map, Plain, Scalar, Seq
from bluefs.core.when import zone

NOW = datetime(2026, 11, 24, 9, 12, tzinfo=zone("Europe/Paris"))
PEOPLE = {
    "ana": Person("ana", "Ana Ruiz", ("ana@acme.example",)),
    "anton": Person("anton", "Anton", ()),
    "li": Person("li", "Li Wei", ("li@acme.example", "li@home.example")),
    "bo": Person("bo", "Bo Lind", ()),
}
GROUPS = {"sales-team": ("ana", "li")}
TAGS = {"Urgent": "red", "Key account": "purple"}
PROJECT = Project("sales", "Sales", tags=TAGS)
STRICT = Project("sales", "Sales", tags=TAGS, strict=True)
SOURCE = {"Web": "blue", "Referral": "green", "Fair: Lyon": "orange", "Été": None}


def setting(language: str = "en", project: Project = PROJECT) -> Setting:
    space = Workspace(timezone="Europe/Paris", language=language, people=PEOPLE, groups=GROUPS)
    return Setting(Config(space), project, NOW)


def make(kind: str, **options: object) -> FieldDef:
    return BUILT_IN[kind] if kind in BUILT_IN else FieldDef("f", kind, "F", options=options)


NUMBER = make("number")
EUR = make("currency", currency="EUR")
YEN = make("currency", currency="JPY")
DINAR = make("currency", currency="KWD")
PERCENT = make("percent")
RATING = make("rating")
HALVES = make("rating", max=10, step="half")
BOUNDED = make("number", min=Decimal(1), max=Decimal(500))
ONE_DECIMAL = make("number", decimals=1)
CHECK = make("checkbox")
SELECT = make("select", options=SOURCE)
MULTI = make("multi_select", options=SOURCE)
EMAIL = make("email")
URL = make("url")
DATE = make("date")
RANGE = make("date", range=True)
DAY_ONLY = make("date", time=False)
MOMENT_ONLY = make("date", time=True)
TEXT = make("text")
BUTTON = make("button")
LATER = make("unknown")
CET = timezone(timedelta(hours=1))


def parse(field: FieldDef, text: str, *, plain: bool = True, **how: object) -> Value | Fault:
    return kind_of(field).parse(field, Scalar(text, plain), setting(**how))  # type: ignore[arg-type]


GOOD: list[tuple[FieldDef, str, Value]] = [
    (TEXT, "0612345678", "0612345678"),
    (TEXT, "+33612345678", "+33612345678"),
    (TEXT, "1.10", "1.10"),
    (TEXT, "yes", "yes"),
    (TEXT, "2026-12-01", "2026-12-01"),
    (TEXT, "~", None),
    (TEXT, "null", None),
    (TEXT, "", None),
    (TEXT, "one line of a block\n", "one line of a block"),
    (NUMBER, "12000", Decimal(12000)),
    (NUMBER, "-3.5", Decimal("-3.5")),
    (NUMBER, "1e3", Decimal(1000)),
    (NUMBER, ".5", Decimal("0.5")),
    (NUMBER, "12.000", Decimal(12)),
    (NUMBER, "123456789012345678901234567890.12", Decimal("123456789012345678901234567890.12")),
    (EUR, "0.1", Decimal("0.1")),
    (EUR, "12.345", Decimal("12.345")),
    (PERCENT, "40", Decimal(40)),
    (PERCENT, "0", Decimal(0)),
    (PERCENT, "100", Decimal(100)),
    (BOUNDED, "500", Decimal(500)),
    (ONE_DECIMAL, "1.50", Decimal("1.5")),
    (RATING, "5", Decimal(5)),
    (HALVES, "9.5", Decimal("9.5")),
    *((CHECK, word, True) for word in ("true", "True", "yes", "YES", "on", "On")),
    *((CHECK, word, False) for word in ("false", "FALSE", "no", "No", "off")),
    (SELECT, "Fair: Lyon", "Fair: Lyon"),
    (MULTI, "Web", ("Web",)),
    (EMAIL, "ana.ruiz+x@acme.example", "ana.ruiz+x@acme.example"),
    (EMAIL, "zoé@école.example", "zoé@école.example"),
    (URL, "https://acme.example/a?b=c#d", "https://acme.example/a?b=c#d"),
    (URL, "mailto:ana@acme.example", "mailto:ana@acme.example"),
    (URL, "obsidian://open?vault=x", "obsidian://open?vault=x"),
    (DATE, "2026-12-01", date(2026, 12, 1)),
    (RANGE, "2026-12-01/2026-12-05", Span(date(2026, 12, 1), date(2026, 12, 5))),
    (RANGE, "2026-12-01", Span(date(2026, 12, 1), date(2026, 12, 1))),
    *(
        (DATE, text, datetime(2026, 12, 1, 15, tzinfo=CET))
        for text in (
            "2026-12-01T15:00", "2026-12-01 15:00", "2026-12-01T15:00:00", "2026-12-01t15:00:00.0",
            "2026-12-01T15:00+01:00", "2026-12-01T14:00Z", "2026-12-01 14:00:00 Z",
            "2026-12-01T09:00-0500", "2026-12-01T16:00+02",
        )
    ),
    (BUTTON, "press", True),
    (BUTTON, "Press", True),
    (BUTTON, "false", None),
    (BUTTON, "", None),
    (LATER, "0612345678", "0612345678"),
    (make("tags"), "urgent", ("Urgent",)),
    (make("tags"), "KEY_ACCOUNT", ("Key account",)),
    (make("tags"), "key-account", ("Key account",)),
    (make("tags"), "brand new", ("brand new",)),
    (make("color"), "blue", "blue"),
    (make("color"), "#FF8800", "#ff8800"),
    (make("assignees"), "ana", ("ana",)),
    (make("assignees"), "sales-team", ("ana", "li")),
    (make("assignees"), "everyone", ("ana", "anton", "li", "bo")),
    (make("blocked_by"), "Buy a Mac, then a desk", ("Buy a Mac, then a desk",)),
    (make("position"), "a0V", "a0V"),
    (make("position"), "1e5", "1e5"),
    (make("repeat"), "every 2 weeks  on mon", "every 2 weeks on mon"),
    (make("remind"), "1 day before due", ("1 day before due",)),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "value"), GOOD, ids=lambda x: str(x)[:40])
def test_read(field: FieldDef, text: str, value: Value) -> None:
    assert parse(field, text) == value


@pytest.mark.parametrize("word", ["~", "null", "yes"])
def test_quoted_it_is_a_word(word: str) -> None:
    assert parse(TEXT, word, plain=False) == word


BAD: list[tuple[FieldDef, str, str, str | None]] = [
    (NUMBER, "12,000", "BF201", "12000"),
    (NUMBER, "1,234,567.89", "BF201", "1234567.89"),
    (NUMBER, "1,20,000", "BF201", "120000"),
    (NUMBER, "1_000", "BF201", "1000"),
    (NUMBER, "12 000", "BF201", "12000"),
    (NUMBER, "12\u202f000,50", "BF201", "12000.50"),
    (NUMBER, "12'000", "BF201", "12000"),
    (NUMBER, "12.000,50", "BF201", "12000.50"),
    (NUMBER, "1.234.567", "BF201", "1234567"),
    (NUMBER, "0,125", "BF201", "0.125"),
    (NUMBER, "12,5", "BF201", "12.5"),
    (NUMBER, "−5", "BF201", "-5"),
    (NUMBER, "-12,000", "BF201", "-12000"),
    (NUMBER, "007", "BF201", "7"),
    (NUMBER, "€12", "BF201", "12"),
    (NUMBER, "40%", "BF201", "40"),
    (NUMBER, "1,23,45", "BF201", None),
    (NUMBER, "1_00", "BF201", None),
    (NUMBER, "12.34.56", "BF201", None),
    (NUMBER, "0x1F", "BF201", None),
    (NUMBER, ".inf", "BF201", None),
    (NUMBER, "NaN", "BF201", None),
    (NUMBER, "twelve", "BF201", None),
    (NUMBER, "١٢", "BF201", None),
    (NUMBER, "9" * 65, "BF201", None),
    (NUMBER, "yes", "BF201", None),
    (EUR, "€12", "BF201", "12"),
    (EUR, "12 €", "BF201", "12"),
    (EUR, "12€", "BF201", "12"),
    (EUR, "12 EUR", "BF201", "12"),
    (EUR, "eur 12", "BF201", "12"),
    (EUR, "€ 12,000", "BF201", "12000"),
    (EUR, "-€12.50", "BF201", "-12.50"),
    (EUR, "12 000,50 €", "BF201", "12000.50"),
    (EUR, "$12", "BF219", None),
    (EUR, "12 USD", "BF219", None),
    (EUR, "€12 USD", "BF201", None),
    (EUR, "40%", "BF201", None),
    (YEN, "¥12", "BF201", "12"),
    (DINAR, "12,000", "BF201", "12000"),
    (PERCENT, "40%", "BF201", "40"),
    (PERCENT, "40 %", "BF201", "40"),
    (PERCENT, "12,5 %", "BF201", "12.5"),
    (PERCENT, "€40", "BF201", None),
    (PERCENT, "101", "BF202", None),
    (PERCENT, "-1", "BF202", None),
    (PERCENT, "140%", "BF201", None),
    (BOUNDED, "0", "BF202", None),
    (BOUNDED, "500.01", "BF202", None),
    (ONE_DECIMAL, "1.25", "BF215", None),
    (RATING, "6", "BF202", None),
    (RATING, "3.5", "BF216", None),
    (RATING, "4/5", "BF201", "4"),
    (RATING, "4/10", "BF201", None),
    (HALVES, "3.25", "BF216", None),
    (CHECK, "oui", "BF207", "true"),
    (CHECK, "0", "BF207", "false"),
    (CHECK, "maybe", "BF207", None),
    (BUTTON, "now please", "BF221", None),
    (BUTTON, "true", "BF221", None),
    (BUTTON, "pres", "BF221", None),
    (SELECT, "web", "BF203", "Web"),
    (SELECT, "ete", "BF203", "Été"),
    (SELECT, "fair: lyon", "BF203", '"Fair: Lyon"'),
    (SELECT, "Hot deal", "BF203", None),
    (SELECT, "Ref", "BF203", None),
    (MULTI, "Web, Referral", "BF211", "[Web, Referral]"),
    (MULTI, "referral", "BF203", "Referral"),
    (EMAIL, "Ana <ana@acme.example>", "BF208", "ana@acme.example"),
    (EMAIL, "mailto:ana@acme.example", "BF208", "ana@acme.example"),
    (EMAIL, "ana@acme", "BF208", None),
    (EMAIL, "ana@acme.example, li@acme.example", "BF208", None),
    (EMAIL, "ana..x@acme.example", "BF208", None),
    (URL, "www.acme.example", "BF209", "https://www.acme.example"),
    (URL, "acme.example/offer?x=1", "BF209", "https://acme.example/offer?x=1"),
    (URL, "javascript:alert(1)", "BF209", None),
    (URL, "JavaScript://acme.example/%0aalert(1)", "BF209", None),
    (URL, "not a link", "BF209", None),
    (DATE, "2026-12-1", "BF204", "2026-12-01"),
    (DATE, "2026/12/01", "BF204", "2026-12-01"),
    (DATE, "20261201", "BF204", "2026-12-01"),
    (DATE, "1 Dec 2026", "BF204", "2026-12-01"),
    (DATE, "Dec 1, 2026", "BF204", "2026-12-01"),
    (DATE, "1er décembre 2026", "BF204", "2026-12-01"),
    (DATE, "1 déc. 2026 15h30", "BF204", "2026-12-01T15:30"),
    (DATE, "Tue 1 Dec 2026", "BF204", "2026-12-01"),
    (DATE, "Wed 1 Dec 2026", "BF204", None),
    (DATE, "25/12/2026", "BF204", "2026-12-25"),
    (DATE, "12/25/2026", "BF204", "2026-12-25"),
    (DATE, "11/11/2026", "BF204", "2026-11-11"),
    (DATE, "12/01/2026", "BF204", None),
    (DATE, "12.01.2026", "BF204", None),
    (DATE, "01/12/26", "BF204", None),
    (DATE, "2026-13-45", "BF204", None),
    (DATE, "2026-02-29", "BF204", None),
    (DATE, "2026-12-01T9:00", "BF204", "2026-12-01T09:00"),
    (DATE, "2026-12-01 3pm", "BF204", "2026-12-01T15:00"),
    (DATE, "2026-12-01T25:00", "BF204", None),
    (DATE, "friday", "BF204", None),
    (DATE, "+3d", "BF204", None),
    (DATE, "1 dec", "BF204", None),
    (DATE, "soon", "BF204", None),
    (DATE, "2026-12-01/2026-12-05", "BF205", None),
    (RANGE, "2026-12-05/2026-12-01", "BF206", None),
    (RANGE, "2026-12-01 - 2026-12-05", "BF204", "2026-12-01/2026-12-05"),
    (RANGE, "2026-12-01..2026-12-05", "BF204", "2026-12-01/2026-12-05"),
    (RANGE, "2026-12-01/", "BF204", None),
    (DAY_ONLY, "2026-12-01T15:00", "BF205", None),
    (MOMENT_ONLY, "2026-12-01", "BF205", None),
    (TEXT, "two\nlines", "BF218", None),
    (make("tags"), "a, b", "BF211", "[a, b]"),
    (make("tags"), "a, yes, 12, x: y", "BF211", '[a, "yes", "12", "x: y"]'),
    (make("color"), "#f80", "BF213", '"#ff8800"'),
    (make("color"), "ff8800", "BF213", '"#ff8800"'),
    (make("color"), "Red", "BF213", "red"),
    (make("color"), "gray", "BF213", "grey"),
    (make("color"), "mauve", "BF213", None),
    (make("assignees"), "ana, li", "BF211", "[ana, li]"),
    (make("blocked_by"), "m4xq7c2p0d, k7h3kq0m2x", "BF211", "[m4xq7c2p0d, k7h3kq0m2x]"),
    (make("position"), "a-0", "BF217", None),
    (make("remind"), "1 day before due, 1 hour before due", "BF211",
     '["1 day before due", "1 hour before due"]'),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "code", "mend"), BAD, ids=lambda x: str(x)[:40])
def test_refused(field: FieldDef, text: str, code: str, mend: str | None) -> None:
    fault = parse(field, text)
    assert isinstance(fault, Fault), fault
    assert (fault.code.code, fault.mend) == (code, mend)
    assert fault.hint


#: What stands for nobody as it is written: (text, mended, read where the project is not strict).
STRANGERS: list[tuple[str, str | None, Value]] = [
    ("Ana", "ana", ("ana",)),
    ("@ana", "ana", ("ana",)),
    ("Ana Ruiz", "ana", ("ana",)),
    ("ana@acme.example", "ana", ("ana",)),
    ("Sales-Team", "sales-team", ("ana", "li")),
    ("an", None, ("an",)),
    ("b", None, ("b",)),
    ("@zoé", None, ("zoé",)),
    ("@", None, ("@",)),
    ("me", None, ("me",)),
]


@pytest.mark.parametrize(("text", "mend", "read"), STRANGERS)
def test_a_stranger_is_refused_where_the_project_is_strict_and_stands_elsewhere(
    text: str, mend: str | None, read: Value
) -> None:
    field, node = make("assignees"), Scalar(text)
    strict = parse(field, text, project=STRICT)
    assert isinstance(strict, Fault)
    assert (strict.code.code, strict.severity, strict.mend) == ("BF212", "error", mend)
    assert parse(field, text) == read
    (note,) = kind_of(field).notes(field, node, setting())
    assert (note.code.code, note.severity or note.code.severity) == ("BF212", "warning")
    assert (note.mend, note.hint) == (mend, strict.hint)
    people = "people: ana, anton, li, bo, sales-team, everyone"
    assert note.hint == (f"write {mend}" if mend else people)


HINTS = [
    (DATE, "12/01/2026", "write 2026-12-01 or 2026-01-12, whichever is meant"),
    (DATE, "2026-12-1", "write 2026-12-01"),
    (DATE, "2026-13-45", "no calendar has this day; the order is year-month-day"),
    (DATE, "2026-02-30T15:00", "no calendar has this day; the order is year-month-day"),
    (DATE, "2026-12-01T25:00", "no clock shows this time; a moment is 2026-12-01T15:00"),
    (DATE, "2026-12-01T15", "no clock shows this time; a moment is 2026-12-01T15:00"),
    (DATE, "2026-12-01T15:00+25:00", "no clock shows this time; a moment is 2026-12-01T15:00"),
    (DATE, "2026-12-01 - soon", "write it as 2026-12-01 or 2026-12-01T15:00"),
    (DATE, "friday", "a file needs the date itself, as in 2026-12-01"),
    (SELECT, "Hot deal", "options: Web, Referral, Fair: Lyon, Été"),
    (SELECT, "Referal", "did you mean Referral? Options: Web, Referral, Fair: Lyon, Été"),
    (HALVES, "3.25", "the nearest are 3.0 and 3.5"),
]


@pytest.mark.parametrize(("field", "text", "hint"), HINTS)
def test_hint(field: FieldDef, text: str, hint: str) -> None:
    fault = parse(field, text)
    assert isinstance(fault, Fault)
    assert fault.hint == hint


def test_the_message_of_an_unknown_option() -> None:
    fault = parse(FieldDef("source", "select", "Source", options={"options": SOURCE}), "Hot deal")
    assert isinstance(fault, Fault)
    assert fault.message == '"Hot deal" is not an option of source'


def test_where_people_write_a_decimal_comma_12_500_stays_in_doubt() -> None:
    doubtful = parse(NUMBER, "12,500", language="fr")
    assert isinstance(doubtful, Fault) and doubtful.mend is None
    euros = parse(EUR, "12,500", language="fr")  # nobody writes thousandths of a euro
    assert isinstance(euros, Fault) and euros.mend == "12500"


def seq(*texts: str) -> Seq:
    return Seq(tuple(Scalar(text) for text in texts))


def test_sets() -> None:
    tags, field = kind_of(make("tags")), make("tags")
    assert tags.parse(field, Seq(()), setting()) is None
    assert tags.parse(field, seq("", "~"), setting()) is None
    found = tags.parse(field, seq("urgent", "new", "URGENT", "New"), setting())
    assert found == ("Urgent", "new")
    nested = tags.parse(field, Seq((Seq((Scalar("x"),)),)), setting())
    assert isinstance(nested, Fault) and nested.code.code == "BF210"
    assert isinstance(tags.parse(field, Map(()), setting()), Fault)


def test_one_value_is_no_list() -> None:
    fault = kind_of(TEXT).parse(TEXT, seq("urgent"), setting())
    assert isinstance(fault, Fault) and fault.code.code == "BF210"
    assert kind_of(TEXT).parse(TEXT, Seq(()), setting()) is None


def test_links_without_quotes_are_lists_in_lists() -> None:
    field = make("blocked_by")
    lone = Seq((Seq((Scalar("Buy a Mac"),), flow=True),), flow=True)  # blocked_by: [[Buy a Mac]]
    line = Seq((Seq((Seq((Scalar("Fix"), Scalar("now"))),)), Scalar("m4xq7c2p0d")))
    assert kind_of(field).parse(field, lone, setting()) == ("[[Buy a Mac]]",)
    assert kind_of(field).parse(field, line, setting()) == ("[[Fix, now]]", "m4xq7c2p0d")
    assert kind_of(field).test(field, ("[[Buy a Mac|it]]",), "buy a mac", setting()) is True


def test_undeclared_tags_are_noted_and_stand() -> None:
    field = make("tags")
    node = seq("Urgent", "new")
    (note,) = kind_of(field).notes(field, node, setting())
    assert (note.code.code, note.severity, note.node) == ("BF214", None, node.items[1])
    (strict,) = kind_of(field).notes(field, node, setting(project=STRICT))
    assert strict.severity == "error"
    assert kind_of(field).notes(field, node, setting(project=Project("x", "X"))) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Key account", "key_account", True),
        ("Key-Account", "KEY ACCOUNT", True),
        ("e\u0301te", "Éte", True),
        ("ete", "été", False),
        ("keyaccount", "key account", False),
        ("Straße", "STRASSE", True),
    ],
)
def test_fold_tag(one: str, other: str, same: bool) -> None:
    assert (fold_tag(one) == fold_tag(other)) == same


TYPED: list[tuple[FieldDef, str, Value]] = [
    (NUMBER, "12,000", Decimal(12000)),
    (NUMBER, "", None),
    (EUR, "€12", Decimal(12)),
    (EUR, "12 000,50 €", Decimal("12000.50")),
    (PERCENT, "40 %", Decimal(40)),
    (RATING, "4/5", Decimal(4)),
    (CHECK, "x", True),
    (CHECK, "Non", False),
    (SELECT, "ref", "Referral"),
    (SELECT, "fair: LYON", "Fair: Lyon"),
    (MULTI, "web, ref", ("Web", "Referral")),
    (EMAIL, " Ana <ana@acme.example>", "ana@acme.example"),
    (URL, "acme.example", "https://acme.example"),
    (DATE, "fri", date(2026, 11, 27)),
    (RANGE, "fri/+7d", Span(date(2026, 11, 27), date(2026, 12, 1))),
    (RANGE, "1 dec to 5 dec", Span(date(2026, 12, 1), date(2026, 12, 5))),
    (SELECT, "e", "Été"),
    (make("tags"), "urgent, #key-account, new one", ("Urgent", "Key account", "new one")),
    (make("tags"), "urg", ("urg",)),
    (make("color"), "F80", "#ff8800"),
    (make("assignees"), "LI, @bo", ("li", "bo")),
    (make("assignees"), "sales", ("ana", "li")),
    (make("assignees"), "ana", ("ana",)),
    (make("assignees"), "li@home.example", ("li",)),
    (make("done"), "yes", True),
    (make("due"), "+3d", date(2026, 11, 27)),
]


@pytest.mark.parametrize(("field", "text", "value"), TYPED, ids=lambda x: str(x)[:40])
def test_typed(field: FieldDef, text: str, value: Value) -> None:
    assert kind_of(field).typed(field, text, setting()) == value


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (make("assignees"), "an", "ana, anton"),
        (make("assignees"), "x", "nobody"),
        (make("due"), "1/12", "not a date"),
        (make("due"), "someday", "not a date"),
        (EUR, "$5", "in EUR"),
        (SELECT, "x", "not an option"),
        (RANGE, "mon..fri", "ends before it begins"),  # Monday in six days, Friday in three
    ],
)
def test_typed_and_refused(field: FieldDef, text: str, words: str) -> None:
    found = kind_of(field).typed(field, text, setting())
    assert isinstance(found, Fault) and words in found.message


def test_in_a_strict_project_a_tag_may_be_begun() -> None:
    field, strict = make("tags"), setting(project=STRICT)
    assert kind_of(field).typed(field, "urg", strict) == ("Urgent",)
    assert isinstance(kind_of(field).typed(field, "new", strict), Fault)


QUERIES: list[tuple[FieldDef, Value, str, bool]] = [
    (NUMBER, Decimal(10), "10", True),
    (NUMBER, Decimal(10), "10.00", True),
    (NUMBER, Decimal(10), "5..", True),
    (NUMBER, Decimal(10), "..9.99", False),
    (NUMBER, Decimal(10), "10..20", True),
    (NUMBER, Decimal(10), ">10", False),
    (NUMBER, Decimal(10), ">=10", True),
    (NUMBER, Decimal(10), "<=10", True),
    (NUMBER, Decimal(10), "<10", False),
    (NUMBER, Decimal(-5), "-10..-1", True),
    (NUMBER, None, "..5", False),
    (EUR, Decimal(50000), "50,000..", True),
    (EUR, Decimal("0.3"), "0.3", True),
    (PERCENT, Decimal(40), "40%", True),
    (RATING, Decimal(4), "4..", True),
    (TEXT, "Écrire l’offre", "ecrire l’offre", True),
    (TEXT, "Call back", "*back", True),
    (TEXT, "Call back", "back", False),
    (TEXT, "Call (back)", "call (*)", True),
    (CHECK, True, "yes", True),
    (CHECK, None, "no", True),
    (CHECK, False, "on", False),
    (SELECT, "Web", "web", True),
    (SELECT, None, "web", False),
    (MULTI, ("Web", "Été"), "ete", True),
    (MULTI, ("Web",), "referral", False),
    (make("tags"), ("Key account",), "key-account", True),
    (make("tags"), ("Key account",), "key*", True),
    (make("tags"), ("Key account",), "urgent", False),
    (make("tags"), None, "urgent", False),
    (make("assignees"), ("li",), "sales-team", True),
    (make("assignees"), ("bo",), "sales-team", False),
    (make("assignees"), ("bo",), "Bo", True),
    (make("color"), "#ff8800", "F80", True),
    (make("color"), "red", "Red", True),
    (make("due"), date(2026, 11, 24), "today", True),
    (make("due"), date(2026, 11, 24), "..+7d", True),
    (make("due"), date(2026, 12, 1), "..+7d", True),
    (make("due"), datetime(2026, 12, 1, 23, 59, tzinfo=CET), "..+7d", True),
    (make("due"), date(2026, 12, 2), "<=+7d", False),
    (make("due"), date(2026, 11, 24), "<today", False),
    (make("due"), date(2026, 11, 23), "<today", True),
    (make("due"), date(2026, 11, 25), ">today", True),
    (make("due"), date(2026, 11, 24), ">today", False),
    (make("due"), datetime(2026, 11, 24, 23, 59, tzinfo=CET), ">today", False),
    (make("due"), date(2026, 11, 24), ">=today", True),
    (RANGE, Span(date(2026, 11, 20), date(2026, 11, 25)), ">today", False),
    (RANGE, Span(date(2026, 11, 20), date(2026, 11, 25)), "<today", False),
    (make("due"), datetime(2026, 11, 24, 15, tzinfo=CET), "today", True),
    (make("due"), datetime(2026, 11, 24, 15, tzinfo=CET), "..noon", False),
    (make("due"), None, "..+7d", False),
    (RANGE, Span(date(2026, 11, 20), date(2026, 11, 26)), "today", True),
    (RANGE, Span(date(2026, 11, 20), date(2026, 11, 23)), "today..", False),
    (BUTTON, True, "yes", True),
    (BUTTON, None, "yes", False),
    (BUTTON, None, "no", True),
    (make("position"), "a0V", "a0v", False),
    (LATER, ("+33", "+34"), "+34", True),
]


@pytest.mark.parametrize(("field", "value", "operand", "holds"), QUERIES, ids=lambda x: str(x)[:30])
def test_query(field: FieldDef, value: Value, operand: str, holds: bool) -> None:
    assert kind_of(field).test(field, value, operand, setting()) is holds


@pytest.mark.parametrize(
    ("field", "operand"),
    [(NUMBER, "ten"), (NUMBER, ".."), (NUMBER, "1..x"), (NUMBER, ">="), (CHECK, "maybe"),
     (SELECT, "nothing"), (MULTI, "nothing"), (make("due"), "1/12"), (make("due"), "fri..x"),
     (make("assignees"), "zoé"), (make("color"), "mauve")],
)  # fmt: skip
def test_query_that_cannot_be_read(field: FieldDef, operand: str) -> None:
    assert isinstance(kind_of(field).test(field, None, operand, setting()), Fault)


SHOWN = [
    (NUMBER, Decimal("1234.50"), "1234.50", "1234,50"),
    (ONE_DECIMAL, Decimal(3), "3.0", "3,0"),
    (EUR, Decimal(12000), "€12,000", "12\u202f000\xa0€"),
    (EUR, Decimal("12000.5"), "€12,000.50", "12\u202f000,50\xa0€"),
    (EUR, Decimal("0.125"), "€0.125", "0,125\xa0€"),
    (EUR, Decimal(-3), "-€3", "-3\xa0€"),
    (YEN, Decimal(12000), "¥12,000", "12\u202f000\xa0JPY"),
    (PERCENT, Decimal(40), "40 %", "40\u202f%"),
    (PERCENT, Decimal("12.5"), "12.5 %", "12,5\u202f%"),
    (RATING, Decimal(4), "4/5", "4/5"),
    (HALVES, Decimal("3.5"), "3.5/10", "3,5/10"),
    (CHECK, True, "yes", "oui"),
    (CHECK, False, "no", "non"),
    (MULTI, ("Web", "Été"), "Web, Été", "Web, Été"),
    (make("due"), datetime(2026, 11, 24, 15, tzinfo=CET), "today 15:00", "aujourd’hui 15:00"),
    (make("tags"), ("Urgent",), "Urgent", "Urgent"),
]


@pytest.mark.parametrize(("field", "value", "english", "french"), SHOWN, ids=lambda x: str(x)[:30])
def test_show(field: FieldDef, value: Value, english: str, french: str) -> None:
    assert kind_of(field).show(field, value, setting()) == english
    shown = kind_of(field).show(field, value, setting("fr"))
    assert shown == french


def test_json() -> None:
    due, when = make("due"), datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert kind_of(due).json(due, when, setting()) == "2026-11-24T15:00:00+01:00"
    assert kind_of(due).json(due, date(2026, 11, 24), setting()) == "2026-11-24"
    span = Span(date(2026, 12, 1), date(2026, 12, 5))
    assert kind_of(RANGE).json(RANGE, span, setting()) == "2026-12-01/2026-12-05"
    assert kind_of(EUR).json(EUR, Decimal("0.10"), setting()) == Decimal("0.10")
    assert kind_of(MULTI).json(MULTI, ("Web",), setting()) == ["Web"]


def test_written() -> None:
    assert kind_of(CHECK).render(CHECK, True, setting()) == Plain("true")
    assert kind_of(EUR).render(EUR, Decimal("1E+3"), setting()) == Plain("1000")
    assert kind_of(TEXT).render(TEXT, "0612345678", setting()) == "0612345678"
    assert kind_of(make("due")).render(make("due"), date(2026, 12, 1), setting()) == Plain(
        "2026-12-01"
    )


def test_a_workspace_without_people_takes_any_handle() -> None:
    field, lonely = make("assignees"), Setting(Config(), PROJECT, NOW)
    assert kind_of(field).parse(field, Scalar("zoé"), lonely) == ("zoé",)


def options(kind: str, **entries: object) -> tuple[dict[str, object], list[str]]:
    nodes = {
        k: v if isinstance(v, Scalar | Seq | Map) else Scalar(str(v)) for k, v in entries.items()
    }
    known = kind_named(kind)
    assert known is not None and set(entries) <= set(known.takes)
    found, faults = known.options(nodes)
    return found, [fault.message for fault in faults]


def test_options() -> None:
    assert options("number", min="1", max="500", decimals="1") == (
        {"min": Decimal(1), "max": Decimal(500), "decimals": 1}, [],
    )  # fmt: skip
    assert options("number", min="5", max="1")[1] == ["`min` is larger than `max`"]
    assert options("number", min="low")[1] == ["`min` is a number"]
    assert options("rating", max="10", step="half") == ({"max": 10, "step": "half"}, [])
    assert options("rating", max="16")[1] == ["`max` is a whole number from 1 to 15"]
    assert options("rating", step="third")[1] == ["`step` is one of: half, quarter"]
    assert options("date", range="yes", calendar="true") == ({"range": True, "calendar": True}, [])
    assert options("date", time="sometimes")[1] == ["`time` is true or false"]
    assert options("button", confirm="typed") == ({"confirm": "typed"}, [])
    assert options("currency", currency="EUR") == ({"currency": "EUR"}, [])
    assert options("currency", currency="euro")[1]
    assert options("currency")[1] == ["a currency field names its `currency`, such as EUR"]


def test_choices() -> None:
    names = Map(((Scalar("Web"), Scalar("blue")), (Scalar("Other"), Scalar(""))))
    assert options("select", options=names) == ({"options": {"Web": "blue", "Other": None}}, [])
    assert options("multi_select", options=seq("Basic", "Pro"))[0] == {
        "options": {"Basic": None, "Pro": None}
    }
    assert options("select", options=seq("Web", "web"))[1] == [
        '"web" and "Web" are the same option'
    ]
    wrong = Map(((Scalar("Web"), Scalar("mauve")),))
    assert options("select", options=wrong) == (
        {"options": {"Web": None}}, ['"mauve" is not a colour'],
    )  # fmt: skip
    assert options("select")[1] == ["a select field lists its `options`"]
    assert options("select", options="Web")[1]


@pytest.mark.parametrize("text", ["yes", "true", "on", "1", "oui", "now"])
def test_a_slip_on_the_command_line_presses_nothing(text: str) -> None:
    found = kind_of(BUTTON).typed(BUTTON, text, setting())
    assert isinstance(found, Fault) and "press" in (found.hint or "")


@pytest.mark.parametrize(("text", "value"), [("press", True), ("PRESS", True), ("no", None)])
def test_a_button_typed(text: str, value: bool | None) -> None:
    assert kind_of(BUTTON).typed(BUTTON, text, setting()) is value
