"""A commit and the index as files: what a scan of the same worktree says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bluefs.adapters.files import Files
from bluefs.adapters.git import Git

PATHS = (
    "bluefs.yaml", "work/project.yaml", "work/Backlog/Größe.md", "work/Backlog/.gitkeep",
    "work/Backlog/.DS_Store", ".bluefs/x", "work/_files/a/b.bin", "work/_templates/t.md",
    "work/.hidden/b.md", "work/a\nb.md",
)  # fmt: skip


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    top = tmp_path / "w"
    for path in PATHS:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(path.encode())
    (top / "work/Backlog/link.md").symlink_to("Größe.md")
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A", "-f")
    git(top, "commit", "-q", "-m", "all")
    return top


def git(top: Path, *words: str) -> str:
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@acme.example")
    done = subprocess.run(["git", *who, *words], cwd=top, check=True, capture_output=True)
    return done.stdout.decode().strip()


def test_both_say_what_the_worktree_says(top: Path) -> None:
    real = Files(top)
    with Git(top) as repository:
        for commit in ("HEAD", None):
            still, seen_from = repository.still(commit)
            assert still.scan().keys() == real.scan().keys()
            assert still.scan("work").keys() == real.scan("work").keys()
            assert still.folders() == real.folders()
            assert still.links() == real.links()
            walks = still.survey(), real.survey()
            names = [{f: sorted(one.names) for f, one in walk.items()} for walk in walks]
            assert names[0] == names[1]
            paths = [*real.scan(), "nix.md"]
            assert list(still.read_many(paths)) == list(real.read_many(paths))
            assert [still.read(p) for p in paths] == [real.read(p) for p in paths]
            assert seen_from.head() == repository.head()
            assert seen_from.ignored(paths) == frozenset()


def test_the_index_is_the_one_that_a_hook_is_told_of(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(top, "read-tree", "--index-output=.git/other", "HEAD")
    (top / "bluefs.yaml").write_bytes(b"staged")
    git(top, "add", "bluefs.yaml")
    (top / "bluefs.yaml").write_bytes(b"not staged")
    with Git(top) as repository:
        assert repository.still(None)[0].read("bluefs.yaml") == b"staged"
        monkeypatch.setenv("GIT_INDEX_FILE", ".git/other")
        assert repository.still(None)[0].read("bluefs.yaml") == b"bluefs.yaml"


def test_of_a_file_in_conflict_our_side_is_taken(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "side")
    (top / "bluefs.yaml").write_bytes(b"theirs")
    git(top, "commit", "-q", "-am", "side")
    git(top, "checkout", "-q", "main")
    (top / "bluefs.yaml").write_bytes(b"ours")
    git(top, "commit", "-q", "-am", "main")
    subprocess.run(["git", "merge", "-q", "side"], cwd=top, check=False, capture_output=True)
    with Git(top) as repository:
        assert repository.still(None)[0].read("bluefs.yaml") == b"ours"
