"""The hook for a server and the job for GitLab, as they are shipped, with real Git."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HOOK = ROOT / "docs/ci/pre-receive"
FILES = {
    "bluefs.yaml": "bluefs: 1\npeople:\n  ana: {name: Ana, email: ana@acme.example}\n"
    "  li: {name: Li, email: li@acme.example}\n  cy: {name: Cy, email: cy@acme.example}\n",
    "work/project.yaml": "lists:\n  Backlog:\n  Done: {done: true}\n"
    "roles:\n  admin: [ana]\n  member: [li]\n  view-only: [cy]\n",
    "work/Backlog/A.md": "---\nid: a000000001\n---\nText\n",
}


@pytest.fixture
def env(tmp_path: Path) -> Mapping[str, str]:
    """An empty home, and a ``bluefs`` in PATH that is this very one."""
    program = tmp_path / "bin/bluefs"
    program.parent.mkdir()
    paths = os.pathsep.join(path for path in sys.path if path)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{paths}" exec "{sys.executable}" -m bluefs "$@"\n')
    program.chmod(0o755)
    (tmp_path / "home").mkdir()
    return {
        "PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(tmp_path / "home"),
        "GIT_CONFIG_NOSYSTEM": "1", "LANG": "C.UTF-8", "BLUEFS_LANGUAGE": "en",
    }  # fmt: skip


def git(
    top: Path, env: Mapping[str, str], *words: str, who: str = "ana", ok: bool = True
) -> subprocess.CompletedProcess[str]:
    names = ("-c", f"user.name={who}", "-c", f"user.email={who}@acme.example")
    done = subprocess.run(
        ["git", *names, *words], cwd=top, env=env, check=False, capture_output=True, text=True
    )
    assert not ok or done.returncode == 0, done.stderr
    return done


@pytest.fixture
def server(tmp_path: Path, env: Mapping[str, str]) -> Path:
    bare = tmp_path / "acme.git"
    bare.mkdir()
    git(bare, env, "init", "-q", "--bare", "-b", "main")
    (bare / "hooks/pre-receive").write_bytes(HOOK.read_bytes())
    (bare / "hooks/pre-receive").chmod(0o755)
    return bare


@pytest.fixture
def clone(server: Path, tmp_path: Path, env: Mapping[str, str]) -> Path:
    """The first push is ana's."""
    top = tmp_path / "clone"
    git(tmp_path, env, "clone", "-q", str(server), str(top))
    for path, text in FILES.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)
    commit(top, env, "ana")
    git(top, env, "push", "-q", "origin", "main")
    return top


def commit(top: Path, env: Mapping[str, str], who: str) -> None:
    git(top, env, "add", "-A")
    git(top, env, "commit", "-q", "-m", f"by {who}", who=who)


def edit(top: Path, text: str) -> None:
    (top / "work/Backlog/A.md").write_text(f"---\nid: a000000001\n---\n{text}\n")


def tip(bare: Path, env: Mapping[str, str], name: str = "main") -> str:
    return git(bare, env, "rev-parse", name).stdout.strip()


def test_a_push_by_a_member_is_let_in_and_by_a_view_only_person_is_not(
    server: Path, clone: Path, env: Mapping[str, str]
) -> None:
    before = tip(server, env)
    edit(clone, "by cy")
    commit(clone, env, "cy")
    told = git(clone, env, "push", "origin", "main", ok=False)
    assert told.returncode != 0
    assert "work/Backlog/A.md:4:1 BF510 cy (view-only) may not change the text" in told.stderr
    assert tip(server, env) == before

    git(clone, env, "reset", "-q", "--hard", "origin/main")
    edit(clone, "by li")
    commit(clone, env, "li")
    git(clone, env, "push", "-q", "origin", "main")
    assert tip(server, env) != before


def test_a_push_of_a_broken_file_is_refused(
    server: Path, clone: Path, env: Mapping[str, str]
) -> None:
    (clone / "work/Backlog/B.md").write_text("---\ndue: someday\n---\n")
    commit(clone, env, "li")
    told = git(clone, env, "push", "origin", "main", ok=False)
    assert told.returncode != 0 and "BF204" in told.stderr


