"""The contract of ``Files``, over the folder on disk and over its twin."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluefs.adapters import renames
from bluefs.adapters.files import LEFTOVER_AGE, Files
from bluefs.adapters.memory_files import MemoryFiles
from bluefs.core import ports
from bluefs.core.errors import BluefsError, Changed, Unreadable, Unwritable


class World(Protocol):
    """The adapter, and a person's editor beside it."""

    files: ports.Files

    def put(self, path: str, data: bytes) -> None: ...
    def edit_in_place(self, path: str, data: bytes) -> None: ...
    def remove(self, path: str) -> None: ...
    def symlink(self, path: str, target: str) -> None: ...
    def chmod(self, path: str, mode: int) -> None: ...
    def mode(self, path: str) -> int: ...
    def everything(self) -> dict[str, bytes]: ...


class Disk:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = Files(root, fsync=False)

    def put(self, path: str, data: bytes) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        beside = self.root / f"{path}~"
        beside.write_bytes(data)
        beside.replace(self.root / path)

    def edit_in_place(self, path: str, data: bytes) -> None:
        file = self.root / path
        old = file.stat()
        file.write_bytes(data)
        os.utime(file, ns=(old.st_atime_ns, old.st_mtime_ns))

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def symlink(self, path: str, target: str) -> None:
        (self.root / path).symlink_to(self.root / target)

    def chmod(self, path: str, mode: int) -> None:
        (self.root / path).chmod(mode)

    def mode(self, path: str) -> int:
        return stat.S_IMODE((self.root / path).stat().st_mode)

    def everything(self) -> dict[str, bytes]:
        files = [p for p in self.root.rglob("*") if p.is_file() and not p.is_symlink()]
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in files}


class Memory:
    def __init__(self) -> None:
        self.files = MemoryFiles()
        self.put = self.files.put
        self.edit_in_place = self.files.edit_in_place
        self.remove = self.files.remove
        self.chmod = self.files.chmod
        self.mode = self.files.mode

    def symlink(self, path: str, target: str) -> None:
        self.files.symlink(path)

    def everything(self) -> dict[str, bytes]:
        return dict(self.files.contents)


