"""Values that rest on a record's history, as a person sees them: real Git, the command line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.workspaces import Place, command

FILES = {
    "bluefs.yaml": "bluefs: 1\nname: Acme\ntimezone: Europe/Paris\n"
    "people:\n  ana: {name: Ana Ruiz, email: ana@acme.example}\n",
    "rates.csv": "date,from,to,rate\n2026-01-01,EUR,USD,1.1\n2026-03-01,EUR,USD,1.2\n"
    "2026-05-01,EUR,USD,1.5\n",
    "companies/project.yaml": "lists: {All: , Former: }\nfields: {industry: text}\n",
    "companies/All/Globex.md": "---\nid: c0mpglob02\nindustry: Sea\n---\n",
    "sales/project.yaml": """\
lists: {Open: , Won: }
fields:
  company: {type: reference, project: companies}
  client_since: {type: lookup, through: company, get: created}
  last_news: {type: lookup, through: company, get: updated}
  amount: {type: currency, currency: EUR}
  usd: {type: conversion, of: amount, to: USD, at: created}
views:
  Clients: {show: table, columns: [title, client_since, last_news, usd]}
""",
    "sales/Won/.gitkeep": "",
}
GLOBEX, ACME = "companies/All/Globex.md", "companies/All/Acme.md"


class Told(Place):
    """Commits at moments that the test names."""

    def at(self, moment: str, *args: str) -> None:
        self.env |= {"GIT_AUTHOR_DATE": moment}
        self.git("add", "-A")
        self.git("commit", "-q", "-m", moment, *args)

    def fields(self, title: str) -> dict[str, object]:
        done = self.bluefs("show", title, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, object] = json.loads(done.stdout)["fields"]
        return found

    def titles(self, *query: str) -> list[str]:
        done = self.bluefs("list", *query, "-p", "sales", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return [one["title"] for one in json.loads(done.stdout)]


@pytest.fixture
def here(tmp_path: Path) -> Told:
    made = Told(
        tmp_path / "w", tmp_path / "home", FILES, GIT_AUTHOR_DATE="2026-01-10T09:00:00+01:00"
    )
    made.put(ACME, "---\nid: c0mpacme01\n---\n")
    made.put(
        "sales/Open/Renewal.md", "---\nid: d000000001\ncompany: c0mpglob02\namount: 100\n---\n"
    )
    made.at("2026-03-05T10:30:00+01:00")
    made.put(GLOBEX, FILES[GLOBEX].replace("Sea", "Ports"))
    made.put(
        "sales/Open/Upgrade.md", "---\nid: d000000002\ncompany: c0mpacme01\namount: 100\n---\n"
    )
    made.at("2026-06-07T23:30:00+00:00")
    return made


def test_what_a_person_sees(here: Told) -> None:
    shown = here.bluefs("show", "Renewal", NO_COLOR="1").stdout
    assert "Client since  10 Jan 2026 09:00            Usd     $120" in shown
    assert "Last news     8 Jun 2026 01:30" in shown  # in the workspace's zone
    assert here.bluefs("list", "-p", "sales", "--view", "Clients").stdout == (
        "ID          TITLE    CLIENT SINCE       LAST NEWS          USD\n"
        "d000000001  Renewal  10 Jan 2026 09:00  8 Jun 2026 01:30  $120\n"
        "d000000002  Upgrade  5 Mar 2026 10:30   5 Mar 2026 10:30  $150\n"
        "2 records\n"
    )
    assert here.fields("Upgrade") == {
        "company": "c0mpacme01", "client_since": "2026-03-05T10:30:00+01:00",
        "last_news": "2026-03-05T10:30:00+01:00", "amount": 100, "usd": 150.00,
    }  # fmt: skip
    assert here.bluefs("check").stdout == "No problems in 8 files.\n"


def test_queries_and_order(here: Told) -> None:
    assert here.titles("client_since>2026-02-01") == ["Upgrade"]
    assert here.titles("last_news:2026-06-08") == ["Renewal"]
    assert here.titles("sort:client_since") == ["Renewal", "Upgrade"]
    assert here.titles("sort:-client_since") == ["Upgrade", "Renewal"]
    assert here.titles("usd<130") == ["Renewal"]


def test_the_next_command_knows_of_a_commit_on_the_other_side(here: Told) -> None:
    before = here.fields("Renewal")
    here.put(GLOBEX, FILES[GLOBEX].replace("Sea", "Air"))
    assert here.fields("Renewal") == before  # nobody has committed it yet
    here.at("2026-07-01T12:00:00Z")
    assert here.fields("Renewal")["last_news"] == "2026-07-01T14:00:00+02:00"
    assert here.titles("last_news:2026-07-01") == ["Renewal"]
    (here.root / "companies/Former").mkdir()
    here.git("mv", GLOBEX, "companies/Former/Globex Ltd.md")
    assert here.fields("Renewal")["client_since"] == before["client_since"]
    here.at("2026-07-02T12:00:00Z")  # a move counts, and the record is who it was
    found = here.fields("Renewal")
    assert found["client_since"] == before["client_since"]
    assert found["last_news"] == "2026-07-02T14:00:00+02:00"
    here.git("reset", "-q", "--hard", "HEAD~2")
    assert here.fields("Renewal") == before
    here.put("companies/All/Nova.md", "---\nid: c0mpnova03\n---\n")
    here.put("sales/Open/Try.md", "---\nid: d000000003\ncompany: c0mpnova03\namount: 1\n---\n")
    assert here.fields("Try") == {"company": "c0mpnova03", "amount": 1}  # not committed yet


def test_nothing_depends_on_the_index(here: Told) -> None:
    before = here.fields("Renewal"), here.fields("Upgrade")
    for file in (here.root / ".git/bluefs").glob("index*"):
        file.unlink()
    assert (here.fields("Renewal"), here.fields("Upgrade")) == before


def test_a_shallow_clone_claims_nothing_it_cannot_know(here: Told, tmp_path: Path) -> None:
    folder = tmp_path / "shallow"
    here.git("clone", "-q", "--depth=1", f"file://{here.root}", str(folder))
    (folder / "companies/All/Globex.md").write_text(FILES[GLOBEX])
    env = here.env | {"GIT_AUTHOR_DATE": "2026-08-01T12:00:00Z"}
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@acme.example"]
    subprocess.run(["git", *who, "commit", "-qam", "news"], cwd=folder, env=env, check=True)

    def run(*args: str) -> str:
        done = subprocess.run(
            [*command(), *args], cwd=folder, env=env, text=True, capture_output=True, check=False
        )
        return done.stdout

    found = json.loads(run("show", "Renewal", "--json"))["fields"]
    assert found == {
        "company": "c0mpglob02", "last_news": "2026-08-01T14:00:00+02:00", "amount": 100,
    }  # fmt: skip
    assert json.loads(run("show", "Upgrade", "--json"))["fields"].keys() == {"company", "amount"}
