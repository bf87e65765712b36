"""Laws of every kind: reading back what was written, never raising, never a float."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bluefs.core.codec.keys import is_unset
from bluefs.core.countries import country_codes
from bluefs.core.fields import BUILT_IN, field_of, kind_named, kind_of, known_kinds
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.choices import typed_choice
from bluefs.core.fields.folding import fold_text
from bluefs.core.fields.numeric import Numeric
from bluefs.core.fields.sets import join_members, quote_flow, split_members
from bluefs.core.matching import nfc
from bluefs.core.model import Config, FieldDef, Person, Project, Span, Value, Workspace
from bluefs.core.nodes import Map, Node, Plain, Scalar, Seq, Writable
from bluefs.core.when import in_order, moment, zone

PARIS = zone("Europe/Paris")
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=PARIS)
OPTIONS = {
    "Web": "blue", "Referral": None, "Fair: Lyon": "#ff8800", "a, b": None, "Été": None,
    '"quoted"': None, "2024": None, "true": None,
}  # fmt: skip
FIELDS = {
    "text": FieldDef("f", "text", "F"),
    "multiline": FieldDef("f", "multiline", "F"),
    "number": FieldDef("f", "number", "F"),
    "currency": FieldDef("f", "currency", "F", options={"currency": "EUR"}),
    "percent": FieldDef("f", "percent", "F"),
    "rating": FieldDef("f", "rating", "F", options={"max": 5, "step": "quarter"}),
    "checkbox": FieldDef("f", "checkbox", "F"),
    "select": FieldDef("f", "select", "F", options={"options": OPTIONS}),
    "multi_select": FieldDef("f", "multi_select", "F", options={"options": OPTIONS}),
    "date": FieldDef("f", "date", "F"),
    "range": FieldDef("f", "date", "F", options={"range": True}),
    "email": FieldDef("f", "email", "F"),
    "url": FieldDef("f", "url", "F"),
    "button": FieldDef("f", "button", "F"),
    "phone": FieldDef("f", "phone", "F", options={"country": "FR"}),
    "country": FieldDef("f", "country", "F"),
    "countries": FieldDef("f", "country", "F", options={"many": True}),
    "location": FieldDef("f", "location", "F"),
    "file": FieldDef("f", "file", "F"),
    "files": FieldDef("f", "file", "F", options={"many": True}),
    "unique_id": FieldDef("f", "unique_id", "F", options={"prefix": "DEAL-", "digits": 3}),
    "random_id": FieldDef("f", "unique_id", "F", options={"style": "random", "prefix": "T"}),
    "duration": FieldDef("f", "duration", "F", options={"show": "compact"}),
    "time_in_list": FieldDef("f", "time_in_list", "F"),
    "formula": FieldDef("f", "formula", "F", options={"show": "percent"}),
    "money": FieldDef("f", "formula", "F", options={"show": "currency", "currency": "EUR"}),
    "conversion": FieldDef("f", "conversion", "F", options={"of": "a", "currency": "USD"}),
    "reference": FieldDef("f", "reference", "F", options={"project": "p"}),
    "references": FieldDef("f", "reference", "F", options={"project": "p", "many": True}),
    "lookup": FieldDef("f", "lookup", "F", options={"through": "r", "get": "title"}),
    "looked_up": FieldDef(
        "f",
        "lookup",
        "F",
        options={
            "through": "r",
            "get": "n",
            "shows": FieldDef("n", "number", "N"),
            "of": "p",
        },
    ),
    "unknown": FieldDef("f", "unknown", "F"),
    **BUILT_IN,
}
PROJECT = Project("sales", "Sales", tags={"Urgent": "red", "Key account": None})
SETTINGS = [
    Setting(
        Config(
            Workspace(
                timezone="Europe/Paris",
                language=language,
                people={h: Person(h, h.title()) for h in ("ana", "li", "bo", "bob")},
                groups={"sales-team": ("ana", "li")},
            )
        ),
        PROJECT,
        NOW,
    )
    for language in ("en", "fr")
]
SETTING = SETTINGS[0]


def node_of(written: Writable) -> Node:
    """What a reader finds where this was written."""
    if isinstance(written, tuple):
        return Seq(tuple(node_of(each) for each in written), flow=True)  # type: ignore[misc]
    if isinstance(written, Plain):
        return Scalar(written.text, plain=True)
    return Scalar(written, plain=False)


def read(field: FieldDef, text: str, plain: bool = True) -> Value | Fault:
    return kind_of(field).parse(field, Scalar(text, plain), SETTING)


_LINE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30)
_TEXT = _LINE.filter(lambda t: bool(t.strip()) and len(t.splitlines()) == 1)
_MEMBER = _TEXT.map(str.strip).filter(lambda t: t.casefold() not in ("~", "null"))
_DAYS = st.dates(date(1000, 1, 1), date(9998, 12, 31))
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
_MOMENTS = st.one_of(
    st.datetimes(datetime(1850, 1, 1), datetime(2300, 1, 1), timezones=_OFFSETS),
    # around the nights on which the clocks of Paris change
    st.integers(-7200, 7200).map(
        lambda s: datetime(2026, 10, 25, 1, tzinfo=UTC) + timedelta(seconds=s)
    ),
    st.integers(-7200, 7200).map(
        lambda s: datetime(2026, 3, 29, 1, tzinfo=UTC) + timedelta(seconds=s)
    ),
).map(lambda value: moment(value, PARIS))
_WHENS = st.one_of(_DAYS, _MOMENTS)
_SPANS = st.tuples(_WHENS, _WHENS).filter(lambda p: in_order(*p, PARIS)).map(lambda p: Span(*p))
_NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=None
).filter(lambda d: len(format(d, "f")) <= 64)


def some_of(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, min_size=1, max_size=4, unique=True).map(tuple)


def _degrees(most: int) -> st.SearchStrategy[str]:
    number = st.decimals(-most, most, places=5).map(lambda d: format(d, "f"))
    return number.map(lambda t: t.rstrip("0").rstrip(".")).map(lambda t: "0" if t == "-0" else t)


_NAMES = st.from_regex(r"\A[A-Za-zé][\w,'() -]{0,12}\.(pdf|png|tar\.gz)\Z").map(nfc)

VALUES: dict[str, st.SearchStrategy[Value]] = {
    "text": _TEXT,
    "multiline": st.lists(_TEXT, min_size=1, max_size=3).map("\n".join),
    "number": _NUMBERS,
    "currency": _NUMBERS,
    "percent": st.decimals(0, 100, places=3),
    "rating": st.integers(0, 20).map(lambda n: Decimal(n) / 4),
    "checkbox": st.booleans(),
    "select": st.sampled_from(sorted(OPTIONS)),
    "multi_select": some_of(st.sampled_from(sorted(OPTIONS))),
    "date": _WHENS,
    "range": _SPANS,
    "email": st.from_regex(
        r"\A[a-z][a-z0-9.+-]{0,8}[a-z0-9]@[a-z]{1,9}(\.[a-z]{2,5}){1,2}\Z"
    ).filter(lambda t: ".." not in t),
    "url": st.from_regex(r"\Ahttps?://[a-z]{1,9}\.[a-z]{2,3}(/[a-z0-9?=&#%~,;:@!-]{0,9})?\Z"),
    "button": st.just(True),
    "phone": st.sampled_from(["+33612345678", "+442079460958", "+12025550143", "+493090182000"]),
    "country": st.sampled_from(country_codes()),
    "countries": some_of(st.sampled_from(country_codes())),
    "location": st.tuples(_degrees(90), _degrees(180)).map(", ".join),
    "file": _NAMES,
    "files": some_of(_NAMES),
    "unique_id": st.integers(0, 10**6).map(lambda n: f"DEAL-{n:03}"),
    "random_id": st.from_regex(r"\AT[0-9a-hjkmnp-tv-z]{6}\Z"),
    "reference": _MEMBER,
    "references": some_of(_MEMBER),
    "unknown": st.one_of(_TEXT.filter(lambda t: '"' not in t), some_of(_MEMBER)),
    "tags": some_of(st.sampled_from(["Urgent", "Key account", "new", "Neu, alt", '"x"'])),
    "color": st.one_of(st.just("blue"), st.from_regex(r"\A#[0-9a-f]{6}\Z")),
    "start": _WHENS,
    "due": _WHENS,
    "assignees": some_of(st.sampled_from(["ana", "li", "bo", "bob"])),
    "done": st.booleans(),
    "blocked_by": some_of(_MEMBER),
    "position": st.from_regex(r"\A[0-9A-Za-z]{1,9}\Z"),
    "repeat": _TEXT.map(lambda t: " ".join(t.split())),
    "remind": some_of(_MEMBER),
}
#: Kinds that nobody writes have no value in a file.
COMPUTED = {
    "duration", "time_in_list", "formula", "money", "conversion", "lookup", "looked_up",
}  # fmt: skip
CASES = st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name]))


def test_every_kind_is_under_the_laws() -> None:
    assert set(VALUES) | COMPUTED == set(FIELDS)
    assert set(known_kinds()) <= {field.kind for field in FIELDS.values()}


@settings(max_examples=600, deadline=None)
@given(CASES, st.sampled_from(SETTINGS))
def test_a_file_reads_back_what_was_written(case: tuple[str, Value], setting: Setting) -> None:
    name, value = case
    field = FIELDS[name]
    written = kind_of(field).render(field, value, setting)
    assert kind_of(field).parse(field, node_of(written), setting) == value
    assert kind_of(field).render(field, value, setting) == written


@settings(max_examples=600, deadline=None)
@given(CASES, st.sampled_from(SETTINGS))
def test_a_person_may_type_what_a_cell_says(case: tuple[str, Value], setting: Setting) -> None:
    name, value = case
    field = FIELDS[name]
    cell = kind_of(field).csv(field, value, setting)
    assert kind_of(field).typed(field, cell, setting) == value


_ODD = st.sampled_from(
    ["", " ", "~", "null", "yes", "12,000", "€12", "40%", "1e99", "1e-99", "9" * 90, "٣", "½",
     "2026-13-45", "0000-01-01", "9999-12-31T23:59-14:00", "0001-01-01T00:00+14:00", "+99999y",
     "2026-12-01/", "/", "..", "a..b", ">=", "*", "**", "#", "#12345", '"', '""', "{", "[[x]]",
     "x" * 300, "𝟙𝟚", "\u0000", "3/5", "5/", "-", "-.", "NaN", "Infinity", "@", "javascript:x"]
)  # fmt: skip
_SCALARS = st.builds(Scalar, st.one_of(_ODD, st.text(max_size=20)), st.booleans())
_NODES: st.SearchStrategy[Node] = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Seq(tuple(items))),
        st.lists(st.tuples(_SCALARS, inner), max_size=3).map(lambda pairs: Map(tuple(pairs))),
    ),
    max_leaves=6,
)


def floats(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(floats, value.values()))
    if isinstance(value, list | tuple):
        return any(map(floats, value))
    return isinstance(value, float)


@settings(max_examples=1200, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), _NODES, st.sampled_from(SETTINGS))
def test_no_node_raises_and_what_is_read_is_stable(name: str, node: Node, setting: Setting) -> None:
    field = FIELDS[name]
    kind = kind_of(field)
    value = kind.parse(field, node, setting)
    kind.notes(field, node, setting)
    if isinstance(value, Fault):
        assert value.message and value.code.code.startswith("BF2")
        assert len(value.message) < 200
        return
    assert not floats(value) and value != () and value != ""
    if value is not None:
        again = kind.parse(field, node_of(kind.render(field, value, setting)), setting)
        assert again == value
        assert isinstance(kind.show(field, value, setting), str)
        assert not floats(kind.json(field, value, setting))


@settings(max_examples=800, deadline=None)
@given(CASES, st.one_of(_ODD, st.text(max_size=15)), st.sampled_from(SETTINGS))
def test_no_typing_and_no_query_raises(
    case: tuple[str, Value], text: str, setting: Setting
) -> None:
    name, value = case
    field = FIELDS[name]
    kind = kind_of(field)
    typed = kind.typed(field, text, setting)
    assert not floats(typed)
    assert isinstance(kind.test(field, value, text, setting), bool | Fault)
    assert isinstance(kind.test(field, None, text, setting), bool | Fault)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), st.one_of(_ODD, st.text(max_size=20)))
def test_mending_mends(name: str, text: str) -> None:
    field = FIELDS[name]
    fault = read(field, text)
    if isinstance(fault, Fault) and fault.mend is not None and not fault.mend.startswith("["):
        quoted = re.fullmatch(r'"(.*)"', fault.mend)
        mended = read(field, quoted[1] if quoted else fault.mend, plain=not quoted)
        assert not isinstance(mended, Fault) and mended is not None


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_the_schema_admits_what_is_written(case: tuple[str, Value]) -> None:
    name, value = case
    field = FIELDS[name]
    schema = kind_of(field).schema(field)
    Draft202012Validator.check_schema({k: v for k, v in schema.items() if k != "multipleOf"})
    written = kind_of(field).render(field, value, SETTING)
    instance = list(written) if isinstance(written, tuple) else as_yaml(written)
    Draft202012Validator(schema).validate(instance)


#: Texts that mean something to some kind, or nearly do.
_NEAR = st.sampled_from(
    ["+33612345678", "06 12 34 56 78", "+336", "FR", "fr", "NO", "XX", "48.8566, 2.3522", "91, 0",
     "90, 180", "-90.0,-180", "90.1, 0", "48,8 2,3", "Offer.pdf", ".hidden", "a/b.pdf", "[x]", "DEAL-007",
     "DEAL-7", "a b", "press", "yes", "True", "oui", "Web", "web", "2024", "true", "4", "4.25", "4.1", "-0", "+5",
     "5.", ".5", "1e1", "101", "2026-12-01", "2026-12-01T15:00", "2026-02-30", "2026-12-01/2026-12-05",
     "https://acme.example", "mailto:a@b.example", "a@b.example", "red", "#ff0000", "#FF0000", "two\nlines"]
)  # fmt: skip
_INSTANCES: st.SearchStrategy[object] = st.recursive(
    st.one_of(_NEAR, st.text(max_size=8).map(str.strip).filter(bool), st.integers(-200, 200), st.booleans(), st.none(),
              st.decimals(-200, 200, places=2)),
    lambda inner: st.lists(inner.filter(lambda one: one is not None), max_size=2), max_leaves=3,
)  # fmt: skip
#: (Blanks around a quoted text do not count to the reader, and do to a list of names.)
#: A schema can neither say which days the calendar has, what a mail address or a web address
#: is in full, which numbers a country has, who the people are, where a comma was meant for a
#: list, nor compare a number in quotes.
UNSAID = {
    "date", "range", "start", "due", "email", "url", "phone", "assignees", "tags", "remind", "blocked_by",
    "references",
}  # fmt: skip


def node_from(instance: object) -> Node:
    """How such a value stands in a file."""
    if isinstance(instance, list):
        return Seq(tuple(map(node_from, instance)))
    if isinstance(instance, bool):
        return Scalar("true" if instance else "false")
    if instance is None:
        return Scalar("null")
    if isinstance(instance, str):
        return Scalar(instance, plain=False)
    return Scalar(format(instance, "f") if isinstance(instance, Decimal) else str(instance))


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), _INSTANCES)
def test_schema_and_reader_agree(name: str, instance: object) -> None:
    """What the reader takes the schema takes, and the other way round where it can say it."""
    field = FIELDS[name]
    kind, node = kind_of(field), node_from(instance)
    if is_unset(node):
        return
    read = kind.parse(field, node, SETTING)
    says = Draft202012Validator(kind.schema(field)).is_valid(instance)
    if isinstance(read, Fault):
        quoted_number = isinstance(kind, Numeric) and isinstance(instance, str)
        assert not says or name in UNSAID or quoted_number, (name, instance, read.message)
    else:
        assert says, (name, instance, read)


def as_yaml(written: Plain | str) -> object:
    """What an editor's YAML 1.2 reader makes of it."""
    if isinstance(written, str):
        return written
    if written.text in ("true", "false"):
        return written.text == "true"
    return Decimal(written.text) if re.fullmatch(r"-?[0-9.]+", written.text) else written.text


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(_TEXT, st.sampled_from(["yes", "N", "1e3", "a: b", "#x", "x #y", "~"]))))
def test_a_mended_list_is_that_list_to_yaml(texts: list[str]) -> None:
    flow = "[" + ", ".join(map(quote_flow, texts)) + "]"
    assert yaml.safe_load(flow) == texts  # PyYAML reads YAML 1.1, the trap-ridden one


