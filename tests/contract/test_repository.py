"""Where a repository is: the shortcut says what Git says, or leaves it to Git."""

from __future__ import annotations

import os
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bluefs.adapters.git import find as ask_git
from bluefs.adapters.ignoring import surely_none
from bluefs.adapters.repository import Found, LazyGit, find, plain
from bluefs.app.start import IGNORE


def git(folder: Path, *args: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True)


def repository(folder: Path, *options: str) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "-q", *options)
    return folder


def test_an_ordinary_repository_is_found_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = repository(tmp_path / "w")
    (top / "a" / "b").mkdir(parents=True)
    asked = ask_git(str(top / "a" / "b"))
    monkeypatch.setenv("PATH", "")
    assert (
        find(str(top / "a" / "b"))
        == asked
        == Found(
            os.path.realpath(top),
            os.path.realpath(top / ".git"),
            os.path.realpath(top / ".git"),
            "sha1",
        )
    )


def test_behind_a_symbolic_link(tmp_path: Path) -> None:
    top = repository(tmp_path / "w")
    (tmp_path / "link").symlink_to(top)
    assert find(str(tmp_path / "link")) == ask_git(str(tmp_path / "link"))
    assert plain(str(tmp_path / "link")) is not None


def _worktree(tmp_path: Path) -> Path:
    top = repository(tmp_path / "w")
    git(top, "commit", "-q", "--allow-empty", "-m", "x")
    git(top, "worktree", "add", "-q", str(tmp_path / "tree"))
    return tmp_path / "tree"


def _submodule(tmp_path: Path) -> Path:
    inner = repository(tmp_path / "inner")
    git(inner, "commit", "-q", "--allow-empty", "-m", "x")
    top = repository(tmp_path / "w")
    git(top, "submodule", "add", "-q", str(inner), "sub")
    return top / "sub"


def _moved(tmp_path: Path) -> Path:
    top = repository(tmp_path / "w")
    (tmp_path / "elsewhere").mkdir()
    git(top, "config", "core.worktree", str(tmp_path / "elsewhere"))
    return top


def _included(tmp_path: Path) -> Path:
    top = repository(tmp_path / "w")
    (tmp_path / "more").write_text("[core]\n\tbare = false\n")
    git(top, "config", "include.path", str(tmp_path / "more"))
    return top


def _broken(tmp_path: Path) -> Path:
    outer = repository(tmp_path / "w")
    (outer / "inner" / ".git").mkdir(parents=True)
    return outer / "inner"


@pytest.mark.parametrize("make", [
    _worktree, _submodule, _moved, _included, _broken,
    lambda tmp: repository(tmp / "w", "--object-format=sha256"),
    lambda tmp: repository(tmp / "w", f"--separate-git-dir={tmp / 'git'}"),
    lambda tmp: repository(tmp / "w", "--bare"), lambda tmp: repository(tmp / "w") / ".git",
    lambda tmp: tmp,
])  # fmt: skip
def test_everything_else_is_left_to_git(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    folder = make(tmp_path)
    assert plain(str(folder)) is None
    assert find(str(folder)) == ask_git(str(folder))


def test_ceilings_are_git_s_business(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = repository(tmp_path / "w")
    (top / "a").mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(top))
    assert plain(str(top / "a")) is None


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / "home").mkdir()
    return repository(tmp_path / "w")


def test_the_stamp_changes_with_whatever_decides_what_is_ignored(alone: Path) -> None:
    """Each step, and back: no two neighbours are equal."""
    found = find(str(alone))
    assert found is not None
    home = alone.parent / "home"
    stamps = [LazyGit(found).ignore_stamp()]

    def now() -> None:
        stamps.append(LazyGit(found).ignore_stamp())

    (alone / "a.md").write_text("a")
    git(alone, "add", "a.md")
    now()
    (alone / ".git" / "info" / "exclude").write_text("a.md\n")
    now()
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("*.md\n")
    now()
    (home / ".gitconfig").write_text("[core]\n\texcludesFile = ~/mine\n")
    now()
    (home / "mine").write_text("*.md\n")
    now()
    (home / ".gitconfig").write_text("[include]\n\tpath = ~/more\n")
    now()
    (home / "more").write_text("[core]\n\texcludesFile = ~/mine\n")
    now()
    (home / "mine").write_text("*.txt\n")
    now()
    git(alone, "rm", "-q", "--cached", "a.md")
    now()
    assert all(one != other for one, other in pairwise(stamps))
    assert LazyGit(found).ignore_stamp() == stamps[-1]