@pytest.fixture(params=["disk", "memory"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    if request.param == "memory":
        return Memory()
    root = tmp_path / "workspace"
    root.mkdir()
    return Disk(root)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def key_of(call: Callable[..., Any], *args: Any) -> str:
    with pytest.raises(BluefsError) as caught:
        call(*args)
    return caught.value.key


def test_a_new_file_is_written_with_its_folders(world: World) -> None:
    world.files.write("sales/Open deals/Renewal – Acme.md", b"# hi\r\n", None)
    assert world.files.read("sales/Open deals/Renewal – Acme.md") == b"# hi\r\n"
    assert world.files.folders() == {"sales", "sales/Open deals"}
    assert set(world.files.scan()) == {"sales/Open deals/Renewal – Acme.md"}


def test_a_save_replaces_just_what_was_read(world: World) -> None:
    world.put("a.md", b"one")
    world.files.write("a.md", b"two", b"one")
    assert world.files.read("a.md") == b"two"
    assert key_of(world.files.write, "a.md", b"three", b"one") == "errors.changed.bytes"
    assert world.everything() == {"a.md": b"two"}


def test_a_save_never_overwrites_an_unread_file(world: World) -> None:
    world.put("a.md", b"one")
    assert key_of(world.files.write, "a.md", b"two", None) == "errors.changed.exists"
    assert key_of(world.files.write, "b.md", b"two", b"one") == "errors.changed.gone"
    assert world.everything() == {"a.md": b"one"}


def test_a_save_keeps_the_mode(world: World) -> None:
    world.put("a.sh", b"one")
    world.chmod("a.sh", 0o750)
    world.files.write("a.sh", b"two", b"one")
    assert world.mode("a.sh") == 0o750


def test_a_read_only_file_is_left_alone(world: World) -> None:
    world.put("a.md", b"one")
    world.chmod("a.md", 0o444)
    assert key_of(world.files.write, "a.md", b"two", b"one") == "errors.unwritable.readonly"
    assert key_of(world.files.delete, "a.md", b"one") == "errors.unwritable.readonly"
    assert world.everything() == {"a.md": b"one"}


def test_a_move_keeps_the_bytes_and_the_inode(world: World) -> None:
    world.put("a/x.md", b"one")
    before = world.files.stat("a/x.md")
    world.files.move("a/x.md", "b/c/y.md", b"one")
    after = world.files.stat("b/c/y.md")
    assert before and after and before.inode == after.inode
    assert world.everything() == {"b/c/y.md": b"one"}
    assert world.files.folders() == {"a", "b", "b/c"}


@pytest.mark.parametrize(
    ("old", "new", "expected", "key"),
    [
        ("a.md", "b.md", b"one", "errors.changed.exists"),
        ("a.md", "c.md", b"two", "errors.changed.bytes"),
        ("x.md", "c.md", b"one", "errors.changed.gone"),
        ("a.md", "folder", b"one", "errors.changed.exists"),
        ("a.md", "link.md", b"one", "errors.changed.exists"),
        ("a.md", "b.md/c.md", b"one", "errors.unwritable.name"),
    ],
)
def test_a_move_that_may_not_be(
    world: World, old: str, new: str, expected: bytes, key: str
) -> None:
    world.put("a.md", b"one")
    world.put("b.md", b"one")
    world.files.make_folder("folder")
    world.symlink("link.md", "nowhere")
    assert key_of(world.files.move, old, new, expected) == key
    assert world.everything() == {"a.md": b"one", "b.md": b"one"}
    assert world.files.links() == {"link.md"}


def test_a_move_may_change_the_case_alone(world: World) -> None:
    world.put("acme.md", b"one")
    world.files.move("acme.md", "Acme.md", b"one")
    assert world.everything() == {"Acme.md": b"one"}


def test_a_deletion_takes_just_what_was_read(world: World) -> None:
    world.put("a.md", b"one")
    assert key_of(world.files.delete, "a.md", b"two") == "errors.changed.bytes"
    world.files.delete("a.md", b"one")
    assert key_of(world.files.delete, "a.md", b"one") == "errors.changed.gone"
    assert world.everything() == {}


def test_what_a_scan_leaves_out(world: World) -> None:
    for path in (".gitignore", ".git/config", ".bluefs/schema/x.json", "p/.hidden/a.md",
                 "p/.DS_Store", "p/.a.md.swp", "p/.bluefs-000000000000.tmp"):  # fmt: skip
        world.put(path, b"x")
    world.put("p/l/.gitkeep", b"")
    world.put("p/_templates/mail.md", b"x")
    world.put("p/_files/abc/plan.pdf", b"x")
    world.put("p/l/a.md", b"x")
    world.symlink("p/l/b.md", "p/l/a.md")
    world.symlink("linked", "p")
    seen = {"p/l/.gitkeep", "p/_templates/mail.md", "p/_files/abc/plan.pdf", "p/l/a.md"}
    assert set(world.files.scan()) == seen
    assert set(world.files.scan("p/l")) == {"p/l/.gitkeep", "p/l/a.md"}
    assert world.files.folders() == {"p", "p/l", "p/_templates", "p/_files", "p/_files/abc"}


@pytest.mark.parametrize("under", ["missing", "p/l/a.md", "linked", ".git", "p/l/a"])
def test_a_scan_of_what_is_no_folder_is_empty(world: World, under: str) -> None:
    world.put("p/l/a.md", b"x")
    world.put(".git/config", b"x")
    world.symlink("linked", "p")
    assert world.files.scan(under) == {}


def test_links_are_not_followed(world: World) -> None:
    world.put("p/a.md", b"x")
    world.symlink("b.md", "p/a.md")
    world.symlink("linked", "p")
    assert world.files.read("b.md") is None
    assert world.files.stat("b.md") is None
    assert world.files.read("linked/a.md") is None
    assert key_of(world.files.write, "linked/a.md", b"y", b"x") == "errors.unwritable.link"
    assert key_of(world.files.write, "linked/c.md", b"y", None) == "errors.unwritable.link"
    assert key_of(world.files.write, "b.md", b"y", None) == "errors.changed.exists"
    assert world.everything() == {"p/a.md": b"x"}


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../out.md", "a/../b.md", "a//b.md", "./a.md", "a/", "a\0b.md",
     ".git/hooks/pre-commit", "p/.GIT/config", "a\udcff.md", "a\ud800.md", f"{'x' * 300}.md"],
)  # fmt: skip
def test_names_that_cannot_be(world: World, path: str) -> None:
    assert key_of(world.files.write, path, b"x", None) == "errors.unwritable.name"
    assert world.everything() == {}
    assert world.files.folders() == frozenset()


def test_absent_and_odd_things_read_as_none(world: World) -> None:
    world.put("a/b.md", b"x")
    for path in ("none.md", "a", "a/b.md/c.md", "none/none.md"):
        assert world.files.read(path) is None
        assert world.files.stat(path) is None


