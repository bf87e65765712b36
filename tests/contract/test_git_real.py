"""What only a real repository can show of ``adapters.git``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bluefs.adapters.git import Git, check_version, find
from bluefs.adapters.git import index as index_module
from bluefs.adapters.git import mark as mark_module
from bluefs.adapters.git import run as run_module
from bluefs.adapters.git.objects import parse_commit, parse_ident, parse_trailers
from bluefs.core.errors import Blocked
from bluefs.core.ports import Author, Mark

LI = Author("Li Wei", "li@acme.example", datetime(2026, 11, 24, 9, 12, tzinfo=UTC))


class Repo:
    def __init__(self, git: Git) -> None:
        self.git = git
        self.top = Path(git.top)

    def sh(self, *args: str, data: bytes | None = None) -> str:
        who = ("-c", "user.name=Ana Ruiz", "-c", "user.email=ana@acme.example")
        done = subprocess.run(
            ["git", *who, *args], cwd=self.top, input=data, capture_output=True, check=True
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def put(self, path: str, data: bytes) -> None:
        (self.top / path).parent.mkdir(parents=True, exist_ok=True)
        (self.top / path).write_bytes(data)

    def commit(self, **files: bytes | None) -> str:
        changes = {f"{name}.md": data for name, data in files.items()}
        return self.git.commit(changes, "m\n", LI, self.git.head())

    def hook(self, name: str, script: str) -> None:
        file = Path(self.git.git_dir, "hooks", name)
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def repo(home: Path) -> Iterator[Repo]:
    with Git.init(home / "acme") as git:
        yield Repo(git)


def refusal(call: Any, *args: Any) -> Blocked:
    with pytest.raises(Blocked) as caught:
        call(*args)
    return caught.value


# Where a repository is.


def test_discovery(repo: Repo, home: Path) -> None:
    (repo.top / "sales/Open deals").mkdir(parents=True)
    where = (str(repo.top), str(repo.top / ".git"), str(repo.top / ".git"))
    assert Git.discover(repo.top / "sales/Open deals") == where
    assert Git.discover(home) is None
    assert refusal(Git, home).key == "errors.git.none"
    assert refusal(Git.discover, home / "none").key == "errors.git.gone"
    repo.sh("init", "-q", "--bare", str(home / "bare.git"))
    assert Git.discover(home / "bare.git") is None


def test_a_newline_in_the_name_of_the_folder(home: Path) -> None:
    with Git.init(home / "a\nb") as git:
        assert git.top == str(home / "a\nb")
        assert git.commit({"a.md": b"a"}, "m\n", LI, None) == git.head()


def test_a_linked_worktree(repo: Repo, home: Path) -> None:
    first = repo.commit(a=b"a")
    one = repo.git.write_mark(Mark(first, "refs/heads/main", "n", "m", {}), None)
    repo.sh("worktree", "add", "-q", "-b", "side", str(home / "side"))
    with Git(home / "side") as side:
        assert side.git_dir == str(repo.top / ".git/worktrees/side")
        assert side.common_dir == str(repo.top / ".git")
        assert side.branch() == "refs/heads/side"
        made = side.commit({"b.md": b"b"}, "m\n", LI, first)
        assert side.staged() == frozenset()
        assert side.read_mark() == one, "the mark is one for all worktrees"
        Path(side.git_dir, "MERGE_HEAD").touch()
        assert (side.busy(), repo.git.busy()) == ("merge", None)
    assert repo.git.head() == first
    assert repo.git.resolve("refs/heads/side") == made


def test_a_repository_of_another_owner(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    kept = (*run_module._KEPT, "GIT_TEST_ASSUME_DIFFERENT_OWNER")
    monkeypatch.setattr(run_module, "_KEPT", kept)
    assert refusal(find, repo.top).key == "errors.git.owner"


def test_the_version_of_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert check_version() >= (2, 38)
    old = tmp_path / "git"
    old.write_text("#!/bin/sh\necho git version 2.37.5.windows.1\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = refusal(check_version)
    assert (found.key, found.fields["version"]) == ("errors.git.old", "2.37.5.windows.1")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert refusal(check_version).key == "errors.git.absent"


def test_the_environment_says_who_not_where(
    repo: Repo, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook of another repository that starts bluefs points Git at that one."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"):
        monkeypatch.setenv(name, str(home / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(home / "elsewhere/index"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    with Git(repo.top) as git:
        made = git.commit({"a.md": b"a"}, "m\n", LI, None)
        assert git.head() == made
        assert git.staged() == frozenset()
    assert not (home / "elsewhere").exists()
    env = run_module.environment()
    assert env["GIT_TERMINAL_PROMPT"] == "0" and env["GIT_ASKPASS"] == ""
    assert "GIT_LITERAL_PATHSPECS" not in run_module.environment(acts=True)


def test_git_has_no_terminal_and_no_input(repo: Repo) -> None:
    repo.hook("pre-commit", 'test -z "$(cat)" && ! (: > /dev/tty) 2>/dev/null || exit 1')
    repo.commit(a=b"a")


def test_ssh_never_asks(repo: Repo, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIT_SSH_COMMAND", raising=False)
    monkeypatch.delenv("GIT_SSH", raising=False)
    repo.hook("post-commit", f'echo "$GIT_SSH_COMMAND" > "{home}/ssh"')
    repo.commit(a=b"a")
    assert (home / "ssh").read_text() == "ssh -o BatchMode=yes\n"
    repo.sh("config", "core.sshCommand", "ssh -i key")
    with Git(repo.top) as git:
        git.commit({"a.md": b"b"}, "m\n", LI, git.head())
    assert (home / "ssh").read_text() == "\n"


def test_time_is_limited(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ACT_LIMIT", 0.3)
    repo.hook("pre-commit", "sleep 600 & wait")
    start = time.monotonic()
    assert refusal(repo.git.commit, {"a.md": b"a"}, "m\n", LI, None).key == "errors.git.slow"
    assert time.monotonic() - start < 10
    assert repo.git.busy() is None
    assert repo.git.head() is None


# A commit.


def test_bytes_are_kept_whatever_git_would_convert(repo: Repo) -> None:
    repo.sh("config", "core.autocrlf", "true")
    repo.put("crlf.md", b"one\r\ntwo\r\n")
    repo.put("lf.md", b"one\ntwo\n")
    made = repo.commit(crlf=b"one\r\ntwo\r\n", lf=b"one\ntwo\n")
    tree = repo.git.tree(made)
    assert repo.git.blobs([tree["crlf.md"]])[tree["crlf.md"]] == b"one\r\ntwo\r\n"
    assert repo.git.staged() == frozenset()
    assert repo.sh("status", "--porcelain") == ""


def test_filters_of_attributes_do_not_run(repo: Repo) -> None:
    repo.sh("config", "filter.upper.clean", "tr a-z A-Z")
    repo.put(".gitattributes", b"*.md filter=upper\n")
    for changes in ({"a.md": b"abc"}, {"a.md": b"abcd", "b.md": b"x"}):
        made = repo.git.commit(changes, "m\n", LI, repo.git.head())
        blob = repo.git.tree(made)["a.md"]
        assert repo.git.blobs([blob])[blob] == changes["a.md"]


def test_a_sha256_repository(home: Path) -> None:
    with Git.init(home / "long", algorithm="sha256") as git:
        first = git.commit({"a.md": b"a", "b.md": b"b"}, "m\n", LI, None)
        second = git.commit({"a.md": None, "c.md": b"c"}, "m\n", LI, first)
        assert len(first) == len(second) == 64
        assert git.tree(second)["c.md"] == git.hash_blob(b"c") == git.write_blob(b"c")
        assert git.diff(None, first).keys() == {"a.md", "b.md"}
        assert git.staged() == frozenset()
        one = git.write_mark(Mark(second, "refs/heads/main", "n", "m", {"b.md": ""}), None)
        assert one and git.write_mark(Mark(second, "refs/heads/main", "o", "m", {}), None) is None
        assert git.line(first, second) == [second]


def test_executable_files_stay_so(repo: Repo) -> None:
    repo.put("run.sh", b"1")
    (repo.top / "run.sh").chmod(0o755)
    repo.sh("add", "run.sh")
    repo.sh("commit", "-qm", "m")
    repo.git.commit({"run.sh": b"2"}, "m\n", LI, repo.git.head())
    assert repo.sh("ls-tree", "HEAD", "run.sh").startswith("100755 blob")
    assert repo.git.staged() == frozenset()


def test_what_no_record_can_be_is_not_seen_but_kept(repo: Repo) -> None:
    (repo.top / "link.md").symlink_to("a.md")
    Path(os.fsdecode(os.fsencode(repo.top) + b"/caf\xe9.md")).write_bytes(b"x")
    repo.put("a.md", b"a")
    repo.sh("add", "-A")
    repo.sh("commit", "-qm", "m")
    first = repo.git.head()
    assert first and set(repo.git.tree(first)) == {"a.md"}
    assert set(repo.git.diff(None, first)) == {"a.md"}
    repo.commit(a=b"b")
    assert len(repo.sh("ls-tree", "--name-only", "HEAD").splitlines()) == 3
    assert repo.sh("status", "--porcelain") == "M a.md"


def test_a_hook_that_changes_the_commit_has_its_way(repo: Repo) -> None:
    repo.put("a.md", b"ours")
    repo.hook("pre-commit", "echo formatted > a.md && git add a.md")
    made = repo.commit(a=b"ours", b=b"b")
    tree = repo.git.tree(made)
    assert repo.git.blobs([tree["a.md"]])[tree["a.md"]] == b"formatted\n"
    assert tree["b.md"] == repo.git.hash_blob(b"b")
    assert repo.git.staged() == frozenset()


@pytest.mark.parametrize("hook", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_each_hook_may_say_no(repo: Repo, hook: str) -> None:
    repo.hook(hook, "echo 'pas de ça' >&2; exit 3")
    found = refusal(repo.git.commit, {"a.md": b"a"}, "m\n", LI, None)
    assert (found.key, found.fields["hook"]) == ("errors.git.hook", hook)
    assert "pas de ça" in str(found.fields["output"])
    assert repo.git.head() is None


def test_hooks_at_another_place(repo: Repo) -> None:
    repo.put(
        ".hooks/pre-commit", b"#!/bin/sh\ngit diff --cached --name-only -- '*.md' | grep -q a.md\n"
    )
    (repo.top / ".hooks/pre-commit").chmod(0o755)
    repo.sh("config", "core.hooksPath", ".hooks")
    repo.commit(a=b"a")
    assert (
        refusal(repo.git.commit, {"b.txt": b"b"}, "m\n", LI, repo.git.head()).key
        == "errors.git.hook"
    )


def test_signing_applies(repo: Repo, home: Path) -> None:
    """A signing program that cannot sign stops the commit; one that can is used."""
    program = home / "signer"
    program.write_text("#!/bin/sh\necho no key >&2\nexit 1\n")
    program.chmod(0o755)
    repo.sh("config", "commit.gpgSign", "true")
    repo.sh("config", "gpg.program", str(program))
    assert refusal(repo.git.commit, {"a.md": b"a"}, "m\n", LI, None).key == "errors.git.signing"
    program.write_text(
        "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\n"
        "printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n"
    )
    repo.commit(a=b"a")
    assert "gpgsig" in repo.sh("cat-file", "commit", "HEAD")
    assert repo.git.author("HEAD") == LI


def test_the_committer_is_who_is_configured_else_the_author(repo: Repo) -> None:
    repo.commit(a=b"a")
    assert repo.sh("log", "-1", "--format=%cn <%ce>") == "Li Wei <li@acme.example>"
    repo.sh("config", "user.name", "Ana Ruiz")
    repo.sh("config", "user.email", "ana@acme.example")
    repo.commit(a=b"b")
    assert repo.sh("log", "-1", "--format=%cn %an") == "Ana Ruiz Li Wei"


@pytest.mark.parametrize(
    ("name", "value"),
    [("commit.cleanup", "strip"), ("commit.verbose", "true"), ("core.quotePath", "true"),
     ("diff.renames", "copies"), ("diff.relative", "true"), ("log.showSignature", "true"),
     ("diff.noprefix", "true"), ("core.editor", "false"), ("commit.template", "/none"),
     ("i18n.commitEncoding", "ISO-8859-1"), ("status.branch", "true"), ("diff.external", "false"),
     ("core.splitIndex", "true"), ("index.version", "4"), ("core.untrackedCache", "true")],
)  # fmt: skip
def test_a_persons_settings_do_not_show(repo: Repo, name: str, value: str) -> None:
    repo.sh("config", name, value)
    first = repo.commit(a=b"a", é=b"e")
    message = "Zoé\n\n# kept\n"
    second = repo.git.commit({"a.md": None, "moved/a.md": b"a"}, message, LI, first)
    assert set(repo.git.diff(first, second)) == {"a.md", "moved/a.md"}
    assert repo.git.additions(second) == {"a.md": first, "é.md": first, "moved/a.md": second}
    assert [c.subject for c in repo.git.first_parent_log(second)] == ["Zoé", "m"]
    assert repo.sh("cat-file", "commit", "HEAD").endswith("Zoé\n\n# kept")
    assert repo.git.staged() == frozenset()


def test_a_kill_between_commit_and_index(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next question lets the index follow: the paths do not look staged in reverse."""
    first = repo.commit(a=b"a", b=b"b", c=b"c")
    repo.put("b.md", b"staged")
    repo.sh("add", "b.md")
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(index_module, "untouched", killed)
        with pytest.raises(KeyboardInterrupt):
            repo.git.commit({"a.md": b"a2", "b.md": b"b2", "c.md": None}, "m\n", LI, first)
    assert repo.git.head() != first
    with Git(repo.top) as fresh:
        assert fresh.staged() == {"b.md"}
    assert repo.sh("diff", "--cached", "--name-only") == "b.md"


