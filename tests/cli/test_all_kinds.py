"""A project with every kind of field, used from the command line as a person would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bluefs.core.fields import known_kinds
from tests.cli.conftest import Run

PROJECT = """\
name: Everything
lists: {Open: , Proposal: , Won: {done: true}}
strict: true
fields:
  line: {type: text, name: One line, description: Anything}
  story: multiline
  seats: {type: number, min: 1, max: 500, decimals: 0}
  value: {type: currency, currency: EUR, required_in: [Proposal, Won]}
  chance: {type: percent, decimals: 1, default: 20}
  score: {type: rating, max: 15, step: quarter}
  nda: checkbox
  source: {type: select, options: {Web: blue, Referral: green, "Fair: Lyon": orange}}
  products: {type: multi_select, options: [Basic, Pro]}
  closing: {type: date, range: true}
  email: {type: email, required: true}
  site: url
  phone: {type: phone, country: FR}
  land: {type: country, default: FR}
  lands: {type: country, many: true}
  office: location
  contract: file
  papers: {type: file, many: true}
  number: {type: unique_id, prefix: DEAL-, digits: 3}
  to_close: {type: duration, from: created, to: {moved: Won}, target: 30 days}
  spent: time_in_list
  weighted: {type: formula, formula: value * chance / 100, show: currency}
  usd: {type: conversion, of: value, to: USD}
  before: {type: reference, project: all}
  earlier: {type: lookup, through: before, get: number}
  go: {type: button, name: Send, confirm: typed}
"""
WRONG = """\
---
id: wr0ngva1ue
line: "two\\nlines"
seats: 1000
chance: 40,5 %
score: 3.3
nda: maybe
source: web
products: Basic, Pro
closing: 2026-12-05/2026-12-01
email: Ana <ana@acme.example>
site: www.acme.example
phone: 06 12 34 56 78
land: Norvège
lands: [FR, Belgium, Frnce]
office: 48,8566 2,3522
contract: Ofer.pdf
papers: [a/b.pdf]
number: DEAL-7
to_close: 3 days
spent: 1
weighted: 5
usd: 7
go: now
sourc: Web
---
"""
FOUND = [
    "1:1 BF430",
    "3:7 BF218",
    "4:8 BF202",
    "5:9 BF201",
    "6:8 BF216",
    "7:6 BF207",
    "8:9 BF203",
    "9:11 BF211",
    "10:10 BF206",
    "11:8 BF208",
    "12:7 BF209",
    "13:8 BF223",
    "14:7 BF222",
    "15:13 BF222",
    "15:22 BF222",
    "16:9 BF226",
    "17:11 BF228",
    "18:10 BF227",
    "19:9 BF230",
    "20:11 BF231",
    "21:8 BF231",
    "22:11 BF231",
    "23:6 BF231",
    "24:5 BF221",
    "25:1 BF131",
    "",
][:-1]


@pytest.fixture
def everything(workspace: Path) -> Path:
    home = workspace / "all"
    for name in ("Open", "Proposal", "Won"):
        (home / name).mkdir(parents=True)
    (home / "project.yaml").write_text(PROJECT)
    (home / "rates.csv").write_text("date,from,to,rate\n2026-01-02,EUR,USD,1.1\n")
    return home


def test_the_project_has_every_kind(everything: Path) -> None:
    assert all(f" {kind}" in PROJECT for kind in known_kinds())


def test_a_refused_value_names_its_key(everything: Path, run: Run) -> None:
    """Also where the message happens to hold the key's letters, as *number* holds num."""
    settings = everything / "project.yaml"
    settings.write_text(settings.read_text() + "  num: number\n  d: date\n  tel: phone\n")
    assert run("new", "A", "-p", "all", "--set", "email=m@acme.example").code == 0
    for key in ("num", "d", "tel", "seats", "site"):
        refused = run("set", "A", f"{key}=abc")
        assert (refused.code, refused.err.startswith(f"{key}: ")) == (2, True), refused.err
    assert run("set", "A", "seats=501").err.startswith("seats is at most 500\n")


def test_an_impossible_day_is_told_from_an_odd_spelling(everything: Path, run: Run) -> None:
    assert run("new", "A", "-p", "all", "--set", "email=m@acme.example").code == 0
    for text, said in (
        ("2026-02-30", "no calendar has this day"), ("2026-13-01", "no calendar has this day"),
        ("2026-12-01T25:00", "no clock shows this time"), ("banana", "such as fri"),
    ):  # fmt: skip
        refused = run("set", "A", f"due={text}")
        assert (refused.code, said in refused.err) == (2, True), refused.err


