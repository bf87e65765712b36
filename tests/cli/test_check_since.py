"""`check --since`: each code with a change that has it and a neighbour that has not, over real Git.

Places are asserted, words are in tests/cli/transcripts/since.txt."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FILES = {
    "bluefs.yaml": """\
bluefs: 1
people:
  ana: {name: Ana Ruiz, email: ana@acme.example}
  li: {name: Li Wei, email: [li@acme.example, li@home.example]}
  bo: {name: Bo Lind, email: bo@acme.example}
  cy: {name: Cy, email: cy@acme.example}
  dee: {name: Dee, email: dee@acme.example}
  eve: {name: Eve, email: eve@acme.example}
  fay: {name: Fay, email: fay@acme.example}
groups: {books: [bo]}
""",
    "sales/project.yaml": """\
name: Sales
lists:
  Open deals:
  Closed won: {done: true}
  Closed lost: {done: true, locked: true}
fields:
  deal_value: {type: number, required_in: [Closed won]}
  email: {type: email, required: true}
roles:
  admin: [ana]
  member: [li]
  client: [dee]
  comment-only: [eve]
  view-only: [cy]
  finance: {members: [books], lists: [Closed won], fields: {deal_value: edit, "*": view}}
""",
    "sales/automations.yaml": """\
- name: Won
  when: {moved: Closed won}
  then:
    - add_tags: [Key account]
    - set: {deal_value: 1}