def test_a_kill_before_the_commit_leaves_no_trace(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = repo.commit(a=b"a")
    index_module.note_follow(repo.git.runner, index_module.Follow(first, ("a.md",)))
    assert repo.git.staged() == frozenset()
    assert index_module.noted_follow(repo.git.runner) is None
    repo.put("a.md", b"b")
    repo.sh("add", "a.md")
    assert repo.git.staged() == {"a.md"}


def test_an_index_locked_after_the_commit(repo: Repo) -> None:
    """The commit stands; what still has to follow is not taken for a person's staging."""
    first = repo.commit(a=b"a", b=b"b")
    repo.put("b.md", b"staged")
    repo.sh("add", "b.md")
    lock = Path(repo.git.git_dir, "index.lock")
    repo.hook("post-commit", f"touch '{lock}'")
    made = repo.git.commit({"a.md": b"a2"}, "m\n", LI, first)
    assert repo.git.head() == made
    assert repo.git.busy() == "lock"
    assert repo.git.staged() == {"b.md"}
    lock.unlink()
    assert repo.git.staged() == {"b.md"}
    assert repo.sh("diff", "--cached", "--name-only") == "b.md"


def test_nothing_of_ours_stays_in_the_git_directory(repo: Repo) -> None:
    head = repo.commit(a=b"a", b=b"b")
    assert repo.git.write_mark(Mark(head, "refs/heads/main", "n", "m", {"a.md": ""}), None)
    repo.hook("pre-commit", "exit 1")
    with pytest.raises(Blocked):
        repo.commit(a=b"c")
    assert list(Path(repo.git.git_dir, "bluefs").iterdir()) == []


def test_the_worktree_is_not_hashed_again(repo: Repo) -> None:
    """The private index knows what the user's knows of unchanged files, and of ours."""
    for n in range(20):
        repo.put(f"l/{n}.md", b"x")
    repo.sh("add", "-A")
    repo.sh("commit", "-qm", "m")
    repo.put("a.md", b"a")
    repo.commit(a=b"a")
    repo.put("l/3.md", b"staged")
    repo.sh("add", "l/3.md")
    with index_module.private(repo.git.runner, repo.git.head(), stats=True) as env:
        unknown = repo.git.runner.run("diff-files", "--name-only", extra=env).line
    assert unknown == "l/3.md"


def test_a_commit_among_thousands_of_files(repo: Repo) -> None:
    """The bound is loose because the machine is shared."""
    for n in range(5000):
        repo.put(f"l{n % 20}/{n}.md", b"---\ntags: [a]\n---\n" + b"x" * 400)
    repo.sh("add", "-A")
    repo.sh("commit", "-qm", "m")
    times = []
    for n in range(3):
        start = time.perf_counter()
        repo.commit(new=str(n).encode())
        times.append(time.perf_counter() - start)
    print(f"commit among 5,000 files: {min(times) * 1000:.0f} ms")
    assert min(times) < 1.0


# Objects.


def test_a_reader_that_died_is_started_again(repo: Repo) -> None:
    made = repo.commit(a=b"a")
    child = repo.git._objects._child
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    assert repo.git.head() == made
    assert repo.git._objects._child is not child
    assert child.returncode == -9, "and reaped"


def test_closing_ends_the_reader(repo: Repo) -> None:
    repo.commit(a=b"a")
    child = repo.git._objects._child
    repo.git.close()
    assert child is not None and child.returncode == 0
    assert repo.git.head() is not None, "a closed one opens again"


def test_the_reader_sees_what_others_write(repo: Repo) -> None:
    repo.commit(a=b"a")
    for n in range(5):
        repo.put("a.md", str(n).encode())
        repo.sh("commit", "-qam", "m")
        if n == 2:
            repo.sh("gc", "-q")
        head = repo.git.head()
        assert head == repo.sh("rev-parse", "HEAD")
        blob = repo.git.tree(str(head))["a.md"]
        assert repo.git.blobs([blob])[blob] == str(n).encode()


def test_a_shallow_clone(repo: Repo, home: Path) -> None:
    for n in range(4):
        last = repo.commit(a=str(n).encode())
    repo.sh("clone", "-q", "--depth=2", f"file://{repo.top}", str(home / "clone"))
    with Git(home / "clone") as clone:
        assert len(list(clone.first_parent_log(last))) == 2
        (border,) = clone.shallow
        assert clone.parents(border) == ()
        assert clone.upstream() == "refs/remotes/origin/main"
        steps = clone.first_parent_steps(last)
        assert steps is not None and [step.cut for step in steps] == [True, False]
        assert steps[0].changes.keys() == {"a.md"}
    assert repo.git.shallow == frozenset()


def test_the_steps_of_history_whatever_the_user_likes_to_see(repo: Repo) -> None:
    first, second = repo.commit(a=b"a"), repo.commit(b=b"a")
    likes = (
        ("log.showRoot", "false"), ("color.ui", "always"), ("diff.renames", "copies"),
        ("log.decorate", "full"), ("log.showSignature", "true"), ("log.diffMerges", "off"),
        ("format.pretty", "oneline"), ("diff.noprefix", "true"), ("log.date", "relative"),
        ("diff.statGraphWidth", "9"), ("log.mailmap", "true"), ("log.follow", "true"),
    )  # fmt: skip
    for name, value in likes:
        repo.sh("config", name, value)
    steps = repo.git.first_parent_steps(second)
    assert steps is not None
    assert [(s.hex, [*s.changes]) for s in steps] == [(first, ["a.md"]), (second, ["b.md"])]


def test_a_file_in_a_submodule_is_ignored(repo: Repo, home: Path) -> None:
    with Git.init(home / "lib") as lib:
        lib.commit({"x.md": b"x"}, "m\n", LI, None)
    repo.sh(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(home / "lib"), "lib"
    )
    repo.put(".gitignore", b"*.log\n")
    asked = ["a.md", "lib/x.md", "a.log", "b.md", "c.md", "lib/y.md"]
    assert repo.git.ignored(asked) == {"lib/x.md", "lib/y.md", "a.log"}


def test_a_file_behind_a_link_is_ignored(repo: Repo) -> None:
    repo.put("l/a.md", b"a")
    repo.put(".gitignore", b"*.log\n")
    (repo.top / "linked").symlink_to("l")
    asked = [*(f"l/{n}.md" for n in range(9)), "linked/a.md", "l/a.log"]
    assert repo.git.ignored(asked) == {"linked/a.md", "l/a.log"}


@pytest.mark.parametrize(
    ("text", "name", "email", "moment"),
    [
        ("Ana <a@b> 1700000000 +0100", "Ana", "a@b", "2023-11-14T23:13:20+01:00"),
        ("A <B> C <a@b> 1700000000 -0330", "A", "B> C <a@b", "2023-11-14T18:43:20-03:30"),
        (" <> 0 +0000", "", "", "1970-01-01T00:00:00+00:00"),
        ("X <x> 99999999999999 +0000", "X", "x", "1970-01-01T00:00:00+00:00"),
        ("X <x> 1700000000 +51800", "X", "x", "2023-11-14T22:13:20+00:00"),
        ("X <x> ", "X", "x", "1970-01-01T00:00:00+00:00"),
        ("nonsense", "nonsense", "", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_odd_authors(text: str, name: str, email: str, moment: str) -> None:
    found = parse_ident(text)
    assert (found.name, found.email, found.at.isoformat()) == (name, email, moment)


def test_an_old_commit_in_another_encoding() -> None:
    data = b"tree 1\nauthor Zo\xe9 <z> 1 +0000\nencoding ISO-8859-1\n\nCaf\xe9\n"
    found = parse_commit(data)
    assert (found.author.name, found.message) == ("Zoé", "Café\n")
    broken = parse_commit(data.replace(b"ISO-8859-1", b"none-such"))
    assert broken.message.startswith("Caf")


@pytest.mark.parametrize(
    ("message", "trailers"),
    [
        ("s\n\nA: 1\nB-c: 2\n", (("A", "1"), ("B-c", "2"))),
        ("s\n\ntext\n\nA: 1\n  more\n", (("A", "1 more"),)),
        ("s\n\nnot: a\ntrailer block\n", ()),
        ("A: subject\n", ()),
        ("s\n\nA: x: y\n\n\n", (("A", "x: y"),)),
        ("", ()),
    ],
)
def test_trailers(message: str, trailers: tuple[tuple[str, str], ...]) -> None:
    assert parse_trailers(message) == trailers


# The mark.


RACER = """
import sys
from bluefs.adapters.git import Git
from bluefs.core.ports import Mark
won = 0
with Git(sys.argv[1]) as git:
    head = git.head()
    while (old := git.read_mark()) is None or int(old.nonce.split("-")[1]) < 24:
        n = int(old.nonce.split("-")[1]) + 1 if old else 0
        if git.write_mark(Mark(head, "refs/heads/main", f"{sys.argv[2]}-{n}", "m", {}), old):
            won += 1
print(won)
"""


def test_two_processes_race_for_the_mark(repo: Repo) -> None:
    """Each of the 25 steps has one winner: the chain holds every number just once."""
    repo.commit(a=b"a")
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(repo.top), name],
            stdout=subprocess.PIPE,
            cwd=Path.cwd(),
        )
        for name in ("a", "b")
    ]
    won = [int(racer.communicate(timeout=120)[0]) for racer in racers]
    assert sum(won) == 25
    mark = repo.git.read_mark()
    assert mark
    chain = repo.sh("rev-list", "--first-parent", mark.entry).splitlines()
    numbers = [
        mark_module.parse_message(repo.sh("log", "-1", "--format=%B", entry)).nonce.split("-")[1]
        for entry in chain[:25]
    ]
    assert numbers == [str(n) for n in reversed(range(25))]
    assert "error" not in repo.sh("fsck", "--strict")


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ("by hand", "errors.git.mark"),
        ('{"bluefs":2}', "errors.git.mark_newer"),
        ('{"bluefs":1}', "errors.git.mark"),
        ("[" * 5000, "errors.git.mark"),
        ('{"bluefs":1,"commit":"x","branch":"b","nonce":"n","mover":"m","overlay":{},"fired":[]}',
         "errors.git.mark"),
    ],
)  # fmt: skip
def test_a_foreign_mark_is_not_taken_for_none(repo: Repo, message: str, key: str) -> None:
    repo.commit(a=b"a")
    foreign = repo.sh("commit-tree", "HEAD^{tree}", "-p", "HEAD", data=message.encode())
    repo.sh("update-ref", mark_module.REF, foreign)
    assert refusal(repo.git.read_mark).key == key
    assert refusal(repo.git.has_nonce, "n").key == key


def test_a_mark_that_is_no_commit(repo: Repo) -> None:
    repo.commit(a=b"a")
    repo.sh("update-ref", mark_module.REF, repo.git.write_blob(b"x"))
    assert refusal(repo.git.read_mark).key == "errors.git.mark"


def test_entries_are_signed_by_bluefs(repo: Repo) -> None:
    head = repo.commit(a=b"a")
    one = repo.git.write_mark(Mark(head, "refs/heads/main", "n", "m", {}), None)
    assert one
    assert repo.sh("log", "-1", "--format=%an <%ae> %cn", one.entry) == (
        "bluefs <bluefs@localhost> bluefs"
    )
    body = repo.sh("log", "-1", "--format=%B", one.entry)
    assert body.startswith('{"bluefs":1,"commit":"') and "\n" not in body
