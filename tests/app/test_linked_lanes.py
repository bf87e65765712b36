"""Rules that ask what a record shows of others: both lanes see the same, each in its own state."""

from __future__ import annotations

import pytest

from tests.app.bench import PROJECT, Bench

DEALS = (
    PROJECT
    + """\
  company: {type: reference, project: companies}
  industry: {type: lookup, through: company, get: industry}
  staffs: {type: lookup, through: company, get: staff}
"""
)
COMPANIES = "lists: {All: }\nfields: {industry: text, staff: number}\n"
RULES = """\
- name: Shops
  when: {moved: Proposal}
  if: industry:Retail staffs:10..
  then:
    - set: {probability: 50}
    - send_email: {to: ana, subject: "${title}, ${company}: ${industry}", body: "${staffs} people"}
- name: Turn
  when: {tagged: Urgent}
  then: [{set: {company: c0mp000002}}]
- name: After it
  when: {changed: company}
  if: industry:Retail
  then: [{add_tags: [Contacted]}]
"""
OPEN, PROPOSAL = (f"sales/{name}/Deal.md" for name in ("Open deals", "Proposal"))
ONE = "companies/All/Acme.md"
SHOP = "---\nid: c0mp000001\nindustry: Retail\nstaff: 12\n---\n"
FILES = {
    "companies/project.yaml": COMPANIES,
    ONE: SHOP,
    "companies/All/Shops.md": "---\nid: c0mp000002\nindustry: Retail\nstaff: 3\n---\n",
}


def bench(company: str = "c0mp000001  # Acme", rules: str = RULES) -> Bench:
    deal = f"---\nid: d000000001\ncompany: {company}\n---\n"
    made = Bench(rules, {**FILES, OPEN: deal}, project=DEALS)
    made.start()
    made.settle()
    return made


@pytest.mark.parametrize("company", ["c0mp000001", "Acme", '"[[Acme]]"', "All/Acme.md"])
def test_a_rule_asks_and_a_mail_says_what_another_record_has(company: str) -> None:
    b = bench(company)
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert b.mails() == ["Deal, Acme: Retail"]
    assert "probability: 50" in b.read(PROPOSAL) and "industry" not in b.read(PROPOSAL)
    assert b.events() == ["moved Proposal"]


def test_the_other_side_decides_as_it_is_now() -> None:
    b = bench()
    b.edit(ONE, "Retail", "Sea")
    b.settle()
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert b.mails() == [] and "probability" not in b.read(PROPOSAL)


def test_the_shared_lane_asks_the_commit_and_not_what_came_later() -> None:
    """The engine was away: the deal moved in one commit, its company changed in the next."""
    b = bench()
    b.stop()
    b.files.move_tree(OPEN, PROPOSAL)
    b.hands.commit("moved")
    b.files.put(ONE, SHOP.replace("Retail", "Sea").encode())
    b.hands.commit("changed")
    b.start()
    b.settle()
    assert b.mails() == ["Deal, Acme: Retail"]
    assert "probability: 50" in b.read(PROPOSAL)


def test_and_the_other_way_round() -> None:
    b = bench()
    b.stop()
    b.files.put(ONE, SHOP.replace("12", "9").encode())
    b.hands.commit("changed")
    b.files.move_tree(OPEN, PROPOSAL)
    b.hands.commit("moved")
    b.start()
    b.settle()
    assert b.mails() == [] and "probability" not in b.read(PROPOSAL)


def test_what_a_rule_refers_to_is_looked_up_for_the_next_one() -> None:
    b = bench("")
    b.edit(OPEN, "company: ", "tags: [Urgent]")
    b.settle()
    text = b.read(OPEN)
    assert "company: c0mp000002" in text and "Contacted" in text and "industry" not in text


def test_a_change_of_the_other_is_no_event_of_the_record() -> None:
    rule = "- name: Any\n  when: changed\n  then: [{add_tags: [Contacted]}]\n"
    b = bench(rules=rule)
    b.edit(ONE, "Retail", "Sea")
    b.settle()
    assert "Contacted" not in b.read(OPEN)


def test_two_of_one_name_mean_nobody_in_either_lane() -> None:
    b = bench("Acme")
    b.write("companies/All/Other.md", "---\ntitle: Acme\nindustry: Retail\nstaff: 99\n---\n")
    b.settle()
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert b.mails() == [] and "probability" not in b.read(PROPOSAL)
