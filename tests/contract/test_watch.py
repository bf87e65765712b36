"""Watch: whatever another process does to files, a notice names its path."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bluefs.adapters import watch_inotify
from bluefs.adapters.memory import MemoryClock, MemoryWatch
from bluefs.adapters.watch import FolderWatch, is_hidden, merge
from bluefs.core.ports import Notice

#: watchdog meets a new folder twice; pytest does not keep the filter of watch_inotify.
pytestmark = pytest.mark.filterwarnings("ignore:Callback with id")

DEADLINE = 10.0


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@acme.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


def sh(root: Path, script: str) -> None:
    """Do it in another process, as a person's editor would."""
    subprocess.run(["sh", "-ec", script], cwd=root, check=True, capture_output=True)


def collect(
    watch: FolderWatch, enough: Callable[[list[Notice]], bool], seconds: float = DEADLINE
) -> list[Notice]:
    """The notices until ``enough``; fails when the deadline passes first."""
    deadline = time.monotonic() + seconds
    found: list[Notice] = []
    while not enough(found):
        left = deadline - time.monotonic()
        assert left > 0, f"not enough came: {found[-20:]}"
        found.extend(watch.wait(left))
    return found


def names(found: list[Notice]) -> set[str]:
    return {notice.path for notice in found if notice.path}


def last(found: list[Notice], path: str) -> Notice | None:
    return next((n for n in reversed(found) if n.path == path), None)


def closed(path: str) -> Callable[[list[Notice]], bool]:
    def enough(found: list[Notice]) -> bool:
        notice = last(found, path)
        return notice is not None and notice.closed

    return enough


def named(*paths: str) -> Callable[[list[Notice]], bool]:
    return lambda found: set(paths) <= names(found)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "acme"
    (root / "sales" / "Open").mkdir(parents=True)
    (root / "bluefs.yaml").write_text("bluefs: 1\n")
    (root / "sales" / "Open" / "old.md").write_text("old\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "begin")
    return root


@pytest.fixture
def watch(root: Path) -> Iterator[FolderWatch]:
    watch = FolderWatch(str(root), str(root / ".git"))
    assert watch.start(), watch.reason
    yield watch
    watch.stop()


@pytest.fixture
def poll(root: Path) -> Iterator[FolderWatch]:
    watch = FolderWatch(str(root), str(root / ".git"), poll=True, interval=0.02)
    assert not watch.start()
    assert watch.reason == "asked"
    yield watch
    watch.stop()


@pytest.fixture(params=["inotify", "poll"])
def either(request: pytest.FixtureRequest) -> FolderWatch:
    name = "watch" if request.param == "inotify" else "poll"
    found: FolderWatch = request.getfixturevalue(name)
    return found


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo new > sales/Open/new.md", ["sales/Open/new.md"]),
        ("echo more >> sales/Open/old.md", ["sales/Open/old.md"]),
        ("rm sales/Open/old.md", ["sales/Open/old.md"]),
        ("mv sales/Open/old.md sales/Open/x.md", ["sales/Open/old.md", "sales/Open/x.md"]),
        ("mv sales/Open/old.md ..", ["sales/Open/old.md"]),
        ("echo x > ../in.md; mv ../in.md sales/Open/", ["sales/Open/in.md"]),
        ("mkdir -p ../in; echo x > ../in/a.md; mv ../in sales/In", ["sales/In"]),
        ("mv sales/Open sales/Done", ["sales/Open", "sales/Done"]),
        ("mv sales/Open ..", ["sales/Open"]),
        ("rm -r sales/Open", ["sales/Open", "sales/Open/old.md"]),
        ("ln sales/Open/old.md sales/Open/hard.md", ["sales/Open/hard.md"]),
        ("touch sales/Open/.gitkeep", ["sales/Open/.gitkeep"]),
        ("mkdir sales/.hidden; echo x > sales/.hidden/a.md; mv sales/.hidden sales/seen",
         ["sales/seen"]),
        ("echo x > 'sales/Open/Renewal – Acme.md'", ["sales/Open/Renewal – Acme.md"]),
    ],
)  # fmt: skip
def test_every_way_to_change_a_file_is_noticed(
    root: Path, either: FolderWatch, script: str, expected: list[str]
) -> None:
    sh(root, script)
    collect(either, named(*expected))


def test_a_name_that_is_not_utf8_breaks_nothing(root: Path, either: FolderWatch) -> None:
    sh(root, r"printf x > sales/Open/$(printf 'caf\351').md; echo y > sales/Open/after.md")
    assert "sales/Open/caf\udce9.md" in names(collect(either, named("sales/Open/after.md")))


