"""`check --staged` and `check --at`: what Git's index or a commit holds, not the files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

GitCall = Callable[..., str]
BAD, GOOD = "---\nid: br0ken0001\ndue: someday\n---\n", "---\nid: br0ken0001\n---\n"
RE = "work/Backlog/Re.md"


def test_at_head_a_clean_worktree_says_the_same(workspace: Path, run: Run, git: GitCall) -> None:
    (workspace / RE).write_text(BAD)
    (workspace / "work/Backlog/Dangling.md").write_text("---\nblocked_by: nobody\n---\n")
    git("add", "-A")
    git("commit", "-q", "-m", "bad")
    here = run("check")
    assert here.code == 1
    assert run("check", "--at", "HEAD").out == here.out
    assert run("check", "--staged").out == here.out
    assert run("check", "--at", git("rev-parse", "--short", "HEAD").strip()).out == here.out
    assert run("check", "--at", "HEAD~1").code == 0


def test_what_is_staged_counts_and_not_the_file(workspace: Path, run: Run, git: GitCall) -> None:
    (workspace / RE).write_text(BAD)
    git("add", RE)
    (workspace / RE).write_text(GOOD)
    assert run("check").code == 0
    assert f"{RE}:3:6 BF204" in run("check", "--staged").out
    git("add", RE)
    (workspace / RE).write_text(BAD)
    assert run("check", "--staged").code == 0


def test_what_is_not_staged_at_all_is_as_in_the_last_commit(
    workspace: Path, run: Run, git: GitCall
) -> None:
    (workspace / "work/project.yaml").write_text("lists: [")
    shutil.rmtree(workspace / "sales")
    assert run("check", "--staged").code == 0
    git("rm", "-rq", "--cached", "sales")
    assert run("check", "--staged", "sales").code == 2


def test_a_hook_of_git_commit_sees_what_will_be_committed(
    workspace: Path, git: GitCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real hook; ``commit -a`` and ``commit FILE`` give it an index of their own."""
    hook = workspace / ".git/hooks/pre-commit"
    hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bluefs check --staged\n')
    hook.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    (workspace / RE).write_text(GOOD)
    git("add", RE)
    git("commit", "-q", "-m", "good")
    (workspace / RE).write_text(BAD)
    for words in (("-a",), (RE,)):
        command = ["git", "commit", "-q", "-m", "bad", *words]
        told = subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=False)
        assert told.returncode == 1
        assert f"{RE}:3:6 BF204" in told.stdout + told.stderr
    git("commit", "-q", "--allow-empty", "-m", "the file is bad, the index is not")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--at", "nix"), 'There is no commit "nix" here.\n'),
        (("--at", "-x"), 'There is no commit "-x" here.\n'),
        (("--at", "a b\n"), "There is no commit"),
        (("--at", "HEAD", "--staged"), "--at and --staged do not go together.\n"),
        (("--at", "HEAD", "--fix"), "--at and --fix do not go together.\n"),
        (("--staged", "-n"), "--staged and --fix do not go together.\n"),
    ],
)
def test_what_does_not_go_is_refused(
    workspace: Path, run: Run, options: tuple[str, ...], said: str
) -> None:
    told = run("check", *options)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(said)


def test_a_bare_repository_can_be_asked_for_a_commit(
    workspace: Path, run: Run, git: GitCall, tmp_path: Path
) -> None:
    git("clone", "-q", "--bare", str(workspace), str(tmp_path / "acme.git"))
    bare = tmp_path / "acme.git"
    assert run("check", "--at", "main", cwd=bare).out == run("check").out
    assert run("check", "--at", "main", "work/Backlog", cwd=bare).code == 0
    assert run("check", cwd=bare).code == 2


def test_a_commit_without_a_workspace(workspace: Path, run: Run, git: GitCall) -> None:
    git("rm", "-q", "--cached", "bluefs.yaml")
    told = run("check", "--staged")
    assert told.code == 2 and told.err.startswith("Git's index holds no bluefs.yaml.\n")
    git("commit", "-q", "-m", "gone")
    told = run("check", "--at", "HEAD")
    assert told.code == 2 and "holds no bluefs.yaml at its top" in told.err
