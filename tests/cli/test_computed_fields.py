"""Formulas and conversions from the command line, with the index, as a person meets them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FIELDS = """\
  weighted: {type: formula, formula: deal_value * probability / 100, show: currency}
  usd: {type: conversion, of: deal_value, to: USD, at: due}
"""
RATES = "date,from,to,rate\n2026-01-02,EUR,USD,1.1\n2026-11-22,EUR,USD,1.2\n"
DEALS = ("Renewal – Acme", "Port of Brest, seats")


@pytest.fixture
def deals(workspace: Path) -> Path:
    settings = workspace / "sales/project.yaml"
    settings.write_text(settings.read_text() + FIELDS)
    (workspace / "rates.csv").write_text(RATES)
    return workspace


def titles(run: Run, *query: str) -> list[str]:
    found = run("list", *query, "-p", "sales", "--json")
    assert found.code == 0, found.err
    return [one["title"] for one in json.loads(found.out)]


def fields(run: Run, title: str) -> dict[str, object]:
    shown = json.loads(run("show", title, "--json").out)["fields"]
    return {key: shown.get(key) for key in ("weighted", "usd")}


def test_it_is_shown_asked_for_sorted_and_summed(deals: Path, run: Run) -> None:
    assert run("check").code == 0
    assert fields(run, "Renewal") == {"weighted": 4800, "usd": 14400}
    assert fields(run, "Port") == {"weighted": None, "usd": 68750}
    page = run("show", "Renewal").out
    assert re.search(r"Weighted +€4,800", page) and re.search(r"Usd +\$14,400", page)
    assert titles(run, "weighted:4800") == ["Renewal – Acme"] == titles(run, "has:weighted")
    assert titles(run, "weighted:>5000") == []
    assert titles(run, "has:usd", "sort:-usd") == ["Port of Brest, seats", "Renewal – Acme"]
    assert titles(run, "usd:..15000") == ["Renewal – Acme"]
    assert "Weighted €4,800" in run("list", "-p", "sales").out
    groups = run("list", "-p", "sales", "--group", "list", "has:usd").out
    assert "Deal value €62,500 · Usd $68,750" in groups
    columns = "views: {Money: {columns: [title, weighted, usd]}}\n"
    with (deals / "sales/project.yaml").open("a") as settings:
        settings.write(columns)
    assert re.search(r"Port of Brest, seats +– +\$68,750", run("list", "--view", "Money").out)
    board = run("board", "-p", "sales").out
    assert "Renewal – Acme" in board


def test_an_edit_and_another_rate_count_at_once(deals: Path, run: Run) -> None:
    assert titles(run, "usd:14400") == ["Renewal – Acme"]
    assert run("set", "Renewal", "probability=50").code == 0
    assert titles(run, "weighted:6000") == ["Renewal – Acme"]
    (deals / "rates.csv").write_text(RATES.replace("1.2", "2"))
    assert titles(run, "usd:24000") == ["Renewal – Acme"] and titles(run, "usd:14400") == []
    (deals / "sales/rates.csv").write_text(RATES.replace("1.2", "3"))
    assert fields(run, "Renewal")["usd"] == 36000
    settings = deals / "sales/project.yaml"
    settings.write_text(settings.read_text().replace("/ 100", "/ 50"))
    assert titles(run, "weighted:12000") == ["Renewal – Acme"]
    (deals / "rates.csv").unlink()
    (deals / "sales/rates.csv").unlink()
    assert titles(run, "has:usd") == []
    assert "BF244" in run("check").out


def test_nobody_writes_it(deals: Path, run: Run) -> None:
    file = deals / "sales/Open deals/Renewal – Acme.md"
    before = file.read_bytes()
    for edit in ("weighted=5", "usd=5"):
        result = run("set", "Renewal", edit)
        assert result.code == 2 and "is computed: nobody writes it" in result.err
    assert file.read_bytes() == before
    assert run("new", "X", "-p", "sales", "--set", "weighted=3").code == 2
    file.write_text(file.read_text().replace("source:", "weighted: 5\nsource:"))
    found = run("check")
    assert "sales/Open deals/Renewal – Acme.md:9:11 BF231" in found.out
    assert fields(run, "Renewal")["weighted"] == 4800


def test_faults_of_settings_are_told_with_a_caret(deals: Path, run: Run) -> None:
    settings = deals / "sales/project.yaml"
    settings.write_text(settings.read_text().replace("deal_value * prob", "deal_valu * prob"))
    (deals / "rates.csv").write_text(RATES + "2026-12-01,EUR,USD,1,3\n")
    out = run("check").out
    line = (
        settings.read_text()
        .split("\n")
        .index(FIELDS.split("\n")[0].replace("deal_value", "deal_valu"))
    )
    assert f"sales/project.yaml:{line + 1}:38 BF241 the project has no field deal_valu" in out
    assert "= did you mean deal_value?" in out
    assert "rates.csv:4:1 BF246 this line has 5 columns, the first has 4" in out
    assert fields(run, "Renewal") == {"weighted": None, "usd": 14400}
    settings.write_text(settings.read_text() + "language: fr\n")
    top = deals / "bluefs.yaml"
    top.write_text(top.read_text() + "language: fr\n")
    assert "vouliez-vous dire deal_value" in run("check").out


def test_records_that_become_others(deals: Path, run: Run) -> None:
    assert run("copy", "Renewal").code == 0
    assert run("move", "Port", "Closed won").code == 0
    assert run("undo").code == 0
    assert run("rename", "field", "deal_value", "amount").code == 0
    assert "formula: amount * probability" in (deals / "sales/project.yaml").read_text()
    assert "of: amount" in (deals / "sales/project.yaml").read_text()
    assert run("check").code == 0 and fields(run, "Port")["usd"] == 68750
    texts = [path.read_text() for path in (deals / "sales").rglob("*.md")]
    assert not [text for text in texts if "weighted" in text or "usd" in text]


def test_the_manual_and_codes(deals: Path, run: Run) -> None:
    manual = run("help", "fields").out
    for word in ("## formula", "AVERAGEA", "## conversion", "rates.csv"):
        assert word.removeprefix("## ") in manual
    for code in range(240, 247):
        assert run("explain", f"BF{code}").code == 0