_PATTERNS = st.lists(
    st.lists(
        st.sampled_from(
            ["a", "b", "A", ".md", "*", "?", "**", "/", "[a-c]", "[", "]", "!", "\\", "#", "~", " ",
             "\r", "é", "."]
        ),
        min_size=1, max_size=5,
    ).map("".join),
    max_size=4,
).map("\n".join)  # fmt: skip
_PATHS = ("a.md", "b/a.md", "b/c/ab.md", "b/c/é.md", "A b/#x#.md", "b/c~/a.md", "b/[a]/x.md")


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_PATTERNS, st.sampled_from(["", "b", "b/c", ".git/info/exclude"]), st.booleans())
@example("a[x/b]b.md", "b/c", False)
@example("A.MD", "", True)
@example("*~\n.*.sw[a-p]\nThumbs.db\n\\#*\\#", "", False)
def test_nothing_is_ignored_where_git_ignores_nothing(
    alone: Path, rules: str, where: str, fold: bool
) -> None:
    top = alone / "ruled"
    if not top.exists():
        repository(top)
        for path in _PATHS:
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_bytes(b"x")
    for old in [*top.glob("**/.gitignore"), top / ".git/info/exclude"]:
        old.unlink(missing_ok=True)
    file = top / where if where.startswith(".git") else top / where / ".gitignore"
    file.write_bytes(rules.encode())
    git(top, "config", "core.ignoreCase", "true" if fold else "false")
    found = find(str(top))
    assert found is not None
    ignored = asked(found)
    assert LazyGit(found).ignored(_PATHS) == ignored
    if surely_none(found.top, found.git_dir, _PATHS):
        assert not ignored


def asked(found: Found) -> frozenset[str]:
    from bluefs.adapters.git import Git

    with Git(found.top, found) as repo:
        return repo.ignored(_PATHS)


def test_whether_something_is_ignored_is_told_without_git(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the rules that every workspace begins with."""
    top = repository(alone / "begun")
    (top / ".gitignore").write_bytes(IGNORE)
    (top / "b").mkdir()
    found = find(str(top))
    assert found is not None
    monkeypatch.setenv("PATH", "")
    assert LazyGit(found).ignored(["a.md", "b/é.md"]) == frozenset()
    assert not surely_none(found.top, found.git_dir, ["a.md~", "b/c.md"])
    assert not surely_none(found.top, found.git_dir, ["nowhere/a.md"])


@pytest.mark.parametrize("what", ["submodule", "sparse", "link", "excludes", "fifo"])
def test_only_git_can_tell(what: str, alone: Path) -> None:
    top = repository(alone / "odd")
    (top / "b").mkdir()
    (top / "b" / ".gitignore").write_bytes(b"x.log\n")
    (top / "a.md").write_bytes(b"a")
    if what == "submodule":
        other = repository(alone / "other")
        git(other, "commit", "-q", "--allow-empty", "-m", "x")
        git(top, "submodule", "add", "-q", str(other), "sub")
    git(top, "add", "-A")
    found = find(str(top))
    assert found is not None
    paths = ["a.md", "b/c.md"]
    if what == "sparse":
        assert surely_none(found.top, found.git_dir, paths)
        git(top, "update-index", "--skip-worktree", "b/.gitignore")
    elif what == "link":
        (top / "linked").symlink_to(top / "b")
        paths.append("linked/a.md")
    elif what == "excludes":
        git(top, "config", "core.excludesFile", str(alone / "none"))
    elif what == "fifo":
        (top / "b" / ".gitignore").unlink()
        os.mkfifo(top / "b" / ".gitignore")
    assert not surely_none(found.top, found.git_dir, paths)


@pytest.mark.parametrize("name", ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"])
def test_settings_named_by_the_surroundings_are_looked_at(
    name: str, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = repository(alone / "named")
    (top / "a.md").write_bytes(b"a")
    found = find(str(top))
    assert found is not None
    monkeypatch.setenv(name, os.devnull)
    assert surely_none(found.top, found.git_dir, ["a.md"])
    (alone / "rules").write_bytes(b"*.md\n")
    (alone / "settings").write_text(f"[core]\n\texcludesFile = {alone / 'rules'}\n")
    monkeypatch.setenv(name, str(alone / "settings"))
    assert not surely_none(found.top, found.git_dir, ["a.md"])
    monkeypatch.delenv("GIT_CONFIG_NOSYSTEM", raising=False)
    assert LazyGit(found).ignored(["a.md"]) == {"a.md"}
    monkeypatch.setenv(name, "settings")  # beside whatever folder Git is run in
    assert not surely_none(found.top, found.git_dir, ["a.md"])


def test_single_settings_named_by_the_surroundings_are_gits(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = repository(alone / "counted")
    found = find(str(top))
    assert found is not None
    monkeypatch.setenv("GIT_CONFIG_COUNT", "0")
    assert not surely_none(found.top, found.git_dir, ["a.md"])