@settings(max_examples=300, deadline=None)
@given(st.lists(_MEMBER, unique=True))
def test_members_with_commas_come_back(texts: list[str]) -> None:
    assert split_members(join_members(texts)) == texts


@given(_NUMBERS)
def test_numbers_keep_every_digit(number: Decimal) -> None:
    text = format(number, "f")
    for name in ("number", "currency"):
        value = read(FIELDS[name], text)
        assert isinstance(value, Decimal)
        assert value == number and format(value, "f").lstrip("-") == text.lstrip("-")


def test_fields_and_kinds_are_found() -> None:
    assert field_of("due", PROJECT) is BUILT_IN["due"]
    for key in ("list", "title", "id", "project", "nothing"):
        assert field_of(key, PROJECT) is None
    own = FieldDef("x", "text", "X")
    assert field_of("x", Project("", "", fields={"x": own})) is own
    assert kind_named("text") is kind_of(FIELDS["text"])
    for word in ("nothing", "tags", "base", "options", "__init__", "no such kind", "..base", ""):
        assert kind_named(word) is None and word not in known_kinds()
    assert kind_of(FieldDef("p", "nothing", "P")).word == "unknown"
    assert len(known_kinds()) == 24


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_kind_says_what_it_is(name: str) -> None:
    kind = kind_of(FIELDS[name])
    assert type(kind).__doc__ and kind.word == FIELDS[name].kind
    many = ("tags", "assignees", "blocked_by", "remind", "multi_select", "countries", "files",
            "references")  # fmt: skip
    assert kind.many == (name in many)
    assert kind.computed == (name in COMPUTED)


