"""The contract of ``Git``, over a real repository and over its twin."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Protocol

import pytest

from bluefs.adapters.git import Git
from bluefs.adapters.memory_files import MemoryFiles
from bluefs.adapters.memory_git import MemoryGit
from bluefs.adapters.memory_hands import Hands
from bluefs.core import ports
from bluefs.core.errors import Blocked
from bluefs.core.ports import Author, Mark

LI = Author("Li Wei", "li@acme.example", datetime(2026, 11, 24, 9, 12, tzinfo=UTC))
PARIS = timezone(timedelta(hours=1))


class Person(Protocol):
    """What a person does with Git's own commands."""

    def add(self, *paths: str) -> None: ...
    def add_intent(self, path: str) -> None: ...
    def commit(self, message: str = ..., *, all: bool = ...) -> str: ...
    def amend(self, message: str | None = ...) -> str: ...
    def reset_hard(self, commit: str) -> None: ...
    def make_branch(self, name: str, at: str = ...) -> None: ...
    def checkout(self, name: str) -> None: ...
    def merge(self, name: str, *, fast_forward: bool = ..., resolve: Any = ...) -> str: ...
    def rebase(self, onto: str) -> str: ...
    def squash(self, onto: str, message: str) -> str: ...
    def stash(self) -> None: ...
    def stash_pop(self) -> None: ...
    def restore(self, *paths: str) -> None: ...


class World(Protocol):
    git: ports.Git
    person: Person

    def put(self, path: str, data: bytes) -> None: ...
    def remove(self, path: str) -> None: ...
    def worktree(self) -> dict[str, bytes]: ...
    def forbid(self, output: str | None) -> None: ...
    def begin(self, state: str) -> None: ...
    def who(self, name: str, email: str) -> None: ...
    def set_upstream(self, commit: str) -> None: ...
    def rival(self, act: Callable[[], object]) -> None: ...


class Shell:
    """A person's Git: a process for each command, in the isolated home of the test."""

    def __init__(self, top: Path) -> None:
        self.top = top

    def __call__(self, *args: str, data: bytes | None = None) -> str:
        who = ("-c", "user.name=Ana Ruiz", "-c", "user.email=ana@acme.example")
        done = subprocess.run(
            ["git", *who, *args], cwd=self.top, input=data, capture_output=True, check=False
        )
        if done.returncode != 0:
            raise ValueError(done.stderr.decode())
        return done.stdout.decode().strip()

    def add(self, *paths: str) -> None:
        self("add", "-A", "--", *paths) if paths else self("add", "-A")

    def add_intent(self, path: str) -> None:
        self("add", "-N", "--", path)

    def commit(self, message: str = "by hand", *, all: bool = True) -> str:
        if all:
            self("add", "-A")
        self("commit", "-q", "-m", message)
        return self("rev-parse", "HEAD")

    def amend(self, message: str | None = None) -> str:
        self("add", "-A")
        self("commit", "-q", "--amend", *(["-m", message] if message else ["--no-edit"]))
        return self("rev-parse", "HEAD")

    def reset_hard(self, commit: str) -> None:
        self("reset", "-q", "--hard", commit)

    def make_branch(self, name: str, at: str = "HEAD") -> None:
        self("branch", name, at)

    def checkout(self, name: str) -> None:
        self("checkout", "-q", name)

    def merge(self, name: str, *, fast_forward: bool = True, resolve: Any = None) -> str:
        how = "--ff" if fast_forward and resolve is None else "--no-ff"
        if resolve is None:
            self("merge", "-q", how, "-m", f"Merge {name}", name)
            return self("rev-parse", "HEAD")
        try:
            self("merge", "-q", how, "--no-commit", name)
        except ValueError:
            pass
        for path, data in resolve.items():
            (self.top / path).write_bytes(data)
        return self.commit(f"Merge {name}")

    def rebase(self, onto: str) -> str:
        self("rebase", "-q", onto)
        return self("rev-parse", "HEAD")

    def squash(self, onto: str, message: str) -> str:
        self("reset", "-q", "--soft", onto)
        return self.commit(message, all=False)

    def stash(self) -> None:
        self("stash", "-q")

    def stash_pop(self) -> None:
        self("stash", "pop", "-q")

    def restore(self, *paths: str) -> None:
        self("checkout", "-q", "HEAD", "--", *paths)