def test_a_file_written_and_closed_is_closed(root: Path, watch: FolderWatch) -> None:
    sh(root, "echo new > sales/Open/new.md")
    collect(watch, closed("sales/Open/new.md"))


def test_a_file_still_open_is_not_closed(root: Path, watch: FolderWatch) -> None:
    with (root / "sales/Open/slow.md").open("w") as stream:
        stream.write("half")
        stream.flush()
        found = collect(watch, named("sales/Open/slow.md"))
        notice = last(found, "sales/Open/slow.md")
        assert notice is not None and not notice.closed
    collect(watch, closed("sales/Open/slow.md"))


@pytest.mark.parametrize(
    "script",
    [
        # vim with 'backupcopy=no': the old file away, a new one under its name
        "cd sales/Open; mv old.md old.md~; echo new > old.md; rm old.md~",
        # most others: a file beside, renamed over
        "cd sales/Open; echo new > .old.tmp; mv .old.tmp old.md",
        "echo new > ../old.md; mv ../old.md sales/Open/old.md",
    ],
)
def test_an_editors_save_ends_closed(root: Path, watch: FolderWatch, script: str) -> None:
    sh(root, script)
    collect(watch, closed("sales/Open/old.md"))


def test_files_of_a_folder_moved_in_are_closed(root: Path, watch: FolderWatch) -> None:
    sh(root, "mkdir -p ../in/deep; echo x > ../in/deep/a.md; mv ../in sales/In")
    collect(watch, closed("sales/In/deep/a.md"))


def test_deep_folders_and_their_files_at_once(root: Path, watch: FolderWatch) -> None:
    """Files made before the new folder is watched have no event of their own: a notice names
    them or a folder above them, below which the engine scans."""
    sh(root, "for i in $(seq 40); do mkdir -p p$i/a/b; echo x > p$i/a/b/r.md; done")

    def covered(found: list[Notice]) -> bool:
        seen = names(found)
        return all({f"p{i}", f"p{i}/a", f"p{i}/a/b", f"p{i}/a/b/r.md"} & seen for i in range(1, 41))

    collect(watch, covered)
    sh(root, "echo later > p40/a/b/later.md; echo later > p1/a/b/later.md")
    collect(watch, named("p40/a/b/later.md", "p1/a/b/later.md"))


def test_a_folder_moved_between_projects_stays_watched(root: Path, watch: FolderWatch) -> None:
    sh(root, "mkdir work; mv sales/Open work/Open")
    collect(watch, named("sales/Open", "work/Open"))
    sh(root, "echo more >> work/Open/old.md")
    collect(watch, closed("work/Open/old.md"))


def test_a_thousand_files_quickly(root: Path, watch: FolderWatch) -> None:
    sh(root, "for i in $(seq 1000); do echo $i > sales/Open/$i.md; done")
    wanted = {f"sales/Open/{i}.md" for i in range(1, 1001)}
    found = collect(watch, lambda found: wanted <= names(found), 30)
    assert all(n.closed for path in wanted if (n := last(found, path)) is not None)


def test_a_checkout_is_noticed_in_full(root: Path, either: FolderWatch) -> None:
    git(root, "checkout", "-q", "-b", "other")
    for number in range(50):
        (root / "sales" / "Open" / f"{number}.md").write_text(f"{number}\n")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "fifty")
    collect(either, lambda found: any(n.git for n in found) and len(names(found)) >= 50)
    git(root, "checkout", "-q", "main")
    wanted = {f"sales/Open/{number}.md" for number in range(50)}
    collect(either, lambda found: wanted <= names(found) and any(n.git for n in found))