NAMES = st.lists(
    st.text(st.sampled_from("aAéE: -b"), min_size=1, max_size=7).filter(lambda t: bool(t.strip())),
    min_size=1,
    max_size=4,
    unique_by=lambda t: fold_text(t),
)


@given(NAMES, st.data())
def test_an_option_is_asked_for_as_it_is_typed(names: list[str], data: st.DataObject) -> None:
    """A query takes every text for an option that ``set`` takes; no spelling of a whole name is
    a doubt; a beginning is enough, of the option or of a word in it, where no other has it."""
    field = FieldDef("f", "select", "F", options={"options": {n.strip(): None for n in names}})
    meant = data.draw(st.sampled_from(names)).strip()
    assert typed_choice(field, meant.swapcase()) == meant
    at = data.draw(st.integers(0, len(meant) - 1))
    part = meant[at : data.draw(st.integers(at + 1, len(meant)))]
    typed = kind_of(field).typed(field, part, SETTING)
    tried = kind_of(field).test(field, meant, part, SETTING)
    assert isinstance(typed, Fault) == isinstance(tried, Fault) or not part.strip()
    if not part.strip() or isinstance(typed, Fault):
        return
    assert tried is (typed == meant)
    others = [n for n in names if n.strip() != meant and fold_text(part) in fold_text(n)]
    whole_word = (at == 0 or not meant[at - 1].isalnum()) and part == part.strip()
    assert not whole_word or others or typed == meant


def test_words_of_options() -> None:
    field = FieldDef("f", "select", "F", options={"options": OPTIONS | {"Fair: Nice": None}})
    assert typed_choice(field, "fair") is None
    assert typed_choice(field, "LYON") == "Fair: Lyon"
    assert typed_choice(field, "ete") == "Été"
    assert typed_choice(field, "air") is None
    found = kind_of(field).test(field, None, "fair", SETTING)
    assert isinstance(found, Fault) and "Fair: Lyon, Fair: Nice" in (found.hint or "")
