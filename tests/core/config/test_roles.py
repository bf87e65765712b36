"""`roles:` of project.yaml: what they mean, and every fault at its place."""

from __future__ import annotations

import pytest

from bluefs.core.config import load_config
from bluefs.core.config.keep import keep, kept
from bluefs.core.model import Role
from bluefs.core.problems import Problem

TOP = b"people:\n  ana: {name: Ana}\n  li: {name: Li}\n  bo: {name: Bo}\ngroups: {team: [li, bo]}\n"
HEAD = (
    "lists:\n  Open:\n  Won:\ntags: [Urgent]\nstrict: true\nfields:\n  deal_value: number\nroles:\n"
)


def load(text: str) -> tuple[dict[str, Role], tuple[Problem, ...]]:
    loaded = load_config({"bluefs.yaml": TOP, "p/project.yaml": (HEAD + text).encode()})
    return dict(loaded.config.projects["p"].roles), loaded.problems


@pytest.mark.parametrize(("text", "role"), [
    ("  admin: [ana]", Role("admin", "admin", ("ana",))),
    ("  member: ana", Role("member", "member", ("ana",))),
    ("  client: {members: [team]}", Role("client", "client", ("team",))),
    ("  comment_only: [everyone]", Role("comment_only", "comment-only", ("everyone",))),
    ('  view-only: ["@li"]', Role("view-only", "view-only", ("@li",))),
    ("  admin:", Role("admin", "admin")),
    ("  own:", Role("own", "custom")),
    ("  own: {members: [bo], lists: [Won], fields: {deal_value: edit, \"*\": view}}",
     Role("own", "custom", ("bo",), ("Won",), None, {"deal_value": True}, False)),
    ("  own: {members: bo, tags: urgent, only_assigned: true}",
     Role("own", "custom", ("bo",), None, ("urgent",), {}, True, True)),
    ("  own: {fields: [deal_value, comments]}",
     Role("own", "custom", (), None, None, {"deal_value": True, "comments": True}, False)),
    ("  own: {fields: {deal_value: view}}",
     Role("own", "custom", (), None, None, {"deal_value": False}, True)),
    ("  own: {lists: []}", Role("own", "custom", (), ())),
])  # fmt: skip
def test_what_is_read(text: str, role: Role) -> None:
    roles, problems = load(text)
    assert problems == ()
    assert roles == {role.name: role}


@pytest.mark.parametrize(("text", "code", "column", "end"), [
    ("  admin: [zoe]", "BF309", 11, 14),
    ("  own: {members: [teem]}", "BF309", 19, 23),
    ("  own: {lists: [Wno]}", "BF325", 17, 20),
    ("  own: {tags: [Urgnet]}", "BF326", 16, 22),
    ("  own: {fields: {dealvalue: edit}}", "BF327", 18, 27),
    ("  own: {fields: [dealvalue]}", "BF327", 18, 27),
    ("  own: {fields: {deal_value: hide}}", "BF304", 30, 34),
    ("  own: {only_assigned: perhaps}", "BF304", 24, 31),
    ("  own: {member: [bo]}", "BF303", 9, 15),
    ("  admin: {members: [ana], lists: [Won]}", "BF303", 27, 32),
    ("  own: [bo]", "BF302", 8, 12),
    ("  own: bo", "BF302", 8, 10),
    ("  Admin: [ana]\n  admin: [ana]", "BF311", 3, 8),
])  # fmt: skip
def test_every_fault_has_its_place(text: str, code: str, column: int, end: int) -> None:
    _, problems = load(text)
    assert [(p.code.code, p.column, p.end) for p in problems] == [(code, column, end)]
    line = HEAD.count("\n") + 1 + text.count("\n")
    assert problems[0].line == line


def test_a_role_that_cannot_be_read_lets_nobody_do_anything() -> None:
    roles, _ = load("  own: bo\n  other: [ana]\n")
    assert {role.kind for role in roles.values()} == {"view-only"}


def test_hiding_is_refused_with_the_reason() -> None:
    _, (problem,) = load("  own: {fields: {deal_value: hide}}")
    assert problem.hint == "edit or view; nothing can be hidden from who has the repository"


@pytest.mark.parametrize(("strict", "severity"), [("true", "error"), ("false", "warning")])
def test_an_unknown_list_of_a_role_is_an_error_where_the_project_is_strict(
    strict: str, severity: str
) -> None:
    text = f"{HEAD}  own: {{members: [bo], lists: [Wno, _files]}}\n".replace("true", strict)
    files = {"bluefs.yaml": TOP, "p/project.yaml": text.encode()}
    found = load_config(files, ["p", "p/Open", "p/_files", "p/.x"]).problems
    assert [(p.code.code, p.level) for p in found] == [("BF325", severity)] * 2
    assert not any("_files" in (p.hint or "") or ".x" in (p.hint or "") for p in found)


def test_roles_are_kept_with_the_settings() -> None:
    files = {"bluefs.yaml": TOP, "p/project.yaml": f"{HEAD}  own: {{members: [bo]}}\n".encode()}
    config = load_config(files).config
    again = kept(keep(config, b"k" * 16), b"k" * 16, lambda: config)
    assert again is not None and again.projects["p"].roles == config.projects["p"].roles