def test_a_stat_tells_of_every_change(world: World) -> None:
    world.put("a.md", b"one")
    first = world.files.stat("a.md")
    assert first == world.files.scan()["a.md"]
    wait_for_clock(world)
    world.edit_in_place("a.md", b"two")
    second = world.files.stat("a.md")
    assert first and second
    assert (first.size, first.mtime_ns) == (second.size, second.mtime_ns)
    assert first != second


def wait_for_clock(world: World) -> None:
    """The kernel's file times move in steps of a few milliseconds."""
    world.put("clock.md", b"")
    start = world.files.stat("clock.md")
    while True:
        world.put("clock.md", b"")
        now = world.files.stat("clock.md")
        if start and now and now.ctime_ns > start.ctime_ns:
            world.remove("clock.md")
            return


def test_folders_are_made_and_removed_when_empty(world: World) -> None:
    world.files.make_folder("p/l")
    world.files.make_folder("p/l")
    assert world.files.folders() == {"p", "p/l"}
    assert not world.files.remove_folder("p")
    assert world.files.remove_folder("p/l")
    assert not world.files.remove_folder("p/l")
    assert world.files.folders() == {"p"}
    world.put("a.md", b"")
    assert key_of(world.files.make_folder, "a.md") == "errors.unwritable.name"


def test_a_folder_moves_with_all_it_holds(world: World) -> None:
    world.put("p/Open/a.md", b"a")
    world.put("p/Open/.hidden", b"h")
    world.put("p/Done/b.md", b"b")
    assert key_of(world.files.move_folder, "p/Open", "p/Done") == "errors.changed.exists"
    assert key_of(world.files.move_folder, "p/None", "p/New") == "errors.changed.gone"
    world.files.move_folder("p/Open", "p/To do")
    found = {"p/To do/a.md": b"a", "p/To do/.hidden": b"h", "p/Done/b.md": b"b"}
    assert world.everything() == found
    assert world.files.folders() == {"p", "p/To do", "p/Done"}


def test_the_anchor_needs_settings_and_repository(world: World) -> None:
    assert world.files.anchor() is None
    world.put(".git/HEAD", b"ref: refs/heads/main\n")
    assert world.files.anchor() is None
    world.put("bluefs.yaml", b"bluefs: 1\n")
    anchor = world.files.anchor()
    assert anchor and anchor == world.files.anchor()
    world.remove("bluefs.yaml")
    assert world.files.anchor() is None


PATHS = st.sampled_from(["a.md", "b.md", "l/a.md", "l/b.md", "m/é c.md"])
BYTES = st.sampled_from([b"", b"1", b"22", b"\xff\r\n"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), PATHS, BYTES, st.none() | BYTES),
        st.tuples(st.just("move"), PATHS, PATHS, BYTES),
        st.tuples(st.just("delete"), PATHS, BYTES),
        st.tuples(st.just("remove_folder"), st.sampled_from(["l", "m"])),
    ),
    max_size=12,
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_disk_and_twin_agree(tmp_path_factory: pytest.TempPathFactory, steps: list[Any]) -> None:
    """The same steps give the same answers, refusals and contents."""
    disk, memory = Disk(tmp_path_factory.mktemp("w")), Memory()
    for name, *args in steps:
        answers = []
        for world in (disk, memory):
            try:
                answers.append(getattr(world.files, name)(*args))
            except BluefsError as error:
                answers.append((type(error), error.key))
        assert answers[0] == answers[1], (name, args)
        assert disk.everything() == memory.everything()
        assert disk.files.folders() == memory.files.folders()


# What only the disk can show.


