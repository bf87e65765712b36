"""Rules and fields that are worked out: conditions, texts and values see them as they are at that
moment, and nothing of them is an edit, an event or a line of a file."""

from __future__ import annotations

from bluefs.app.reports import Held
from bluefs.core.config import load_config
from tests.app.bench import PROJECT, Bench

PATH = "sales/Open deals/A.md"
RECORD = "---\nid: a1b2c3d4e5\ndeal_value: 1000\nprobability: 20\n---\n"
FIELDS = """\
  weighted: {type: formula, formula: deal_value * probability / 100, show: currency}
  usd: {type: conversion, of: weighted, to: USD}
  note: text
"""
RATES = "date,from,to,rate\n2026-01-02,EUR,USD,2\n"
BIG = """\
- name: Big
  when: {changed: probability}
  if: weighted:500..
  then:
    - set: {note: large}
    - send_email: {to: ana, subject: "${title} ${weighted} ${usd}", body: b}
"""


def bench(rules: str, **more: str) -> Bench:
    made = Bench(rules, {PATH: RECORD, "rates.csv": RATES, **more}, project=PROJECT + FIELDS)
    made.start()
    made.settle()
    return made


def test_a_condition_and_texts_see_what_is_worked_out() -> None:
    b = bench(BIG)
    b.edit(PATH, "probability: 20", "probability: 40")
    b.settle()
    assert b.read(PATH) == RECORD.replace("20", "40") and b.mails() == []
    b.edit(PATH, "probability: 40", "probability: 60")
    b.settle()
    assert b.read(PATH) == RECORD.replace("probability: 20", "probability: 60\nnote: large")
    assert b.mails() == ["A €600 $1,200"]


def test_a_later_rule_sees_what_an_earlier_one_made_of_it() -> None:
    rules = """\
- name: Double
  when: {tagged: Urgent}
  then: {set: {probability: 100}}
- name: After
  when: {changed: probability}
  if: weighted:1000..
  then: {set: {note: all of it}}
"""
    b = bench(rules)
    b.edit(PATH, "id:", "tags: [Urgent]\nid:")
    b.settle()
    assert "probability: 100\n" in b.read(PATH) and "note: all of it\n" in b.read(PATH)
    assert "weighted" not in b.read(PATH) and "usd" not in b.read(PATH)


def test_only_what_was_written_has_changed() -> None:
    b = bench("- {name: Any, when: {changed: note}, then: {add_tags: [Urgent]}}\n")
    b.edit(PATH, "probability: 20", "probability: 30")
    b.settle()
    assert b.events() == ["changed probability"]
    assert b.log()[0] == "A: probability 30 %"


def test_another_rate_starts_nothing_and_counts_at_once() -> None:
    b = bench(BIG)
    b.write("rates.csv", RATES.replace(",2\n", ",3\n"))
    b.settle()
    assert b.events() == [] and b.log()[0] == "Save rates.csv"
    b.edit(PATH, "probability: 20", "probability: 60")
    b.settle()
    assert b.mails() == ["A €600 $1,800"]


def test_a_table_that_breaks_leaves_the_rates_as_they_were() -> None:
    rule = "- {name: R, when: {changed: probability}, if: 'usd:1200', then: {set: {note: large}}}\n"
    b = bench(rule)
    for broken in ("date;from;to;rate\n", "\n"):
        b.write("rates.csv", broken)
        b.settle()
        assert [r.path for r in b.reports if isinstance(r, Held)] == ["rates.csv"]
        b.reports.clear()
    b.edit(PATH, "probability: 20", "probability: 60")
    b.wait(5)
    assert "note: large" in b.read(PATH)


def test_a_move_into_a_project_with_other_fields() -> None:
    b = bench(
        BIG, **{"work/project.yaml": "name: Work\nlists: {Todo: }\nfields: {weighted: text}\n"}
    )
    b.move(PATH, "work/Todo/A.md")
    b.settle()
    assert b.read("work/Todo/A.md") == RECORD
    b.move("work/Todo/A.md", PATH)
    b.settle()
    assert b.read(PATH) == RECORD


def test_lane_two_sees_it_as_well() -> None:
    """A commit that no engine saw being made."""
    b = bench(BIG)
    b.stop()
    b.edit(PATH, "probability: 20", "probability: 90")
    b.hands.commit("by hand")
    b.start()
    b.settle()
    assert b.mails() == ["A €900 $1,800"]
    assert "note: large" in b.read(PATH)


def test_nothing_starts_when_it_changes_and_nobody_sets_it() -> None:
    files = {
        "sales/project.yaml": PROJECT + FIELDS,
        "rates.csv": RATES,
        "sales/automations.yaml": "- name: A\n  when: {changed: weighted}\n  then: {set: {usd: 5}}\n",
    }
    loaded = load_config({path: text.encode() for path, text in files.items()})
    assert [f"{p.line}:{p.column} {p.code.code} {p.message}" for p in loaded.problems] == [
        "2:19 BF327 weighted is computed: nothing starts when it changes",
        "3:16 BF327 usd is computed: nobody writes it",
    ]