class Real:
    STATES: Mapping[str, str] = {
        "merge": "MERGE_HEAD", "rebase": "rebase-merge/head-name", "revert": "REVERT_HEAD",
        "cherry-pick": "CHERRY_PICK_HEAD", "bisect": "BISECT_LOG", "lock": "index.lock",
    }  # fmt: skip

    def __init__(self, top: Path) -> None:
        self.git = Git.init(top)
        self.top = top
        self.person = Shell(top)
        self._monkeypatch = pytest.MonkeyPatch()

    def put(self, path: str, data: bytes) -> None:
        (self.top / path).parent.mkdir(parents=True, exist_ok=True)
        (self.top / path).write_bytes(data)

    def remove(self, path: str) -> None:
        (self.top / path).unlink()

    def worktree(self) -> dict[str, bytes]:
        files = [p for p in self.top.rglob("*") if p.is_file() and ".git" not in p.parts]
        return {p.relative_to(self.top).as_posix(): p.read_bytes() for p in files}

    def forbid(self, output: str | None) -> None:
        self.hook("pre-commit", f"echo {output!r} >&2; exit 1" if output else "exit 0")

    def hook(self, name: str, script: str) -> None:
        file = Path(self.git.git_dir, "hooks", name)
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def begin(self, state: str) -> None:
        file = Path(self.git.git_dir, self.STATES[state])
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{self.git.head() or ''}\n")

    def who(self, name: str, email: str) -> None:
        self.person("config", "user.name", name)
        self.person("config", "user.email", email)

    def set_upstream(self, commit: str) -> None:
        self.person("update-ref", "refs/remotes/origin/main", commit)
        self.person("config", "remote.origin.url", "/nowhere")
        self.person("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
        self.person("config", "branch.main.remote", "origin")
        self.person("config", "branch.main.merge", "refs/heads/main")

    def rival(self, act: Callable[[], object]) -> None:
        """Act right before ``git commit`` starts, after all checks."""
        real = self.git.runner.run

        def run(runner: Any, *args: str, **more: Any) -> Any:
            if args[0] == "commit":
                self._monkeypatch.undo()
                act()
            return real(*args, **more)

        self._monkeypatch.setattr(type(self.git.runner), "run", run)

    def close(self) -> None:
        self._monkeypatch.undo()
        self.git.close()


class Twin:
    def __init__(self) -> None:
        self.files = MemoryFiles()
        self.git = MemoryGit(self.files)
        self.person = Hands(self.git)
        self.put = self.files.put
        self.remove = self.files.remove

    def worktree(self) -> dict[str, bytes]:
        return dict(self.files.contents)

    def forbid(self, output: str | None) -> None:
        self.git.hook = (lambda changes: output) if output else None

    def begin(self, state: str) -> None:
        self.git.state = state

    def who(self, name: str, email: str) -> None:
        self.git.who = Author(name, email, LI.at)

    def set_upstream(self, commit: str) -> None:
        self.git.refs["refs/remotes/origin/main"] = commit
        self.git.upstreams["refs/heads/main"] = "refs/remotes/origin/main"

    def rival(self, act: Callable[[], object]) -> None:
        def once() -> None:
            self.git.before_commit = None
            act()

        self.git.before_commit = once


@pytest.fixture(params=["real", "twin"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    if request.param == "twin":
        yield Twin()
        return
    isolate(monkeypatch, tmp_path)
    real = Real(tmp_path / "acme")
    yield real
    problems = subprocess.run(
        ["git", "fsck", "--strict", "--no-dangling"], cwd=real.top, capture_output=True
    )
    real.close()
    assert problems.returncode == 0 and b"error" not in problems.stderr, problems.stderr


def isolate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "EMAIL"):
        monkeypatch.delenv(name, raising=False)


def blob_of(world: World, path: str, commit: str = "HEAD") -> bytes | None:
    blob = world.git.tree(commit).get(path)
    return None if blob is None else world.git.blobs([blob])[blob]


def commit(world: World, changes: Mapping[str, bytes | None], message: str = "m\n") -> str:
    return world.git.commit(changes, message, LI, world.git.head())


def refusal(call: Callable[..., Any], *args: Any) -> Blocked:
    with pytest.raises(Blocked) as caught:
        call(*args)
    return caught.value


def test_an_unborn_branch(world: World) -> None:
    git = world.git
    assert (git.head(), git.branch(), git.upstream()) == (None, "refs/heads/main", None)
    assert git.staged() == frozenset()
    assert git.busy() is None
    assert git.read_mark() is None
    assert git.resolve("refs/heads/main") is None
    world.put("a.md", b"a")
    world.person.add("a.md")
    assert git.staged() == {"a.md"}


def test_the_first_commit(world: World) -> None:
    world.put("a.md", b"one")
    made = world.git.commit({"a.md": b"one"}, "Begin\n", LI, None)
    assert world.git.head() == made
    assert world.git.parents(made) == ()
    assert blob_of(world, "a.md") == b"one"
    assert world.git.staged() == frozenset()


NAMES = [
    "sales/Open deals/Renewal – Acme.md", "é/ü/ñ 日本.md", "-rf.md", "--all", ":(top)x.md",
    "a*b?.md", "[x].md", "line\nbreak.md", 'quo"te.md', "tab\there.md", "back\\slash.md", "~.md",
]  # fmt: skip


@pytest.mark.parametrize("path", NAMES)
def test_any_name_can_be_committed_and_deleted(world: World, path: str) -> None:
    world.put(path, b"one\n")
    made = commit(world, {path: b"one\n"})
    assert set(world.git.tree(made)) == {path}
    assert world.git.staged() == frozenset()
    assert world.git.added_by(path, made) == made
    assert world.git.ignored([path]) == frozenset()
    world.remove(path)
    gone = commit(world, {path: None})
    assert world.git.tree(gone) == {}
    assert world.git.staged() == frozenset()
    assert world.git.diff(made, gone) == {path: (world.git.hash_blob(b"one\n"), None)}


def test_a_commit_holds_exactly_its_paths(world: World) -> None:
    """Neither what else lies in the worktree nor what a person has staged comes along."""
    first = commit(world, {"a.md": b"a", "b.md": b"b", "c.md": b"c"})
    world.person.reset_hard(first)
    world.put("a.md", b"a2")
    world.put("b.md", b"b2")
    world.put("c.md", b"c2")
    world.put("new.md", b"new")
    world.person.add("b.md", "new.md")
    assert world.git.staged() == {"b.md", "new.md"}
    made = commit(world, {"a.md": b"a2"})
    assert world.git.diff(first, made).keys() == {"a.md"}
    assert world.git.staged() == {"b.md", "new.md"}
    assert world.worktree() == {"a.md": b"a2", "b.md": b"b2", "c.md": b"c2", "new.md": b"new"}


def test_the_bytes_given_are_committed_not_those_on_disk(world: World) -> None:
    commit(world, {"a.md": b"a"})
    world.put("a.md", b"typed meanwhile")
    commit(world, {"a.md": b"a2"})
    assert blob_of(world, "a.md") == b"a2"
    assert world.worktree()["a.md"] == b"typed meanwhile"
    assert world.git.staged() == frozenset()


def test_what_a_person_has_staged_stays_staged(world: World) -> None:
    commit(world, {"a.md": b"a"})
    world.put("a.md", b"staged")
    world.person.add("a.md")
    made = commit(world, {"a.md": b"ours", "b.md": b"b"})
    assert blob_of(world, "a.md", made) == b"ours"
    assert world.git.staged() == {"a.md"}
    assert blob_of(world, "a.md", world.person.commit(all=False)) == b"staged"


def test_a_file_announced_with_intent_to_add_is_not_staged(world: World) -> None:
    commit(world, {"a.md": b"a"})
    world.put("b.md", b"b")
    world.person.add_intent("b.md")
    assert world.git.staged() == frozenset()
    commit(world, {"b.md": b"b"})
    assert world.git.staged() == frozenset()
    assert blob_of(world, "b.md") == b"b"


def test_a_file_takes_the_place_of_a_folder(world: World) -> None:
    commit(world, {"x/a.md": b"a"})
    made = commit(world, {"x/a.md": None, "x": b"now a file"})
    assert set(world.git.tree(made)) == {"x"}
    assert world.git.staged() == frozenset()


def test_message_and_author_are_kept(world: World) -> None:
    message = 'Move "Renewal – Acme"\n\n# not a comment\n\nBluefs-Rule: k7 due,tags sales/Offer\n'
    author = Author("Zoé Ü", "zoe@acme.example", datetime(2026, 11, 24, 9, 12, 5, tzinfo=PARIS))
    made = world.git.commit({"a.md": b"a"}, message, author, None)
    assert world.git.author(made) == author
    assert world.git.author(made).at.utcoffset() == timedelta(hours=1)
    (entry,) = world.git.first_parent_log(made)
    assert entry.subject == 'Move "Renewal – Acme"'
    assert entry.trailers == (("Bluefs-Rule", "k7 due,tags sales/Offer"),)


def test_an_author_without_a_name(world: World) -> None:
    made = world.git.commit({"a.md": b"a"}, "m\n", replace(LI, name=""), None)
    assert world.git.author(made).name == "li"


def test_nothing_new_is_no_commit(world: World) -> None:
    first = commit(world, {"a.md": b"a"})
    assert commit(world, {"a.md": b"a", "none.md": None}) == first
    assert world.git.head() == first


def test_an_empty_beginning_is_refused(world: World) -> None:
    assert refusal(world.git.commit, {}, "m\n", LI, None).key == "errors.git.nothing"


def test_a_parent_that_is_not_head_is_refused(world: World) -> None:
    first = commit(world, {"a.md": b"a"})
    second = commit(world, {"a.md": b"b"})
    for parent in (first, None):
        found = refusal(world.git.commit, {"a.md": b"c"}, "m\n", LI, parent)
        assert found.key == "errors.git.moved"
    assert world.git.head() == second


def test_a_rival_commit_is_not_undone(world: World) -> None:
    """A person commits between our last check and Git's own: their commit stays the tip."""
    first = commit(world, {"a.md": b"a", "b.md": b"b"})
    world.person.reset_hard(first)

    def act() -> None:
        world.put("b.md", b"theirs")
        world.person.commit("theirs")

    world.rival(act)
    found = refusal(world.git.commit, {"a.md": b"ours"}, "m\n", LI, first)
    assert found.key == "errors.git.moved"
    head = world.git.head()
    assert head and world.git.parents(head) == (first,)
    assert (blob_of(world, "a.md"), blob_of(world, "b.md")) == (b"a", b"theirs")
    assert world.git.staged() == frozenset()
    commit(world, {"a.md": b"ours"})
    assert (blob_of(world, "a.md"), blob_of(world, "b.md")) == (b"ours", b"theirs")


def test_a_hook_that_says_no(world: World) -> None:
    first = commit(world, {"a.md": b"a"})
    world.forbid("no TODO in records")
    found = refusal(world.git.commit, {"a.md": b"b", "c.md": b"c"}, "m\n", LI, first)
    assert found.key == "errors.git.hook"
    assert "no TODO in records" in str(found.fields["output"])
    assert world.git.head() == first
    assert world.git.staged() == frozenset()
    world.forbid(None)
    commit(world, {"a.md": b"b"})


@pytest.mark.parametrize("state", sorted(Real.STATES))
def test_nothing_is_committed_in_the_middle(world: World, state: str) -> None:
    first = commit(world, {"a.md": b"a"})
    world.begin(state)
    assert world.git.busy() == state
    key = "errors.git.lock" if state == "lock" else f"errors.git.busy.{state}"
    assert refusal(world.git.commit, {"a.md": b"b"}, "m\n", LI, first).key == key
    assert world.git.head() == first


def test_a_detached_head_is_refused(world: World) -> None:
    first = commit(world, {"a.md": b"a"})
    world.person.checkout(first)
    assert world.git.branch() is None
    assert world.git.upstream() is None
    found = refusal(world.git.commit, {"a.md": b"b"}, "m\n", LI, first)
    assert found.key == "errors.git.detached"


def test_differences(world: World) -> None:
    git = world.git
    first = commit(world, {"a.md": b"a", "b.md": b"b", "same.md": b"s"})
    second = commit(world, {"a.md": b"a2", "b.md": None, "moved/b.md": b"b"})
    a, a2, b, s = (git.hash_blob(data) for data in (b"a", b"a2", b"b", b"s"))
    assert git.diff(first, second) == {"a.md": (a, a2), "b.md": (b, None), "moved/b.md": (None, b)}
    assert git.diff(second, second) == {}
    assert git.diff(None, first) == {"a.md": (None, a), "b.md": (None, b), "same.md": (None, s)}
    assert git.diff(first, None) == {"a.md": (a, None), "b.md": (b, None), "same.md": (s, None)}


def test_blobs_come_as_they_are(world: World) -> None:
    contents = [b"", b"\r\n", b"\0\xff", b"x" * 200_000, "é\n".encode()] + [
        str(n).encode() for n in range(700)
    ]
    ids = [world.git.write_blob(data) for data in contents[:8]]
    assert ids == [world.git.hash_blob(data) for data in contents[:8]]
    commit(world, {f"l/{n}.md": data for n, data in enumerate(contents)})
    wanted = [world.git.hash_blob(data) for data in contents]
    found = world.git.blobs([*wanted, *wanted])
    assert [found[blob] for blob in wanted] == contents


def test_unknown_objects(world: World) -> None:
    commit(world, {"a.md": b"a"})
    none = "0123456789" * 4
    assert world.git.resolve(none) is None
    assert world.git.resolve("refs/heads/none") is None
    assert refusal(world.git.blobs, [none]).key == "errors.git.object"
    assert refusal(world.git.tree, none).key == "errors.git.object"
    assert not world.git.is_ancestor(none, "HEAD")
    assert world.git.line(none, "HEAD") is None


def grow(world: World, *steps: str) -> list[str]:
    """One commit for each name, of a file of that name."""
    made = []
    for step in steps:
        world.put(f"{step}.md", step.encode())
        made.append(world.person.commit(step))
    return made


def test_a_straight_line(world: World) -> None:
    a, b, c = grow(world, "a", "b", "c")
    git = world.git
    assert git.line(a, c) == [b, c]
    assert git.line(a, "refs/heads/main") == [b, c]
    assert git.line(c, c) == []
    assert git.line(c, a) is None
    assert git.is_ancestor(a, c) and git.is_ancestor(a, a) and not git.is_ancestor(c, a)
    assert git.parents(c) == (b,)


def test_a_merge_is_one_step_of_the_line(world: World) -> None:
    """a - b - m - z on main, s1 - s2 beside from a."""
    (a,) = grow(world, "a")
    world.person.make_branch("side")
    (b,) = grow(world, "b")
    world.person.checkout("side")
    s1, s2 = grow(world, "s1", "s2")
    world.person.checkout("main")
    m = world.person.merge("side")
    (z,) = grow(world, "z")
    git = world.git
    assert git.parents(m) == (b, s2)
    assert git.line(a, z) == [b, m, z]
    assert git.line(b, z) == [m, z]
    assert git.line(s1, z) == [s2, m, z], "from a mark on the side, the side leads"
    assert git.merge_base(b, s2) == a
    assert git.added_by("s1.md", z) == m
    assert git.added_by("b.md", z) == b
    assert {p: git.added_by(p, z) for p in git.tree(z)} == git.additions(z)
    assert [c.hex for c in git.first_parent_log(z)] == [z, m, b, a]
    assert [c.subject for c in git.first_parent_log(z, 2)] == ["z", "Merge side"]


def test_the_steps_of_the_first_parents(world: World) -> None:
    """As above; and a commit without a change."""
    (a,) = grow(world, "a")
    world.person.make_branch("side")
    (b,) = grow(world, "b")
    world.person.checkout("side")
    s2 = grow(world, "s1", "s2")[-1]
    world.person.checkout("main")
    m = world.person.merge("side")
    z = commit(world, {"a.md": None, "très/b c.md": b"b"})
    git = world.git
    every = git.first_parent_steps(z)
    assert every is not None
    assert [step.hex for step in every] == [a, b, m, z]
    before: str | None = None
    for step in every:
        assert step.changes == git.diff(before, step.hex)
        assert step.at == git.author(step.hex).at.timestamp()
        assert not step.cut
        before = step.hex
    assert every[2].changes.keys() == {"s1.md", "s2.md"}
    assert git.first_parent_steps(z, b) == every[2:]
    assert git.first_parent_steps(z, z) == []
    assert git.first_parent_steps(b, z) is None, "it has not come so far"
    assert git.first_parent_steps(z, s2) is None, "it is on the side that was merged"
    assert git.first_parent_steps(s2, b) is None
    assert git.first_parent_steps(z, "0" * 40) is None


def test_a_pull_that_makes_the_shared_tip_the_second_parent(world: World) -> None:
    """The mark stands on the shared line; the local side is the first parent."""
    (a,) = grow(world, "a")
    world.person.make_branch("shared")
    (local,) = grow(world, "local")
    world.person.checkout("shared")
    (marked, theirs) = grow(world, "marked", "theirs")
    world.person.checkout("main")
    m = world.person.merge("shared")
    assert world.git.parents(m) == (local, theirs)
    assert world.git.line(marked, m) == [theirs, m]
    assert world.git.line(a, m) == [local, m]


def test_the_commits_that_one_has_and_the_other_lacks(world: World) -> None:
    git, person = world.git, world.person
    (a,) = grow(world, "a")
    person.make_branch("side")
    (b,) = grow(world, "b")
    person.checkout("side")
    s1, s2 = grow(world, "s1", "s2")
    person.checkout("main")
    m = person.merge("side")
    assert [one.hex for one in git.between(b, m)] == [s1, s2, m]
    assert sorted(one.hex for one in git.between(a, m)) == sorted([b, s1, s2, m])
    assert git.between(m, a) == [] == git.between(a, a)
    assert [one.author for one in git.between(a, s1)] == [git.author(s1)]


def test_a_line_through_two_crossing_merges(world: World) -> None:
    (a,) = grow(world, "a")
    world.person.make_branch("side")
    (b,) = grow(world, "b")
    world.person.checkout("side")
    (s,) = grow(world, "s")
    world.person.merge("main")
    cross = world.git.head()
    assert cross
    world.person.checkout("main")
    m = world.person.merge(s)
    n = world.person.merge(cross, fast_forward=False)
    assert world.git.line(s, n) == [m, n]
    assert world.git.line(b, n) == [m, n]
    assert world.git.line(cross, n) == [n]
    assert world.git.line(a, n) == [b, m, n]


def test_unrelated_histories_have_no_base(world: World) -> None:
    first = commit(world, {"a.md": b"a"})
    orphan = commit_object(world, {"b.md": b"b"})
    assert world.git.merge_base(first, orphan) is None
    assert world.git.line(orphan, first) is None


def commit_object(world: World, files: Mapping[str, bytes]) -> str:
    """A commit without parents that no ref holds."""
    if isinstance(world, Twin):
        tree = {path: world.git.write_blob(data) for path, data in files.items()}
        return world.git.store_commit(tree, [], "orphan\n", LI)
    assert isinstance(world, Real)
    rows = [f"100644 blob {world.git.write_blob(d)}\t{p}\n" for p, d in files.items()]
    tree_id = world.person("mktree", data="".join(rows).encode())
    return world.person("commit-tree", tree_id, "-m", "orphan")


def test_a_conflict_settled_by_a_person(world: World) -> None:
    grow(world, "a")
    world.person.make_branch("side")
    world.put("a.md", b"main")
    world.person.commit("main")
    world.person.checkout("side")
    world.put("a.md", b"side")
    world.person.commit("side")
    world.person.checkout("main")
    with pytest.raises(ValueError):
        world.person.merge("side")
    if isinstance(world, Real):
        assert world.git.busy() == "merge"
        world.person.reset_hard("HEAD")
    m = world.person.merge("side", resolve={"a.md": b"both"})
    assert blob_of(world, "a.md", m) == b"both"
    assert len(world.git.parents(m)) == 2


@pytest.mark.parametrize("how", ["amend", "reset", "rebase", "squash"])
def test_a_line_that_was_rewritten(world: World, how: str) -> None:
    a, b = grow(world, "a", "b")
    world.person.make_branch("other", a)
    (c,) = grow(world, "c")
    if how == "amend":
        world.person.amend("c, better")
    elif how == "squash":
        world.person.squash(a, "b and c")
    elif how == "rebase":
        world.person.checkout("other")
        grow(world, "o")
        world.person.checkout("main")
        world.person.rebase("other")
    else:
        world.person.reset_hard(b)
        grow(world, "d")
    tip = world.git.head()
    assert tip and tip != c
    assert world.git.line(c, tip) is None
    assert world.git.merge_base(c, tip) == (b if how in ("amend", "reset") else a)
    assert world.git.staged() == frozenset()


def test_the_latest_addition_counts(world: World) -> None:
    first = commit(world, {"a.md": b"a"})
    commit(world, {"a.md": None})
    again = commit(world, {"a.md": b"a", "b.md": b"b"})
    last = commit(world, {"a.md": b"a3"})
    assert world.git.added_by("a.md", last) == again
    assert world.git.added_by("a.md", first) == first
    assert world.git.added_by("none.md", last) is None
    assert world.git.additions(last) == {"a.md": again, "b.md": again}


def test_additions_begin_with_the_newest_commit(world: World) -> None:
    old = commit(world, {"c.md": b"c"})
    middle = commit(world, {"a.md": b"a"})
    new = commit(world, {"b.md": b"b", "c.md": b"c2"})
    assert list(world.git.additions(new).items()) == [
        ("b.md", new),
        ("a.md", middle),
        ("c.md", old),
    ]


def test_checkout_stash_and_restore(world: World) -> None:
    grow(world, "a", "b")
    world.person.make_branch("side", "HEAD")
    world.put("a.md", b"edited")
    world.person.stash()
    assert world.worktree()["a.md"] == b"a"
    world.person.stash_pop()
    assert world.worktree()["a.md"] == b"edited"
    world.person.checkout("side")
    assert world.git.branch() == "refs/heads/side"
    assert world.worktree()["a.md"] == b"edited", "carried along"
    world.person.restore("a.md")
    assert world.worktree() == {"a.md": b"a", "b.md": b"b"}
    assert world.git.staged() == frozenset()


def test_the_upstream(world: World) -> None:
    a, b = grow(world, "a", "b")
    assert world.git.upstream() is None
    assert world.git.ahead_behind("refs/remotes/origin/main") is None
    world.set_upstream(a)
    assert world.git.upstream() == "refs/remotes/origin/main"
    assert world.git.resolve("refs/remotes/origin/main") == a
    assert world.git.ahead_behind("refs/remotes/origin/main") == (1, 0)
    world.person.reset_hard(a)
    world.set_upstream(b)
    assert world.git.ahead_behind("refs/remotes/origin/main") == (0, 1)


def test_what_git_ignores(world: World) -> None:
    world.put(".gitignore", b"# notes\n*.log\n/build/\ndocs/**/draft.md\n!keep.log\n")
    world.put("tracked.log", b"x")
    commit(world, {"tracked.log": b"x"})
    if isinstance(world, Real):
        world.person("reset", "-q", "--hard")
        world.put(".gitignore", b"# notes\n*.log\n/build/\ndocs/**/draft.md\n!keep.log\n")
    asked = ["a.log", "l/a.log", "keep.log", "build/x.md", "l/build/x.md", "docs/a/b/draft.md",
             "tracked.log", "a.md", ":x.log", "-x.log", "é.log", "un tracked/*.md"]  # fmt: skip
    found = {"a.log", "l/a.log", "build/x.md", "docs/a/b/draft.md", ":x.log", "-x.log", "é.log"}
    assert world.git.ignored(asked) == found
    assert world.git.ignored([]) == frozenset()
    assert world.git.ignored(["a.md"]) == frozenset()


def test_the_identity(world: World) -> None:
    assert world.git.identity() is None
    world.who("Ana Ruiz", "ana@acme.example")
    epoch = datetime.fromtimestamp(0, UTC)
    found = world.git.identity()
    assert found and replace(found, at=epoch) == Author("Ana Ruiz", "ana@acme.example", epoch)
    assert found.at == epoch


def test_settings(world: World) -> None:
    assert world.git.config_get("core.autocrlf") is None
    assert world.git.config_get("nonsense") is None


# The mark.


def mark_on(commit: str, nonce: str = "n1", **more: Any) -> Mark:
    return Mark(commit, "refs/heads/main", nonce, "ana@laptop", more.pop("tree", {}), **more)


def test_the_mark_is_read_as_it_was_written(world: World) -> None:
    head = commit(world, {"a.md": b"a", "b.md": b"b"})
    tree = {"é – c.md": world.git.write_blob(b"c"), "b.md": "", "a.md": world.git.write_blob(b"A")}
    fired = ("sales/Chase r3n3 2026-12-01T09:00", "x\ny")
    written = world.git.write_mark(mark_on(head, tree=tree, fired=fired), None)
    assert written and written.entry
    assert world.git.read_mark() == written
    assert (written.tree, written.fired, written.commit) == (tree, fired, head)
    settled = world.git.tree(written.entry)
    assert {p: world.git.blobs([b])[b] for p, b in settled.items()} == {
        "a.md": b"A", "é – c.md": b"c"
    }  # fmt: skip
    assert world.git.head() == head
    assert world.git.staged() == frozenset()


def test_the_mark_is_a_chain(world: World) -> None:
    first = commit(world, {"a.md": b"a"})
    one = world.git.write_mark(mark_on(first, "n1"), None)
    second = commit(world, {"a.md": b"b"})
    two = world.git.write_mark(mark_on(second, "n2"), one)
    three = world.git.write_mark(mark_on(second, "n3"), two)
    assert one and two and three
    assert world.git.parents(one.entry) == (first,)
    assert world.git.parents(three.entry) == (two.entry, second)
    assert [world.git.has_nonce(f"n{n}") for n in range(5)] == [False, True, True, True, False]
    four = world.git.write_mark(mark_on(second, "n4"), three)
    assert four and world.git.has_nonce("n4") and world.git.has_nonce("n1")


def test_only_one_moves_the_mark(world: World) -> None:
    head = commit(world, {"a.md": b"a"})
    one = world.git.write_mark(mark_on(head, "n1"), None)
    assert one
    assert world.git.write_mark(mark_on(head, "n2"), None) is None
    two = world.git.write_mark(mark_on(head, "n3"), one)
    assert two
    assert world.git.write_mark(mark_on(head, "n4"), one) is None
    assert world.git.read_mark() == two
    assert not world.git.has_nonce("n2") and not world.git.has_nonce("n4")


def test_a_mark_on_nothing_is_refused(world: World) -> None:
    head = commit(world, {"a.md": b"a"})
    none = "0123456789" * 4
    assert refusal(world.git.write_mark, mark_on(none), None).key == "errors.git.object"
    found = refusal(world.git.write_mark, mark_on(head, tree={"a.md": none}), None)
    assert found.key in ("errors.git.object", "errors.git.failed")
    assert world.git.read_mark() is None


def test_the_mark_survives_a_rewritten_branch(world: World) -> None:
    """What it stands on stays reachable through the chain."""
    a, b = grow(world, "a", "b")
    one = world.git.write_mark(mark_on(b), None)
    world.person.reset_hard(a)
    if isinstance(world, Real):
        world.person("reflog", "expire", "--expire=now", "--all")
        world.person("gc", "-q", "--prune=now")
    assert world.git.read_mark() == one
    assert blob_of(world, "b.md", b) == b"b"