def test_a_rival_between_read_and_rename_is_seen(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison is the last thing before the rename: a save that lands while the
    temporary file is written is not lost."""
    disk.put("a.md", b"one")
    real = os.fsync

    def rival(handle: int) -> None:
        real(handle)
        if disk.files.read("a.md") == b"one":
            disk.put("a.md", b"rival")

    monkeypatch.setattr(os, "fsync", rival)
    files = Files(disk.root)
    with pytest.raises(Changed):
        files.write("a.md", b"two", b"one")
    assert disk.everything() == {"a.md": b"rival"}


def test_a_rival_that_creates_the_same_file_wins(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: disk.put("new/a.md", b"rival"))
    with pytest.raises(Changed):
        Files(disk.root).write("new/a.md", b"ours", None)
    assert disk.everything() == {"new/a.md": b"rival"}


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "full"), (errno.EDQUOT, "full"), (errno.EACCES, "denied"),
        (errno.EPERM, "refusals.immutable"), (errno.EFBIG, "refusals.limit"), (errno.EROFS, "disk"), (errno.ENAMETOOLONG, "name"),
        (errno.EILSEQ, "name"), (errno.ETXTBSY, "busy"), (errno.EIO, "other"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
def test_what_the_disk_refuses_leaves_nothing(
    disk: Disk, monkeypatch: pytest.MonkeyPatch, number: int, key: str, call: str
) -> None:
    disk.put("l/a.md", b"one")
    real = os.open

    def fails(*args: Any, **more: Any) -> Any:
        if call == "open" and not args[1] & os.O_CREAT:
            return real(*args, **more)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(Unwritable) as caught:
        Files(disk.root).write("l/a.md", b"two", b"one")
    monkeypatch.undo()
    assert caught.value.key == (key if "." in key else f"errors.unwritable.{key}")
    assert (caught.value.fields["path"], caught.value.fields["folder"]) == ("l/a.md", "l")
    assert disk.everything() == {"l/a.md": b"one"}


def test_folders_of_a_failed_creation_are_taken_away(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unwritable):
        Files(disk.root).write("new list/deep/a.md", b"x", None)
    assert list(disk.root.iterdir()) == []


def test_a_folder_without_write_permission(disk: Disk) -> None:
    disk.put("l/a.md", b"one")
    disk.chmod("l", 0o555)
    assert key_of(disk.files.write, "l/a.md", b"two", b"one") == "errors.unwritable.denied"
    assert key_of(disk.files.delete, "l/a.md", b"one") == "errors.unwritable.denied"
    assert key_of(disk.files.write, "l/b.md", b"two", None) == "errors.unwritable.denied"
    assert key_of(disk.files.move, "l/a.md", "m/a.md", b"one") == "errors.unwritable.denied"
    disk.chmod("l", 0o755)
    assert disk.everything() == {"l/a.md": b"one"}


def _immutable(path: Path, on: bool) -> bool:
    """Whether the attribute could be set: by root only, and not on every file system."""
    tool = shutil.which("chattr")
    words = [tool or "", "+i" if on else "-i", str(path)]
    return tool is not None and subprocess.run(words, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", ["l/a.md", "l"])
def test_an_immutable_file_or_folder_is_told_from_a_read_only_one(disk: Disk, name: str) -> None:
    disk.put("l/a.md", b"one")
    if not _immutable(disk.root / name, True):
        pytest.skip("chattr +i is not possible here")
    try:
        assert key_of(disk.files.write, "l/a.md", b"two", b"one") == "refusals.immutable"
        assert key_of(disk.files.delete, "l/a.md", b"one") == "refusals.immutable"
        assert key_of(disk.files.move, "l/a.md", "m/a.md", b"one") == "refusals.immutable"
    finally:
        assert _immutable(disk.root / name, False)
    assert disk.everything() == {"l/a.md": b"one"}


def test_new_files_get_the_usual_mode(disk: Disk) -> None:
    old = os.umask(0o027)
    try:
        disk.files.write("a.md", b"x", None)
    finally:
        os.umask(old)
    assert disk.mode("a.md") == 0o640


def test_names_that_are_not_utf8_are_skipped(disk: Disk) -> None:
    root = os.fsencode(disk.root)
    Path(os.fsdecode(root + b"/caf\xe9.md")).write_bytes(b"x")
    Path(os.fsdecode(root + b"/l\xe9")).mkdir()
    Path(os.fsdecode(root + b"/l\xe9/a.md")).write_bytes(b"x")
    disk.put("café.md", b"x")
    assert set(disk.files.scan()) == {"café.md"}
    assert disk.files.folders() == frozenset()


def test_odd_things_are_read_in_passing_as_one_by_one(disk: Disk) -> None:
    """Pipes, folders, links, empty and large files, a name with a NUL, and what is not there."""
    os.mkfifo(disk.root / "pipe.md")
    (disk.root / "folder.md").mkdir()
    (disk.root / "empty.md").write_bytes(b"")
    (disk.root / "large.md").write_bytes(b"x" * (5 << 20))
    (disk.root / "plain.md").write_bytes(b"text")
    (disk.root / "link.md").symlink_to("plain.md")
    names = ["pipe", "folder", "empty", "large", "plain", "link", "none", "\0", "."]
    paths = [f"{name}.md" for name in names]
    assert list(disk.files.read_many(paths)) == [disk.files.read(path) for path in paths]
    assert list(disk.files.read_many(["plain.md"])) == [b"text"]


def test_a_pipe_is_no_file(disk: Disk) -> None:
    os.mkfifo(disk.root / "pipe.md")
    assert disk.files.read("pipe.md") is None
    assert disk.files.scan() == {}


def test_a_root_that_is_gone_is_no_empty_workspace(tmp_path: Path) -> None:
    files = Files(tmp_path / "gone")
    assert files.anchor() is None
    with pytest.raises(Unreadable):
        files.scan()
    with pytest.raises(Unreadable):
        files.folders()


def test_a_folder_that_cannot_be_listed_is_no_empty_folder(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.put("l/a.md", b"x")
    disk.put("m/b.md", b"x")
    real = os.scandir

    def refuse(path: str) -> Any:
        if path.endswith("/l"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(Unreadable) as caught:
        disk.files.scan()
    assert caught.value.fields["path"] == "l"


@pytest.mark.parametrize("ways", [("_rename_noreplace",), ("_rename_noreplace", "_link")])
def test_file_systems_that_cannot(
    disk: Disk, monkeypatch: pytest.MonkeyPatch, ways: tuple[str, ...]
) -> None:
    """Without renameat2, then without hard links too: still nothing is overwritten."""

    def cannot(old: str, new: str) -> None:
        raise OSError(errno.ENOTSUP, "")

    disk.put("a.md", b"one")
    disk.put("b.md", b"two")
    for way in ways:
        monkeypatch.setattr(renames, way, cannot)
    assert key_of(disk.files.move, "a.md", "b.md", b"one") == "errors.changed.exists"
    disk.files.move("a.md", "c.md", b"one")
    disk.files.write("d.md", b"new", None)
    assert disk.everything() == {"b.md": b"two", "c.md": b"one", "d.md": b"new"}


def test_without_the_system_call(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renames, "_renameat2", lambda: None)
    disk.files.write("a.md", b"x", None)
    assert key_of(disk.files.write, "a.md", b"y", None) == "errors.changed.exists"


def test_a_second_hard_link_is_another_file(disk: Disk) -> None:
    disk.put("a.md", b"x")
    os.link(disk.root / "a.md", disk.root / "A.md")
    assert key_of(disk.files.move, "a.md", "A.md", b"x") == "errors.changed.exists"
    assert set(disk.everything()) == {"a.md", "A.md"}


def test_leftovers_of_a_killed_process_go_after_an_hour(disk: Disk) -> None:
    now = time.time()
    for name, age in (("old", LEFTOVER_AGE + 60), ("new", 60)):
        path = f"l/.bluefs-{name.encode().hex():0>12}.tmp"
        disk.put(path, b"half")
        os.utime(disk.root / path, (now - age, now - age))
    disk.put("l/.bluefs-mine.tmp", b"a person's")
    os.utime(disk.root / "l/.bluefs-mine.tmp", (0, 0))
    removed = disk.files.clean_leftovers(now)
    assert removed == (f"l/.bluefs-{b'old'.hex():0>12}.tmp",)
    assert len(disk.everything()) == 2


def test_a_kill_in_the_middle_leaves_the_old_file(disk: Disk) -> None:
    """SIGKILL at the fsync: the file is whole and the scan does not see the leftover."""
    disk.put("a.md", b"one")
    program = (
        "import os, signal, sys; from bluefs.adapters.files import Files\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "Files(sys.argv[1]).write('a.md', b'two', b'one')"
    )
    import sys

    done = subprocess.run([sys.executable, "-c", program, str(disk.root)], cwd=Path.cwd())
    assert done.returncode == -9
    assert disk.files.read("a.md") == b"one"
    assert set(disk.files.scan()) == {"a.md"}
    assert len(disk.files.clean_leftovers(time.time() + 2 * LEFTOVER_AGE)) == 1


def test_a_scan_of_ten_thousand_files_is_quick(disk: Disk) -> None:
    """Best of three; the bound is loose because the machine is shared."""
    for n in range(20):
        folder = disk.root / f"p/list {n}"
        folder.mkdir(parents=True)
        for m in range(500):
            (folder / f"{m}.md").touch()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        assert len(disk.files.scan()) == 10_000
        times.append(time.perf_counter() - start)
    print(f"scan of 10,000 files: {min(times) * 1000:.0f} ms")
    assert min(times) < 0.25