""",
    "sales/Open deals/A.md": "---\nid: a000000001\nemail: a@x.example\n---\nText\n\n## Tasks\n- [ ] one\n",
    "sales/Open deals/B.md": "---\nid: b000000001\nemail: b@x.example\nblocked_by: [a000000001]\n---\n",
    "sales/Closed won/C.md": "---\nid: c000000001\nemail: c@x.example\ndeal_value: 5\n---\n",
    "sales/Closed lost/D.md": "---\nid: d000000001\nemail: d@x.example\n---\n",
    "free/project.yaml": "lists:\n  Todo:\n",
    "free/Todo/F.md": "---\nid: f000000001\n---\n",
}
A, B, C, D = (path for path in FILES if path.startswith("sales/") and path.endswith(".md"))


@dataclass
class Team:
    """A repository with the commit ``base`` (a tag), and what people do in it."""

    top: Path
    run: Run

    def git(self, *words: str, who: str = "ana@acme.example", data: str | None = None) -> str:
        name = who.partition("@")[0]
        command = ["git", "-c", f"user.name={name}", "-c", f"user.email={who}", *words]
        done = subprocess.run(
            command, cwd=self.top, check=True, capture_output=True, text=True, input=data
        )
        return done.stdout.strip()

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.top / path).read_text(encoding="utf-8")
        assert old in text
        (self.top / path).write_text(text.replace(old, new), encoding="utf-8")

    def put(self, path: str, text: str) -> None:
        (self.top / path).parent.mkdir(parents=True, exist_ok=True)
        (self.top / path).write_text(text, encoding="utf-8")

    def commit(self, who: str = "ana", message: str = "change") -> str:
        who = who if "@" in who else f"{who}@acme.example"
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message, who=who)
        return self.git("rev-parse", "--short=7", "HEAD")

    def found(self, since: str = "base", *more: str) -> list[tuple[str, str, int, int]]:
        told = self.run("check", "--json", "--since", since, "--select", "BF5", *more)
        assert told.err == ""
        return [(p["code"], p["path"], p["line"], p["column"]) for p in json.loads(told.out)]

    def said(self, *more: str) -> list[str]:
        told = self.run("check", "--json", "--since", "base", "--select", "BF5", *more)
        return [p["message"] for p in json.loads(told.out)]


@pytest.fixture
def team(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Team:
    top = tmp_path / "team"
    made = Team(top, run)
    for path, text in FILES.items():
        made.put(path, text)
    made.git("init", "-q", "-b", "main")
    made.commit("ana", "begin")
    made.git("tag", "base")
    monkeypatch.chdir(top)
    return made


def test_nothing_changed(team: Team) -> None:
    assert team.found() == []
    assert team.run("check", "--since", "base").out == "No problems in 9 files.\n"


def test_an_id_that_changed(team: Team) -> None:
    team.edit(A, "a000000001", "a000000002")
    assert team.found() == [("BF501", A, 2, 5)]
    team.edit(A, "id: a000000002\n", "")
    assert team.found() == [("BF501", A, 1, 1)]
    team.edit(A, "email", "id: a000000001\nemail")
    team.git("mv", A, "sales/Open deals/Renamed.md")
    assert team.found() == []


def test_an_id_that_is_given(team: Team) -> None:
    team.put("sales/Open deals/New.md", "---\nemail: n@x.example\n---\n")
    team.commit("li")
    team.git("tag", "-f", "base")
    team.edit("sales/Open deals/New.md", "email", "id: n000000001\nemail")
    team.commit("cy")
    assert team.found() == []


def test_into_and_out_of_a_locked_list(team: Team) -> None:
    to = "sales/Closed lost/A.md"
    team.git("mv", A, to)
    assert team.found() == [("BF502", to, 1, 1)]
    team.git("mv", to, "sales/Closed won/A.md")
    assert team.found() == []
    team.git("mv", D, "sales/Open deals/D.md")
    assert team.found() == [("BF503", "sales/Open deals/D.md", 1, 1)]
    team.git("rm", "-qf", "sales/Open deals/D.md")
    assert team.found() == [("BF503", D, 1, 1)]
    team.put(D, FILES[D] + "edited\n")
    team.put("sales/Closed lost/New.md", "---\nid: n000000001\nemail: n@x.example\n---\n")
    assert team.found() == [("BF502", "sales/Closed lost/New.md", 1, 1)]
    assert team.said() == ['the list "Closed lost" is locked, and this record was created in it']


def test_an_admin_may_unlock_first(team: Team) -> None:
    team.edit("sales/project.yaml", ", locked: true", "")
    team.git("mv", A, "sales/Closed lost/A.md")
    team.commit("ana")
    assert team.found() == []


def test_a_list_renamed_while_locked(team: Team) -> None:
    team.git("mv", "sales/Closed lost", "sales/Lost")
    team.edit("sales/project.yaml", "Closed lost:", "Lost:")
    assert team.found() == [("BF504", "sales/project.yaml", 5, 3)]
    team.git("mv", "sales/Lost", "sales/Closed lost")
    team.edit("sales/project.yaml", "  Lost: {done: true, locked: true}\n", "")
    assert team.found() == [("BF504", "sales/project.yaml", 2, 1)]
    team.git("checkout", "-q", "--", "sales/project.yaml")
    team.git("mv", "sales/Open deals", "sales/Open")
    assert team.found() == []


def test_a_required_field_that_is_emptied(team: Team) -> None:
    team.edit(C, "deal_value: 5", "deal_value:")
    assert team.found() == [("BF505", C, 4, 1)]
    team.edit(C, "deal_value:\n", "")
    assert team.found() == [("BF505", C, 1, 1)]
    team.edit(C, "---\n", "---\ndeal_value: 6\n")
    (team.top / C).write_text("---\nid: c000000001\nemail: c@x.example\ndeal_value: 6\n---\n")
    assert team.found() == []


def test_a_blocked_record_that_is_completed(team: Team) -> None:
    team.edit(B, "blocked_by", "done: true\nblocked_by")
    assert team.found() == [("BF506", B, 5, 14)]
    team.edit(A, "email", "done: true\nemail")
    assert team.found() == []


ALLOWED: dict[str, tuple[str, Callable[[Team], object]]] = {
    "an admin changes settings": ("ana", lambda t: t.edit("sales/project.yaml", "name: Sales", "name: S")),
    "a member edits": ("li", lambda t: t.edit(A, "Text", "Other")),
    "a member's other address": ("li@home.example", lambda t: t.edit(A, "Text", "Other")),
    "a member moves": ("li", lambda t: t.git("mv", A, "sales/Closed won/A.md")),
    "a member deletes": ("li", lambda t: t.git("rm", "-q", C)),
    "a client edits": ("dee", lambda t: t.edit(A, "a@x.example", "z@x.example")),
    "a client creates": ("dee", lambda t: t.put("sales/Open deals/N.md", FILES[A].replace("a0", "n0"))),
    "finance edits its field in its list": ("bo", lambda t: t.edit(C, "5", "6")),
    "comment-only comments": (
        "eve", lambda t: t.edit(A, "- [ ] one\n", "- [ ] one\n\n## Comments\n\n### eve · 2026-11-24 09:12\nYes.\n"),
    ),
    "a stranger where there are no roles": ("x@y.example", lambda t: t.edit("free/Todo/F.md", "---\n", "---\ndue: 2026-12-01\n")),
    "view-only where there are no roles": ("cy", lambda t: t.git("rm", "-q", "free/Todo/F.md")),
    "view-only beside the records": ("cy", lambda t: t.put("README.md", "hello")),
}  # fmt: skip


@pytest.mark.parametrize("case", ALLOWED)
def test_what_a_role_allows(team: Team, case: str) -> None:
    who, act = ALLOWED[case]
    act(team)
    team.commit(who)
    assert team.found() == []


REFUSED: dict[str, tuple[str, Callable[[Team], object], tuple[str, str, int, int], str]] = {
    "a member changes settings": (
        "li", lambda t: t.edit("sales/project.yaml", "email, required", "url, required"),
        ("BF511", "sales/project.yaml", 8, 3), "li is no admin of Sales"),
    "a member changes people": (
        "li", lambda t: t.edit("bluefs.yaml", "cy@acme.example", "cy@z.example"),
        ("BF511", "bluefs.yaml", 6, 3), "li is no admin of Sales"),
    "a member changes a rule": (
        "li", lambda t: t.edit("sales/automations.yaml", "Won", "Wo"),
        ("BF511", "sales/automations.yaml", 1, 1), "li is no admin"),
    "a member changes a mail": (
        "li", lambda t: t.put("sales/_templates/m.md", "Hi"),
        ("BF511", "sales/_templates/m.md", 1, 1), "li is no admin"),
    "a client deletes": (
        "dee", lambda t: t.git("rm", "-q", A), ("BF510", A, 1, 1), "dee (client) may not delete records"),
    "view-only edits": (
        "cy", lambda t: t.edit(A, "Text", "Bye"), ("BF510", A, 5, 1), "cy (view-only) may not change the text"),
    "view-only reformats": (
        "cy", lambda t: t.edit(A, "email: a", "email:   a"), ("BF510", A, 1, 1), "may not write in the file"),
    "view-only attaches": (
        "cy", lambda t: t.put("sales/_files/a000000001/x.txt", "x"),
        ("BF510", "sales/_files/a000000001/x.txt", 1, 1), "may not change attachments"),
    "comment-only ticks": (
        "eve", lambda t: t.edit(A, "[ ] one", "[x] one"), ("BF510", A, 5, 1), "may not change checklists"),
    "comment-only signs as another": (
        "eve", lambda t: t.edit(A, "one\n", "one\n\n## Comments\n\n### li · 2026-11-24 09:12\nYes.\n"),
        ("BF510", A, 5, 1), "eve (comment-only) may not comment"),
    "finance edits another field": (
        "bo", lambda t: t.edit(C, "c@x", "cc@x"), ("BF510", C, 3, 8), "bo (finance) may not change email"),
    "finance in another list": (
        "bo", lambda t: t.edit(A, "email", "deal_value: 3\nemail"),
        ("BF510", A, 3, 13), "bo (finance) may not change deal_value"),
    "finance creates": (
        "bo", lambda t: t.put("sales/Closed won/N.md", FILES[C].replace("c0", "n0")),
        ("BF510", "sales/Closed won/N.md", 3, 8), "bo (finance) may not create records"),
    "nobody's role": (
        "fay", lambda t: t.edit(A, "Text", "Bye"),
        ("BF510", A, 5, 1), "fay has no role in this project and may not change the text"),
    "finance takes a record out of its list": (
        "bo", lambda t: t.git("mv", C, "sales/Open deals/C.md"),
        ("BF510", "sales/Open deals/C.md", 1, 1), "may not move records"),
    "a stranger": (
        "x@y.example", lambda t: t.edit(A, "Text", "Bye"), ("BF512", "bluefs.yaml", 2, 1), "nobody has the address x@y.example, the author of "),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_role_does_not_allow(team: Team, case: str) -> None:
    who, act, place, said = REFUSED[case]
    act(team)
    commit = team.commit(who)
    assert team.found() == [place]
    (message,) = team.said()
    assert said in message and commit in message
    team.git("reset", "-q", "--hard", "base")
    act(team)
    team.commit("ana")
    assert team.found() == []


def test_several_commits_are_one_problem_at_the_records_present_place(team: Team) -> None:
    team.edit(A, "a@x.example", "z@x.example")
    first = team.commit("cy")
    team.edit(A, "Text", "Bye")
    second = team.commit("cy")
    team.git("mv", A, "sales/Closed won/Moved.md")
    team.edit("sales/Closed won/Moved.md", "email", "deal_value: 1\nemail")
    team.commit("li")
    assert team.found() == [("BF510", "sales/Closed won/Moved.md", 4, 8)]
    assert team.said() == [
        f"cy (view-only) may not change the text, change email: {first}, {second}"
    ]


def test_who_makes_himself_an_admin_gains_nothing(team: Team) -> None:
    team.edit("sales/project.yaml", "admin: [ana]", "admin: [ana, cy]")
    team.commit("cy")
    team.edit(A, "Text", "Bye")
    team.commit("cy")
    assert team.found() == [("BF511", "sales/project.yaml", 10, 3)]


def test_who_is_made_an_admin_may_from_then_on(team: Team) -> None:
    team.edit("sales/project.yaml", "admin: [ana]", "admin: [ana, cy]")
    team.commit("ana")
    team.edit(A, "Text", "Bye")
    team.edit("sales/automations.yaml", "Won", "Wo")
    team.commit("cy")
    assert team.found() == []


def test_who_was_an_admin_once_gets_it_back_by_no_old_branch(team: Team) -> None:
    team.edit("sales/project.yaml", "admin: [ana]", "admin: [ana, cy]")
    team.commit("ana")
    team.git("checkout", "-q", "-b", "old")
    team.git("checkout", "-q", "main")
    team.git("revert", "--no-edit", "HEAD")
    team.git("tag", "-f", "base")
    team.git("checkout", "-q", "old")
    team.edit(A, "Text", "Bye")
    team.commit("cy")
    team.git("checkout", "-q", "main")
    team.git("merge", "-q", "--no-edit", "old")
    assert team.found() == [("BF510", A, 5, 1)]


def test_an_unrelated_beginning_is_held_against_its_author(team: Team) -> None:
    team.git("checkout", "-q", "--orphan", "else")
    team.edit(A, "Text", "Bye")
    team.edit("sales/project.yaml", "admin: [ana]", "admin: [cy]")
    team.commit("cy")
    team.git("checkout", "-q", "main")
    team.git("merge", "-q", "--no-edit", "--allow-unrelated-histories", "-X", "theirs", "else")
    codes = {code for code, *_ in team.found()}
    assert codes == {"BF510", "BF511"}
    assert all(message.startswith(("cy ", "cy (")) for message in team.said())


def test_a_merge_is_nobodys_but_for_what_was_put_in_by_hand(team: Team) -> None:
    """A view-only person merges: two sides of one record, of the settings; then sneaks."""
    team.git("checkout", "-q", "-b", "side")
    team.edit(A, "email: a@x", "email: side@x")
    team.edit("sales/project.yaml", "name: Sales", "name: Side")
    team.commit("ana")
    team.git("checkout", "-q", "main")
    team.edit(A, "one", "two")
    team.edit(
        "sales/project.yaml", 'fields: {deal_value: edit, "*": view}', "fields: {deal_value: edit}"
    )
    team.commit("ana")
    team.git("merge", "-q", "--no-edit", "side", who="cy@acme.example")
    assert team.found() == []
    team.edit(A, "Text", "Sneaked")
    team.git("commit", "-q", "-a", "--amend", "--no-edit", "--reset-author", who="cy@acme.example")
    assert team.found() == [("BF510", A, 5, 1)]


def test_what_a_rule_wrote_is_the_rules(team: Team) -> None:
    team.git("mv", A, "sales/Closed won/A.md")
    team.edit("sales/Closed won/A.md", "email", "tags: [Key account]\ndeal_value: 1\nemail")
    trailer = "Bluefs-Rule: a000000001 deal_value,tags sales/Won"
    team.git("add", "-A")
    message = f"Move A\n\n{trailer}"
    team.git("commit", "-q", "-m", message, who="cy@acme.example")
    assert team.said()[0].startswith("cy (view-only) may not move records: ")
    team.git("commit", "-q", "--amend", "--reset-author", "-m", message, who="li@acme.example")
    assert team.found() == []


@pytest.mark.parametrize("trailer", [
    "Bluefs-Rule: c000000001 email sales/Won",  # which that rule does not write
    "Bluefs-Rule: c000000001 email sales/Nix",
    "Bluefs-Rule: a000000001 deal_value sales/Won",  # another record
    "Bluefs-Rule:",
])  # fmt: skip
def test_a_trailer_that_is_made_up_excuses_nothing(team: Team, trailer: str) -> None:
    team.edit(C, "c@x", "cc@x")
    team.edit(C, "5", "7")
    team.commit("cy", f"Change\n\n{trailer}")
    assert team.found() == [("BF510", C, 3, 8)]


def test_a_record_that_moves_to_another_project(team: Team) -> None:
    team.git("mv", A, "free/Todo/A.md")
    team.commit("dee")
    assert team.found() == []
    team.git("reset", "-q", "--hard", "base")
    team.git("mv", "free/Todo/F.md", "sales/Open deals/F.md")
    team.commit("eve")
    assert team.found() == [("BF510", "sales/Open deals/F.md", 1, 1)]
    assert "create records" in team.said()[0]


def test_three_dots_what_others_did_on_the_branch_counts_for_nobody(team: Team) -> None:
    team.git("checkout", "-q", "-b", "topic")
    team.edit(A, "Text", "Mine")
    team.commit("li")
    team.git("checkout", "-q", "main")
    team.git("mv", B, "sales/Closed lost/B.md")
    team.commit("cy")
    team.git("checkout", "-q", "topic")
    assert team.found("main") == []
    team.git("checkout", "-q", "main")
    assert {code for code, *_ in team.found("topic")} == {"BF510", "BF502", "BF506"}


def test_at_a_commit_and_of_the_index(team: Team) -> None:
    team.git("mv", A, "sales/Closed lost/A.md")
    assert [code for code, *_ in team.found("base", "--staged")] == ["BF502"]
    team.git("mv", "sales/Closed lost/A.md", A)
    assert team.found("base", "--staged") == []
    team.edit(A, "Text", "Bye")
    team.commit("cy")
    team.git("rm", "-q", B)
    team.commit("li")
    assert [code for code, *_ in team.found("base", "--at", "HEAD~1")] == ["BF510"]
    assert team.found("HEAD~1", "--at", "HEAD") == []


@pytest.mark.parametrize("rev", ["nix", "0" * 40, "--since", ""])
def test_a_revision_that_is_none(team: Team, rev: str) -> None:
    told = team.run("check", "--since", rev)
    assert (told.code, told.out) == (2, "")


def test_a_shallow_clone_says_what_it_lacks(team: Team, tmp_path: Path) -> None:
    team.edit(A, "Text", "Bye")
    team.commit("li")
    team.git("branch", "old", "base")
    url = f"file://{team.top}"
    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", "--no-single-branch", url, str(shallow)], check=True
    )
    told = team.run("check", "--since", "origin/old", cwd=shallow)
    assert told.code == 2
    assert told.err.startswith(
        "The history that leads from origin/old to here is not in this clone.\n"
    )
    assert "fetch-depth: 0" in told.err


def test_without_roles_nobody_is_asked(team: Team) -> None:
    text = FILES["sales/project.yaml"]
    team.put("sales/project.yaml", text[: text.index("roles:")])
    team.commit("ana")
    team.git("tag", "-f", "base")
    team.edit(A, "Text", "Bye")
    team.edit("sales/automations.yaml", "Won", "Wo")
    team.commit("x@y.example")
    assert team.found() == []


WAYS_ROUND: dict[str, tuple[Callable[[Team], object], set[str]]] = {
    "the project's folder renamed": (lambda t: t.git("mv", "sales", "sold"), {"BF510", "BF511"}),
    "its settings removed": (lambda t: t.git("rm", "-q", "sales/project.yaml"), {"BF511", "BF503"}),
    "a record made a link": (
        lambda t: ((t.top / A).unlink(), (t.top / A).symlink_to("B.md")), {"BF510"}),
    "a record no longer tracked": (
        lambda t: (t.put(".gitignore", "A.md\n"), t.git("rm", "-q", "--cached", A)), {"BF510"}),
    "another copied over it": (
        lambda t: t.put(A, FILES[C]), {"BF501", "BF510"}),
    "made unreadable": (lambda t: (t.top / A).write_bytes(b"\xff\xfe"), {"BF510"}),
    "emptied": (lambda t: (t.top / A).write_bytes(b""), {"BF510"}),
    "moved to a list that is new": (
        lambda t: ((t.top / "sales/New").mkdir(), t.git("mv", A, "sales/New/A.md")), {"BF510"}),
    "its list renamed": (lambda t: t.git("mv", "sales/Open deals", "sales/Deals"), {"BF510"}),
    "put beside the lists": (lambda t: t.git("mv", A, "sales/A.md"), {"BF510"}),
    "its name in another case": (lambda t: t.git("mv", A, "sales/Open deals/a.md"), {"BF510"}),
    "only its id": (lambda t: t.edit(A, "a000000001", "a000000009"), {"BF501", "BF510"}),
    "only blanks": (lambda t: t.edit(A, "Text\n", "Text\n\n"), {"BF510"}),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS_ROUND)
def test_no_way_leads_round_a_role(team: Team, way: str) -> None:
    """What somebody who may only view could try."""
    act, codes = WAYS_ROUND[way]
    act(team)
    team.commit("cy")
    assert {code for code, *_ in team.found()} == codes