@pytest.mark.parametrize(
    "command",
    [
        ["commit", "--allow-empty", "-q", "-m", "x"],
        ["branch", "topic"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
        ["update-ref", "refs/bluefs/mark", "HEAD"],
        ["pack-refs", "--all"],
        ["symbolic-ref", "HEAD", "refs/heads/elsewhere"],
        ["rm", "--cached", "-q", "sales/Open/old.md"],
    ],
)
def test_git_notices(root: Path, either: FolderWatch, command: list[str]) -> None:
    git(root, *command)
    collect(either, lambda found: any(n.git for n in found))


def test_a_linked_worktree_sees_both_git_folders(root: Path) -> None:
    git(root, "worktree", "add", "-q", "../other", "-b", "other")
    other, common = root.parent / "other", root / ".git"
    watch = FolderWatch(str(other), str(common / "worktrees" / "other"), str(common))
    assert watch.start(), watch.reason
    try:
        git(root, "branch", "topic")
        collect(watch, lambda found: any(n.git for n in found))
        sh(other, "echo x > sales/Open/x.md")
        collect(watch, closed("sales/Open/x.md"))
    finally:
        watch.stop()


def test_a_request_is_noticed(root: Path, either: FolderWatch) -> None:
    sh(root, "echo '{}' > .git/bluefs/ask/.t; mv .git/bluefs/ask/.t .git/bluefs/ask/t.json")
    collect(either, lambda found: any(n.ask for n in found))


def test_hidden_things_are_silent(root: Path, either: FolderWatch) -> None:
    sh(root, "mkdir -p .obsidian sales/.cache; echo x > .obsidian/a.md; echo x > sales/.cache/b.md")
    sh(root, "echo x > sales/Open/.swp; echo x > .git/objects/x; echo end > end.md")
    found = collect(either, named("end.md"))
    assert names(found) == {"end.md"}
    assert not any(n.git or n.overflow for n in found)


def test_the_probe_leaves_nothing_behind(root: Path, watch: FolderWatch) -> None:
    assert watch.reason is None
    assert sorted(p.name for p in (root / ".bluefs").iterdir()) == [".gitignore"]
    git(root, "diff", "--exit-code")
    listed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=root, capture_output=True, check=True
    )
    assert listed.stdout == b""


def test_an_overflow_says_scan_everything(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's queue is made to overflow for real: its reader is held until more events
    have happened than it can hold."""
    gate = threading.Event()
    read = watch_inotify._Descriptor.read_events

    def slow(self: watch_inotify._Descriptor, **options: int) -> list[object]:
        gate.wait(60)
        return list(read(self, **options))

    watch = FolderWatch(str(root), str(root / ".git"))
    assert watch.start()
    monkeypatch.setattr(watch_inotify._Descriptor, "read_events", slow)
    try:
        limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        a, b = root / "sales/Open/a.md", root / "sales/Open/b.md"
        a.write_text("x")
        for _ in range(limit // 4 + 2000):
            a.rename(b)
            b.rename(a)
        gate.set()
        collect(watch, lambda found: any(n.overflow for n in found), 60)
        (root / "sales/Open/after.md").write_text("seen again")
        collect(watch, closed("sales/Open/after.md"), 60)
        assert watch.reason is None
    finally:
        gate.set()
        watch.stop()


def fail_with(code: int, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel refuses every watch after the first ``after``."""
    from watchdog.observers import inotify_c

    count = 0

    def add_watch(self: inotify_c.InotifyFD, path: bytes, mask: inotify_c.Mask) -> object:
        nonlocal count
        count += 1
        if count > after:
            raise OSError(code, "limit reached")
        return original(self, path, mask)

    original = inotify_c.InotifyFD._get_or_create_watch
    monkeypatch.setattr(inotify_c.InotifyFD, "_get_or_create_watch", add_watch)


@pytest.mark.parametrize("after", [0, 1, 2, 5])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EMFILE])
def test_at_a_limit_it_polls_and_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch, code: int, after: int
) -> None:
    fail_with(code, after, monkeypatch)
    watch = FolderWatch(str(root), str(root / ".git"), interval=0.02)
    try:
        assert not watch.start()
        assert watch.reason == "limit"
        sh(root, "echo x > sales/Open/x.md")
        collect(watch, named("sales/Open/x.md"))
    finally:
        watch.stop()


