"""Fields that name records of another project, and what is looked up through them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Run

FIELDS = """\
  company: {type: reference, project: companies, filter: "tag:Client"}
  partners: {type: reference, project: companies, many: true}
  industry: {type: lookup, through: company, get: industry}
  staffs: {type: lookup, through: partners, get: staff}
"""
COMPANIES = """\
name: Companies
lists: {Active: , Former: }
tags: [Client, Prospect]
fields:
  industry: {type: select, options: {Retail: blue, Sea: teal}}
  staff: number
"""
ACME = "---\nid: c0mpacme01\ntags: Client\nindustry: Retail\nstaff: 12\n---\n"
GLOBEX = "---\nid: c0mpglob02\ntags: Prospect\nindustry: Sea\nstaff: 100\n---\n"
RENEWAL = "sales/Open deals/Renewal – Acme.md"
BREST = "sales/Proposal/Port of Brest, seats.md"


@pytest.fixture
def linked(workspace: Path) -> Path:
    project = workspace / "sales/project.yaml"
    project.write_text(project.read_text() + FIELDS)
    for path, text in {
        "companies/project.yaml": COMPANIES, "companies/Active/Acme.md": ACME,
        "companies/Active/Globex.md": GLOBEX,
        "companies/Former/Initech.md": ACME.replace("acme01", "init03"),
    }.items():  # fmt: skip
        file = workspace / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return workspace


def line(file: Path, key: str) -> str:
    found = [x for x in file.read_text().splitlines() if x.startswith(f"{key}:")]
    return found[0] if found else ""


def test_set_writes_the_id_and_the_title_behind_it(linked: Path, run: Run) -> None:
    file = linked / BREST
    assert run("set", "brest", "company=acm").code == 0
    assert line(file, "company") == "company: c0mpacme01  # Acme"
    assert run("set", "brest", "company=Initech").code == 0
    assert line(file, "company") == "company: c0mpinit03  # Initech"
    before = file.read_bytes()
    assert run("set", "brest", "company=[[Initech]]").code == 0
    assert file.read_bytes() == before
    file.write_text(file.read_text().replace("# Initech", "# ask them in May"))
    assert run("set", "brest", "company=c0mpacme01").code == 0
    assert line(file, "company") == "company: c0mpacme01  # ask them in May"
    assert run("set", "brest", "company=").code == 0
    assert line(file, "company") == ""


def test_an_unquoted_link_and_an_empty_key_take_the_id_too(linked: Path, run: Run) -> None:
    file = linked / BREST
    for typed in ("company: [[Globex]]", "company:", "company: ~"):
        file.write_text(f"---\nid: p0rtbr3st0\n{typed}\n---\n")
        assert run("set", "brest", "company=acme").code == 0
        assert line(file, "company") == "company: c0mpacme01  # Acme"


def test_several_come_and_go(linked: Path, run: Run) -> None:
    file = linked / BREST
    assert run("set", "brest", "partners=acme,globex").code == 0
    assert "partners:\n  - c0mpacme01  # Acme\n  - c0mpglob02  # Globex\n" in file.read_text()
    assert run("set", "brest", "partners-=acme", "partners+=Initech").code == 0
    assert "partners:\n  - c0mpglob02  # Globex\n  - c0mpinit03  # Initech\n" in file.read_text()


@pytest.mark.parametrize(("value", "said"), [
    ("Acmee", 'Companies has no record "Acmee"; did you mean "Acme"?\nChoose one of: Acme, Initech\n'),
    ("zzz", 'Companies has no record "zzz" that may stand there.\nChoose one of: Acme, Initech\n'),
    ("Globex", '"Globex" does not match the filter of company: tag:Client\nChoose one of: Acme, Initech\n'),
    ("brest", '"Port of Brest, seats" is a record of another project: company refers to Companies.\n'
     "Choose one of: Acme, Initech\n"),
])  # fmt: skip
def test_only_what_matches_may_be_chosen(linked: Path, run: Run, value: str, said: str) -> None:
    before = (linked / BREST).read_bytes()
    done = run("set", "brest", f"company={value}")
    assert (done.code != 0, done.err) == (True, said)
    assert (linked / BREST).read_bytes() == before


def test_what_is_looked_up_is_shown_asked_sorted_and_grouped(linked: Path, run: Run) -> None:
    run("set", "brest", "company=acme", "partners=globex,acme")
    run("set", "renewal", "company=initech")
    assert "Industry  Retail" in " ".join(run("show", "brest").out.split("   "))
    shown = json.loads(run("show", "brest", "--json").out)
    assert shown["fields"]["industry"] == "Retail" and shown["fields"]["staffs"] == [12, 100]
    assert shown["fields"]["company"] == "c0mpacme01"

    def found(*query: str) -> list[str]:
        listed = json.loads(run("list", "-p", "sales", "--json", *query).out)
        return [one["title"] for one in listed]

    assert found("company:acme") == found("staffs:50..") == ["Port of Brest, seats"]
    assert found("industry:retail", "sort:-company") == ["Renewal – Acme", "Port of Brest, seats"]
    (linked / "companies/Former/Initech.md").write_text(GLOBEX.replace("glob02", "init03"))
    assert found("industry:Sea") == ["Renewal – Acme"]
    groups = json.loads(run("list", "-p", "sales", "--group", "company", "--json").out)
    assert [(g["label"], g["value"]) for g in groups][:2] == [
        ("Acme", "c0mpacme01"), ("Initech", "c0mpinit03"),
    ]  # fmt: skip
    groups = json.loads(run("list", "-p", "sales", "--group", "industry", "--json").out)
    assert [g["label"] for g in groups] == ["Retail", "Sea", "none"]


def test_nobody_writes_what_is_looked_up(linked: Path, run: Run) -> None:
    assert run("set", "brest", "industry=Sea").code != 0
    file = linked / BREST
    file.write_text(file.read_text().replace("---\n", "---\nindustry: Sea\n", 1))
    assert "BF231" in run("check").out


def test_the_other_side_says_who_refers_to_it(linked: Path, run: Run) -> None:
    run("set", "brest", "company=acme", "partners=globex,acme")
    shown = " ".join(run("show", "companies/Active/Acme.md").out.split())
    assert "Named by Sales, company" in shown.replace("Company", "company")
    assert "Port of Brest, seats (p0rt)" in shown
    printed = json.loads(run("show", "c0mpacme01", "--json").out)
    one = {"project": "sales", "id": "p0rtbr3st0", "title": "Port of Brest, seats", "path": BREST}
    assert printed["referenced_by"] == [{"field": "company", **one}, {"field": "partners", **one}]
    schema = Path(__file__).parents[2] / "schema/output/record.json"
    Draft202012Validator(json.loads(schema.read_text())).validate(printed)
    assert json.loads(run("show", "brest", "--json").out)["referenced_by"] == []


def test_check_mends_names_into_ids(linked: Path, run: Run) -> None:
    file = linked / BREST
    file.write_text("---\nid: p0rtbr3st0\ncompany: Acme\npartners: [Globex, '[[Initech]]']\n---\n")
    assert run("check", "--fix").code == 0
    assert file.read_text() == (
        "---\nid: p0rtbr3st0\ncompany: c0mpacme01  # Acme\npartners: [c0mpglob02, c0mpinit03]\n---\n"
    )


def test_completion_offers_titles_of_that_project(linked: Path, run: Run) -> None:
    from bluefs.cli.known import Known

    known = Known(str(linked))
    assert {word for word, _ in known.values("company")} == {"Acme", "Globex", "Initech"}


def test_a_rename_follows_filters_lookups_and_paths(linked: Path, run: Run) -> None:
    file = linked / BREST
    file.write_text("---\nid: p0rtbr3st0\ncompany: companies/Active/Acme.md\n---\n")
    assert run("rename", "tag", "Client", "Customer", "-p", "companies").code == 0
    assert run("rename", "field", "industry", "branch", "-p", "companies").code == 0
    assert run("rename", "field", "company", "firm", "-p", "sales").code == 0
    settings = (linked / "sales/project.yaml").read_text()
    assert 'firm: {type: reference, project: companies, filter: "tag:Customer"}' in settings
    assert "industry: {type: lookup, through: firm, get: branch}" in settings
    assert run("rename", "list", "Active", "Current", "-p", "companies").code == 0
    assert line(file, "firm") == "firm: companies/Current/Acme.md"
    shown = json.loads(run("show", "brest", "--json").out)
    assert shown["fields"]["industry"] == "Retail"


def test_words_in_french(linked: Path, run: Run) -> None:
    settings = linked / "bluefs.yaml"
    settings.write_text(settings.read_text() + "language: fr\n")
    done = run("set", "brest", "company=Acmee")
    assert "Companies n’a pas de fiche «\u00a0Acmee\u00a0»" in done.err