def test_new_set_and_show(everything: Path, run: Run) -> None:
    made = run(
        "new", "Renewal", "-p", "all", "--set", "email=m@acme.example", "--set", "land=norvège",
        "--set", "phone=06 12 34 56 78", "--set", "lands=fr,Belgique", "--set", "office=48,85 2,35",
    )  # fmt: skip
    assert made.code == 0, made.err
    file = everything / "Open/Renewal.md"
    (everything / "Offer.pdf").write_bytes(b"%PDF")
    assert run("attach", "Renewal", str(everything / "Offer.pdf")).code == 0
    assert run("set", "Renewal", "contract=offer", "papers+=OFFER.PDF", "number=7").code == 0
    lines = file.read_text().split("\n")[2:-1]
    assert lines == [
        "chance: 20", 'land: "NO"', "email: m@acme.example", 'phone: "+33612345678"',
        "lands: [FR, BE]", "office: 48.85, 2.35", "contract: Offer.pdf", "papers: [Offer.pdf]",
        "number: DEAL-007", "---",
    ]  # fmt: skip
    page = run("show", "Renewal").out
    for text in ("20.0 %", "Norway", "06 12 34 56 78", "France, Belgium", "48.85, 2.35", "DEAL-007",
                 "To close  – (not computed by this version)"):  # fmt: skip
        assert text in page, text
    shown = json.loads(run("show", "Renewal", "--json").out)["fields"]
    assert shown == {
        "chance": 20, "email": "m@acme.example", "phone": "+33612345678", "land": "NO",
        "lands": ["FR", "BE"], "office": {"latitude": 48.85, "longitude": 2.35},
        "contract": "Offer.pdf", "papers": ["Offer.pdf"], "number": "DEAL-007",
    }  # fmt: skip
    asked = ("phone:0612345678", "phone:06-12", "land:norway", "lands:belgique", "number:7",
             'office:"48,85 2,35"', "contract:offer", "papers:offer", "has:number")  # fmt: skip
    for query in asked:
        found = json.loads(run("list", query, "-p", "all", "--json").out)
        assert [one["title"] for one in found] == ["Renewal"], query
    assert run("set", "Renewal", "phone=+33612345678", "number=deal-7", "land=NO").out == ""
    assert file.read_text().split("\n")[2:-1] == lines


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("contract=nope", "put it there first: bluefs attach"),
        ("to_close=3 days", "to_close is computed: nobody writes it"),
        ("spent=1", "spent is computed"),
        ("weighted=5", "weighted is computed: nobody writes it"),
        ("usd=5", "usd is computed: nobody writes it"),
        ("phone=0612", "no number of FR looks like this one"),
        ("land=Frnce", "did you mean FR (France)?"),
        ("office=121,31", "latitude comes first: 31, 121"),
        ("number=two words", "one word, such as DEAL-001"),
    ],
)
def test_a_wrong_value_is_refused_with_a_remedy(
    everything: Path, run: Run, edit: str, said: str
) -> None:
    run("new", "Renewal", "-p", "all", "--set", "email=m@acme.example")
    before = (everything / "Open/Renewal.md").read_bytes()
    result = run("set", "Renewal", edit)
    assert result.code == 2 and said in result.err
    assert (everything / "Open/Renewal.md").read_bytes() == before


def test_each_fault_at_its_place(everything: Path, run: Run) -> None:
    (everything / "Proposal/Wrong.md").write_text(WRONG)
    problems = json.loads(run("check", "all/Proposal", "--format", "json").out)
    assert [f"{p['line']}:{p['column']} {p['code']}" for p in problems] == FOUND
    assert all(p["hint"] for p in problems)
    english = {p["message"] for p in problems}
    settings = everything.parent / "bluefs.yaml"
    settings.write_text(settings.read_text() + "language: fr\n")
    french = json.loads(run("check", "all/Proposal", "--format", "json").out)
    assert [f"{p['line']}:{p['column']} {p['code']}" for p in french] == FOUND
    assert not english & {p["message"] for p in french}


def test_what_can_be_mended_is(everything: Path, run: Run) -> None:
    file = everything / "Proposal/Wrong.md"
    file.write_text(WRONG)
    run("check", "--fix", "all/Proposal")
    lines = file.read_text().split("\n")
    for line in ("chance: 40.5", "source: Web", "products: [Basic, Pro]", "email: ana@acme.example",
                 "site: https://www.acme.example", 'phone: "+33612345678"', 'land: "NO"',
                 "lands: [FR, BE, Frnce]", "office: 48.8566, 2.3522", "papers: [b.pdf]",
                 "number: DEAL-007"):  # fmt: skip
        assert line in lines, line


def test_a_copy_has_no_number_and_colours_come_from_the_options(everything: Path, run: Run) -> None:
    run("new", "One", "-p", "all", "--set", "email=m@acme.example", "--set", "number=1",
        "--set", "source=web")  # fmt: skip
    run("copy", "One")
    copies = [p.read_text() for p in (everything / "Open").glob("*.md")]
    assert len(copies) == 2 and sum("number: DEAL-001" in text for text in copies) == 1
    assert all("source: Web" in text for text in copies)
    again = run("list", "--group", "source", "-p", "all").out
    assert again.startswith("Web\n")


def test_settings_that_mean_nothing_are_named(everything: Path, run: Run) -> None:
    (everything / "project.yaml").write_text(
        "lists: {Open: , Proposal: , Won: }\nfields:\n"
        "  go: {type: button, default: press}\n"
        "  n: {type: unique_id, required: true, prefx: A}\n"
        "  d: {type: duration, from: created, to: {moved: Wn}}\n"
        "  p: {type: phne}\n"
        "  l: {type: country, default: France, required_in: [Opn]}\n"
    )
    problems = json.loads(run("check", "all/project.yaml", "--format", "json").out)
    assert [f"{p['line']}:{p['column']} {p['code']} {p['hint']}" for p in problems] == [
        "3:22 BF318 its keys are: type, name, description, confirm",
        "4:24 BF318 its keys are: type, name, description, style, prefix, digits, start, last",
        "4:40 BF318 did you mean prefix?",
        "5:13 BF314 None",
        "5:50 BF220 did you mean Won?",
        "6:13 BF313 did you mean phone?",
        "7:31 BF222 write FR",
        "7:53 BF325 did you mean Open?",
    ]
