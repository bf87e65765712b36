"""Conditions of rules that ask what only the history knows."""

from __future__ import annotations

import pytest

from bluefs.core.config import load_config

FILES = {
    "bluefs.yaml": b"bluefs: 1\n",
    "rates.csv": b"date,from,to,rate\n2026-01-01,EUR,USD,1.1\n",
    "firms/project.yaml": b"lists: {All: }\nfields:\n"
    b"  parent: {type: reference, project: firms}\n"
    b"  older: {type: lookup, through: parent, get: created}\n",
    "deals/project.yaml": b"""\
lists: {Open: }
fields:
  firm: {type: reference, project: firms}
  name: {type: lookup, through: firm, get: title}
  since: {type: lookup, through: firm, get: older}
  amount: {type: currency, currency: EUR}
  usd: {type: conversion, of: amount, to: USD}
  then: {type: conversion, of: amount, to: USD, at: updated}
  twice: {type: formula, formula: then * 2}
""",
}


@pytest.mark.parametrize(
    ("condition", "places"),
    [
        ("name:x usd>1 amount:1..", []),
        ("since>2026-01-01", [("since", 7, 12)]),
        ("has:since", [("since", 11, 16)]),
        ("name:x -(then>1 or twice:1..)", [("then", 16, 20), ("twice", 26, 31)]),
        ("Then:1..", [("then", 7, 11)]),
    ],
)
def test_a_condition_that_no_rule_can_answer_is_told(
    condition: str, places: list[tuple[str, int, int]]
) -> None:
    rules = f"- name: a\n  when: completed\n  if: {condition!r}\n  then: reopen\n".encode()
    files = {**FILES, "deals/automations.yaml": rules}
    folders = frozenset({"deals", "firms", "deals/Open", "firms/All"})
    loaded = load_config(files, folders)
    found = [
        (p.message.partition(" ")[0], p.column, p.end)
        for p in loaded.problems if p.code.code == "BF323" and p.line == 3
    ]  # fmt: skip
    assert found == [(key, start + 1, end + 1) for key, start, end in places]
    assert len(loaded.problems) == len(places)
    assert len(loaded.config.rules["deals"]) == 1, "the rest of the rule stays"
