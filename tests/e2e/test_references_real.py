"""A rule that asks what another record says, with a real engine, real Git and the command line."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.workspaces import Place

OPEN, PROPOSAL = "sales/Open/Deal.md", "sales/Proposal/Deal.md"
FILES = {
    "bluefs.yaml": "bluefs: 1\nname: Acme\ntimezone: Europe/Paris\nsync: auto\nquiet: 0\n"
    "people:\n  ana: {name: Ana Ruiz, email: ana@acme.example}\n"
    'mail: {from: "Acme <hello@acme.example>"}\n',
    "companies/project.yaml": "lists: {All: }\ntags: [Client]\nfields: {industry: text}\n",
    "companies/All/Globex.md": "---\nid: c0mpglob02\ntags: Client\nindustry: Sea\n---\n",
    "sales/project.yaml": """\
lists: {Open: , Proposal: }
tags: [Shop, Told]
fields:
  company: {type: reference, project: companies, filter: "tag:Client"}
  industry: {type: lookup, through: company, get: industry}
""",
    "sales/automations.yaml": """\
- name: Shop
  when: {moved: Proposal}
  if: industry:Retail
  then:
    - add_tags: [Shop]
    - send_email: {to: ana, subject: "${company} is in ${industry}", body: b}
""",
    "sales/Proposal/.gitkeep": "",
    OPEN: "---\nid: d000000001\ncompany: c0mpglob02  # Globex\n---\n",
}


def place(tmp_path: Path) -> Place:
    made = Place(tmp_path / "w", tmp_path / "home", FILES)
    made.trust()
    return made


def test_a_watching_engine_and_the_index_follow_the_other_side(tmp_path: Path) -> None:
    here = place(tmp_path)
    with here.watching() as watching:
        assert "Deal" in here.bluefs("list", "industry:Sea", "-p", "sales").stdout
        assert here.bluefs("set", "Globex", "industry=Retail").returncode == 0
        watching.tells("saved", "Globex")
        listed = here.bluefs("list", "industry:Retail", "-p", "sales").stdout
        assert "Deal" in listed
        assert here.bluefs("move", "Deal", "Proposal").returncode == 0
        watching.until(lambda: bool(here.mails()), "a mail")
    text = here.path(PROPOSAL).read_text()
    assert "Shop" in text and "industry" not in text
    assert [mail["subject"] for mail in here.mails()] == ["Globex is in Retail"]


def test_run_tells_each_commit_by_the_records_it_had(tmp_path: Path) -> None:
    """By hand: the company turns to retail, the deal moves, the company turns back."""
    here = place(tmp_path)
    here.run()
    other = "companies/All/Globex.md"
    shop = FILES[other].replace("Sea", "Retail")
    for message, old, new, text in (
        ("one", other, other, shop),
        ("two", OPEN, PROPOSAL, FILES[OPEN]),
        ("three", other, other, FILES[other]),
    ):
        here.path(old).unlink()
        here.put(new, text)
        here.git("add", "-A")
        here.git("commit", "-q", "-m", message)
    here.run()
    assert [mail["subject"] for mail in here.mails()] == ["Globex is in Retail"]
    assert "Shop" in here.path(PROPOSAL).read_text()
    assert here.bluefs("list", "industry:Sea", "-p", "sales").stdout.count("Deal") == 1