def test_a_limit_reached_later_turns_to_polling(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = FolderWatch(str(root), str(root / ".git"), interval=0.02)
    try:
        assert watch.start()
        fail_with(errno.ENOSPC, 0, monkeypatch)
        sh(root, "mkdir -p new/list; echo x > new/list/x.md")
        collect(watch, lambda found: any(n.overflow for n in found))
        assert watch.reason == "limit"
        sh(root, "echo y > new/list/y.md")
        collect(watch, named("new/list/y.md"))
    finally:
        watch.stop()


def test_no_inotify_instance_left(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    def none_left() -> int:
        raise OSError(errno.EMFILE, "inotify instance limit reached")

    monkeypatch.setattr(InotifyFD, "_create_inotify_fd", staticmethod(none_left))
    watch = FolderWatch(str(root), str(root / ".git"))
    assert not watch.start()
    assert watch.reason == "limit"
    watch.stop()


def test_a_silent_file_system_is_polled(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network mount accepts watches and never reports anything."""
    monkeypatch.setattr("bluefs.adapters.watch.PROBE_TIMEOUT", 0.05)
    monkeypatch.setattr(watch_inotify.Inotify, "_on_tree", lambda self, event: None)
    watch = FolderWatch(str(root), str(root / ".git"), interval=0.02)
    try:
        assert not watch.start()
        assert watch.reason == "silent"
        sh(root, "echo x > sales/Open/x.md")
        collect(watch, named("sales/Open/x.md"))
    finally:
        watch.stop()


def test_without_inotify_in_the_system_it_polls(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "bluefs.adapters.watch_inotify", None)
    watch = FolderWatch(str(root), str(root / ".git"))
    assert not watch.start()
    assert watch.reason == "unsupported"
    watch.stop()


def test_a_root_that_goes_away_asks_for_a_scan(root: Path) -> None:
    away = root.parent / "git"
    (root / ".git").rename(away)
    watch = FolderWatch(str(root), str(away), interval=0.02)
    try:
        assert watch.start()
        sh(root.parent, "rm -r acme")
        collect(watch, lambda found: any(n.overflow for n in found))
        assert watch.reason == "gone"
        sh(root.parent, "mkdir -p acme/sales; echo x > acme/sales/x.md")
        collect(watch, named("sales/x.md"))
    finally:
        watch.stop()


def test_a_root_reached_through_a_link(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root, target_is_directory=True)
    watch = FolderWatch(str(link), str(link / ".git"))
    try:
        assert watch.start(), watch.reason
        sh(root, "echo x > sales/Open/x.md")
        collect(watch, closed("sales/Open/x.md"))
    finally:
        watch.stop()


def test_wait_ends_by_itself(either: FolderWatch) -> None:
    begun = time.monotonic()
    assert either.wait(0) == []
    assert either.wait(0.1) == []
    assert 0.1 <= time.monotonic() - begun < 5


def test_wake_and_stop_end_a_wait(either: FolderWatch) -> None:
    for end in (either.wake, either.stop):
        thread = threading.Thread(target=either.wait, args=(60.0,))
        thread.start()
        end()
        thread.join(DEADLINE)
        assert not thread.is_alive()


def test_polling_sees_a_change_that_keeps_size_and_time(root: Path, poll: FolderWatch) -> None:
    sh(root, "cd sales/Open; touch -r old.md ../ref; echo OLD > old.md; touch -r ../ref old.md")
    collect(poll, named("sales/Open/old.md"))


def test_stop_leaves_no_thread_and_no_descriptor(root: Path) -> None:
    def held() -> tuple[int, int]:
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    before = held()
    for _ in range(3):
        watch = FolderWatch(str(root), str(root / ".git"))
        assert watch.start()
        watch.stop()
    deadline = time.monotonic() + DEADLINE
    while held() > before:
        assert time.monotonic() < deadline, held()
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("a.md", False),
        (".a.md", True),
        (".gitkeep", False),
        ("List/.gitkeep", False),
        (".git/HEAD", True),
        ("sales/.x/a.md", True),
        ("_files/x/a", False),
        ("sales/a.b/c", False),
    ],
)
def test_is_hidden(path: str, hidden: bool) -> None:
    assert is_hidden(path) is hidden


A, B = Notice("a.md"), Notice("b.md")
SHUT = Notice("a.md", closed=True)


@pytest.mark.parametrize(
    ("notices", "merged"),
    [
        ([], []),
        ([A, A], [A]),
        ([A, SHUT], [SHUT]),
        ([SHUT, A], [A]),
        ([SHUT, B, SHUT], [B, SHUT]),
        ([Notice(git=True), Notice(ask=True), Notice(git=True)], [Notice(ask=True), Notice(git=True)]),
        ([Notice(overflow=True), Notice(git=True)], [Notice(overflow=True), Notice(git=True)]),
    ],
)  # fmt: skip
def test_merge(notices: list[Notice], merged: list[Notice]) -> None:
    assert merge(notices) == merged


def test_the_twin_gives_what_it_is_fed() -> None:
    clock = MemoryClock(100.0)
    watch = MemoryWatch(clock)
    assert watch.start()
    watch.feed(A, SHUT, B)
    assert watch.wait(5) == [SHUT, B]
    assert clock.now() == 100.0
    assert watch.wait(5) == []
    assert clock.now() == 105.0
    watch.stop()
    assert not MemoryWatch(alive=False).start()
