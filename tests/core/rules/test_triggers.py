"""Which events start a rule: a table for each trigger, and its laws."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.config import load_config
from bluefs.core.model import Context, Event, Record
from bluefs.core.rules.triggers import TRIGGERS

FILES = {
    "bluefs.yaml": b"""people:
  ana: {name: Ana Ruiz, email: ana@acme.example}
  li: {email: li@acme.example}
groups: {sales: [ana, li]}
""",
    "p/project.yaml": b"""lists: {Open: , Won: {done: true}, Attic: }
tags: [Urgent, Key account]
fields:
  deal_value: {type: currency, currency: EUR}
  source: {type: select, options: [Web, Referral]}
  send: button
""",
}
RECORD = Record("p/Open/A.md", "p", "Open", "abcdefgh12", "A", {"assignees": ("ana",)})


def matches(when: str, event: Event, record: Record = RECORD, actor: str | None = "ana") -> bool:
    text = f"- name: A\n  when: {when}\n  then: complete\n"
    loaded = load_config({**FILES, "p/automations.yaml": text.encode()})
    assert not [p for p in loaded.problems if p.level == "error"], loaded.problems
    context = Context(
        loaded.config, datetime(2026, 11, 24, 9, tzinfo=UTC), actor=actor, creator="li"
    )
    (rule,) = loaded.config.rules["p"]
    return any(trigger.matches(event, record, context) for trigger in rule.when)


def changed(key: str, before: object, after: object) -> Event:
    return Event("changed", key, before, after)  # type: ignore[arg-type]


YES = [
    ("created", Event("created", after="Open")),
    ("{created: {in: Open}}", Event("created", after="Open")),
    ("{created: {in: [Won, Open]}}", Event("created", after="Open")),
    ("moved", Event("moved", before="Open", after="Won")),
    ("{moved: Won}", Event("moved", before="Open", after="Won")),
    ("{moved: [Attic, Won]}", Event("moved", before="Open", after="Won")),
    ("{moved: {to: Won, from: [Open, Attic]}}", Event("moved", before="Open", after="Won")),
    ("{moved: {from: Open}}", Event("moved", before="Open", after="Attic")),
    ("[created, {moved: Won}]", Event("moved", before="Open", after="Won")),
    ("completed", Event("completed")),
    ("reopened", Event("reopened")),
    ("tagged", Event("tagged", "tags", after="x")),
    ("{tagged: key account}", Event("tagged", "tags", after="Key-Account")),
    ("{untagged: [Urgent, x]}", Event("untagged", "tags", before="urgent")),
    ("assigned", Event("assigned", "assignees", after="stranger")),
    ("{assigned: ana}", Event("assigned", "assignees", after="ana")),
    ("{assigned: sales}", Event("assigned", "assignees", after="li")),
    ("{assigned: everyone}", Event("assigned", "assignees", after="li")),
    ("{assigned: actor}", Event("assigned", "assignees", after="ana")),
    ("{unassigned: creator}", Event("unassigned", "assignees", before="li")),
    ("changed", changed("due", None, "x")),
    ("changed", Event("tagged", "tags", after="x")),
    ("changed", Event("moved", before="Open", after="Won")),
    ("changed", Event("cleared", "due", "x")),
    ("changed", changed("description", None, None)),
    ("{changed: due}", changed("due", None, datetime(2026, 1, 1).date())),
    ("{changed: [title, description]}", changed("title", "a", "b")),
    ("{changed: {field: deal_value, to: '50000..'}}", changed("deal_value", None, Decimal(50000))),
    ("{changed: {field: deal_value, to: [1, 3]}}", changed("deal_value", Decimal(1), Decimal(3))),
    ("{changed: {field: source, from: Web, to: Referral}}", changed("source", "Web", "Referral")),
    ("{changed: {field: title, to: 'b*'}}", changed("title", "a", "bcd")),
    ("{cleared: due}", Event("cleared", "due", "x")),
    ("{cleared: [color, source]}", Event("cleared", "source", "Web")),
    ("commented", Event("commented", "comments", after="hi", by="who")),
    ("{commented: {by: ana}}", Event("commented", by="ana")),
    ("{commented: {by: ana}}", Event("commented", by="Ana Ruiz")),
    ("{commented: {by: ana}}", Event("commented", by="ANA@acme.example")),
    ("{commented: {by: others}}", Event("commented", by="Marie of Bretagne Fret")),
    ("{commented: {by: assignees}}", Event("commented", by="ana")),
    ("{commented: {by: [others, li]}}", Event("commented", by="li")),
    ("checklist_done", Event("checklist_done")),
    ("{pressed: send}", Event("pressed", "send")),
]
NO = [
    ("created", Event("moved", before="Open", after="Won")),
    ("{created: {in: Won}}", Event("created", after="Open")),
    ("{moved: Won}", Event("moved", before="Won", after="Open")),
    ("{moved: {to: Won, from: Attic}}", Event("moved", before="Open", after="Won")),
    ("{tagged: Urgent}", Event("tagged", "tags", after="Urgentest")),
    ("{tagged: Urgent}", Event("untagged", "tags", before="Urgent")),
    ("{assigned: li}", Event("assigned", "assignees", after="ana")),
    ("{assigned: ana}", Event("unassigned", "assignees", before="ana")),
    ("changed", Event("created", after="Open")),
    ("changed", Event("pressed", "send")),
    ("changed", Event("changed", "due", None, "x", chain=("p/B",))),
    ("{changed: due}", changed("start", None, "x")),
    ("{changed: due}", Event("cleared", "due", "x")),
    ("{changed: {field: deal_value, to: '50000..'}}", changed("deal_value", None, Decimal(49999))),
    ("{changed: {field: deal_value, from: '1..'}}", changed("deal_value", None, Decimal(3))),
    ("{changed: {field: source, from: Web, to: Web}}", changed("source", "Web", "Referral")),
    ("{cleared: due}", changed("due", "x", "y")),
    ("{commented: {by: others}}", Event("commented", by="li")),
    ("{commented: {by: ana}}", Event("commented", by="Marie")),
    ("{commented: {by: everyone}}", Event("commented", by="Marie")),
    ("checklist_done", Event("checklist_undone")),
    ("{pressed: send}", Event("changed", "send")),
]


@pytest.mark.parametrize(("when", "event"), YES)
def test_starts(when: str, event: Event) -> None:
    assert matches(when, event)


@pytest.mark.parametrize(("when", "event"), NO)
def test_does_not_start(when: str, event: Event) -> None:
    assert not matches(when, event)


def test_the_actor_of_a_stranger_is_nobody() -> None:
    event = Event("assigned", "assignees", after="ana")
    assert not matches("{assigned: actor}", event, actor="x@y.z")
    assert matches("{assigned: actor}", event, actor="ANA@acme.example")


def test_every_trigger_is_in_the_tables_and_explains_itself() -> None:
    tried = " ".join(when for when, _ in YES)
    for cls in TRIGGERS:
        assert cls.word in tried
    for when, _ in YES:
        text = f"- name: A\n  when: {when}\n  then: complete\n"
        (rule,) = load_config({**FILES, "p/automations.yaml": text.encode()}).config.rules["p"]
        for trigger in rule.when:
            words = trigger.explain()
            assert words and "{" not in words


def test_in_words() -> None:
    text = "- {name: A, when: [{moved: {to: [Won, Attic], from: Open}}, {changed: {field: deal_value, to: '5..'}}], then: complete}"
    (rule,) = load_config({**FILES, "p/automations.yaml": text.encode()}).config.rules["p"]
    assert [t.explain() for t in rule.when] == [
        "moved from Open to Won or Attic",
        "deal_value changed to 5..",
    ]


@given(st.sampled_from([w for w, _ in YES]), st.sampled_from([e for _, e in YES + NO]))
def test_only_the_bare_changed_cares_who_caused_an_event(when: str, event: Event) -> None:
    caused = Event(event.kind, event.key, event.before, event.after, event.by, ("p/Other",))
    if when == "changed":
        assert not matches(when, caused)
    else:
        assert matches(when, caused) == matches(when, event)
