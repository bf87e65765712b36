"""What each action makes of a record: twice is once, equal is untouched, others are left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.config import load_config
from bluefs.core.model import Config, Context, Event, Record, Rule
from bluefs.core.rules.actions import ACTIONS
from bluefs.core.rules.base import Occasion, Outcome
from bluefs.core.rules.email import SendEmail

FILES = {
    "bluefs.yaml": b"""timezone: Europe/Paris
people:
  ana: {name: Ana Ruiz, email: ana@acme.example}
  li: {email: li@acme.example}
  bo:
groups: {sales: [ana, li]}
""",
    "p/project.yaml": "lists: {Open: , Won: {done: true}, Prêt: , Safe: {locked: true}}\n".encode()
    + b"""fields:
  deal_value: {type: currency, currency: EUR}
  note: text
  products: {type: multi_select, options: [Basic, Pro, "Fair, Lyon"]}
  nda: checkbox
  send: button
""",
}
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
RECORD = Record("p/Open/A.md", "p", "Open", "abcdefgh12", "A")
WON = replace(RECORD, list="Won", list_done=True, path="p/Won/A.md")


def rule_of(then: str) -> tuple[Config, Rule]:
    text = f"- name: A\n  when: created\n  then: {then}\n"
    loaded = load_config({**FILES, "p/automations.yaml": text.encode()})
    assert not [p for p in loaded.problems if p.code.code not in ("BF325", "BF327")], (
        loaded.problems
    )
    (rule,) = loaded.config.rules["p"]
    return loaded.config, rule


def do(
    then: str, record: Record = RECORD, actor: str | None = "ana", first: str | None = None
) -> Outcome:
    config, rule = rule_of_cached(then)
    context = Context(config, NOW, actor=actor, creator="li", first_position=lambda _: first)
    notes: tuple[str, ...] = ()
    for action in rule.then:
        outcome = action.apply(Occasion(rule, Event("created"), record, context))
        record, notes = outcome.record, (*notes, *outcome.notes)
        assert outcome.outward == ()
    return Outcome(record, notes=notes)


_CACHE: dict[str, tuple[Config, Rule]] = {}


def rule_of_cached(then: str) -> tuple[Config, Rule]:
    if then not in _CACHE:
        _CACHE[then] = rule_of(then)
    return _CACHE[then]


def values(**changes: object) -> Record:
    return replace(RECORD, values=changes)


TABLE: list[tuple[str, Record, dict[str, object]]] = [
    ("{set: {note: hello}}", RECORD, {"note": "hello"}),
    ("{set: {note: ''}}", values(note="x", due=date(2026, 1, 1)), {"due": date(2026, 1, 1)}),
    ("{set: {note: }}", values(note="x"), {}),
    ("{set: {note: 0612345678}}", RECORD, {"note": "0612345678"}),
    ("{set: {deal_value: 1.10, due: +7d}}", RECORD, {"deal_value": Decimal("1.10"), "due": date(2026, 12, 1)}),
    ("{set: {due: 2026-12-24}}", RECORD, {"due": date(2026, 12, 24)}),
    ("{set: {color: red}}", RECORD, {"color": "red"}),
    ("{set: {products: [Pro, 'Fair, Lyon']}}", RECORD, {"products": ("Pro", "Fair, Lyon")}),
    ("{set: {products: Pro}}", values(products=("Basic",)), {"products": ("Pro",)}),
    ("{set: {products: []}}", values(products=("Basic",)), {}),
    ("{set: {nda: yes}}", RECORD, {"nda": True}),
    ("{set: {tags: [URGENT, New]}}", values(tags=("Urgent", "Old")), {"tags": ("Urgent", "New")}),
    ("{set: {assignees: [li]}}", values(assignees=("ana",)), {"assignees": ("li",)}),
    ("{set: {done: true}}", RECORD, {"done": True}),
    ("{set: {done: true}}", WON, {}),
    ("{clear: due}", values(due=date(2026, 1, 1), color="red"), {"color": "red"}),
    ("{clear: [color, note]}", values(note="x", color="red"), {}),
    ("{add_tags: [Urgent, key-account]}", values(tags=("Key account",)), {"tags": ("Key account", "Urgent")}),
    ("{add_tags: Urgent}", RECORD, {"tags": ("Urgent",)}),
    ("{remove_tags: [urgent, x]}", values(tags=("Urgent", "B")), {"tags": ("B",)}),
    ("{remove_tags: urgent}", values(tags=("Urgent",)), {}),
    ("{assign: li}", values(assignees=("ana",)), {"assignees": ("ana", "li")}),
    ("{assign: sales}", RECORD, {"assignees": ("ana", "li")}),
    ("{assign: everyone}", RECORD, {"assignees": ("ana", "li", "bo")}),
    ("{assign: [actor, creator]}", RECORD, {"assignees": ("ana", "li")}),
    ("{unassign: ana}", values(assignees=("ana", "li")), {"assignees": ("li",)}),
    ("{unassign: sales}", values(assignees=("ana", "bo")), {"assignees": ("bo",)}),
    ("{unassign: all}", values(assignees=("ana", "bo")), {}),
    ("{unassign: actor}", values(assignees=("ana", "bo")), {"assignees": ("bo",)}),
    ("complete", RECORD, {"done": True}),
    ("complete", WON, {}),
    ("complete", replace(WON, values={"done": False}), {}),
    ("complete", values(done=False), {"done": True}),
    ("reopen", WON, {"done": False}),
    ("reopen", values(done=True), {}),
    ("reopen", RECORD, {}),
    ("{move: Won}", RECORD, {}),
]  # fmt: skip


@pytest.mark.parametrize(("then", "record", "expected"), TABLE)
def test_values_after(then: str, record: Record, expected: dict[str, object]) -> None:
    outcome = do(then, record)
    assert outcome.record.values == expected and outcome.notes == ()


def test_move_changes_the_place_and_keeps_the_file_name() -> None:
    moved = do("{move: Won}").record
    assert (moved.list, moved.path, moved.list_done, moved.done) == (
        "Won",
        "p/Won/A.md",
        True,
        True,
    )
    back = do("{move: Open}", moved).record
    assert back == RECORD


def test_move_knows_a_decomposed_name() -> None:
    assert do("{move: Pre\u0302t}").record.list == "Prêt"


def test_move_to_where_it_is_leaves_it() -> None:
    assert do("{move: Open}").record is RECORD


def test_move_from_an_unfiled_document() -> None:
    unfiled = replace(RECORD, list=None, path="p/A.md")
    assert do("{move: Open}", unfiled).record == RECORD


@pytest.mark.parametrize(
    ("then", "record"),
    [
        ("{move: Safe}", RECORD),
        ("{move: Won}", replace(RECORD, list="Safe", path="p/Safe/A.md")),
        ("{move: {list: Safe, top: true}}", RECORD),
    ],
)
def test_a_locked_list_neither_gives_nor_takes(then: str, record: Record) -> None:
    outcome = do(then, record)
    assert outcome.record is record and len(outcome.notes) == 1 and "Safe" in outcome.notes[0]


def test_the_top_is_before_the_first() -> None:
    top = do("{move: {list: Won, top: true}}", first="a0V").record
    assert str(top.values["position"]) < "a0V" and top.list == "Won"
    assert do("{move: {list: Won, top: true}}", top, first="a0V").record is top
    shared = str(top.values["position"])  # another's too: which of the two is first is chance
    above = do("{move: {list: Won, top: true}}", top, first=shared).record
    assert str(above.values["position"]) < shared
    lonely = do("{move: {list: Won, top: true}}").record
    assert do("{move: {list: Won, top: true}}", lonely).record is lonely
    zero = do("{move: {list: Won, top: true}}", first="0").record
    assert zero.values["position"] == "0"


def test_a_title_is_renamed_and_never_emptied() -> None:
    assert do("{set: {title: B}}").record == replace(RECORD, title="B")
    assert do("{set: {title: ''}}").record.title == "A"


def test_a_stranger_has_no_handle() -> None:
    outcome = do("{assign: actor}", actor="x@y.z")
    assert outcome.record is RECORD and len(outcome.notes) == 1
    known = do("{assign: actor}", actor="ANA@acme.example")
    assert known.record.values == {"assignees": ("ana",)}


def test_what_cannot_be_set_is_a_note_and_the_rest_is_done() -> None:
    config, rule = rule_of("{set: {note: x, nda: yes}}")
    project = replace(config.projects["p"], fields={"note": config.projects["p"].fields["note"]})
    context = Context(replace(config, projects={"p": project}), NOW)
    outcome = rule.then[0].apply(Occasion(rule, Event("created"), RECORD, context))
    assert outcome.record.values == {"note": "x"} and "nda" in outcome.notes[0]


THENS = [row[0] for row in TABLE] + ["{move: {list: Won, top: true}}", "{set: {title: B}}"]
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.lists(
            st.sampled_from(["Urgent", "URGENT", "B", "key-account"]),
            min_size=1,
            unique_by=str.lower,
        ).map(tuple),
        "assignees": st.lists(
            st.sampled_from(["ana", "li", "bo", "gone"]), min_size=1, unique=True
        ).map(tuple),
        "done": st.booleans(),
        "due": st.dates(),
        "note": st.text(min_size=1),
        "position": st.sampled_from(["a0", "a0V", "Zz", "5"]),
        "products": st.just(("Pro",)),
    },
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(THENS),
    VALUES,
    st.sampled_from(["Open", "Won", "Safe", None]),
    st.sampled_from([None, "a0", "a0V"]),
)
def test_twice_is_once(
    then: str, held: dict[str, object], place: str | None, first: str | None
) -> None:
    path = f"p/{place}/A.md" if place else "p/A.md"
    record = replace(RECORD, values=held, list=place, list_done=place == "Won", path=path)
    once = do(then, record, first=first).record
    twice = do(then, once, first=first).record
    assert twice == once
    assert twice is once  # equal already: left as it is


def test_every_action_is_in_the_table_and_explains_itself() -> None:
    tried = " ".join(THENS)
    for cls in ACTIONS:
        assert cls.word in tried or cls is SendEmail
    for then in THENS:
        for action in rule_of_cached(then)[1].then:
            assert action.explain() and "{" not in action.explain()
            assert not action.outward


def test_what_an_action_names() -> None:
    _, rule = rule_of(
        "[{set: {due: +7d}}, {add_tags: [A, B]}, {move: Won}, {assign: ana}, {clear: note}]"
    )
    names = [name for action in rule.then for name in action.names()]
    assert names == [
        ("set", "due"),
        ("tag", "A"),
        ("tag", "B"),
        ("list", "Won"),
        ("person", "ana"),
        ("clear", "note"),
    ]