def test_a_new_branch_is_held_against_the_main_one(
    server: Path, clone: Path, env: Mapping[str, str]
) -> None:
    git(clone, env, "checkout", "-q", "-b", "topic")
    edit(clone, "by cy")
    commit(clone, env, "cy")
    assert "BF510" in git(clone, env, "push", "origin", "topic", ok=False).stderr
    git(clone, env, "commit", "-q", "--amend", "--no-edit", "--reset-author", who="li")
    git(clone, env, "push", "-q", "origin", "topic")
    git(clone, env, "push", "-q", "origin", ":topic")


def test_history_is_not_rewritten(server: Path, clone: Path, env: Mapping[str, str]) -> None:
    edit(clone, "by li")
    commit(clone, env, "li")
    git(clone, env, "push", "-q", "origin", "main")
    git(clone, env, "reset", "-q", "--hard", "HEAD~1")
    told = git(clone, env, "push", "-f", "origin", "main", ok=False)
    assert "bluefs: refs/heads/main may not be rewritten" in told.stderr


def test_further_options_reach_the_check(server: Path, clone: Path, env: Mapping[str, str]) -> None:
    edit(clone, "by cy")
    commit(clone, env, "cy")
    git(clone, {**env, "BLUEFS_CHECK": "--ignore BF510"}, "push", "-q", "origin", "main")


def test_the_job_for_gitlab(clone: Path, env: Mapping[str, str]) -> None:
    """Its script, run as the runner does: one shell, ``set -e``; its files are the artifacts."""
    job = yaml.safe_load((ROOT / "docs/ci/gitlab.yml").read_text())["bluefs"]
    edit(clone, "by cy")
    commit(clone, env, "cy")
    script = "set -eo pipefail\n" + "\n".join(job["script"])
    base = git(clone, env, "rev-parse", "origin/main").stdout.strip()
    for more, codes in (({}, []), ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": base}, ["BF510"])):
        told = subprocess.run(
            ["bash", "-c", script], cwd=clone, env={**env, **more}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert (told.returncode, told.stderr) == (len(codes), "")
        reports = job["artifacts"]["reports"]
        issues = json.loads((clone / reports["codequality"]).read_bytes())
        assert [issue["check_name"] for issue in issues] == codes
        assert f'failures="{len(codes)}"' in (clone / reports["junit"]).read_text()
        (clone / reports["junit"]).unlink()


def test_what_a_rule_wrote_is_the_rules_by_the_engines_own_commit(
    tmp_path: Path, env: Mapping[str, str]
) -> None:
    """Bo may only move records; the rule that answers a move sets fields in the same commit."""
    top = tmp_path / "acme"
    (top / "sales/Done").mkdir(parents=True)
    for path, text in {
        "bluefs.yaml": "bluefs: 1\nsync: commit\nquiet: 0\npeople:\n"
        "  ana: {email: ana@acme.example}\n  bo: {email: bo@acme.example}\n",
        "sales/project.yaml": "lists:\n  Open:\n  Done: {done: true}\nfields:\n  price: number\n"
        "roles:\n  admin: [ana]\n  mover: {members: [bo], fields: [list]}\n",
        "sales/automations.yaml": "- name: Won\n  when: {moved: Done}\n  then:\n"
        "    - set: {price: 1}\n",
        "sales/Open/.gitkeep": "",
        "sales/Open/A.md": "---\nid: a000000001\n---\n",
    }.items():
        (top / path).parent.mkdir(exist_ok=True)
        (top / path).write_text(text)
    git(top, env, "init", "-q", "-b", "main")
    commit(top, env, "ana")
    git(top, env, "tag", "base")
    git(top, env, "config", "user.name", "bo")
    git(top, env, "config", "user.email", "bo@acme.example")

    def bluefs(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bluefs", *words], cwd=top, env={**env, "BLUEFS_FSYNC": "0"}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip

    bluefs("run")
    (top / "sales/Open/A.md").rename(top / "sales/Done/A.md")
    assert bluefs("run").returncode == 0
    body = git(top, env, "log", "-1", "--format=%ae%n%B").stdout
    assert body.startswith("bo@acme.example\n")
    assert "Bluefs-Rule: a000000001 price sales/Won" in body
    assert (top / "sales/Done/A.md").read_text() == "---\nid: a000000001\nprice: 1\n---\n"
    told = bluefs("check", "--since", "base")
    assert (told.returncode, told.stdout) == (0, "No problems in 4 files.\n")

    (top / "sales/Done/A.md").write_text("---\nid: a000000001\nprice: 2\n---\n")
    commit(top, env, "bo")
    assert "bo (mover) may not change price" in bluefs("check", "--since", "base").stdout
